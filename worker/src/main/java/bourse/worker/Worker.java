package bourse.worker;

import bourse.protocol.Blobs;
import bourse.protocol.Chain;
import bourse.protocol.Pool;
import bourse.protocol.Pool.Assignment;
import bourse.protocol.Pool.Progress;
import bourse.protocol.TaskId;
import bourse.protocol.Time;
import bourse.protocol.Wallet;
import bourse.sandbox.Sandbox;
import bourse.worker.machine.Hardware;
import bourse.worker.machine.LinuxGauge;
import bourse.worker.machine.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Asks a pool for tasks, computes them, and stands by what it found until the chain has settled it.
///
/// Closing is the same as dying: what is under way is dropped, and a new worker on the same home goes on from the
/// promises that it finds. There may be one at a time on a home, and one home for a wallet.
public final class Worker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /// How often he says that he is at a task, at most and at least.
    private static final Duration OFTEN = Duration.ofSeconds(1);

    private static final Duration SELDOM = Duration.ofSeconds(10);
    /// After a failure that is this worker's own, and would meet the next task, too.
    private static final Duration REST = Duration.ofSeconds(5);

    /// In such steps the free disk is told: a machine that tells the same twice is read once.
    private static final long DISK_STEP = 64L << 20;

    private final Pool pool;
    private final Wallet wallet;
    private final Time time;
    private final Settings settings;
    private final Promises promises;
    private final Attempt attempt;
    private final Keeper keeper;
    private final Sandbox sandbox;
    private final Semaphore slots;
    private final Shift shift;
    private final Hardware hardware;
    private final Programs programs;
    private final Disk disk;
    /// The tasks that it is at, and what each takes of the machine.
    private final Map<TaskId, Share> inHand = new ConcurrentHashMap<>();
    private final ExecutorService threads;

    /// @param home what must outlive the process lies here, and what need not
    public Worker(
            Chain chain,
            Pool pool,
            Blobs blobs,
            Sandbox sandbox,
            Wallet wallet,
            Path home,
            Time time,
            Settings settings)
            throws IOException {
        this(
                chain,
                pool,
                blobs,
                sandbox,
                wallet,
                home,
                time,
                settings,
                new Machine(settings.machine(), new LinuxGauge(time)));
    }

    /// @param home what must outlive the process lies here, and what need not
    /// @param machine with the rules of `settings`; all workers on it share it
    public Worker(
            Chain chain,
            Pool pool,
            Blobs blobs,
            Sandbox sandbox,
            Wallet wallet,
            Path home,
            Time time,
            Settings settings,
            Machine machine)
            throws IOException {
        this.pool = pool;
        this.wallet = wallet;
        this.time = time;
        this.settings = settings;
        this.sandbox = sandbox;
        this.slots = new Semaphore(settings.slots());
        this.shift = new Shift(settings, machine, sandbox, time);
        this.threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("worker-", 0).factory());
        var work = home.resolve("work");
        Trees.delete(work);
        this.promises = new Promises(home.resolve("promises"));
        this.keeper = new Keeper(chain, pool, wallet, promises, time, threads);
        this.hardware = machine.hardware();
        this.programs = new Programs(home.resolve("programs"), time);
        this.disk = new Disk(home, settings.diskBytes());
        this.attempt = new Attempt(
                new AssignmentCheck(chain, wallet.address(), time, sandbox, disk, settings),
                new Inputs(blobs, new Web(settings.reach()), settings.inputBytes(), programs),
                sandbox,
                blobs,
                settings,
                work);
    }

    /// Begins to work, on threads of its own.
    public Worker start() {
        threads.execute(this::ask);
        threads.execute(() -> untilClosed(keeper::follow));
        threads.execute(() -> untilClosed(shift::follow));
        return this;
    }

    private interface Following {
        void run() throws InterruptedException;
    }

    private static void untilClosed(Following following) {
        try {
            following.run();
        } catch (InterruptedException _) {
            // closing
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("worker {}: some threads did not end in time", wallet.address());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// How many tasks it is at.
    public int tasks() {
        return inHand.size();
    }

    /// How many contributions it stands by that the chain has not settled for good.
    public int promised() {
        return promises.all().size();
    }

    /// One asks for all slots, so that the pool sees one question of each worker at a time.
    private void ask() {
        try {
            while (true) {
                slots.acquire();
                int free = 1 + slots.drainPermits();
                var room = shift.awaitRoom();
                var assignments = List.<Assignment>of();
                try {
                    assignments = pool.ask(ad(Math.min(free, room.slots()), room.cores()), PATIENCE);
                } catch (RuntimeException e) {
                    LOG.warn("worker {}: the pool can not be asked, trying again: {}", wallet.address(), e.toString());
                    time.sleep(REST);
                }
                for (var assignment : assignments) {
                    var takes = Share.of(assignment.deal(), settings.limits());
                    if (free > 0 && inHand.putIfAbsent(assignment.task(), takes) == null) {
                        free--;
                        var turn = shift.begin(assignment);
                        threads.execute(() -> take(assignment, turn));
                    }
                }
                slots.release(free);
            }
        } catch (InterruptedException _) {
            // closing
        }
    }

    /// @param cores that the machine lends now
    private Pool.Ad ad(int free, int cores) {
        var taken = inHand.values().stream().reduce(Share.NOTHING, Share::plus);
        long room = disk.free().orElse(0) / DISK_STEP * DISK_STEP / Share.MEBIBYTE;
        var total = new Share(Math.min(settings.cores(), cores), settings.memoryBytes() / Share.MEBIBYTE, room);
        var task = settings.limits().memoryBytes() / Share.MEBIBYTE;
        // Where there are more slots than all of it, tasks share: it is the slots that count.
        var all = new Share(
                Math.max(total.cores(), settings.slots()), Math.max(total.memory(), settings.slots() * task), room);
        return new Pool.Ad(
                wallet.address(),
                new Description(settings, hardware, sandbox.kinds()).of(total, all.minus(taken), programs.apps()),
                Math.min(free, Pool.MOST),
                inHand.keySet());
    }

    /// Holds a slot from the assignment to the promise. Contributing takes blocks, and needs no slot.
    private void take(Assignment assignment, Shift.Turn turn) {
        var task = assignment.task();
        MDC.put("deal", assignment.deal().id().toString());
        MDC.put("task", task.toString());
        MDC.put("worker", wallet.address().toString());
        try {
            var before = promises.of(task);
            var promise = before.isPresent() ? before.get() : promises.make(turn.during(() -> compute(assignment)));
            Lease.report(pool, wallet.address(), task, new Progress.Contributed());
            keeper.attend(promise);
            if (before.isPresent()) {
                time.sleep(REST); // a pool that assigns it again may do so at once
            }
        } catch (InterruptedException e) {
            LOG.info("task {}: stopped: {}", task, e.getMessage());
        } catch (GaveUp e) {
            giveUp(task, e);
        } catch (IOException | RuntimeException e) {
            LOG.error("task {} failed", task, e);
            giveUp(
                    task,
                    new GaveUp(
                            Disk.isFull(e) ? Pool.Cause.DISK_FULL : Pool.Cause.WORKER_BROKEN,
                            "this worker failed: " + Text.brief(e.toString())));
        } finally {
            turn.close();
            inHand.remove(task);
            slots.release();
        }
    }

    private Promise compute(Assignment assignment) throws GaveUp, InterruptedException {
        var me = Thread.currentThread();
        try (var lease = new Lease(
                pool,
                wallet.address(),
                assignment.task(),
                new Progress.Fetching(),
                time,
                beat(Duration.between(time.instant(), assignment.lease())),
                me::interrupt)) {
            return attempt.make(assignment, lease);
        }
    }

    /// A third of what is left of the lease. That is by two clocks, of which one may be wrong: then a rate that keeps
    /// most leases alive, and no pool busy.
    private static Duration beat(Duration left) {
        var third = left.dividedBy(3);
        if (third.compareTo(OFTEN) < 0) {
            return OFTEN;
        }
        return third.compareTo(SELDOM) > 0 ? SELDOM : third;
    }

    private void giveUp(TaskId task, GaveUp why) {
        if (threads.isShutdown()) {
            return; // it is the closing that broke it: the next worker on this home finds no fault on record
        }
        LOG.info("task {}: gave up: {}", task, why.getMessage());
        try {
            Lease.report(pool, wallet.address(), task, new Progress.GaveUp(why.cause(), why.getMessage()));
            if (why.cause().fault() == Pool.Fault.WORKER) {
                time.sleep(REST);
            }
        } catch (InterruptedException _) {
            // closing
        }
    }
}
