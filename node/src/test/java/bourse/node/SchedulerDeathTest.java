package bourse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bourse.protocol.Blobs;
import bourse.protocol.Chain;
import bourse.protocol.Deal;
import bourse.protocol.Pool;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Time;
import bourse.scheduler.Checks;
import bourse.scheduler.Scheduler;
import bourse.scheduler.SharedTables;
import bourse.scheduler.Terms;
import bourse.storage.Postgres;
import bourse.testing.Fate;
import bourse.testing.MemoryBlobs;
import bourse.testing.Scene;
import bourse.worker.Settings;
import bourse.worker.Worker;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A scheduler that dies between any two steps; the next one on the same tables brings every task to its end.
class SchedulerDeathTest {
    private static final Duration MOST = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final AtomicReference<Pool> pool = new AtomicReference<>();
    private final Queue<Connection> borrowed = new ConcurrentLinkedQueue<>();
    private final MemoryBlobs blobs = new MemoryBlobs();
    private final List<AutoCloseable> parts = new ArrayList<>();
    private Scene scene;
    private DataSource tables;

    @BeforeEach
    void employ() throws Exception {
        scene = new Scene(11, 4);
        var postgres = Postgres.embedded(directory.resolve("database"));
        parts.add(postgres);
        tables = postgres.of("scheduler");
        for (int i = 0; i < 4; i++) {
            var home = Files.createDirectories(directory.resolve("worker-" + i));
            var worker = new Worker(
                    scene.chain(),
                    currentPool(),
                    blobs,
                    new Printer(),
                    scene.worker(i),
                    home,
                    Time.by(scene.clock()),
                    Settings.DEFAULT);
            parts.add(worker);
        }
        blobs.put(Scene.PROGRAM.getBytes(StandardCharsets.UTF_8));
    }

    @AfterEach
    void close() throws Exception {
        for (var part : parts.reversed()) {
            part.close();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 10})
    void everyTaskEndsWhereverTheSchedulerDies(long trust) throws Exception {
        try (var healthy = scheduler(new Fate(Integer.MAX_VALUE))) {
            lead(healthy);
            for (var part : parts) {
                if (part instanceof Worker worker) {
                    worker.start();
                }
            }
        }
        int deaths = 0;
        for (int step = 0; ; step++) {
            var fate = new Fate(step);
            var deal = deal(trust);
            try (var doomed = scheduler(fate)) {
                lead(doomed);
                waitUntil(step, () -> fate.isFulfilled() || isPaid(deal));
            } catch (Fate.Death _) {
                // before it had begun
            }
            giveBack();
            if (!fate.isFulfilled()) {
                break;
            }
            deaths++;
            try (var next = scheduler(new Fate(Integer.MAX_VALUE))) {
                lead(next);
                waitUntil(step, () -> isPaid(deal));
            }
        }
        assertThat(deaths).as("steps at which it died").isGreaterThan(5);
        assertThat(scene.chain().account(scene.requester().address()).locked().isZero())
                .isTrue();
    }

    private static void waitUntil(int step, Callable<Boolean> condition) {
        await().dontCatchUncaughtExceptions()
                .atMost(MOST)
                .pollInterval(Duration.ofMillis(2))
                .alias("death at step " + step)
                .until(condition);
    }

    private Scheduler scheduler(Fate fate) {
        return new Scheduler(
                        fate.of(Chain.class, scene.chain()),
                        fate.of(Blobs.class, blobs),
                        new SharedTables(fate.of(DataSource.class, borrowing()), "scheduler"),
                        scene.scheduler(),
                        scene.workerpool(),
                        Time.by(scene.clock()),
                        Terms.DEFAULT,
                        Checks.NONE)
                .start();
    }

    private Deal deal(long trust) throws Exception {
        return scene.deal(trust, 1);
    }

    private boolean isPaid(Deal deal) throws InterruptedException {
        TaskId task = deal.task(deal.first());
        Optional<Task> state = scene.chain().task(task);
        return state.isPresent() && state.get() instanceof Task.Completed;
    }

    /// Remembers the connections that were taken: a process that dies gives them back, a thread does not.
    private DataSource borrowing() {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (_, method, arguments) -> {
                    var answer = method.invoke(tables, arguments);
                    if (answer instanceof Connection connection) {
                        borrowed.add(connection);
                    }
                    return answer;
                });
    }

    private void giveBack() throws SQLException {
        for (var connection = borrowed.poll(); connection != null; connection = borrowed.poll()) {
            connection.close();
        }
    }

    /// Whoever leads the pool at the moment. A call that meets a dead one is made again when the next has come,
    /// as a client on another machine would.
    private Pool currentPool() {
        return (Pool) Proxy.newProxyInstance(
                Pool.class.getClassLoader(), new Class<?>[] {Pool.class}, (_, method, arguments) -> {
                    while (true) {
                        var current = pool.get();
                        try {
                            return method.invoke(current, arguments);
                        } catch (InvocationTargetException e) {
                            if (!(e.getCause() instanceof Fate.Death)
                                    && !(e.getCause() instanceof IllegalStateException)) {
                                throw e.getCause();
                            }
                            awaitAnother(current);
                        }
                    }
                });
    }

    private synchronized void awaitAnother(Pool current) throws InterruptedException {
        while (pool.get().equals(current)) {
            wait();
        }
    }

    private synchronized void lead(Scheduler next) {
        pool.set(next);
        notifyAll();
    }
}
