package bourse.worker;

import bourse.protocol.Failure;
import bourse.protocol.Pool.Cause;

/// A program can not be run, or failed, and every honest worker sees it alike. The message is a sentence that
/// its requester can act on; only the [Failure] is the same for all.
final class ProgramFailed extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Failure failure;

    ProgramFailed(Failure failure, String message) {
        super(message);
        this.failure = failure;
    }

    ProgramFailed(Failure.Cause cause, String message) {
        this(new Failure(cause), message);
    }

    Failure failure() {
        return failure;
    }

    /// The same, where it is not for the vote.
    GaveUp giveUp() {
        var cause = failure.cause() == Failure.Cause.DEAL_UNUSABLE ? Cause.DEAL_UNUSABLE : Cause.PROGRAM_FAILED;
        return new GaveUp(cause, String.valueOf(getMessage()));
    }
}
