package bourse.scheduler.trust;

import java.util.List;

/// How likely it is that somebody, or a group that agrees, is right.
///
/// @param value 0 to 1
public record Credibility(double value) {
    /// Nobody is surer than this: odds must stay numbers, and nothing is certain.
    private static final double MOST = 1 - 1e-12;

    public Credibility {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("a credibility is 0 to 1, this is " + value);
        }
        value = Math.min(value, MOST);
    }

    /// Right against wrong. A group's odds are the product of its members'.
    public double odds() {
        return value / (1 - value);
    }

    /// Of each group in a task, given everybody's in it: `Cr(a) = O_a / (1 + Σ O_j)`, where `O` is the product
    /// of the members' odds. Source: L. Sarmenta, *Sabotage-tolerance mechanisms for volunteer computing
    /// systems*.
    public static List<Credibility> ofGroups(List<List<Credibility>> groups) {
        var odds = groups.stream()
                .map(group -> group.stream().mapToDouble(Credibility::odds).reduce(1, (one, other) -> one * other))
                .toList();
        double total = 1 + odds.stream().mapToDouble(Double::doubleValue).sum();
        return odds.stream().map(own -> new Credibility(own / total)).toList();
    }
}
