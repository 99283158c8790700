package bourse.node;

import java.nio.file.Path;

/// Programs for tests, and settings under which bad ones fail fast.
final class Programs {

    private Programs() {}

    /// One of `src/test/programs`.
    static Path test(String name) {
        return Path.of("src/test/programs", name + ".wasm").toAbsolutePath();
    }

    /// One of `examples`.
    static Path example(String name) {
        return Path.of("../examples", name + ".wasm").toAbsolutePath();
    }

    static Settings settings() {
        return settings(10);
    }

    /// @param audit in percent
    static Settings settings(int audit) {
        return Settings.parse("""
                [market]
                audit = %d
                [pool]
                lease = 2
                [workers]
                fuel-per-second = 10000000
                memory = 64
                """.formatted(audit));
    }
}
