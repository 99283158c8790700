package bourse.node;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.protocol.Refused;
import bourse.protocol.Time;
import bourse.scheduler.Scheduler;
import bourse.scheduler.SharedTables;
import bourse.scheduler.Stall;
import bourse.wire.PoolServer;
import bourse.wire.Vitals;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A scheduler as a process of its own: what it needs is elsewhere, and workers come over the network.
public final class SchedulerService implements AutoCloseable {
    private final Doors doors;
    private final Scheduler scheduler;
    private final PoolServer server;
    private final Optional<Stall> stall;
    private final Where where;

    /// How others reach it.
    public record Where(Address workerpool, URI url) {}

    private SchedulerService(Doors doors, Home home, Settings settings)
            throws IOException, Problem, Refused, InterruptedException {
        this.doors = doors;
        var wallet = home.wallet("scheduler");
        doors.signedBy(wallet);
        var log = doors.log();
        var workerpool = Founding.pool(doors.chain(), log, wallet, settings.pool(), home.resolve("workerpool"));
        Founding.deposit(doors.chain(), wallet, settings.workers().deposit(), doors.gas());
        scheduler = new Scheduler(
                        doors.chain(),
                        doors.blobs(),
                        new SharedTables(doors.tables("scheduler"), name(home)),
                        wallet,
                        workerpool,
                        Time.SYSTEM,
                        settings.pool().terms(),
                        Founding.checks(home, settings.pool()))
                .start();
        var meters = new Meters().of(scheduler::vitals);
        server = new PoolServer(
                scheduler,
                workerpool,
                doors.chain(),
                settings.service().listening(),
                new Vitals(this::complaints, meters::text));
        where = new Where(workerpool, server.uri());
        stall = settings.market()
                .at()
                .map(_ -> new Stall(
                        Founding.offers(workerpool, settings.pool()),
                        doors.chain(),
                        log,
                        doors.book(),
                        wallet,
                        () -> scheduler.vitals().leads(),
                        Time.SYSTEM));
    }

    /// @throws Problem if something it needs is missing, or is not what the settings say
    public static SchedulerService start(Home home, Settings settings) throws Problem, InterruptedException {
        var doors = Doors.of(home, settings);
        try {
            return new SchedulerService(doors, home, settings);
        } catch (Problem e) {
            doors.close();
            throw e;
        } catch (IOException | RuntimeException e) {
            doors.close();
            throw new Problem(Problem.BROKEN, "the scheduler did not start: " + e.getMessage(), e);
        } catch (Refused e) {
            doors.close();
            throw new Problem(Problem.REFUSED, "the market refused the pool: " + e.getMessage(), e);
        }
    }

    /// By which its tables tell it from the others; the same after a restart, so that it leads again at once.
    private static String name(Home home) throws IOException {
        var file = home.resolve("scheduler-name");
        if (!Files.exists(file)) {
            Files.writeString(file, Bytes32.random().hex().substring(0, 16));
        }
        return Files.readString(file).strip();
    }

    private List<String> complaints() {
        var complaints = new ArrayList<String>();
        try {
            var head = doors.chain().head();
            if (head.time().plus(Duration.ofMinutes(5)).isBefore(Instant.now())) {
                complaints.add("the chain's newest block is of %s: its node is behind".formatted(head.time()));
            }
        } catch (RuntimeException e) {
            complaints.add("the chain does not answer: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        scheduler
                .failing()
                .forEach((what, since) ->
                        complaints.add("%s has failed since %s; the log says why".formatted(what, since)));
        return complaints;
    }

    public Where where() {
        return where;
    }

    @Override
    public void close() {
        stall.ifPresent(Stall::close);
        server.close();
        scheduler.close();
        doors.close();
    }
}
