package bourse.protocol;

/// The other side of a door does not answer, or can not just now. Nothing is known of what became of the
/// call; asking again, after a pause, is right. The message says what to look at if that does not help.
public final class Away extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Away(String message) {
        super(message);
    }

    public Away(String message, Throwable cause) {
        super(message, cause);
    }
}
