package bourse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bourse.protocol.Chain;
import bourse.protocol.Deal;
import bourse.protocol.Pool;
import bourse.protocol.Refused;
import bourse.protocol.Task;
import bourse.protocol.Transaction;
import bourse.scheduler.Checks;
import bourse.scheduler.Replicates;
import bourse.scheduler.Replicates.Row;
import bourse.scheduler.Scheduler;
import bourse.scheduler.SharedTables;
import bourse.testing.Scene;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two schedulers of one pool, on one database, each with workers of its own.
class ManySchedulersTest {
    private static final int WORKERS = 6;

    @TempDir
    Path directory;

    private PoolStage stage;
    private Scene scene;
    private final Queue<Transaction> sent = new ConcurrentLinkedQueue<>();
    private final Queue<Refused> refused = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void openThePool() throws Exception {
        stage = new PoolStage(5, WORKERS, directory);
        scene = stage.scene;
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void shareTheWorkAndSendEachTransactionOnce() throws Exception {
        var one = scheduler("one");
        var other = scheduler("other");
        for (int i = 0; i < WORKERS; i++) {
            worker(i, i % 2 == 0 ? one : other);
        }

        var deal = scene.deal(10, 12);
        await().atMost(Duration.ofMinutes(2)).until(() -> isPaid(deal));

        assertThat(refused).isEmpty();
        assertThat(sent).doesNotHaveDuplicates();
        assertThat(List.of(one.vitals(), other.vitals()))
                .filteredOn(vitals -> vitals.leads())
                .hasSize(1);
        var rows = new SharedTables(stage.tables, "reader")
                .of(LongStream.range(0, 12).mapToObj(deal::task).toList());
        assertThat(rows).hasSize(12);
        assertThat(rows.values())
                .as("four agree, and nobody else was asked")
                .allSatisfy(tries -> assertThat(tries).hasSize(4));
        assertThat(rows.values().stream().flatMap(List::stream).map(Row::worker))
                .as("workers of both were asked")
                .contains(scene.worker(0).address(), scene.worker(1).address());
    }

    @Test
    void aWorkerWhoseTaskWentToAnotherIsGivenTheNext() throws Exception {
        var lost = new AtomicInteger();
        var unlucky = (Replicates) Proxy.newProxyInstance(
                Replicates.class.getClassLoader(),
                new Class<?>[] {Replicates.class},
                (_, method, arguments) -> method.getName().equals("assign") && lost.incrementAndGet() == 1
                        ? List.of()
                        : method.invoke(new SharedTables(stage.tables, "one"), arguments));
        worker(0, scheduler(unlucky));

        var deal = scene.deal(1, 1);

        await().atMost(Duration.ofSeconds(15)).until(() -> isPaid(deal));
        assertThat(lost).hasValueGreaterThan(1);
    }

    @Test
    void thoseWhoAreLeftGoOnAtOnceWhenTheOneThatLeadsIsClosed() throws Exception {
        var one = scheduler("one");
        await().until(() -> one.vitals().leads());
        var other = scheduler("other");
        for (int i = 0; i < 4; i++) {
            worker(i, other);
        }

        one.close();
        var deal = scene.deal(10, 1);

        await().atMost(Duration.ofSeconds(30)).until(() -> isPaid(deal));
        assertThat(other.vitals().leads()).isTrue();
    }

    private Scheduler scheduler(String name) {
        return scheduler(new SharedTables(stage.tables, name));
    }

    private Scheduler scheduler(Replicates replicates) {
        return stage.scheduler(overheard(scene.chain()), replicates, Checks.NONE);
    }

    private void worker(int i, Pool pool) throws Exception {
        stage.worker(i, pool, new Printer());
    }

    private Chain overheard(Chain chain) {
        return (Chain) Proxy.newProxyInstance(
                Chain.class.getClassLoader(), new Class<?>[] {Chain.class}, (_, method, arguments) -> {
                    try {
                        if (method.getName().equals("submit")) {
                            sent.add((Transaction) arguments[1]);
                        }
                        return method.invoke(chain, arguments);
                    } catch (InvocationTargetException e) {
                        if (e.getCause() instanceof Refused why) {
                            refused.add(why);
                        }
                        throw e.getCause();
                    }
                });
    }

    private boolean isPaid(Deal deal) throws InterruptedException {
        var indexes = LongStream.range(0, deal.volume())
                .mapToObj(index -> new Chain.Index(deal.id(), index))
                .toList();
        return scene.chain().tasks(indexes).stream().allMatch(Task.Completed.class::isInstance);
    }
}
