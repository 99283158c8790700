package bourse.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What anyone may ask a workerpool: who works there, and how a task goes. All of it is for people to look at;
/// what counts stands on the chain.
public interface PoolInfo {

    /// Which workerpool this is.
    Address workerpool() throws InterruptedException;

    /// Everyone who was heard of lately.
    List<Member> members() throws InterruptedException;

    /// Who works or worked on a task, as far as the pool remembers, and what it waits for.
    Status status(TaskId task) throws InterruptedException;

    /// A worker of the pool.
    ///
    /// @param work what he is at
    record Member(Address worker, Instant lastSeen, Optional<Work> work) {}

    /// A task that somebody is at, and how far.
    ///
    /// @param phase `ASSIGNED`, `FETCHING` or `COMPUTING`
    record Work(TaskId task, String phase) {}

    /// A task as the pool sees it.
    ///
    /// @param explanation a sentence: what the task waits for
    /// @param exhausted nobody is at it, and every worker of the pool has tried: without new ones it only waits
    ///     for its refund
    record Status(List<Replicate> replicates, String explanation, boolean exhausted) {
        public Status {
            replicates = List.copyOf(replicates);
        }
    }

    /// One worker's try at a task.
    ///
    /// @param phase in capitals, such as `COMPUTING` or `GAVE_UP`
    /// @param message why he gave up, or empty
    record Replicate(Address worker, String phase, Instant since, String message) {}
}
