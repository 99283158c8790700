package bourse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bourse.protocol.Chain.Index;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.scheduler.Fairness;
import bourse.scheduler.Scheduler;
import bourse.scheduler.SharedTables;
import bourse.scheduler.Terms;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What one requester gets of a pool, from the deal to the worker.
class QuotaTest {
    private static final int QUOTA = 2;

    @TempDir
    Path directory;

    @Test
    void allOfOneRequestersTasksAreDoneButNeverMoreAtATimeThanHisQuota() throws Exception {
        try (var stage = new PoolStage(5, 4, directory)) {
            var running = new AtomicInteger();
            var seen = new ConcurrentLinkedQueue<Integer>();
            var scheduler = stage.scheduler(
                    Terms.DEFAULT.withFairness(new Fairness(Duration.ofHours(1), QUOTA, Duration.ofMinutes(10))));
            for (int i = 0; i < 4; i++) {
                stage.worker(i, scheduler, new Printer(_ -> {
                    seen.add(running.incrementAndGet());
                    waitForOneTooMany(running);
                    running.decrementAndGet();
                    return "42";
                }));
            }
            var scene = stage.scene;
            var deal = scene.deal(1, 12);
            var indexes = LongStream.range(0, 12)
                    .mapToObj(index -> new Index(deal.id(), index))
                    .toList();

            var last = deal.id().task(11);
            await().until(() -> isExplained(scheduler, last));
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> scene.chain().tasks(indexes).stream().allMatch(Task.Completed.class::isInstance));
            assertThat(seen).as("how many ran").hasSize(12).allMatch(many -> many <= QUOTA);
            var tables = new SharedTables(stage.tables, "reader");
            await().until(() -> tables.uses().stream().anyMatch(one -> one.amount() > 0.98 * 12 * 300));
            assertThat(tables.uses()).singleElement().satisfies(one -> {
                assertThat(one.requester()).isEqualTo(scene.requester().address());
                assertThat(one.amount()).isLessThanOrEqualTo(12.0 * 300);
            });
        }
    }

    private static boolean isExplained(Scheduler scheduler, TaskId task) throws InterruptedException {
        return scheduler.status(task).explanation().contains("pool.quota")
                && scheduler
                        .suitability(task)
                        .filter(why -> why.suit() > 0
                                && why.hindrances().stream().anyMatch(one -> one.contains("2 replicates running")))
                        .isPresent();
    }

    /// Long enough for every worker to begin who is asked to.
    private static void waitForOneTooMany(AtomicInteger running) {
        var until = Instant.now().plusMillis(150);
        while (running.get() <= QUOTA && Instant.now().isBefore(until)) {
            Thread.onSpinWait();
        }
    }
}
