package bourse.scheduler.trust;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;

/// What one worker said about one task.
///
/// @param answer equal for all who found the same result
/// @param power what it counts on chain
/// @param epoch of his [Standing] when he was asked
public record Vote(Address worker, Bytes32 answer, double power, int epoch) {}
