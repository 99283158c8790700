package bourse.testing.simulation;

/// No answer came. What was asked for may have happened, or not.
public final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1;

    Lost(String message) {
        super(message);
    }
}
