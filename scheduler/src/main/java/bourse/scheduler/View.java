package bourse.scheduler;

import bourse.classad.ClassAd;
import bourse.protocol.Address;
import bourse.protocol.Contribution;
import bourse.protocol.Deal;
import bourse.protocol.Task;
import bourse.scheduler.trust.Gate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What the planner looks at: everything, or what has changed.
///
/// @param now the chain's time, which all deadlines are measured by
/// @param clock the pool's own time, for what it alone waits for
/// @param tasks those that have not ended
/// @param idle workers that wait for something to do, longest waiting first
/// @param members the workers that were heard of lately, idle or not
/// @param gate whom the pool trusts to be asked
/// @param shunned who is not asked for which apps, because he fails too often
record View(
        Instant now,
        Instant clock,
        List<Open> tasks,
        List<Candidate> idle,
        Collection<Address> members,
        Gate gate,
        Shunned shunned) {
    /// Of a pool that believes what the chain does.
    View(Instant now, Instant clock, List<Open> tasks, List<Candidate> idle, Collection<Address> members) {
        this(now, clock, tasks, idle, members, Gate.OPEN, Shunned.NOBODY);
    }

    View shunning(Shunned others) {
        return new View(now, clock, tasks, idle, members, gate, others);
    }

    /// Whether a worker is not to be asked for tasks of an app.
    @FunctionalInterface
    interface Shunned {
        Shunned NOBODY = (_, _) -> false;

        boolean test(Address worker, Address app);
    }

    View {
        tasks = List.copyOf(tasks);
        idle = List.copyOf(idle);
    }

    /// A task that has not ended.
    ///
    /// @param ad what it asks of a machine; nothing where its parameters make no sense
    record Open(Deal deal, Optional<ClassAd> ad, Task task, List<Replicate> replicates) {
        Open {
            replicates = List.copyOf(replicates);
        }

        /// Weights of those who were asked, and whose vote the chain does not have yet.
        List<Long> pending() {
            return asked().stream().map(Gate.Asked::weight).toList();
        }

        /// Who was asked, and whose vote the chain does not have yet.
        List<Gate.Asked> asked() {
            return replicates.stream()
                    .filter(Replicate.Working.class::isInstance)
                    .map(Replicate.Working.class::cast)
                    .filter(working -> !hasContributed(working.worker()))
                    .map(working -> new Gate.Asked(working.worker(), working.weight()))
                    .toList();
        }

        boolean hasContributed(Address worker) {
            return task.contributors().stream()
                    .anyMatch(contribution -> contribution.worker().equals(worker));
        }

        boolean hasRevealed(Address worker) {
            return task.contributors().stream()
                    .anyMatch(contribution -> contribution.worker().equals(worker)
                            && contribution.status() == Contribution.Status.PROVED);
        }
    }

    /// A worker that waits.
    ///
    /// @param weight of his vote, by his score
    /// @param free how many tasks he can take, at least 1
    /// @param ad what he has
    record Candidate(Address worker, long weight, int free, ClassAd ad) {}
}
