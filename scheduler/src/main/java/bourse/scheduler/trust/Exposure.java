package bourse.scheduler.trust;

/// What a pool risks with workers whose results the chain takes alone.
///
/// Under [Law.Chain] a sleeper's lie stands the moment he gives it. If each of his results is looked at with
/// the probability `p` (a check, or the chain's draw), he gets `(1 - p)/p` lies through before he is caught and
/// excluded, however long he was honest. With `n` workers let alone, a part `f` of them sleepers, that is `f ·
/// n · (1 - p)/p` in all; it may be `ε` of the `D` results that are decided:
///
///     p ≥ 1 / (1 + ε · D / (f · n))
///
/// Early, when little is decided, this asks for many checks; with time the usual rate is enough.
///
/// @param decided how many tasks have been decided
/// @param alone how many workers have ever been let alone
public record Exposure(long decided, int alone) {

    /// How many lies somebody gets through if each is looked at with this probability.
    public static double liesBeforeCaught(double looked) {
        return (1 - looked) / looked;
    }

    /// With which probability a request of a worker that decides alone must be answered with a check.
    public double checks(Policy policy, Law.Chain law) {
        double faulty = policy.assumption().faulty() * Math.max(1, alone);
        double looked = faulty / (faulty + policy.promise().epsilon() * (double) Math.max(1, decided));
        double drawn = law.draw().ratio() / 100.0;
        double checks = drawn >= 1 ? 0 : (looked - drawn) / (1 - drawn);
        return Math.clamp(checks, policy.checks(), 1);
    }
}
