package bourse.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How many processes there are, and which.
final class PoolTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    Path scratch;

    @Test
    void givesAWarmProcessToTheNextJobOfItsKind() throws InterruptedException {
        try (var pool = new Pool(scratch, 2, LONG)) {
            var first = pool.take(kind("a"), Limits.DEFAULT);
            pool.giveBack(kind("a"), first, true);

            assertThat(pool.take(kind("a"), Limits.DEFAULT)).isSameAs(first);
        }
    }

    @Test
    void startsAnotherForASecondJobAtTheSameTime() throws InterruptedException {
        try (var pool = new Pool(scratch, 2, LONG)) {
            var first = pool.take(kind("a"), Limits.DEFAULT);

            assertThat(pool.take(kind("a"), Limits.DEFAULT)).isNotSameAs(first);
        }
    }

    @Test
    void endsTheOneThatWasIdleLongestForANewProgram() throws InterruptedException {
        try (var pool = new Pool(scratch, 2, LONG)) {
            var a = pool.take(kind("a"), Limits.DEFAULT);
            var b = pool.take(kind("b"), Limits.DEFAULT);
            pool.giveBack(kind("b"), b, true);
            pool.giveBack(kind("a"), a, true);

            pool.take(kind("c"), Limits.DEFAULT);

            await().until(() -> !b.alive());
            assertThat(a.alive()).isTrue();
        }
    }

    @Test
    void makesAJobWaitWhenAllProcessesAreBusy() throws Exception {
        try (var pool = new Pool(scratch, 1, LONG)) {
            var first = pool.take(kind("a"), Limits.DEFAULT);
            var second = new FutureTask<>(() -> pool.take(kind("b"), Limits.DEFAULT));
            var thread = Thread.ofVirtual().start(second);
            await().until(() -> thread.getState() == Thread.State.WAITING);
            assertThat(second.isDone()).isFalse();

            pool.giveBack(kind("a"), first, true);

            assertThat(second.get().alive()).isTrue();
            await().until(() -> !first.alive());
        }
    }

    @Test
    void endsAProcessThatNobodyNeeds() throws InterruptedException {
        try (var pool = new Pool(scratch, 2, Duration.ofMillis(50))) {
            var process = pool.take(kind("a"), Limits.DEFAULT);
            pool.giveBack(kind("a"), process, true);

            await().until(() -> !process.alive());
            assertThat(scratch).isEmptyDirectory();
        }
    }

    @Test
    void doesNotGiveADeadProcessAgain() throws InterruptedException {
        try (var pool = new Pool(scratch, 2, LONG)) {
            var process = pool.take(kind("a"), Limits.DEFAULT);
            pool.giveBack(kind("a"), process, true);
            process.kill();
            await().until(() -> !process.alive());

            assertThat(pool.take(kind("a"), Limits.DEFAULT)).isNotSameAs(process);
        }
    }

    @Test
    void endsAllProcessesWhenClosed() throws InterruptedException {
        var pool = new Pool(scratch, 2, LONG);
        var busy = pool.take(kind("a"), Limits.DEFAULT);
        var idle = pool.take(kind("b"), Limits.DEFAULT);
        pool.giveBack(kind("b"), idle, true);

        pool.close();

        await().until(() -> !busy.alive() && !idle.alive());
        assertThatThrownBy(() -> pool.take(kind("a"), Limits.DEFAULT)).isInstanceOf(IllegalStateException.class);
    }

    private static Pool.Kind kind(String program) {
        return new Pool.Kind(program, 1, 1, 1);
    }
}
