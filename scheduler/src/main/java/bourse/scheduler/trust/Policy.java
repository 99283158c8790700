package bourse.scheduler.trust;

/// What a pool promises, what it assumes, and how much it looks.
///
/// @param checks the part of all requests that is answered with a task whose result is known, 0 to less than 1
/// @param memory after so many of a worker's checks the oldest counts `1/e`
public record Policy(Promise promise, Assumption assumption, Law law, double checks, double memory) {
    public static final double MEMORY = 200;

    public Policy {
        if (!(checks >= 0 && checks < 1)) {
            throw new IllegalArgumentException("checks are a part of all work, not " + checks);
        }
        if (!(memory > 1)) {
            throw new IllegalArgumentException("a pool remembers more than one check, not " + memory);
        }
    }

    public Policy(Promise promise, Assumption assumption, Law law, double checks) {
        this(promise, assumption, law, checks, MEMORY);
    }

    /// What is remembered after one more passed check.
    double remember(double passed) {
        return passed * (1 - 1 / memory) + 1;
    }

    /// How many passed checks let a worker's result stand alone.
    public int checksForOne() {
        return Math.max(1, assumption.checksFor(promise));
    }
}
