package bourse.protocol;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The door to a workerpool's scheduler, for its workers.
public interface Pool extends PoolInfo {

    /// How many assignments one answer holds at most, and how many reports one call.
    int MOST = 64;

    /// A worker asks for something to do, and waits for at most `patience`: as soon as there is anything, he is
    /// told, of up to [Ad#free] tasks. Asking again after a lost answer gives the same assignments again, for as
    /// long as their leases run; [Ad#inHand] tells which answers were not lost.
    ///
    /// @throws Denied if the pool does not take him
    List<Assignment> ask(Ad ad, Duration patience) throws InterruptedException;

    /// A worker says how far he is with each of several tasks, which renews his leases.
    ///
    /// @return one verdict a report, in their order
    List<Verdict> report(Address worker, List<Report> reports) throws InterruptedException;

    default Verdict report(Address worker, TaskId task, Progress progress) throws InterruptedException {
        return report(worker, List.of(new Report(task, progress))).getFirst();
    }

    /// What a worker offers.
    ///
    /// @param machine what he has and whom he works for, as a ClassAd (docs/scheduling.md names its attributes)
    /// @param free how many tasks he can begin now, 1 to [#MOST]
    /// @param inHand the tasks that he is at: their assignments have reached him, and need not be told again
    record Ad(Address worker, String machine, int free, Set<TaskId> inHand) {
        public static final int LONGEST_MACHINE = 16 * 1024;

        public Ad {
            if (machine.length() > LONGEST_MACHINE) {
                throw new Malformed("a machine is described in at most %d characters, this takes %d"
                        .formatted(LONGEST_MACHINE, machine.length()));
            }
            inHand = Set.copyOf(inHand);
            if (free < 1 || free > MOST) {
                throw new Malformed("a worker that asks is free for 1 to %d tasks, not %d".formatted(MOST, free));
            }
        }

        /// Of a worker that is at nothing.
        public Ad(Address worker, String machine) {
            this(worker, machine, 1, Set.of());
        }
    }

    /// Everything that a worker needs from here to the end.
    ///
    /// @param block a block in which the scheduler saw the task: a worker whose node is behind waits for it
    /// @param witness whether others have found that the program fails: then a failure is a result like any other
    /// @param lease until when the pool counts on him without hearing more
    record Assignment(
            Authorization authorization,
            Deal deal,
            long index,
            Asset.App app,
            Optional<Asset.Dataset> dataset,
            long block,
            boolean witness,
            Instant lease) {
        public TaskId task() {
            return authorization.task();
        }
    }

    /// How far a worker is with one task.
    record Report(TaskId task, Progress progress) {}

    /// How far a worker is with a task.
    sealed interface Progress {
        /// Getting program and inputs.
        record Fetching() implements Progress {}

        record Computing() implements Progress {}

        /// His program has ended. What it printed is kept for the requester.
        ///
        /// @param stdout its end, at most [#LONGEST_LOG] characters
        /// @param stderr its end, at most [#LONGEST_LOG] characters
        record Ran(String stdout, String stderr) implements Progress {
            public static final int LONGEST_LOG = 32 * 1024;

            public Ran {
                if (stdout.length() > LONGEST_LOG || stderr.length() > LONGEST_LOG) {
                    throw new Malformed("of what a program printed, the last %d characters are kept; send no more"
                            .formatted(LONGEST_LOG));
                }
            }
        }

        /// His contribution is on its way to the chain, or there.
        record Contributed() implements Progress {}

        /// He has revealed, and stored the result. The answer is [Verdict#STOP] once the pool has taken it.
        ///
        /// @param callbackData empty where the result is a file; see [Result]
        record Delivered(ResultLink link, Bytes callbackData) implements Progress {}

        /// He will not contribute.
        record GaveUp(Cause cause, String message) implements Progress {}
    }

    /// Why a worker gave up.
    enum Cause {
        /// The program failed, and will fail for others in the same way.
        PROGRAM_FAILED(Fault.PROGRAM),
        /// What the deal asks for can not be run by anybody: no program, impossible parameters.
        DEAL_UNUSABLE(Fault.PROGRAM),
        /// The program's bytes could not be fetched.
        APP_UNREACHABLE(Fault.WORKER),
        /// A dataset or an input file could not be fetched.
        INPUT_UNREACHABLE(Fault.WORKER),
        /// This worker does not run such apps, or has no enclave.
        NOT_SUPPORTED(Fault.WORKER),
        /// There is no room on his disk.
        DISK_FULL(Fault.WORKER),
        /// He can not pay the deal's stake.
        STAKE_TOO_LOW(Fault.WORKER),
        /// His node does not know the deal, or not yet.
        CHAIN_BEHIND(Fault.WORKER),
        /// The task takes no vote of his any more: it is over, or he has voted.
        TOO_LATE(Fault.WORKER),
        /// The pool told him what is not so.
        ASSIGNMENT_WRONG(Fault.WORKER),
        /// It took longer than the category allows, by his clock.
        TIMED_OUT(Fault.WORKER),
        /// The chain did not take his contribution.
        CONTRIBUTION_REFUSED(Fault.WORKER),
        /// The machine's owner needs it himself.
        OWNER_RETURNED(Fault.NOBODY),
        /// Something else is wrong with this worker.
        WORKER_BROKEN(Fault.WORKER);

        private final Fault fault;

        Cause(Fault fault) {
            this.fault = fault;
        }

        public Fault fault() {
            return fault;
        }
    }

    /// Whose fault it is that a worker gave up.
    enum Fault {
        /// The program's, or its inputs': others will fail in the same way.
        PROGRAM,
        /// This worker's: others may succeed.
        WORKER,
        NOBODY
    }

    /// What a worker should do after a report.
    enum Verdict {
        /// Go on.
        CONTINUE,
        /// The task has ended, or went to others: stop, and ask for another.
        STOP
    }
}
