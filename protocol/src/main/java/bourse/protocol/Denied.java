package bourse.protocol;

/// Somebody asks for what is not his to ask for. The message says why, and what would help.
public final class Denied extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Denied(String message) {
        super(message);
    }
}
