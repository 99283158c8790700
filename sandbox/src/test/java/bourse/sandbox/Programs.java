package bourse.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The programs that tests run.
public final class Programs {
    private static final Path TESTS = Path.of("src/test/resources/programs");
    private static final Path EXAMPLES = Path.of("../examples");

    private Programs() {}

    /// One of the tests' own, from `src/test/programs`.
    public static Path test(String name) {
        return TESTS.resolve(name + ".wasm");
    }

    /// One of those that users read.
    public static Path example(String name) {
        return EXAMPLES.resolve(name + ".wasm");
    }

    /// Its bytes.
    public static byte[] bytes(Path program) {
        try {
            return Files.readAllBytes(program);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
