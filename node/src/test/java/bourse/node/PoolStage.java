package bourse.node;

import bourse.protocol.Chain;
import bourse.protocol.Pool;
import bourse.protocol.Time;
import bourse.sandbox.Sandbox;
import bourse.scheduler.Checks;
import bourse.scheduler.Replicates;
import bourse.scheduler.Scheduler;
import bourse.scheduler.SharedTables;
import bourse.scheduler.Terms;
import bourse.storage.Postgres;
import bourse.testing.MemoryBlobs;
import bourse.testing.Scene;
import bourse.worker.Settings;
import bourse.worker.Worker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.sql.DataSource;

/// Schedulers of one pool on a database of their own, and its workers, on a chain in memory.
final class PoolStage implements AutoCloseable {
    final Scene scene;
    final DataSource tables;
    private final Path directory;
    private final MemoryBlobs blobs = new MemoryBlobs();
    private final Deque<Runnable> ends = new ArrayDeque<>();

    PoolStage(long seed, int workers, Path directory) throws Exception {
        this.scene = new Scene(seed, workers);
        this.directory = directory;
        var postgres = Postgres.embedded(directory.resolve("database"));
        ends.push(postgres::close);
        this.tables = postgres.of("scheduler");
        blobs.put(Scene.PROGRAM.getBytes(StandardCharsets.UTF_8));
    }

    Scheduler scheduler(Checks checks) {
        return scheduler(scene.chain(), new SharedTables(tables, "one"), checks);
    }

    Scheduler scheduler(Terms terms) {
        return scheduler(scene.chain(), new SharedTables(tables, "one"), terms, Checks.NONE);
    }

    Scheduler scheduler(Chain chain, Replicates replicates, Checks checks) {
        return scheduler(chain, replicates, Terms.DEFAULT, checks);
    }

    private Scheduler scheduler(Chain chain, Replicates replicates, Terms terms, Checks checks) {
        var scheduler = new Scheduler(
                chain, blobs, replicates, scene.scheduler(), scene.workerpool(), Time.SYSTEM, terms, checks);
        ends.push(scheduler::close);
        return scheduler.start();
    }

    void worker(int i, Pool pool, Sandbox sandbox) throws Exception {
        var home = Files.createDirectories(directory.resolve("worker-" + i));
        var worker =
                new Worker(scene.chain(), pool, blobs, sandbox, scene.worker(i), home, Time.SYSTEM, Settings.DEFAULT);
        ends.push(worker::close);
        worker.start();
    }

    @Override
    public void close() {
        while (!ends.isEmpty()) {
            ends.pop().run();
        }
    }
}
