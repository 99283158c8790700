package bourse.sandbox;

import java.time.Duration;
import java.util.OptionalLong;

/// How a run ended.
@SuppressWarnings("ArrayRecordComponent") // results to be read once; never compared
public sealed interface Outcome {
    /// The largest exit code of a WASI program; a container's is at most 255.
    long MOST_STATUS = 0xffff_ffffL;

    /// What the program wrote to standard output, verbatim; at most [Limits#streamBytes].
    byte[] stdout();

    /// What the program wrote to standard error, verbatim; at most [Limits#streamBytes].
    byte[] stderr();

    /// Instructions executed; 0 for a container, which counts none. After a trap: those up to the last call
    /// that it made or returned from.
    long fuel();

    /// From the hand-over to the program's process to its last byte, without waiting for a free process.
    Duration elapsed();

    /// It ended with exit code 0, and its files are in [Job#output].
    record Finished(byte[] stdout, byte[] stderr, long fuel, Duration elapsed) implements Outcome {}

    /// It did not, and [Job#output] is as it was.
    ///
    /// @param status the exit code, 1 to [#MOST_STATUS], where the cause is [Cause#EXIT_CODE]
    /// @param message a sentence for the program's author; the same on every machine if the fault is the program's
    record Failed(
            Cause cause, OptionalLong status, String message, byte[] stdout, byte[] stderr, long fuel, Duration elapsed)
            implements Outcome {}
}
