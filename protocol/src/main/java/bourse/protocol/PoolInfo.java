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

    /// Which machines of the pool suit a task, and what keeps the others from it.
    /// Nothing, if it is no open task of this pool, or none that any machine could run.
    Optional<Suitability> suitability(TaskId task) throws InterruptedException;

    /// What the program of a task printed, for each worker that ran it, as long as the pool keeps it.
    ///
    /// @param reader who asks; only a deal's requester may
    /// @throws Denied if he is somebody else, or the task is none of this pool
    List<Log> logs(TaskId task, Address reader) throws InterruptedException;

    /// What a program printed: the end of both streams.
    record Log(Address worker, Instant at, String stdout, String stderr) {}

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

    /// Who suits a task, clause by clause, in ClassAds' words.
    ///
    /// @param machines that this scheduler has heard of lately
    /// @param suit those that could run it now
    /// @param accepted by the task's requirements
    /// @param accepting the task, by their owners' requirements
    /// @param clauses what the task requires
    /// @param refusals what machines require, and some do not find in the task; those first that refuse most
    /// @param hindrances what else keeps workers from it, whatever their machines; each a sentence
    record Suitability(
            int machines,
            int suit,
            int accepted,
            int accepting,
            List<Clause> clauses,
            List<Clause> refusals,
            List<String> hindrances) {
        public Suitability {
            hindrances = List.copyOf(hindrances);
            clauses = List.copyOf(clauses);
            refusals = List.copyOf(refusals);
        }

        /// @param yes machines of which it is true
        /// @param unknown machines of which it is undefined, or makes no sense
        /// @param onlyObstacle machines that would suit without it
        /// @param missing attributes that it mentions and machines lack
        /// @param changes what to ask for instead, each a sentence
        public record Clause(
                String text,
                int yes,
                int no,
                int unknown,
                int onlyObstacle,
                List<String> missing,
                List<String> changes) {
            public Clause {
                missing = List.copyOf(missing);
                changes = List.copyOf(changes);
            }
        }
    }

    /// One worker's try at a task.
    ///
    /// @param phase in capitals, such as `COMPUTING` or `GAVE_UP`
    /// @param message why he gave up, or empty
    record Replicate(Address worker, String phase, Instant since, String message) {}
}
