package bourse.worker;

import bourse.protocol.Address;
import bourse.protocol.Chain;
import bourse.protocol.Event;
import bourse.protocol.News;
import bourse.protocol.Pool;
import bourse.protocol.Pool.Progress;
import bourse.protocol.Pool.Verdict;
import bourse.protocol.Refused;
import bourse.protocol.TaskId;
import bourse.protocol.Time;
import bourse.protocol.Wallet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Keeps promises. Each has a thread of its own, which reads the task, does what [Duties] say, and sleeps until
/// news wake it.
final class Keeper {
    /// A promise outlives the end of its task by so many blocks: the chain may take the last ones back.
    static final int DEPTH = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration FOREVER = Duration.ofDays(365);
    /// Before something is tried again that failed, or was not taken: the first time, and at most.
    private static final Duration RETRY = Duration.ofMillis(250);

    private static final Duration RETRY_AT_MOST = Duration.ofSeconds(8);
    /// How long a scheduler has to open a task to those who check, before the worker does it himself.
    private static final Duration INDULGENCE = Duration.ofSeconds(10);
    /// Before the chain is asked again what it refused.
    private static final Duration REST = Duration.ofSeconds(30);
    /// How often a pool hears of a result that it has taken, but not finalized: it may have lost its tables.
    private static final Duration REMIND = Duration.ofMinutes(1);
    /// How often a pool hears that a contribution is on its way: well within any lease.
    private static final Duration BEAT = Duration.ofSeconds(5);

    private final Chain chain;
    private final Pool pool;
    private final Wallet wallet;
    private final Promises promises;
    private final Time time;
    private final ExecutorService threads;
    private final Map<TaskId, Time.Bell> bells = new ConcurrentHashMap<>();
    private volatile long head;

    Keeper(Chain chain, Pool pool, Wallet wallet, Promises promises, Time time, ExecutorService threads) {
        this.chain = chain;
        this.pool = pool;
        this.wallet = wallet;
        this.promises = promises;
        this.time = time;
        this.threads = threads;
    }

    /// Follows the chain, and attends to promises of which it tells something new.
    void follow() throws InterruptedException {
        var cursor = Optional.<News.Cursor>empty();
        while (true) {
            try {
                cursor = Optional.of(cursor.isPresent() ? advance(cursor.get()) : begin());
            } catch (RuntimeException e) {
                LOG.warn("following the chain failed, trying again: {}", e.toString());
                time.sleep(RETRY_AT_MOST);
            }
        }
    }

    private News.Cursor begin() throws InterruptedException {
        var block = chain.head();
        head = block.number();
        promises.all().forEach(this::attend);
        return new News.Cursor(block.number(), block.hash());
    }

    private News.Cursor advance(News.Cursor cursor) throws InterruptedException {
        var news = chain.news(cursor, PATIENCE);
        long before = head;
        head = news.cursor().block();
        if (news.rewound() || head / DEPTH != before / DEPTH) {
            promises.all().forEach(this::attend);
        } else {
            news.events().stream()
                    .filter(Event.OfTask.class::isInstance)
                    .map(event -> ((Event.OfTask) event).task())
                    .distinct()
                    .forEach(task -> promises.of(task).ifPresent(this::attend));
        }
        return news.cursor();
    }

    /// Looks after a promise, now and from now on.
    void attend(Promise promise) {
        bells.computeIfAbsent(promise.task(), _ -> {
                    var bell = time.bell();
                    threads.execute(() -> keep(promise, bell));
                    return bell;
                })
                .ring();
    }

    private void keep(Promise promise, Time.Bell bell) {
        MDC.put("deal", promise.index().deal().toString());
        MDC.put("task", promise.task().toString());
        MDC.put("worker", me().toString());
        var watch = new Watch(promise);
        try {
            while (promises.of(promise.task()).isPresent()) {
                var rest = Optional.<Duration>empty();
                try {
                    rest = watch.look();
                } catch (RuntimeException e) {
                    rest = Optional.of(watch.retry());
                    LOG.warn("task {}: a duty failed, trying again: {}", promise.task(), e.toString());
                }
                bell.await(rest.orElse(FOREVER));
            }
        } catch (InterruptedException _) {
            // closing
        } finally {
            bells.remove(promise.task());
        }
    }

