package bourse.scheduler;

import bourse.protocol.Address;
import bourse.protocol.Authorization;
import bourse.protocol.Chain;
import bourse.protocol.DealId;
import bourse.protocol.News;
import bourse.protocol.Pool.Assignment;
import bourse.protocol.Refused;
import bourse.protocol.TaskId;
import bourse.protocol.Time;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import bourse.scheduler.View.Open;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at everything, asks the [Planner], does what it says, and waits for news. It alone writes the pool's
/// plans.
///
/// Transactions run beside it; an action whose transaction is under way is not begun again.
final class Loop {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    /// It looks at everything again after this time, whatever it was told.
    private static final Duration RECONCILE = Duration.ofSeconds(30);
    /// How long an action rests that the chain refused.
    private static final Duration REST = Duration.ofSeconds(5);
    /// What one `initializeArray` or `claimArray` takes, well within a block.
    private static final int BATCH = 40;

    private static final Duration REMEMBER = Duration.ofDays(7);

    private final Chain chain;
    private final Replicates replicates;
    private final Seats seats;
    private final Wallet wallet;
    private final Address workerpool;
    private final Time time;
    private final Duration lease;
    private final ExecutorService threads;

    private final Time.Bell bell;
    private final Queue<News> news = new ConcurrentLinkedQueue<>();
    private final Queue<Done> done = new ConcurrentLinkedQueue<>();
    private final Projection projection;
    private final Map<Action, Instant> underway = new HashMap<>();
    private News.Cursor landmark;
    private Instant reconciled = Instant.EPOCH;

    private final CountDownLatch ready = new CountDownLatch(1);
    private volatile boolean closed;
    private volatile Snapshot snapshot = Snapshot.EMPTY;

    Loop(
            Chain chain,
            Replicates replicates,
            Seats seats,
            Wallet wallet,
            Address workerpool,
            Time time,
            Duration lease,
            ExecutorService threads) {
        this.chain = chain;
        this.replicates = replicates;
        this.seats = seats;
        this.wallet = wallet;
        this.workerpool = workerpool;
        this.time = time;
        this.bell = time.bell();
        this.lease = lease;
        this.threads = threads;
        this.landmark = replicates.landmark(workerpool).orElse(News.Cursor.START);
        this.projection = new Projection(chain, workerpool, landmark);
    }

    /// Actions whose transaction is over, and until when they must not be tried again.
    private record Done(List<? extends Action> actions, Optional<Instant> rest) {}

    /// What was seen last.
    record Snapshot(View view, Map<TaskId, Open> open, Map<TaskId, Projection.Entry> entries) {
        private static final Snapshot EMPTY = new Snapshot(
                new View(Instant.EPOCH, Instant.EPOCH, List.of(), List.of(), List.of()), Map.of(), Map.of());
    }

    /// What was seen last; waits until something was.
    ///
    /// @throws IllegalStateException if this loop is closed
    Snapshot snapshot() throws InterruptedException {
        ready.await();
        if (closed) {
            throw new IllegalStateException("this scheduler is closed; ask the one that follows it");
        }
        return snapshot;
    }

    /// Keeps nobody waiting.
    void close() {
        closed = true;
        ready.countDown();
        bell.ring();
    }

    News.Cursor start() {
        return landmark;
    }

    void tell(News latest) {
        news.add(latest);
        bell.ring();
    }

    void ring() {
        bell.ring();
    }

    /// Once around.
    void turn() throws InterruptedException {
        if (ready.getCount() > 0 && news.isEmpty()) {
            bell.await(RECONCILE);
            return;
        }
        look();
        ready.countDown();
        perform(Planner.plan(snapshot.view()));
        // Leases, deadlines and rests end without any news.
        bell.await(snapshot.open().isEmpty() ? RECONCILE : Duration.ofSeconds(1));
    }

    private void look() throws InterruptedException {
        var now = time.instant();
        for (var latest = news.peek(); latest != null; latest = news.peek()) {
            projection.take(latest);
            news.remove(); // only once it is taken: a failure in between must not lose it
        }
        var finished = new ArrayList<Done>();
        for (var one = done.poll(); one != null; one = done.poll()) {
            finished.add(one);
            one.actions().forEach(action -> projection.stale(action.task()));
        }
        if (reconciled.plus(RECONCILE).isBefore(now)) {
            projection.everythingIsStale();
            replicates.forgetBefore(now.minus(REMEMBER));
            reconciled = now;
        }
        underway.values().removeIf(until -> until.isBefore(now));
        for (var one : finished) {
            for (var action : one.actions()) {
                one.rest().ifPresentOrElse(until -> underway.put(action, until), () -> underway.remove(action));
            }
        }
        projection.refresh();
        snapshot = see(now);
        if (!projection.landmark().equals(landmark)) {
            landmark = projection.landmark();
            replicates.landmark(workerpool, landmark);
        }
    }

