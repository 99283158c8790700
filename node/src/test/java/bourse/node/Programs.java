package bourse.node;

import bourse.protocol.Rlc;
import java.nio.file.Path;

/// Programs for tests, and settings under which bad ones fail fast.
final class Programs {
    private static final Settings.Machine ALWAYS = new Settings.Machine("always", 0, "any", 0, 100, 100, 10);

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
        return new Settings(
                new Settings.Market(audit),
                new Settings.Pool(Rlc.parse("0.2"), 1_000_000, 35, 5, 2),
                new Settings.Workers(4, 2, 10_000_000, 64, "public", "", ALWAYS),
                new Settings.Gateway(0));
    }
}
