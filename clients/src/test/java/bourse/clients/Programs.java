package bourse.clients;

import java.nio.file.Path;

/// Programs that clients run here.
final class Programs {
    /// Prints its task's index.
    static final Path INDEX = Path.of("../node/src/test/programs/index.wasm");

    /// Writes the primes up to its argument to a file.
    static final Path PRIMES = Path.of("../examples/primes.wasm");

    private Programs() {}
}
