package bourse.classad.pool;

import bourse.classad.ClassAd;
import bourse.classad.Expression;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tasks that no offer can tell apart share one answer, until an offer changes.
///
/// What tells tasks apart is significant: Requirements and Rank, what the offers' expressions mention, and what
/// those mention in turn.
final class Clusters<K> {
    private static final int MOST = 1_024;
    private static final int MOST_MATCHES = 1 << 20;

    private final Map<String, Integer> mentions = new HashMap<>();
    private final LinkedHashMap<Cluster, Matches<K>> answers = new LinkedHashMap<>(16, 0.75f, true);
    private int incomplete;
    private int matches;

    /// @param significant attributes by name in lower case
    /// @param most how many offers were asked for
    record Cluster(Map<String, Expression> significant, int most) {}

    /// Another policy came into the pool.
    void add(Policy policy) {
        policy.names().forEach(name -> mentions.merge(name, 1, Integer::sum));
        incomplete += policy.complete() ? 0 : 1;
    }

    void remove(Policy policy) {
        policy.names().forEach(name -> mentions.computeIfPresent(name, (_, count) -> count == 1 ? null : count - 1));
        incomplete -= policy.complete() ? 0 : 1;
    }

    /// Forgets all answers.
    void clear() {
        answers.clear();
        matches = 0;
    }

    /// Empty if something else than attributes might count.
    Optional<Cluster> of(ClassAd task, int most) {
        if (incomplete > 0) {
            return Optional.empty();
        }
        var significant = new HashMap<String, Expression>();
        var names = new HashSet<>(mentions.keySet());
        names.add("requirements");
        names.add("rank");
        // Whether these are attributes decides what others mean.
        names.addAll(Names.SIDES);
        var next = new ArrayDeque<>(names);
        while (!next.isEmpty()) {
            var name = next.remove();
            var expression = task.get(name).orElse(null);
            if (expression != null) {
                significant.put(name, expression);
                Set<String> mentioned = new HashSet<>();
                if (!Names.collect(expression, mentioned)) {
                    return Optional.empty();
                }
                mentioned.removeIf(it -> !names.add(it));
                next.addAll(mentioned);
            }
        }
        return Optional.of(new Cluster(significant, most));
    }

    @Nullable
    Matches<K> answer(Cluster cluster) {
        return answers.get(cluster);
    }

    void keep(Cluster cluster, Matches<K> answer) {
        answers.put(cluster, answer);
        matches += answer.size();
        while (answers.size() > MOST || (matches > MOST_MATCHES && answers.size() > 1)) {
            matches -= answers.pollFirstEntry().getValue().size();
        }
    }
}
