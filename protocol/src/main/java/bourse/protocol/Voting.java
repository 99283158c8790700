package bourse.protocol;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The vote on a task, as the contracts count it.
///
/// A worker's weight grows with his score; the weights of those who agree multiply; a group wins once it holds
/// enough of everything that was said (Sarmenta's credibility, in the form of PoCo). Source: L. Sarmenta,
/// *Sabotage-tolerance mechanisms for volunteer computing systems*; H. Croubois, *Trust in the PoCo*.
public final class Voting {
    private final BigInteger trust;
    private final Map<Bytes32, BigInteger> groups = new HashMap<>();

    /// @param trust as in the deal; 0 and 1 mean that one vote is enough
    public Voting(long trust, List<Contribution> contributions) {
        this.trust = BigInteger.valueOf(trust);
        for (var contribution : contributions) {
            if (contribution.status() != Contribution.Status.REJECTED) {
                groups.merge(contribution.hash(), BigInteger.valueOf(contribution.power()), BigInteger::multiply);
            }
        }
    }

    /// A worker's weight at `score`: `max(score / 3, 3) - 1`, at least 2.
    public static long weight(long score) {
        return Math.max(score / 3, 3) - 1;
    }

    /// The score of a worker who was outvoted or did not reveal: two thirds, rounded down.
    public static long outvoted(long score) {
        return score * 2 / 3;
    }

    /// Whether one more worker must be asked: not even if all `pending` workers join the strongest group will
    /// it win.
    ///
    /// @param pending the weights of those who were asked and have not answered
    public boolean needsMore(List<Long> pending) {
        var best = strongest();
        var rest = total().subtract(best);
        if (groups.isEmpty()) {
            rest = BigInteger.ONE;
            best = BigInteger.ONE;
            if (pending.isEmpty()) {
                return true;
            }
        }
        for (var weight : pending) {
            best = best.multiply(BigInteger.valueOf(weight));
        }
        return !wins(best, rest.add(best));
    }

    /// How sure the strongest group is, 0 to 1: its weight over one plus the weights of all.
    public double credibility() {
        return new BigDecimal(strongest())
                .divide(new BigDecimal(total()), 9, RoundingMode.HALF_UP)
                .doubleValue();
    }

    /// How many more workers of `weight` must join the strongest group for it to win.
    public int missing(List<Long> pending, long weight) {
        var asked = new ArrayList<>(pending);
        int missing = 0;
        while (needsMore(asked)) {
            asked.add(weight);
            missing++;
        }
        return missing;
    }

    private BigInteger strongest() {
        return groups.values().stream().max(BigInteger::compareTo).orElse(BigInteger.ZERO);
    }

    private BigInteger total() {
        return groups.values().stream().reduce(BigInteger.ONE, BigInteger::add);
    }

    private boolean wins(BigInteger group, BigInteger total) {
        return group.multiply(trust).compareTo(total.multiply(trust.subtract(BigInteger.ONE))) > 0;
    }
}
