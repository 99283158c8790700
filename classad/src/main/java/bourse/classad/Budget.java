package bourse.classad;

/// What many evaluations may take together: after the one that goes beyond it there is no other. For one thread.
///
/// It is counted in steps, as [Limits] has them; 32 bytes that are made, and 8 that a pattern looks at, are one, too.
public final class Budget {
    /// Never spent, and for any number of threads.
    public static final Budget UNLIMITED = new Budget(Long.MAX_VALUE);

    private long left;

    private Budget(long left) {
        this.left = left;
    }

    public static Budget of(long steps) {
        return new Budget(steps);
    }

    public boolean isSpent() {
        return left <= 0;
    }

    @SuppressWarnings("ReferenceEquality") // There is one that is not counted.
    void spend(long steps) {
        if (this != UNLIMITED) {
            left -= steps;
        }
    }
}
