package bourse.worker;

import bourse.protocol.Pool;

/// A worker can not do his task. The message is a sentence that its requester can act on.
final class GaveUp extends Exception {
    private static final long serialVersionUID = 1;
    private final Pool.Cause cause;
    private final String message;

    GaveUp(Pool.Cause cause, String message) {
        super(message);
        this.cause = cause;
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }

    Pool.Cause cause() {
        return cause;
    }
}
