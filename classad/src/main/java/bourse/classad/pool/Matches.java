package bourse.classad.pool;

import java.util.AbstractList;
import java.util.Comparator;
import java.util.List;

/// The offers that match a task, the best first.
///
/// @param <K> what offers are known by
public final class Matches<K> extends AbstractList<Matches.Match<K>> {
    private final List<K> ids;
    private final double[] ranks;

    /// @param rank what the task's Rank is for the offer; 0.0 where it is no number
    public record Match<K>(K id, double rank) {}

    Matches(List<K> ids, double[] ranks) {
        this.ids = ids;
        this.ranks = ranks;
    }

    @Override
    public int size() {
        return ids.size();
    }

    @Override
    public Match<K> get(int i) {
        return new Match<>(ids.get(i), ranks[i]);
    }

    public K id(int i) {
        return ids.get(i);
    }

    public double rank(int i) {
        return ranks[i];
    }

    /// The same, with equally ranked ones in another order.
    Matches<K> inOrder(Comparator<? super K> ties) {
        var sorted = stream()
                .sorted(Comparator.<Match<K>>comparingLong(match -> Order.key(match.rank()))
                        .thenComparing(Match::id, ties))
                .toList();
        return new Matches<>(
                sorted.stream().map(Match::id).toList(),
                sorted.stream().mapToDouble(Match::rank).toArray());
    }
}
