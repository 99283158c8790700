package bourse.node;

/// Something that the person at the keyboard must know. The message says what to do about it.
public final class Problem extends Exception {
    private static final long serialVersionUID = 1;

    /// A task failed, or its result is not what the chain says.
    public static final int FAILED = 1;
    /// What was asked for can not be; nothing was bought.
    public static final int REFUSED = 2;
    /// The market itself is not well.
    public static final int BROKEN = 3;

    private final int exitCode;

    public Problem(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public Problem(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
