package bourse.scheduler;

import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.DealId;
import bourse.protocol.Digest;
import bourse.protocol.Tag;
import bourse.protocol.Task;
import bourse.scheduler.Projection.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Tasks whose result the pool knows, since votes have decided them: asked again in another deal, they are checks.
///
/// A program may look at its task's id, or at the clock of its container. So the first copy of a task is no check
/// but a trial, decided by votes like any other: only what came out the same twice is known. Used by one thread.
final class Recipes {
    /// How many are held; the oldest give way.
    private static final int MOST = 64;
    /// So many that are known are enough to choose from.
    private static final int ENOUGH = 4;
    /// A recipe that has been asked so often could be known by its looks.
    private static final int WORN = 8;

    private final Map<Key, Recipe> all = new LinkedHashMap<>();
    private final Map<DealId, Key> asked = new HashMap<>();

    /// What makes two tasks the same.
    private record Key(Bytes location, Bytes32 checksum, String params, long category) {}

    enum Stage {
        UNTRIED,
        /// It came out the same again.
        KNOWN,
        /// It depends on the task, or was asked too often.
        SPOILED
    }

    /// @param of the task that was decided
    /// @param copies how often it was asked again
    record Recipe(Entry of, Digest answer, int copies, Stage stage) {
        private Recipe with(int copies, Stage stage) {
            return new Recipe(of, answer, copies, stage);
        }
    }

    /// A task has ended: another recipe, or the copy of one.
    ///
    /// @param failed whether the program did
    void ended(Entry entry, boolean failed) {
        var copied = asked.remove(entry.deal().id());
        if (!(entry.task() instanceof Task.Completed completed)) {
            return;
        }
        if (copied != null) {
            all.computeIfPresent(copied, (_, recipe) -> judge(recipe, completed.digest()));
        } else if (!failed && suits(entry)) {
            all.putIfAbsent(key(entry), new Recipe(entry, completed.digest(), 0, Stage.UNTRIED));
            if (all.size() > MOST) {
                all.remove(all.keySet().iterator().next());
            }
        }
    }

    private static Recipe judge(Recipe recipe, Digest digest) {
        return switch (recipe.stage()) {
            case UNTRIED -> recipe.with(recipe.copies(), digest.equals(recipe.answer()) ? Stage.KNOWN : Stage.SPOILED);
            // Whoever has won that vote: it is known better.
            case KNOWN, SPOILED -> recipe;
        };
    }

    /// Whether it can be asked again by a stranger, and whether several agreed on it.
    private static boolean suits(Entry entry) {
        var deal = entry.deal();
        return entry.task().index() == 0
                && deal.trust() > 1
                && !deal.hasDataset()
                && !deal.hasCallback()
                && deal.tag().equals(Tag.NONE)
                && entry.task().contributors().size() > 1;
    }

    private static Key key(Entry entry) {
        return new Key(
                entry.app().location(),
                entry.app().checksum(),
                entry.deal().params(),
                entry.deal().category().id());
    }

    /// What to ask next: of those that are known the least asked, or one more to get to know.
    Optional<Recipe> next(RandomGenerator random) {
        var inTrial = asked.values();
        var untried = new ArrayList<>(all.entrySet().stream()
                .filter(one -> one.getValue().stage() == Stage.UNTRIED && !inTrial.contains(one.getKey()))
                .map(Map.Entry::getValue)
                .toList());
        var known = all.values().stream()
                .filter(recipe -> recipe.stage() == Stage.KNOWN)
                .toList();
        if (!untried.isEmpty() && known.size() < ENOUGH) {
            return Optional.of(untried.get(random.nextInt(untried.size())));
        }
        return known.stream().min(Comparator.comparingInt(Recipe::copies));
    }

    /// It is asked again.
    void ask(Recipe recipe, DealId copy) {
        var key = key(recipe.of());
        asked.put(copy, key);
        all.computeIfPresent(
                key, (_, one) -> one.with(one.copies() + 1, one.copies() + 1 < WORN ? one.stage() : Stage.SPOILED));
    }

    /// The copy could not be bought, or the chain took it back.
    void drop(DealId copy) {
        asked.remove(copy);
    }

    boolean isCopy(DealId deal) {
        return asked.containsKey(deal);
    }

    /// Copies that were asked and have not ended.
    int underway() {
        return asked.size();
    }

    /// The chain took blocks back: nobody knows which copies are left.
    void dropAll() {
        asked.clear();
    }
}
