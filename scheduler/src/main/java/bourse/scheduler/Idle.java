package bourse.scheduler;

import bourse.classad.ClassAd;
import bourse.classad.Evaluator;
import bourse.classad.Match;
import bourse.classad.pool.Matcher;
import bourse.protocol.Address;
import bourse.scheduler.View.Candidate;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// Workers that wait for something to do, who of them suits a task, and how much each can still take.
///
/// Whom a task likes best comes first; of those whom it likes equally, who waits longest. Everyone is given one task
/// before anyone is given a second.
final class Idle {
    /// Fewer are asked one by one: columns for them cost more than they save.
    private static final int FEW = 16;
    /// How many of the best are looked at before the rest.
    private static final int BEST = 256;

    private final Evaluator evaluator;
    private final Map<Address, Candidate> candidates = new LinkedHashMap<>();
    private final Matcher<Address> matcher;
    /// Whom the matcher knows otherwise than they are.
    private final Set<Address> changed = new LinkedHashSet<>();
    /// Who suits which tasks, as long as nobody comes.
    private final IdentityHashMap<ClassAd, Ranking> rankings = new IdentityHashMap<>();

    private final Costly costly;

    private Idle(Evaluator evaluator, Costly costly, Matcher<Address> matcher) {
        this.evaluator = evaluator;
        this.costly = costly;
        this.matcher = matcher;
    }

    Idle(Evaluator evaluator, Costly costly) {
        this(evaluator, costly, Matcher.columnar(evaluator));
    }

    static Idle of(Evaluator evaluator, Collection<Candidate> candidates) {
        return of(evaluator, new Costly(evaluator.clock()), candidates);
    }

    static Idle of(Evaluator evaluator, Costly costly, Collection<Candidate> candidates) {
        var idle = new Idle(
                evaluator, costly, candidates.size() < FEW ? Matcher.walking(evaluator) : Matcher.columnar(evaluator));
        candidates.forEach(idle::add);
        return idle;
    }

    void add(Candidate candidate) {
        candidates.remove(candidate.worker());
        candidates.put(candidate.worker(), candidate);
        changed.add(candidate.worker());
        rankings.clear();
    }

    void remove(Address worker) {
        if (candidates.remove(worker) != null) {
            changed.add(worker);
        }
    }

    Collection<Candidate> all() {
        return candidates.values();
    }

    boolean isEmpty() {
        return candidates.isEmpty();
    }

    int size() {
        return candidates.size();
    }

    /// Those who suit a task, the best first, as long as `taker` goes on; whom he takes is given it.
    void offer(ClassAd task, Taker taker) {
        if (!candidates.isEmpty()) {
            rankings.computeIfAbsent(task, Ranking::new).offer(taker);
        }
    }

    /// What somebody who looks for workers says of one.
    interface Taker {
        boolean isDone();

        boolean takes(Candidate candidate);
    }

    /// He gets a task, and has less left for the next.
    void give(Address worker, ClassAd task) {
        var candidate = candidates.get(worker);
        if (candidate != null) {
            give(candidate, task);
        }
    }

    private void give(Candidate candidate, ClassAd task) {
        var worker = candidate.worker();
        candidates.remove(worker);
        changed.add(worker);
        if (candidate.free() > 1) {
            candidates.put(
                    worker,
                    new Candidate(worker, candidate.weight(), candidate.free() - 1, Ads.without(candidate.ad(), task)));
        }
    }

    /// Who suits one task, in order. It was true when it was made; who was given something since is looked at again.
    private final class Ranking {
        private final ClassAd task;
        /// And how many tasks each could take then.
        private final Map<Address, Integer> seen = new LinkedHashMap<>();
        /// Whether there may be more than were looked at.
        private boolean more;

        Ranking(ClassAd task) {
            this.task = task;
            look(BEST);
        }

        private void look(int most) {
            for (var worker : changed) {
                matcher.remove(worker);
                var candidate = candidates.get(worker);
                if (candidate != null) {
                    matcher.put(worker, candidate.ad());
                }
            }
            changed.clear();
            seen.clear();
            if (costly.rests(task)) {
                more = false;
                return;
            }
            var budget = Costly.budget(matcher.size());
            var matches = matcher.matches(task, most, budget);
            costly.looked(task, budget);
            more = matches.size() == most;
            for (var match : matches) {
                var candidate = candidates.get(match.id());
                if (candidate != null) {
                    seen.put(match.id(), candidate.free());
                }
            }
        }

        void offer(Taker taker) {
            if (pass(taker) && more) {
                look(Integer.MAX_VALUE);
                pass(taker);
            }
        }

        /// @return whether he would look at more
        private boolean pass(Taker taker) {
            var again = new LinkedHashMap<Address, Candidate>();
            for (var entries = seen.entrySet().iterator(); entries.hasNext() && !taker.isDone(); ) {
                var entry = entries.next();
                var candidate = candidates.get(entry.getKey());
                if (candidate == null) {
                    entries.remove();
                } else if (candidate.free() != entry.getValue()) {
                    entries.remove();
                    if (new Match(task, candidate.ad(), evaluator).matches()) {
                        again.put(entry.getKey(), candidate);
                    }
                } else if (taker.takes(candidate)) {
                    give(candidate, task);
                }
            }
            for (var candidate : again.values()) {
                if (!taker.isDone() && taker.takes(candidate)) {
                    give(candidate, task);
                }
            }
            again.forEach((worker, candidate) -> seen.put(worker, candidate.free()));
            return !taker.isDone();
        }
    }
}
