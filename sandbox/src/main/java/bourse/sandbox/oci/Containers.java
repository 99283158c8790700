package bourse.sandbox.oci;

import bourse.sandbox.Cause;
import bourse.sandbox.Isolation;
import bourse.sandbox.Job;
import bourse.sandbox.Outcome;
import bourse.sandbox.Program;
import bourse.sandbox.Refusal;
import bourse.sandbox.Sandbox;
import bourse.sandbox.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// A sandbox of containers, made by Docker or podman on this machine.
public final class Containers implements Sandbox {
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Terms terms;
    private final Daemon daemon;
    private final Images images;
    private final Path inputs;
    private final AtomicLong started = new AtomicLong();
    private final Set<Run> runs = new HashSet<>();
    private boolean paused;
    private boolean closed;

    /// Takes away first what an earlier sandbox with the same home left, if its process died.
    ///
    /// @param socket of Docker's API, such as `unix:///var/run/docker.sock`
    /// @param home a directory of its own that outlives the process; one sandbox at a time has it
    public Containers(URI socket, Path home, Terms terms) {
        this.terms = terms;
        try {
            var directory = Files.createDirectories(home.toAbsolutePath());
            // Inputs lie here, which everyone could read otherwise.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            inputs = Files.createDirectories(directory.resolve("inputs"));
            var records = Files.createDirectories(directory.resolve("images"));
            daemon = new Daemon(socket, Files.createDirectories(directory.resolve("config")), owner(directory));
            daemon.sweep();
            Trees.empty(inputs);
            images = new Images(daemon, terms, records);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Set<Class<? extends Program>> kinds() {
        return Set.of(Program.Image.class);
    }

    @Override
    public Isolation isolation() {
        return Isolation.CONTAINER;
    }

    @Override
    public Outcome run(Job job) throws InterruptedException {
        if (!(job.program() instanceof Program.Image wanted)) {
            throw new IllegalArgumentException("not a container image: " + job.program());
        }
        try (var lease = images.take(wanted)) {
            var input = inputs.resolve("job-" + started.incrementAndGet());
            try {
                provide(job.input(), input);
                var network = wanted.network() && terms.network();
                return run(
                        new Run(daemon, terms, job, lease.image(), network, input),
                        job.limits().wallTime());
            } finally {
                takeAway(input);
            }
        } catch (Unusable e) {
            return failed(e.refusal());
        }
    }

    @Override
    public void pause() {
        synchronized (runs) {
            paused = true;
            runs.forEach(Run::pause);
        }
    }

    @Override
    public void resume() {
        synchronized (runs) {
            paused = false;
            runs.forEach(Run::resume);
        }
    }

    @Override
    public void close() {
        synchronized (runs) {
            closed = true;
            runs.forEach(run -> run.stop(Cause.CRASHED, "The sandbox was closed."));
            try {
                while (!runs.isEmpty()) {
                    runs.wait();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt(); // what is left is swept at the next start
            }
        }
        daemon.close();
    }

    /// The talk with the daemon has a thread of its own, which nobody interrupts: so it always cleans up.
    private Outcome run(Run run, Duration wallTime) throws InterruptedException {
        synchronized (runs) {
            if (closed) {
                throw new IllegalStateException("the sandbox is closed");
            }
            runs.add(run);
            if (paused) {
                run.pause();
            }
        }
        var talk = new FutureTask<>(run::outcome);
        var over = new CountDownLatch(1);
        Thread.ofVirtual().name("sandbox-container").start(() -> {
            talk.run();
            over.countDown();
        });
        try {
            return await(talk, run, wallTime);
        } finally {
            boolean interrupted = false;
            if (!talk.isDone()) {
                run.stop(Cause.CRASHED, "The run was interrupted.");
                interrupted = awaitEnd(over);
            }
            synchronized (runs) {
                runs.remove(run);
                runs.notifyAll();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Outcome await(FutureTask<Outcome> talk, Run run, Duration wallTime) throws InterruptedException {
        while (true) {
            var left = wallTime.minus(run.elapsed());
            if (!left.isPositive()) {
                run.stop(Cause.TIMED_OUT, "The program took longer than " + wallTime.toMillis() / 1000.0 + " s.");
            }
            // A pause may come meanwhile, so it looks now and then.
            var patience = left.isPositive() && left.compareTo(LOOK) < 0 ? left : LOOK;
            try {
                return talk.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException _) {
                // It runs.
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case UncheckedIOException disk -> throw disk;
                    case null, default ->
                        throw new IllegalStateException("the talk with the container engine broke", e.getCause());
                }
            }
        }
    }

    /// True when it was interrupted meanwhile.
    private static boolean awaitEnd(CountDownLatch over) {
        boolean interrupted = false;
        while (true) {
            try {
                over.await();
                return interrupted;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
    }

    /// The program's user is nobody: he reads what everyone may read.
    private static void provide(Path from, Path into) {
        try {
            Files.createDirectory(into);
            Trees.copy(from, into);
            try (var paths = Files.walk(into)) {
                for (var path : paths.toList()) {
                    Files.setPosixFilePermissions(
                            path, PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void takeAway(Path input) {
        try {
            if (Files.exists(input)) {
                Trees.empty(input);
                Files.delete(input);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A name that nobody else has, the same each time.
    private static String owner(Path home) throws IOException {
        var file = home.resolve("owner");
        if (!Files.exists(file)) {
            var name = new byte[16];
            new SecureRandom().nextBytes(name);
            var next =
                    Files.writeString(home.resolve("owner.next"), HexFormat.of().formatHex(name));
            Files.move(next, file);
        }
        return Files.readString(file);
    }

    private static Outcome failed(Refusal refusal) {
        return new Outcome.Failed(
                refusal.cause(), OptionalLong.empty(), refusal.message(), new byte[0], new byte[0], 0, Duration.ZERO);
    }
}
