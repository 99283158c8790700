package bourse.sandbox.child;

import bourse.sandbox.Cause;
import java.util.Optional;

/// The program ends here: by itself, or because it went over a limit. Crosses the engine from a host call to
/// [Engine].
final class Stop extends RuntimeException {
    private final Optional<Cause> cause;

    private Stop(Optional<Cause> cause, String message) {
        super(message, null, false, false);
        this.cause = cause;
    }

    static Stop exit(int code) {
        return code == 0
                ? new Stop(Optional.empty(), "")
                : new Stop(
                        Optional.of(Cause.EXIT_CODE),
                        "The program ended with exit code " + Integer.toUnsignedString(code) + ".");
    }

    static Stop because(Cause cause, String message) {
        return new Stop(Optional.of(cause), message);
    }

    /// Empty: it finished.
    Optional<Cause> reason() {
        return cause;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