    private Snapshot see(Instant now) throws InterruptedException {
        var entries = projection.open().stream()
                .collect(Collectors.toMap(entry -> entry.task().id(), Function.identity()));
        var rows = replicates.of(entries.keySet());
        var open = entries.values().stream()
                .map(entry -> new Open(
                        entry.deal(),
                        entry.task(),
                        rows.getOrDefault(entry.task().id(), List.of()).stream()
                                .map(row -> row.at(now))
                                .toList()))
                .toList();
        return new Snapshot(
                new View(chain.head().time(), now, open, seats.idle(), seats.heardLately(now)),
                open.stream().collect(Collectors.toMap(one -> one.task().id(), Function.identity())),
                entries);
    }

    private void perform(List<Action> actions) {
        var initialize = new LinkedHashMap<DealId, List<Action.Initialize>>();
        var claims = new ArrayList<Action.Claim>();
        for (var action : actions) {
            if (underway.containsKey(action)) {
                continue;
            }
            switch (action) {
                case Action.Assign assign -> assign(assign);
                case Action.Initialize one ->
                    initialize
                            .computeIfAbsent(one.index().deal(), _ -> new ArrayList<>())
                            .add(one);
                case Action.Claim claim -> claims.add(claim);
                case Action.Finalize one ->
                    submit(
                            List.of(one),
                            new Transaction.Finalize(one.task(), one.link().results(), one.callbackData()));
                case Action.Audit one -> submit(List.of(one), new Transaction.Audit(one.task()));
                case Action.Reopen one -> submit(List.of(one), new Transaction.Reopen(one.task()));
                case Action.Decline one -> submit(List.of(one), new Transaction.Decline(one.task()));
            }
        }
        initialize.forEach((deal, ones) -> batches(ones).forEach(batch -> {
            var indexes = batch.stream().map(one -> one.index().index()).toList();
            submit(batch, new Transaction.Initialize(deal, indexes));
        }));
        batches(claims).forEach(batch -> {
            var tasks = batch.stream().map(Action.Claim::task).toList();
            submit(batch, new Transaction.Claim(tasks));
        });
    }

    private static <A> List<List<A>> batches(List<A> all) {
        return all.stream().gather(Gatherers.windowFixed(BATCH)).toList();
    }

    private void assign(Action.Assign assign) {
        var entry = snapshot.entries().get(assign.task());
        var seat = seats.of(assign.worker());
        if (entry == null || seat.isEmpty()) {
            return;
        }
        var now = time.instant();
        var until = now.plus(lease);
        replicates.assign(assign.task(), assign.worker(), seat.get().candidate().weight(), now, until);
        LOG.debug("task {} is assigned to {}", assign.task(), assign.worker());
        // If he has just stopped waiting, he gets the same answer when he asks again.
        seats.answer(seat.get(), assignment(entry, assign.worker(), until));
    }

    Assignment assignment(Projection.Entry entry, Address worker, Instant until) {
        return new Assignment(
                Authorization.sign(worker, entry.task().id(), Address.ZERO, wallet),
                entry.deal(),
                entry.task().index(),
                entry.app(),
                entry.dataset(),
                projection.block(),
                false,
                until);
    }

    private void submit(List<? extends Action> actions, Transaction transaction) {
        actions.forEach(action -> underway.put(action, Instant.MAX));
        threads.execute(() -> {
            var rest = Optional.<Instant>empty();
            try {
                chain.submit(wallet, transaction);
            } catch (Refused e) {
                LOG.info("{} was refused: {}", transaction, e.getMessage());
                rest = Optional.of(time.instant().plus(REST));
            } catch (InterruptedException _) {
                return; // closing
            } catch (RuntimeException e) {
                LOG.warn("{} failed: {}", transaction, e.toString(), e);
                rest = Optional.of(time.instant().plus(REST));
            }
            done.add(new Done(actions, rest));
            bell.ring();
        });
    }
}
