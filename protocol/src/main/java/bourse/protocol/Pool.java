package bourse.protocol;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The door to a workerpool's scheduler, for its workers.
public interface Pool extends PoolInfo {

    /// A worker asks for something to do, and waits for at most `patience`. Asking again after a lost answer
    /// gives the same assignment again, for as long as its lease runs; [Ad#inHand] tells which answers were not
    /// lost.
    Optional<Assignment> ask(Ad ad, Duration patience) throws InterruptedException;

    /// A worker says how far he is, which renews his lease.
    Verdict report(Address worker, TaskId task, Progress progress) throws InterruptedException;

    /// What a worker offers.
    ///
    /// @param runtimes the types of apps that it runs, such as [Asset.App#WASM]
    /// @param cores how many it lends
    /// @param memory what one task may use, in bytes
    /// @param inHand the tasks that he is at: their assignments have reached him, and need not be told again
    record Ad(Address worker, List<String> runtimes, int cores, long memory, Set<TaskId> inHand) {
        public Ad {
            runtimes = List.copyOf(runtimes);
            inHand = Set.copyOf(inHand);
        }

        /// Of a worker that is at nothing.
        public Ad(Address worker, List<String> runtimes, int cores, long memory) {
            this(worker, runtimes, cores, memory, Set.of());
        }
    }

    /// Everything that a worker needs from here to the end.
    ///
    /// @param lease until when the pool counts on him without hearing more
    record Assignment(
            Authorization authorization,
            Deal deal,
            long index,
            Asset.App app,
            Optional<Asset.Dataset> dataset,
            Instant lease) {
        public TaskId task() {
            return authorization.task();
        }
    }

    /// How far a worker is with a task.
    sealed interface Progress {
        /// Getting program and inputs.
        record Fetching() implements Progress {}

        record Computing() implements Progress {}

        /// His contribution is on its way to the chain, or there.
        record Contributed() implements Progress {}

        /// He has revealed, and stored the result. The answer is [Verdict#STOP] once the pool has taken it.
        ///
        /// @param callbackData empty where the result is a file; see [Result]
        record Delivered(ResultLink link, Bytes callbackData) implements Progress {}

        /// He will not contribute.
        record GaveUp(Cause cause, String message) implements Progress {}
    }

    /// Whose fault it is that a worker gave up.
    enum Cause {
        /// The program's, or its inputs': others will fail in the same way.
        PROGRAM,
        /// This worker's: others may succeed.
        WORKER
    }

    /// What a worker should do after a report.
    enum Verdict {
        /// Go on.
        CONTINUE,
        /// The task has ended, or went to others: stop, and ask for another.
        STOP
    }
}
