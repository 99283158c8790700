package bourse.scheduler;

import bourse.protocol.Address;
import bourse.protocol.Blobs;
import bourse.protocol.Chain;
import bourse.protocol.Denied;
import bourse.protocol.News;
import bourse.protocol.Pool;
import bourse.protocol.PoolInfo;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Time;
import bourse.protocol.Voting;
import bourse.protocol.Wallet;
import bourse.scheduler.View.Candidate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Leads one workerpool, as its owner. This is the door that workers come to; the work is done by the [Loop]
/// behind it.
///
/// Everything held in memory can be lost: workers that wait ask again, transactions that were under way are
/// planned again, and leases run out.
public final class Scheduler implements Pool, AutoCloseable {
    /// Where the migrations of its tables lie on the class path.
    public static final String MIGRATIONS = "bourse/scheduler/migrations";

    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
    private static final int LONGEST_MESSAGE = 1000;

    private final Chain chain;
    private final Replicates replicates;
    private final ResultCheck check;
    private final Address workerpool;
    private final Time time;
    private final Duration lease;
    private final Seats seats = new Seats();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Loop loop;

    /// @param database the pool's own tables, migrated by [#MIGRATIONS]
    /// @param wallet the owner of `workerpool`
    /// @param lease how long the pool counts on a worker that says nothing
    public Scheduler(
            Chain chain,
            Blobs blobs,
            DataSource database,
            Wallet wallet,
            Address workerpool,
            Time time,
            Duration lease) {
        this.chain = chain;
        this.replicates = new Replicates(database);
        this.check = new ResultCheck(blobs);
        this.workerpool = workerpool;
        this.time = time;
        this.lease = lease;
        this.loop = new Loop(chain, replicates, seats, wallet, workerpool, time, lease, threads);
    }

    public Scheduler start() {
        threads.execute(this::followTheChain);
        threads.execute(() -> repeat("planning", loop::turn));
        return this;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        loop.close();
        seats.close();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("the scheduler's threads did not end in time");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void followTheChain() {
        var cursor = new News.Cursor[] {loop.start()};
        repeat("following the chain", () -> {
            var latest = chain.news(cursor[0], Duration.ofSeconds(10));
            // A deal from before the fork may be gone, or have come back: from the beginning, then.
            cursor[0] = latest.rewound() ? News.Cursor.START : latest.cursor();
            loop.tell(latest.rewound() ? new News(News.Cursor.START, List.of(), true) : latest);
        });
    }

    private interface Step {
        void run() throws InterruptedException;
    }

    /// Repeats a step for ever. What goes wrong in it is told, and tried again: nothing is kept that could be half
    /// done.
    private void repeat(String what, Step step) {
        while (!threads.isShutdown()) {
            try {
                step.run();
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException e) {
                if (threads.isShutdown()) {
                    return;
                }
                LOG.warn("{} failed, trying again: {}", what, e.toString(), e);
                try {
                    time.sleep(Duration.ofSeconds(1));
                } catch (InterruptedException _) {
                    return;
                }
            }
        }
    }

    /* WORKERS */

    @Override
    public Address workerpool() {
        return workerpool;
    }

    @Override
    public List<Assignment> ask(Ad ad, Duration patience) throws InterruptedException {
        var worker = ad.worker();
        seats.heard(worker, time.instant());
        var entries = loop.snapshot().entries();
        // What he was told already, but did not hear.
        for (var row : replicates.live(worker, time.instant())) {
            var entry = entries.get(row.task());
            if (entry != null && !ad.inHand().contains(row.task())) {
                return List.of(loop.assignment(entry, worker, row.lease()));
            }
        }
        var seat = seats.take(new Candidate(worker, Voting.weight(chain.score(worker))), time.instant());
        loop.ring();
        return seats.await(seat, patience).stream().toList();
    }

    @Override
    public List<Verdict> report(Address worker, List<Report> reports) throws InterruptedException {
        var verdicts = new ArrayList<Verdict>();
        for (var report : reports) {
            verdicts.add(hear(worker, report.task(), report.progress()));
        }
        return verdicts;
    }

    private Verdict hear(Address worker, TaskId task, Progress progress) throws InterruptedException {
        var now = time.instant();
        seats.heard(worker, now);
        var open = loop.snapshot().open().get(task);
        boolean goesOn = switch (progress) {
            case Progress.Fetching _ -> open != null && renew(task, worker, "FETCHING");
            case Progress.Computing _, Progress.Ran _ -> open != null && renew(task, worker, "COMPUTING");
            case Progress.Contributed _ -> open != null && renew(task, worker, "CONTRIBUTED");
            case Progress.GaveUp gaveUp -> {
                LOG.info("{} gave up task {}: {}", worker, task, gaveUp.message());
                replicates.gaveUp(task, worker, gaveUp.cause(), brief(gaveUp.message()), now);
                yield false;
            }
            case Progress.Delivered delivered -> open != null && !take(open, worker, delivered);
        };
        loop.ring();
        return goesOn ? Verdict.CONTINUE : Verdict.STOP;
    }

    private boolean renew(TaskId task, Address worker, String phase) {
        return replicates.renew(
                task, worker, phase, time.instant(), time.instant().plus(lease));
    }

    /// Whether the result is the consensus. Who delivers has seen a block that the loop may not have looked at yet.
    private boolean take(View.Open open, Address worker, Progress.Delivered delivered) throws InterruptedException {
        var task = open.task() instanceof Task.Revealing known
                ? known
                : chain.tasks(List.of(
                                new Chain.Index(open.deal().id(), open.task().index())))
                        .getFirst();
        if (!(task instanceof Task.Revealing revealing)
                || !check.holds(revealing, delivered.link(), delivered.callbackData())) {
            return false;
        }
        replicates.delivered(task.id(), worker, delivered.link(), delivered.callbackData(), time.instant());
        return true;
    }

    private static String brief(String message) {
        return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE) + "…";
    }

    /* WHO WANTS TO KNOW */

    @Override
    public List<Member> members() {
        return seats.lastHeard().entrySet().stream()
                .map(entry -> new Member(
                        entry.getKey(),
                        entry.getValue(),
                        replicates.live(entry.getKey(), time.instant()).stream()
                                .findFirst()
                                .map(row -> new Work(row.task(), row.phase()))))
                .toList();
    }

    @Override
    public List<Log> logs(TaskId task, Address reader) {
        throw new Denied("this pool keeps nothing that programs print");
    }

    @Override
    public Status status(TaskId task) throws InterruptedException {
        var snapshot = loop.snapshot();
        var open = snapshot.open().get(task);
        var tries = replicates.of(List.of(task)).getOrDefault(task, List.of()).stream()
                .map(row -> new PoolInfo.Replicate(
                        row.worker(),
                        row.at(time.instant()) instanceof bourse.scheduler.Replicate.Lost ? "LOST" : row.phase(),
                        row.since(),
                        row.message()))
                .toList();
        return open == null
                ? new Status(tries, "is no open task of this pool", false)
                : new Status(tries, Planner.explain(open, snapshot.view()), Planner.exhausted(open, snapshot.view()));
    }
}