    /// One promise, and what its thread remembers from look to look. To forget that does no harm.
    private final class Watch {
        private final Promise promise;
        /// The block at which the task was first seen ended.
        private Optional<Long> end = Optional.empty();
        private Optional<Refusal> refusal = Optional.empty();
        private Duration retry = RETRY;
        /// Whether the scheduler has had his time to open the task to those who check.
        private boolean indulged;

        private Watch(Promise promise) {
            this.promise = promise;
        }

        private record Refusal(Duty duty, String message) {}

        /// Reads the task, and does what is to be done.
        ///
        /// @return after how long to look again without being woken; empty for never
        private Optional<Duration> look() throws InterruptedException {
            var task = chain.tasks(List.of(promise.index())).getFirst();
            var duty = Duties.next(task, promise, wallet.address());
            end = duty instanceof Duty.Forget ? end.or(() -> Optional.of(head)) : Optional.empty();
            indulged &= duty instanceof Duty.Audit;
            var refused = refusal.filter(one -> one.duty().equals(duty));
            refusal = Optional.empty();
            if (refused.isPresent()) {
                rue(refused.get());
                return Optional.of(REST);
            }
            try {
                return perform(duty);
            } catch (Refused e) {
                LOG.info("task {}: the chain refused {}: {}", promise.task(), duty, Text.of(e));
                if (e.error().equals("DrawTooEarly")) {
                    // A node that judges by its newest block: the next one draws, and comes without news for this.
                    return Optional.of(retry());
                }
                // It may only mean that the task has moved on.
                refusal = Optional.of(new Refusal(duty, Text.of(e)));
                return Optional.of(Duration.ZERO);
            }
        }

        /// Longer from time to time.
        private Duration retry() {
            var now = retry;
            var twice = retry.multipliedBy(2);
            retry = twice.compareTo(RETRY_AT_MOST) < 0 ? twice : RETRY_AT_MOST;
            return now;
        }

        private Optional<Duration> perform(Duty duty) throws Refused, InterruptedException {
            return switch (duty) {
                case Duty.Contribute(var transaction) -> {
                    // The vote stands for itself: whatever the pool thinks of it by now, it does no harm.
                    try (var _ =
                            new Lease(pool, me(), promise.task(), new Progress.Contributed(), time, BEAT, () -> {})) {
                        chain.submit(wallet, transaction);
                    }
                    yield Optional.of(Duration.ZERO);
                }
                case Duty.Reveal(var transaction) -> {
                    chain.submit(wallet, transaction);
                    yield Optional.of(Duration.ZERO);
                }
                case Duty.Audit(var transaction) -> {
                    if (!indulged) {
                        indulged = true;
                        yield Optional.of(INDULGENCE);
                    }
                    chain.submit(wallet, transaction);
                    yield Optional.of(Duration.ZERO);
                }
                case Duty.Deliver(var progress) ->
                    Optional.of(pool.report(me(), promise.task(), progress) == Verdict.STOP ? REMIND : retry());
                case Duty.Rest _ -> Optional.empty();
                case Duty.Forget _ -> {
                    if (head - end.orElse(head) >= DEPTH) {
                        promises.forget(promise.task());
                    }
                    yield Optional.empty();
                }
            };
        }

        /// The task is as it was, and the chain does not take what it asks for.
        private void rue(Refusal refused) throws InterruptedException {
            if (refused.duty() instanceof Duty.Contribute) {
                var message = "the chain refused the contribution: " + refused.message();
                Lease.report(pool, me(), promise.task(), new Progress.GaveUp(Pool.Cause.CONTRIBUTION_REFUSED, message));
            }
        }
    }

    private Address me() {
        return wallet.address();
    }
}
