package bourse.scheduler;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.DealId;
import bourse.protocol.Digest;
import bourse.protocol.News;
import bourse.protocol.Pool;
import bourse.protocol.PoolInfo.Log;
import bourse.protocol.ResultLink;
import bourse.protocol.TaskId;
import bourse.scheduler.trust.Book.Shown;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a pool alone knows, shared by all its schedulers: who was asked to work on what, and until when the pool
/// counts on him.
///
/// INVARIANTS
/// - A worker has at most one row a task, and never more live leases than he said he has slots.
/// - Of two schedulers that would ask workers for the same task at the same moment, the second sees what the first
///   has written, or leaves the task alone.
/// - At most one scheduler leads: it alone sends the pool's transactions.
///
/// To lose all of it costs work, not money: leases are planned anew, results are computed again.
public interface Replicates {

    /* WHO IS AT WHAT */

    /// Everyone who was ever asked, by task; the first asked first.
    Map<TaskId, List<Row>> of(Collection<TaskId> tasks);

    /// What `worker` was asked to do and has neither contributed nor given up, while his lease runs; the oldest
    /// first.
    List<Row> live(Address worker, Instant now);

    /// What everyone is at whose lease runs; the oldest first.
    List<Row> live(Instant now);

    /// What other schedulers of the pool have written since; some of it may have been told before.
    List<Row> writtenByOthers(Instant since);

    /// Gives tasks to workers, one after the other, as far as `fit` still lets them, and no other scheduler is
    /// choosing workers for the same task.
    ///
    /// @return the rows of those that were given
    List<Row> assign(List<Proposal> proposals, Fit fit, Instant now, Instant lease);

    /// @param app what is kept in mind when he fails
    /// @param weight of his vote
    /// @param slots how many leases he may have at a time
    record Proposal(TaskId task, Address worker, Address app, long weight, int slots) {
        /// The row of one that was given.
        public Row begun(Instant now, Instant lease) {
            return new Row(
                    task,
                    worker,
                    app,
                    weight,
                    Phase.ASSIGNED,
                    now,
                    now,
                    lease,
                    Optional.empty(),
                    "",
                    Optional.empty(),
                    Bytes.EMPTY);
        }
    }

    /// Whether a worker may still be asked, now that `rows` are known.
    interface Fit {
        boolean test(Proposal proposal, List<Row> rows);
    }

    /// Renews those of a worker's leases that still run.
    ///
    /// @param phases how far he is with each
    /// @return those that do
    Set<TaskId> renew(Address worker, Map<TaskId, Phase> phases, Instant now, Instant lease);

    void gaveUp(TaskId task, Address worker, Pool.Cause cause, String message, Instant now);

    void delivered(TaskId task, Address worker, ResultLink link, Bytes callbackData, Instant now);

    /// How far a worker is.
    enum Phase {
        ASSIGNED,
        FETCHING,
        COMPUTING,
        CONTRIBUTED,
        DELIVERED,
        GAVE_UP
    }

    /// One worker's try at a task, as it stands.
    ///
    /// @param begun when he was asked
    /// @param since when the phase began
    /// @param cause why he gave up, if he did
    /// @param link where the result is, if he delivered it
    record Row(
            TaskId task,
            Address worker,
            Address app,
            long weight,
            Phase phase,
            Instant begun,
            Instant since,
            Instant lease,
            Optional<Pool.Cause> cause,
            String message,
            Optional<ResultLink> link,
            Bytes callbackData) {

        /// What it means at `now`.
        Replicate at(Instant now) {
            if (link.isPresent()) {
                return new Replicate.Delivered(worker, link.get(), callbackData);
            }
            if (cause.isPresent()) {
                return new Replicate.GaveUp(worker, cause.get(), since, message);
            }
            return lease.isBefore(now) ? new Replicate.Lost(worker) : new Replicate.Working(worker, weight);
        }

        /// Whether the pool counts on him, and his slot is taken.
        public boolean isLive(Instant now) {
            return phase.compareTo(Phase.CONTRIBUTED) < 0 && !lease.isBefore(now);
        }
    }

    /* WHAT PROGRAMS PRINTED */

    void keep(TaskId task, Log log);

    List<Log> logs(TaskId task);

    /* WHO IS THERE */

    /// Workers that were heard of, by this scheduler.
    void heard(Map<Address, Instant> workers);

    /// Every worker that some scheduler has heard of since.
    Map<Address, Instant> heardSince(Instant then);

    /* WHO FAILS OFTEN */

    /// A worker that is not asked for tasks of an app.
    ///
    /// @param times how often in a row he has failed
    /// @param until when he may be asked again
    record Avoided(Address worker, Address app, int times, Instant until) {}

    List<Avoided> avoided();

    void avoid(Avoided avoided);

    /// He has brought a task of that app to its end.
    void forgive(Address worker, Address app);

    /* HOW LONG WHO TAKES */

    /// How long a worker takes for a task of an app, in a category.
    ///
    /// @param seconds a mean of what was measured, of which the older counts less
    /// @param times how many of them it is a mean of, up to a bound
    /// @param at when it was measured last
    record Took(Address worker, Address app, long category, double seconds, int times, Instant at) {}

    /// What was measured since; the newest of each.
    List<Took> took(Instant since);

    /// @param most how many a worker may have: those that were measured longest ago go
    void took(List<Took> measured, int most);

    /* WHOM THE POOL BELIEVES */

    /// How a worker stands: so many passed checks, or caught.
    ///
    /// @param passed as the pool remembers them
    record Reputation(Address worker, double passed, boolean caught) {}

    List<Reputation> reputations();

    /// What workers have shown with each app.
    List<Shown> shown();

    /// @param shown nothing is kept of who has passed no check any more
    void remember(List<Reputation> reputations, List<Shown> shown);

    /// A deal is a check: what its one task must come out as.
    void know(DealId deal, Digest answer);

    /// Those of the deals that are checks, and their answers.
    Map<DealId, Digest> known(Collection<DealId> deals);

    /* WHO HAS HAD HOW MUCH */

    /// What a requester has had of the pool.
    ///
    /// @param amount core-seconds, of which some are forgotten
    /// @param at when it was so many
    record Use(Address requester, double amount, Instant at) {}

    List<Use> uses();

    /// Requesters get more.
    ///
    /// @param amounts core-seconds, at least one each
    /// @param halfLife after how long half of what they had before is forgotten
    void charge(Map<Address, Double> amounts, Instant now, Duration halfLife);

    /* WHO LEADS */

    /// Leads, or goes on leading, for `lease` from now, unless another one does.
    ///
    /// @return whether this scheduler leads
    boolean lead(Address workerpool, Duration lease);

    /// Lets others lead at once.
    void retire(Address workerpool);

    /* HOUSEKEEPING */

    /// Every deal up to there is finished.
    Optional<News.Cursor> landmark(Address workerpool);

    void landmark(Address workerpool, News.Cursor cursor);

    /// Forgets what nobody asks for any more.
    ///
    /// @param rows last touched before then, the answers of checks, what requesters had, and how long workers took
    /// @param shown by workers before then
    /// @param logs older than that
    void forgetBefore(Instant rows, Instant shown, Instant logs);
}
