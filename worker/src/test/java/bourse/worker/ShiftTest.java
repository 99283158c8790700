package bourse.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bourse.protocol.Contribution;
import bourse.protocol.Pool.Cause;
import bourse.protocol.Pool.Progress;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.sandbox.Isolation;
import bourse.sandbox.Job;
import bourse.sandbox.Outcome;
import bourse.sandbox.Sandbox;
import bourse.sandbox.WarmSandbox;
import bourse.worker.Stage.Wish;
import bourse.worker.machine.Condition;
import bourse.worker.machine.Hours;
import bourse.worker.machine.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Workers on a machine whose owner comes and goes.
class ShiftTest {
    private static final Sandbox HONEST = ScriptedSandbox.printing(_ -> "42");
    private static final Settings POLITE = polite(Duration.ofMinutes(10));

    private static Settings polite(Duration patience) {
        return Settings.DEFAULT.withMachine(new Rules(
                Hours.ALWAYS, OptionalDouble.empty(), OptionalInt.of(0), Duration.ofMinutes(5), 100, 100, patience));
    }

    @TempDir
    Path temporary;

    private Stage stage;
    private volatile boolean ownerIsThere;

    @BeforeEach
    void begin() throws Exception {
        stage = new Stage(temporary, 6);
    }

    @AfterEach
    void end() {
        stage.close();
    }

    private Condition measure(int running) {
        return new Condition(
                stage.scene.clock().instant(),
                8,
                OptionalDouble.of(running),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.of(ownerIsThere ? Duration.ZERO : Duration.ofHours(1)),
                OptionalLong.empty(),
                OptionalLong.empty());
    }

    private TaskId offer(Wish wish) throws Exception {
        return stage.offer(wish).task(0);
    }

    /// A program that runs until it is let go, in a sandbox that can be seen to stand still.
    private static final class Slow implements Sandbox {
        final CountDownLatch began = new CountDownLatch(1);
        final CountDownLatch paused = new CountDownLatch(1);
        final CountDownLatch resumed = new CountDownLatch(1);
        final CountDownLatch stopped = new CountDownLatch(1);

        @Override
        public Outcome run(Job job) throws InterruptedException {
            began.countDown();
            try {
                resumed.await();
            } catch (InterruptedException e) {
                stopped.countDown();
                throw e;
            }
            return HONEST.run(job);
        }

        @Override
        public void pause() {
            paused.countDown();
        }

        @Override
        public void resume() {
            resumed.countDown();
        }

        @Override
        public Isolation isolation() {
            return Isolation.PROCESS;
        }

        @Override
        public void close() {}
    }

    @Test
    void asksForNothingWhileItsOwnerIsThere() throws Exception {
        ownerIsThere = true;
        var looked = new CountDownLatch(3);
        var task = offer(Wish.PLAIN);
        stage.employ(0, HONEST, POLITE, running -> {
            looked.countDown();
            return measure(running);
        });
        looked.await();
        assertThat(stage.pool.hasAssigned(stage.wallet(0).address(), task)).isFalse();

        ownerIsThere = false;
        stage.scene.clock().advance(Rules.ALWAYS.patience());

        stage.awaitPaid(task);
    }

    @Test
    void standsStillAndGoesOnAndHoldsItsLeaseMeanwhile() throws Exception {
        var sandbox = new Slow();
        var task = offer(Wish.PLAIN);
        stage.employ(0, sandbox, POLITE, this::measure);
        sandbox.began.await();

        ownerIsThere = true;
        sandbox.paused.await();
        int heard = stage.pool.heard().size();
        stage.until(() -> stage.pool.heard().size() > heard);
        assertThat(stage.pool.givenUp(task)).isEmpty();
        ownerIsThere = false;
        stage.scene.clock().advance(Duration.ofMinutes(2));

        stage.awaitPaid(task);
        assertThat(sandbox.stopped.getCount()).isEqualTo(1);
    }

    @Test
    void leavesWhereTheOwnerStays() throws Exception {
        var sandbox = new Slow();
        var task = offer(Wish.PLAIN);
        stage.employ(0, sandbox, POLITE, this::measure);
        sandbox.began.await();
        ownerIsThere = true;
        sandbox.paused.await();

        stage.scene.clock().advance(Duration.ofMinutes(10));

        sandbox.stopped.await();
        var gaveUp = stage.awaitGivenUp(task);
        assertThat(gaveUp)
                .isEqualTo(new Progress.GaveUp(
                        Cause.OWNER_RETURNED, "this machine's owner needs it: somebody uses this machine"));
    }

    @Test
    void leavesBeforeItsPatienceEndsWhereTheDeadlineWouldPass() throws Exception {
        var sandbox = new Slow();
        var deal = stage.offer(Wish.PLAIN);
        stage.employ(0, sandbox, polite(Duration.ofDays(1)), this::measure);
        sandbox.began.await();
        ownerIsThere = true;
        sandbox.paused.await();
        assertThat(stage.pool.givenUp(deal.task(0))).isEmpty();

        stage.scene
                .clock()
                .advanceTo(deal.contributionDeadline().minus(deal.category().reference()));

        assertThat(stage.awaitGivenUp(deal.task(0)).cause()).isEqualTo(Cause.OWNER_RETURNED);
    }

    @Test
    void keepsItsPromisesWhoeverIsThere() throws Exception {
        var task = offer(Wish.PLAIN.trust(10));
        stage.employ(0, HONEST, POLITE, this::measure);
        stage.until(() -> stage.chain.task(task).orElseThrow().contributors().size() == 1);
        ownerIsThere = true;

        for (int i = 1; i < 4; i++) {
            stage.employ(i, HONEST);
        }

        assertThat(stage.awaitPaid(task).contributions())
                .hasSize(4)
                .allMatch(vote -> vote.status() == Contribution.Status.PROVED);
    }

    /// The real thing: a program of some seconds, in a process of its own.
    @Test
    void aRealProgramIsPausedAndPaid() throws Exception {
        var task = offer(Wish.PLAIN
                .program(stage.blobs.put(Path.of("../examples/pi.wasm")))
                .params(List.of("300000000")));
        try (var sandbox =
                new WarmSandbox(Files.createDirectory(temporary.resolve("scratch")), 1, Duration.ofSeconds(5))) {
            stage.employ(0, sandbox, POLITE, this::measure);
            stage.until(() -> usedTime().compareTo(Duration.ofSeconds(1)) > 0);

            ownerIsThere = true;
            stage.until(() -> ProcessHandle.current().descendants().allMatch(ShiftTest::isStopped));
            var used = usedTime();
            await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
            assertThat(usedTime()).as("it makes no progress").isEqualTo(used);
            assertThat(stage.chain.task(task)).get().isInstanceOf(Task.Active.class);
            ownerIsThere = false;
            stage.scene.clock().advance(Duration.ofMinutes(2));

            stage.awaitPaid(task);
        }
    }

    private static Duration usedTime() {
        return ProcessHandle.current()
                .descendants()
                .map(child -> child.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static boolean isStopped(ProcessHandle process) {
        try {
            var stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException e) {
            return true; // it has ended
        }
    }
}
