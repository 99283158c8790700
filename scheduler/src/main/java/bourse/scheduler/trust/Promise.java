package bourse.scheduler.trust;

/// How sure a result must be: at most one in [#trust] is wrong.
///
/// A group has the odds `g`, all others in its task together `r`. Its credibility `g / (1 + g + r)` reaches `θ
/// = 1 - 1/trust` when `g ≥ (trust - 1) · (1 + r)`. The contracts ask the same of weights, where `≥` is `>`.
///
/// @param trust as in a deal, at least 1
public record Promise(long trust) {
    /// What is exactly as sure as promised must not fail by the last digit of a floating-point number.
    private static final double ROUNDING = 1 - 1e-12;

    public Promise {
        if (trust < 1) {
            throw new IllegalArgumentException("trust is at least 1, not " + trust);
        }
    }

    /// What may be wrong.
    public double epsilon() {
        return 1.0 / (double) trust;
    }

    /// Whether a group is as sure as promised.
    public boolean kept(double group, double others) {
        return group >= (double) (trust - 1) * (1 + others) * ROUNDING;
    }

    /// Whether the chain takes a group's result; [bourse.protocol.Voting] is the exact form.
    public boolean consensus(double group, double others) {
        return trust == 1 ? group > 0 : group > (double) (trust - 1) * (1 + others);
    }

    /// How many workers of these odds must still join a group until it is as sure as promised.
    public int missing(double group, double others, double each) {
        if (each <= 1) {
            throw new IllegalArgumentException("workers of odds %s convince nobody".formatted(each));
        }
        int missing = 0;
        for (double grown = group; !kept(grown, others); grown *= each) {
            missing++;
        }
        return missing;
    }
}
