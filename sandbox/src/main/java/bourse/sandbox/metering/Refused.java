package bourse.sandbox.metering;

import bourse.sandbox.Cause;
import bourse.sandbox.Refusal;

/// The module can not run here. Thrown where it is known, caught at the module's doors.
public final class Refused extends RuntimeException {
    private final Refusal refusal;

    public Refused(Cause cause, String message) {
        super(message, null, false, false);
        refusal = new Refusal(cause, message);
    }

    public Refusal refusal() {
        return refusal;
    }
}
