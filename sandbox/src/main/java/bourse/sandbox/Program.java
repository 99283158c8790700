package bourse.sandbox;

import java.nio.file.Path;
import java.util.Optional;

/// What a [Job] runs.
public sealed interface Program {
    /// @param file a WASI preview 1 command; it must not change while the job runs
    record Wasm(Path file) implements Program {}

    /// A container image, which the sandbox fetches itself.
    ///
    /// @param reference `name@sha256:<64 digits>`: a name without a digest may be another program tomorrow
    /// @param checksum the digest that its owner registered, 64 digits; empty where there is none to compare with
    /// @param network that it asks for the network. It has one only where the operator offers it, too
    record Image(String reference, Optional<String> checksum, boolean network) implements Program {}
}
