package bourse.scheduler.trust;

/// What a pool assumes about workers that it has not looked at.
///
/// @param faulty at most this part of them lies, now and then or always; below one half, where nothing can be
/// voted on
/// @param exclusion whether a worker that was caught never comes back
public record Assumption(double faulty, boolean exclusion) {
    /// With exclusion. A pool that let liars come back would have to check for ever.
    public Assumption(double faulty) {
        this(faulty, true);
    }

    public Assumption {
        if (!(faulty >= 0 && faulty < 0.5)) {
            throw new IllegalArgumentException("the faulty are assumed to be 0 to less than 1/2, not " + faulty);
        }
    }

    /// Of a worker that was never checked.
    public Credibility fresh() {
        return new Credibility(1 - faulty);
    }

    /// Of a worker that passed so many checks, and failed none.
    ///
    /// Who lies at the rate `s` passes with `(1 - s)^k`, so that lies that get through are at most `f · s · (1
    /// - s)^k`. With exclusion this is divided by those who are left, at least `1 - f`; it is largest at `s =
    /// 1/(k + 1)`, and below `f / ((1 - f) · k · e)`. Without, `f / k` bounds it.
    ///
    /// @param passed may be a fraction, where old checks count less
    public Credibility after(double passed) {
        if (passed <= 0) {
            return fresh();
        }
        double wrong = exclusion ? faulty / (1 - faulty) / (passed * Math.E) : faulty / passed;
        return new Credibility(1 - Math.min(faulty, wrong));
    }

    /// After how many passed checks a worker keeps `promise` alone.
    public int checksFor(Promise promise) {
        double wrong = exclusion ? faulty / (1 - faulty) / Math.E : faulty;
        int checks = (int) Math.max(0, Math.floor(wrong / promise.epsilon()) - 1);
        while (!promise.kept(after(checks).odds(), 0)) {
            checks++;
        }
        return checks;
    }
}
