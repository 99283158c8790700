package bourse.scheduler.trust;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Undecided tasks that nobody is at, those first of which most is missing.
///
/// A task whose vote changes is put at its new place, and its old place forgotten when somebody comes by: work
/// is proportional to what changes, not to what waits.
final class Shelf<T> {
    private static final int LEVELS = 160;
    /// A quarter of a doubling of the odds apart.
    private static final int FINENESS = 4;

    private static final int EVEN = 40;

    private final List<Deque<Slot<T>>> levels = new ArrayList<>();
    private int lowest = LEVELS;

    /// A place that is good while the task still has this number.
    private record Slot<T>(Ballot<T> ballot, long stamp) {
        boolean isStale() {
            return ballot.stamp != stamp;
        }
    }

    Shelf() {
        for (int level = 0; level < LEVELS; level++) {
            levels.add(new ArrayDeque<>());
        }
    }

    /// @param odds how much the best group is worth against all others
    void put(Ballot<T> ballot, double odds) {
        double place = EVEN + FINENESS * Math.log(odds) / Math.log(2);
        put(ballot, (int) Math.clamp(Math.round(place), 0L, LEVELS - 1L));
    }

    void put(Ballot<T> ballot, int level) {
        ballot.stamp++;
        levels.get(level).addLast(new Slot<>(ballot, ballot.stamp));
        lowest = Math.min(lowest, level);
    }

    void remove(Ballot<T> ballot) {
        ballot.stamp++;
    }

    /// Takes the first that fits.
    Optional<Ballot<T>> take(Predicate<Ballot<T>> fits) {
        return take(LEVELS - 1, fits);
    }

    /// Takes the first that fits, from levels up to `last`.
    Optional<Ballot<T>> take(int last, Predicate<Ballot<T>> fits) {
        for (int level = lowest; level <= last; level++) {
            var slots = levels.get(level);
            for (var each = slots.iterator(); each.hasNext(); ) {
                var slot = each.next();
                if (slot.isStale()) {
                    each.remove();
                } else if (fits.test(slot.ballot())) {
                    each.remove();
                    remove(slot.ballot());
                    return Optional.of(slot.ballot());
                }
            }
            if (slots.isEmpty() && level == lowest) {
                lowest++;
            }
        }
        return Optional.empty();
    }
}
