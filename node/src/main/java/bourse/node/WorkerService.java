package bourse.node;

import bourse.protocol.Address;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Time;
import bourse.sandbox.Sandbox;
import bourse.wire.StatusServer;
import bourse.wire.Vitals;
import bourse.worker.Worker;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/// A worker as a process of its own. It calls others, and nobody calls it.
public final class WorkerService implements AutoCloseable {
    private final FileChannel lock;
    private final Doors doors;
    private final Sandbox sandbox;
    private final Worker worker;
    private final Where where;
    private final Optional<StatusServer> status;

    /// @param free what it has in the market to stake
    public record Where(Address worker, Address workerpool, Rlc free, String sandbox) {}

    private WorkerService(FileChannel lock, Doors doors, Home home, Settings settings)
            throws IOException, Problem, Refused, InterruptedException {
        this.lock = lock;
        this.doors = doors;
        var wallet = home.wallet("worker");
        doors.signedBy(wallet);
        var pool = doors.pool();
        var meant = settings.pool().registered();
        if (meant.isPresent() && !meant.get().equals(pool.workerpool())) {
            throw new Problem(
                    Problem.REFUSED,
                    "the scheduler at %s leads the pool %s, and pool.address is %s: correct one of them"
                            .formatted(settings.pool().url(), pool.workerpool(), meant.get()));
        }
        var free = Founding.deposit(doors.chain(), wallet, settings.workers().deposit(), doors.gas());
        sandbox = Lent.sandbox(home, settings.workers());
        worker = new Worker(
                        doors.chain(),
                        pool,
                        doors.blobs(),
                        sandbox,
                        wallet,
                        Files.createDirectories(home.resolve("worker")),
                        Time.SYSTEM,
                        Lent.settings(settings.workers(), 1),
                        Lent.machine(home, settings.workers()))
                .start();
        status = settings.service().port() == 0
                ? Optional.empty()
                : Optional.of(
                        new StatusServer(settings.service().listening(), new Vitals(this::complaints, meters()::text)));
        where = new Where(
                wallet.address(), pool.workerpool(), free, sandbox.isolation().description());
    }

    private Meters meters() {
        return new Meters()
                .gauge("bourse.worker.tasks", "Tasks that it is at", worker::tasks)
                .gauge("bourse.worker.promises", "Contributions that are not settled for good", worker::promised);
    }

    private List<String> complaints() {
        try {
            doors.chain().head();
            doors.pool().workerpool();
            return List.of();
        } catch (RuntimeException e) {
            return List.of(String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return List.of("it stops");
        }
    }

    /// @throws Problem if something it needs is missing
    public static WorkerService start(Home home, Settings settings) throws Problem, InterruptedException {
        var lock = home.lock();
        var doors = Doors.of(home, settings);
        try {
            return new WorkerService(lock, doors, home, settings);
        } catch (Problem e) {
            doors.close();
            throw e;
        } catch (IOException | RuntimeException e) {
            doors.close();
            throw new Problem(Problem.BROKEN, "the worker did not start: " + e.getMessage(), e);
        } catch (Refused e) {
            doors.close();
            throw new Problem(Problem.REFUSED, "the market refused the worker's deposit: " + e.getMessage(), e);
        }
    }

    public Where where() {
        return where;
    }

    @Override
    public void close() throws IOException {
        status.ifPresent(StatusServer::close);
        worker.close();
        sandbox.close();
        doors.close();
        lock.close();
    }
}
