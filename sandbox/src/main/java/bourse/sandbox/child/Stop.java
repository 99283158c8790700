package bourse.sandbox.child;

import bourse.sandbox.Cause;
import java.util.Optional;
import java.util.OptionalLong;

/// The program ends here: by itself, or because it went over a limit. Crosses the engine from a host call to
/// [Engine].
final class Stop extends RuntimeException {
    private final Optional<Cause> cause;
    private final OptionalLong status;

    private Stop(Optional<Cause> cause, OptionalLong status, String message) {
        super(message, null, false, false);
        this.cause = cause;
        this.status = status;
    }

    static Stop exit(int code) {
        return code == 0
                ? new Stop(Optional.empty(), OptionalLong.empty(), "")
                : new Stop(
                        Optional.of(Cause.EXIT_CODE),
                        OptionalLong.of(Integer.toUnsignedLong(code)),
                        "The program ended with exit code " + Integer.toUnsignedString(code) + ".");
    }

    static Stop because(Cause cause, String message) {
        return new Stop(Optional.of(cause), OptionalLong.empty(), message);
    }

    /// Empty: it finished.
    Optional<Cause> reason() {
        return cause;
    }

    /// The exit code, where that is the reason.
    OptionalLong status() {
        return status;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
