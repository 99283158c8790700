package bourse.scheduler.trust;

/// Voting without any memory: the result wins that `votes` workers have named first. What everything else is measured
/// by.
///
/// In these formulas `lies` is the rate of wrong results, faulty part times sabotage rate, and all wrong results agree.
public record MFirst(int votes) {
    public MFirst {
        if (votes < 1) {
            throw new IllegalArgumentException("at least one vote is needed, not " + votes);
        }
    }

    /// The part of all results that is wrong: `Σ_{j=m}^{2m-1} C(2m-1, j) φ^j (1-φ)^(2m-1-j)`.
    public double error(double lies) {
        int most = 2 * votes - 1;
        double error = 0;
        for (int j = votes; j <= most; j++) {
            error += choose(most, j) * Math.pow(lies, j) * Math.pow(1 - lies, most - j);
        }
        return error;
    }

    /// How many results a task takes: `Σ_{k=0}^{m-1} (m+k) C(m+k-1, k) [(1-φ)^m φ^k + φ^m (1-φ)^k]`.
    public double results(double lies) {
        double results = 0;
        for (int k = 0; k < votes; k++) {
            results += (votes + k)
                    * choose(votes + k - 1, k)
                    * (Math.pow(1 - lies, votes) * Math.pow(lies, k) + Math.pow(lies, votes) * Math.pow(1 - lies, k));
        }
        return results;
    }

    /// The fewest votes with which at most `error` is wrong.
    public static MFirst within(double error, double lies) {
        if (!(lies < 0.5 && error > 0)) {
            throw new IllegalArgumentException("no vote helps where %s of all results are wrong".formatted(lies));
        }
        int votes = 1;
        while (new MFirst(votes).error(lies) > error) {
            votes++;
        }
        return new MFirst(votes);
    }

    private static double choose(int n, int k) {
        double ways = 1;
        for (int i = 1; i <= k; i++) {
            ways = ways * (n - k + i) / i;
        }
        return ways;
    }
}
