package bourse.scheduler;

import bourse.protocol.Chain;
import bourse.protocol.DealId;
import bourse.protocol.Refused;
import bourse.protocol.TaskId;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.stream.Gatherers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends what the pool wants of the chain: many actions in one transaction where its interface takes many, and none
/// again whose transaction is under way. What was refused rests for a while.
///
/// Transactions run on threads of their own; all else is for the loop's.
final class Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    /// What one `initializeArray` or `claimArray` takes, well within a block.
    private static final int BATCH = 40;
    /// How long an action rests that the chain refused.
    private static final Duration REST = Duration.ofSeconds(5);

    private final Chain chain;
    private final Wallet wallet;
    private final InstantSource time;
    private final Executor threads;
    private final Counts counts;
    private final Runnable bell;

    private final Queue<Over> over = new ConcurrentLinkedQueue<>();
    /// Until when an action must not be sent again.
    private final Map<Action.OnChain, Instant> underway = new HashMap<>();
    /// Until when a task rests, of which an action was refused.
    private final Map<TaskId, Instant> rests = new HashMap<>();

    /// Actions whose transaction is over, and until when they must not be tried again.
    private record Over(Collection<? extends Action.OnChain> actions, Optional<Instant> rest) {}

    /// @param bell is rung when a transaction is over
    Outbox(Chain chain, Wallet wallet, InstantSource time, Executor threads, Counts counts, Runnable bell) {
        this.chain = chain;
        this.wallet = wallet;
        this.time = time;
        this.threads = threads;
        this.counts = counts;
        this.bell = bell;
    }

    boolean isSomethingOver() {
        return !over.isEmpty();
    }

    /// The tasks of whose transactions nobody was told yet that they are over.
    Set<TaskId> takeOver() {
        var tasks = new LinkedHashSet<TaskId>();
        for (var one = over.poll(); one != null; one = over.poll()) {
            for (var action : one.actions()) {
                one.rest().ifPresentOrElse(until -> underway.put(action, until), () -> underway.remove(action));
                one.rest().ifPresent(until -> rests.put(action.task(), until));
                tasks.add(action.task());
            }
        }
        return tasks;
    }

    /// Until when a task rests.
    Optional<Instant> rest(TaskId task) {
        return Optional.ofNullable(rests.get(task));
    }

    void send(List<? extends Action.OnChain> actions, Instant now) {
        underway.values().removeIf(until -> !until.isAfter(now));
        rests.values().removeIf(until -> !until.isAfter(now));
        var initialize = new LinkedHashMap<DealId, List<Action.Initialize>>();
        var claims = new ArrayList<Action.Claim>();
        for (var action : actions) {
            if (underway.containsKey(action)) {
                continue;
            }
            switch (action) {
                case Action.Initialize one ->
                    initialize
                            .computeIfAbsent(one.index().deal(), _ -> new ArrayList<>())
                            .add(one);
                case Action.Claim one -> claims.add(one);
                case Action.Finalize one ->
                    send(one, new Transaction.Finalize(one.task(), one.link().results(), one.callbackData()));
                case Action.Audit one -> send(one, new Transaction.Audit(one.task()));
                case Action.Reopen one -> send(one, new Transaction.Reopen(one.task()));
                case Action.Decline one -> send(one, new Transaction.Decline(one.task()));
            }
        }
        initialize.forEach((deal, ones) -> batches(ones).forEach(batch -> {
            var indexes = batch.stream().map(one -> one.index().index()).toList();
            send(batch, new Transaction.Initialize(deal, indexes));
        }));
        batches(claims).forEach(batch -> {
            var tasks = batch.stream().map(Action.Claim::task).toList();
            send(batch, new Transaction.Claim(tasks));
        });
    }

    private static <A> List<List<A>> batches(List<A> all) {
        return all.stream().gather(Gatherers.windowFixed(BATCH)).toList();
    }

    private void send(Action.OnChain action, Transaction transaction) {
        send(List.of(action), transaction);
    }

    private void send(List<? extends Action.OnChain> actions, Transaction transaction) {
        actions.forEach(action -> underway.put(action, Instant.MAX));
        threads.execute(() -> {
            var rest = Optional.<Instant>empty();
            try {
                var receipt = chain.submit(wallet, transaction);
                counts.transactions.increment();
                counts.gas.add(receipt.gas());
            } catch (Refused e) {
                LOG.info("{} was refused: {}", transaction, e.getMessage());
                counts.refused.increment();
                rest = Optional.of(time.instant().plus(REST));
            } catch (InterruptedException _) {
                return; // closing
            } catch (RuntimeException e) {
                LOG.warn("{} failed: {}", transaction, e.toString(), e);
                rest = Optional.of(time.instant().plus(REST));
            }
            over.add(new Over(actions, rest));
            bell.run();
        });
    }
}
