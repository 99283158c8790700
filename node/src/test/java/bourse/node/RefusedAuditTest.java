package bourse.node;

import static org.awaitility.Awaitility.await;

import bourse.protocol.Bytes32;
import bourse.protocol.Chain;
import bourse.protocol.Digest;
import bourse.protocol.Refused;
import bourse.protocol.Task;
import bourse.protocol.Time;
import bourse.protocol.Transaction;
import bourse.scheduler.Checks;
import bourse.scheduler.Scheduler;
import bourse.scheduler.SharedTables;
import bourse.scheduler.Terms;
import bourse.storage.Postgres;
import bourse.testing.MemoryBlobs;
import bourse.testing.Scene;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A scheduler whose audits are refused, as they are where somebody else was first, or the chain took a block back.
class RefusedAuditTest {
    @TempDir
    Path directory;

    private final AtomicInteger audits = new AtomicInteger();

    @Test
    void asksForAnAuditOnceAndAgainOnlyAfterARest() throws Exception {
        var scene = new Scene(3, 1);
        var deal = scene.deal(2, 1);
        var task = scene.initialize(deal).getFirst();
        scene.contribute(scene.worker(0), task, new Digest(Bytes32.random()));
        try (var postgres = Postgres.embedded(directory.resolve("database"));
                var _ = new Scheduler(
                                refusing(scene.chain()),
                                new MemoryBlobs(),
                                new SharedTables(postgres.of("scheduler"), "scheduler"),
                                scene.scheduler(),
                                scene.workerpool(),
                                Time.by(scene.clock()),
                                Terms.DEFAULT,
                                Checks.NONE)
                        .start()) {
            await().until(() -> audits.get() == 1);
            await().during(Duration.ofSeconds(2)).until(() -> audits.get() == 1);

            scene.clock().advance(Duration.ofSeconds(6));

            await().until(() -> audits.get() == 2);
        }
    }

    /// Every result that waits for its reveal is to be checked, and no audit is taken.
    private Chain refusing(Chain chain) {
        return (Chain) Proxy.newProxyInstance(
                Chain.class.getClassLoader(), new Class<?>[] {Chain.class}, (_, method, arguments) -> {
                    if (method.getName().equals("submit") && arguments[1] instanceof Transaction.Audit audit) {
                        audits.incrementAndGet();
                        throw new Refused("NothingToAudit", Map.of(), audit.task() + " has nothing to audit");
                    }
                    try {
                        var answer = method.invoke(chain, arguments);
                        return answer instanceof List<?> all
                                ? all.stream().map(RefusedAuditTest::drawn).toList()
                                : answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Object drawn(Object one) {
        return one instanceof Task.Revealing task
                ? new Task.AuditDue(
                        task.id(),
                        task.deal(),
                        task.index(),
                        task.consensus(),
                        task.revealDeadline(),
                        task.contributions())
                : one;
    }
}
