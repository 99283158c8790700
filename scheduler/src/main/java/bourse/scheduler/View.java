package bourse.scheduler;

import bourse.protocol.Address;
import bourse.protocol.Contribution;
import bourse.protocol.Deal;
import bourse.protocol.Task;
import bourse.scheduler.trust.Gate;
import java.time.Instant;
import java.util.List;

/// All that the planner looks at.
///
/// @param now the chain's time, which all deadlines are measured by
/// @param clock the pool's own time, for what it alone waits for
/// @param tasks those that have not ended
/// @param idle workers that wait for something to do, longest waiting first
/// @param members the workers that were heard of lately, idle or not
/// @param gate whom the pool trusts to be asked
record View(Instant now, Instant clock, List<Open> tasks, List<Candidate> idle, List<Address> members, Gate gate) {
    /// Of a pool that believes what the chain does.
    View(Instant now, Instant clock, List<Open> tasks, List<Candidate> idle, List<Address> members) {
        this(now, clock, tasks, idle, members, Gate.OPEN);
    }

    View {
        tasks = List.copyOf(tasks);
        idle = List.copyOf(idle);
        members = List.copyOf(members);
    }

    /// A task that has not ended.
    record Open(Deal deal, Task task, List<Replicate> replicates) {
        Open {
            replicates = List.copyOf(replicates);
        }

        /// Weights of those who were asked, and whose vote the chain does not have yet.
        List<Long> pending() {
            return replicates.stream()
                    .filter(Replicate.Working.class::isInstance)
                    .map(Replicate.Working.class::cast)
                    .filter(working -> !hasContributed(working.worker()))
                    .map(Replicate.Working::weight)
                    .toList();
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
    record Candidate(Address worker, long weight) {}
}
