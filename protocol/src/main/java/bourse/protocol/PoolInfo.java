package bourse.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What anyone may ask a workerpool: who works there, and how a task goes. All of it is for people to look at; what
/// counts
/// stands on the chain.
public interface PoolInfo {

    /// Which workerpool this is.
    Address workerpool() throws InterruptedException;

    /// Everyone who was heard of lately.
    List<Member> members() throws InterruptedException;

    /// Who works or worked on a task, as far as the pool remembers, and what it waits for.
    Status status(TaskId task) throws InterruptedException;

    /// A worker of the pool.
    ///
    /// @param task what he is at
    record Member(Address worker, Instant lastSeen, Optional<TaskId> task) {}

    /// A task as the pool sees it.
    ///
    /// @param explanation a sentence: what the task waits for
    record Status(List<Replicate> replicates, String explanation) {
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
