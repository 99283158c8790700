package bourse.classad;

/// Why there is no result.
public abstract sealed class ClassAdException extends RuntimeException {
    private ClassAdException(String message) {
        super(message);
    }

    /// The text is not what it should be, or is more than the limits allow.
    public static final class Syntax extends ClassAdException {
        private final int position;

        Syntax(String message, int position) {
            super(message + ", at byte " + position);
            this.position = position;
        }

        /// Where in the text, in bytes from 0.
        public int position() {
            return position;
        }
    }

    /// Evaluation needed more than its [Limits] and gave up.
    public static final class Exhausted extends ClassAdException {
        Exhausted(String message) {
            super(message);
        }
    }
}
