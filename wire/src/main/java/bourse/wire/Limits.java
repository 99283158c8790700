package bourse.wire;

import bourse.protocol.Malformed;
import java.time.Duration;

/// What a server grants to strangers.
///
/// @param connections how many it holds at a time; a new one takes the place of the one that is idle the
///     longest
/// @param headerBytes of one call, at most
/// @param idle how long a connection may take to bring the next call's whole head
/// @param answer how long a call may take, beside its time to wait and to carry bytes: from the end of its
///     head to the end of the answer
/// @param polls how many calls of one caller may wait at a time
public record Limits(int connections, int headerBytes, Duration idle, Duration answer, int polls) {
    public static final Limits DEFAULT = new Limits(4096, 16 * 1024, Duration.ofSeconds(60), Duration.ofSeconds(30), 8);

    /// The slowest that bytes may flow, in bytes a second.
    static final long SLOWEST = 16 * 1024;

    public Limits {
        if (connections < 1 || headerBytes < 1024 || polls < 1 || !idle.isPositive() || !answer.isPositive()) {
            throw new Malformed("a server grants at least one connection, 1024 bytes of headers, some time, and one"
                    + " call that waits");
        }
    }

    /// How long `bytes` may take.
    static Duration carrying(long bytes) {
        return Duration.ofSeconds(bytes / SLOWEST);
    }
}
