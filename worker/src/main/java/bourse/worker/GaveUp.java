package bourse.worker;

import bourse.protocol.Pool;

/// A worker can not do his task. The message is a sentence that its requester can act on.
final class GaveUp extends Exception {
    private static final long serialVersionUID = 1;
    private final Pool.Cause cause;
    private final String message;

    private GaveUp(Pool.Cause cause, String message) {
        super(message);
        this.cause = cause;
        this.message = message;
    }

    /// Others will fail in the same way.
    static GaveUp program(String message) {
        return new GaveUp(Pool.Cause.PROGRAM_FAILED, message);
    }

    /// Others may succeed.
    static GaveUp worker(String message) {
        return new GaveUp(Pool.Cause.WORKER_BROKEN, message);
    }

    @Override
    public String getMessage() {
        return message;
    }

    Pool.Cause cause() {
        return cause;
    }
}
