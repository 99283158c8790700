package bourse.worker;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Chain;
import bourse.protocol.Refused;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Time;
import bourse.protocol.Transaction;
import bourse.testing.Model;
import bourse.worker.Stage.Wish;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A worker that is believed alone: at trust 2, whoever is new.
class AuditTest {
    @TempDir
    Path temporary;

    private Stage stage;
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger reveals = new AtomicInteger();

    @BeforeEach
    void begin() throws Exception {
        stage = new Stage(temporary, 2);
    }

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void revealsWithTheNextBlockWhereTheNodeFindsItTooEarly() throws Exception {
        var task = offer();
        try (var _ = work(false, 2)) {
            assertThat(stage.awaitPaid(task).contributions()).hasSize(1);
        }
        assertThat(reveals).hasValue(3);
    }

    @Test
    void showsNothingThatIsToBeCheckedAndForgetsNothing() throws Exception {
        var task = offer();
        try (var _ = work(true, 0)) {
            stage.awaitTask(task, Task.Revealing.class::isInstance);
            var before = looks.get();
            stage.chain.reorg(1, Model.Lost.MINED_AGAIN);
            stage.until(() -> looks.get() > before);
        }
        assertThat(reveals).hasValue(0);
        try (var promises = Files.list(stage.home(0).resolve("promises"))) {
            assertThat(promises).hasSize(1);
        }

        // The chain took the draw's block back, and with the one in its place the worker is spared.
        try (var _ = work(false, 0)) {
            stage.awaitPaid(task);
        }
        assertThat(reveals).hasValue(1);
    }

    private TaskId offer() throws Exception {
        var deal = stage.offer(Wish.PLAIN.trust(2));
        return deal.task(deal.first());
    }

    private Worker work(boolean drawn, int early) throws Exception {
        return new Worker(
                        chain(drawn, early),
                        stage.pool,
                        stage.blobs,
                        ScriptedSandbox.printing(_ -> "42"),
                        stage.wallet(0),
                        stage.home(0),
                        Time.by(stage.scene.clock()),
                        Settings.DEFAULT)
                .start();
    }

    /// The stage's chain.
    ///
    /// @param drawn whether each result that waits for its reveal is to be checked instead
    /// @param early so many reveals are refused, for the block that draws has not come
    private Chain chain(boolean drawn, int early) {
        return (Chain) Proxy.newProxyInstance(
                Chain.class.getClassLoader(), new Class<?>[] {Chain.class}, (_, method, arguments) -> {
                    if (method.getName().equals("submit") && arguments[1] instanceof Transaction.Reveal reveal) {
                        if (reveals.incrementAndGet() <= early) {
                            throw new Refused("DrawTooEarly", Map.of(), "task " + reveal.task() + " draws later");
                        }
                    }
                    try {
                        var answer = method.invoke(stage.chain, arguments);
                        if (method.getName().equals("tasks") && answer instanceof List<?> tasks) {
                            looks.incrementAndGet();
                            return drawn ? tasks.stream().map(AuditTest::drawn).toList() : tasks;
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Object drawn(Object task) {
        return task instanceof Task.Revealing one
                ? new Task.AuditDue(
                        one.id(), one.deal(), one.index(), one.consensus(), one.revealDeadline(), one.contributions())
                : task;
    }
}
