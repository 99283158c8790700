package bourse.classad.pool;

import bourse.classad.Budget;
import bourse.classad.ClassAd;
import bourse.classad.Evaluator;
import java.util.Comparator;

/// A pool of offers, and which of them a task may have.
///
/// An offer and a task match if both sets of Requirements say so. The best come first: those that the task's Rank is
/// higher for, a Rank that is NaN last; of equal ones, those that the pool knows longer. An ad that takes more than
/// the evaluator's limits matches nobody. One call sees one instant of the evaluator's clock.
///
/// Not for several threads at once.
///
/// @param <K> what offers are known by
public interface Matcher<K> {
    /// Asks the reference evaluator about every pair.
    static <K> Matcher<K> walking(Evaluator evaluator) {
        return new WalkingMatcher<>(evaluator);
    }

    /// Keeps offers in columns, and answers the same, sooner.
    static <K> Matcher<K> columnar(Evaluator evaluator) {
        return new ColumnarMatcher<>(evaluator, ColumnarMatcher.MOST_DISTINCT);
    }

    /// Adds an offer, or replaces the ad of one, which keeps its place among its equals.
    void put(K id, ClassAd offer);

    /// Whether there was such an offer.
    boolean remove(K id);

    int size();

    /// All offers that match, the best first.
    default Matches<K> matches(ClassAd task) {
        return matches(task, Integer.MAX_VALUE);
    }

    /// The best of the offers that match.
    ///
    /// @param most how many of them at most
    default Matches<K> matches(ClassAd task, int most) {
        return matches(task, most, Budget.UNLIMITED);
    }

    /// The best of the offers that match, of those that were looked at until the budget was spent. What an engine need
    /// not walk costs little or nothing, so which those are is its own matter.
    ///
    /// @param most how many of them at most
    /// @param budget what the task's expressions may take
    Matches<K> matches(ClassAd task, int most, Budget budget);

    /// Why there are so many, or none.
    ///
    /// @param more how many offers a proposed change should add
    Explanation explain(ClassAd task, int more);

    /// All offers that match, and of equally ranked ones those first that somebody else prefers.
    default Matches<K> matches(ClassAd task, Comparator<? super K> ties) {
        return matches(task).inOrder(ties);
    }
}
