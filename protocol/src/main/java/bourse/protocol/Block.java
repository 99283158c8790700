package bourse.protocol;

import java.time.Instant;

/// A block's header, as far as it matters here.
///
/// @param time the chain's own clock, in whole seconds; all deadlines are measured by it
public record Block(long number, Bytes32 hash, Instant time) {}
