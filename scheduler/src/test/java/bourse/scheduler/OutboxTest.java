package bourse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Bytes32;
import bourse.protocol.Chain;
import bourse.protocol.Chain.Index;
import bourse.protocol.DealId;
import bourse.protocol.Receipt;
import bourse.protocol.Refused;
import bourse.protocol.TaskId;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Transactions that take until the test lets them.
class OutboxTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final DealId DEAL = new DealId(new Bytes32("d".repeat(64)));
    private static final TaskId TASK = DEAL.task(0);

    private final List<Transaction> sent = new ArrayList<>();
    private final Queue<Runnable> underway = new ArrayDeque<>();
    private final Counts counts = new Counts();
    private Instant now = NOON;
    private boolean refuses;
    private int rung;
    private final Outbox outbox = new Outbox(chain(), Wallet.random(), () -> now, underway::add, counts, () -> rung++);

    private Chain chain() {
        return (Chain) Proxy.newProxyInstance(
                Chain.class.getClassLoader(), new Class<?>[] {Chain.class}, (_, _, arguments) -> {
                    sent.add((Transaction) arguments[1]);
                    if (refuses) {
                        throw new Refused("TooLate", Map.of(), "it is too late");
                    }
                    return new Receipt(Bytes32.ZERO, 1, 50_000, List.of());
                });
    }

    private void mine() {
        for (var one = underway.poll(); one != null; one = underway.poll()) {
            one.run();
        }
    }

    @Test
    void oneTransactionBeginsManyTasksOfADealAndOneEndsMany() {
        var other = new DealId(new Bytes32("e".repeat(64)));
        var actions = new ArrayList<Action.OnChain>();
        LongStream.range(0, 81).forEach(index -> actions.add(new Action.Initialize(new Index(DEAL, index))));
        actions.add(new Action.Initialize(new Index(other, 7)));
        LongStream.range(100, 150).forEach(index -> actions.add(new Action.Claim(DEAL.task(index))));

        outbox.send(actions, now);
        mine();

        assertThat(sent)
                .containsExactly(
                        new Transaction.Initialize(
                                DEAL, LongStream.range(0, 40).boxed().toList()),
                        new Transaction.Initialize(
                                DEAL, LongStream.range(40, 80).boxed().toList()),
                        new Transaction.Initialize(DEAL, List.of(80L)),
                        new Transaction.Initialize(other, List.of(7L)),
                        new Transaction.Claim(
                                LongStream.range(100, 140).mapToObj(DEAL::task).toList()),
                        new Transaction.Claim(
                                LongStream.range(140, 150).mapToObj(DEAL::task).toList()));
        assertThat(outbox.takeOver()).hasSize(132);
        assertThat(counts.gas.sum()).isEqualTo(300_000);
    }

    @Test
    void whatIsUnderWayIsNotSentAgain() {
        outbox.send(List.of(new Action.Audit(TASK)), now);
        outbox.send(List.of(new Action.Audit(TASK)), now);

        assertThat(underway).hasSize(1);
        assertThat(outbox.isSomethingOver()).isFalse();
        assertThat(rung).isZero();

        mine();
        assertThat(outbox.isSomethingOver()).isTrue();
        assertThat(rung).isEqualTo(1);
        assertThat(outbox.takeOver()).containsExactly(TASK);
        assertThat(outbox.takeOver()).isEmpty();
        outbox.send(List.of(new Action.Audit(TASK)), now);
        assertThat(underway).as("the chain knows whether it is asked for again").hasSize(1);
    }

    @Test
    void whatIsRefusedRestsForAWhile() {
        refuses = true;
        outbox.send(List.of(new Action.Reopen(TASK)), now);
        mine();
        assertThat(outbox.takeOver()).containsExactly(TASK);
        var rest = outbox.rest(TASK).orElseThrow();
        assertThat(rest).isBetween(now.plusSeconds(1), now.plusSeconds(60));

        now = rest.minus(Duration.ofMillis(1));
        outbox.send(List.of(new Action.Reopen(TASK)), now);
        assertThat(underway).isEmpty();

        now = rest;
        outbox.send(List.of(new Action.Reopen(TASK)), now);
        assertThat(underway).hasSize(1);
        assertThat(outbox.rest(TASK)).isEmpty();
        assertThat(counts.refused.sum()).isEqualTo(1);
    }
}
