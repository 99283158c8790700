package bourse.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import bourse.sandbox.child.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A sandbox that keeps the processes of recent programs warm, so that small tasks do not each pay for a start.
public final class WarmSandbox implements Sandbox {
    private static final int LARGEST_PROGRAM = 16 << 20;

    /// It must not look again and again at one that is paused in its last moment.
    private static final Duration LEAST_WAIT = Duration.ofMillis(10);

    private final Pool pool;

    /// A sandbox without any process yet.
    ///
    /// @param scratch an empty directory of its own, for the input of running jobs
    /// @param most processes at once, at least 1; each may take 2 × its memory limit and 4 × its output limit
    /// @param patience how long a process may be idle before it ends
    public WarmSandbox(Path scratch, int most, Duration patience) {
        if (most < 1 || !patience.isPositive()) {
            throw new IllegalArgumentException("a sandbox needs a process, and some patience with it");
        }
        pool = new Pool(scratch.toAbsolutePath(), most, patience);
    }

    @Override
    public Isolation isolation() {
        return pool.isolation();
    }

    @Override
    public Outcome run(Job job) throws InterruptedException {
        if (!(job.program() instanceof Program.Wasm(var file))) {
            throw new IllegalArgumentException("not a WASI program: " + job.program());
        }
        var limits = job.limits().ofWasi();
        byte[] program;
        try (var in = Files.newInputStream(file)) {
            program = in.readNBytes(LARGEST_PROGRAM + 1);
        } catch (IOException e) {
            throw new UncheckedIOException("can not read the program " + file, e);
        }
        if (program.length > LARGEST_PROGRAM) {
            return failed(Cause.TOO_COMPLEX, "The program is larger than 16 MiB.", Duration.ZERO);
        }
        var digest = sha256(program);
        var taskId = job.environment().getOrDefault("IEXEC_TASK_ID", "").getBytes(UTF_8);
        var request = new Request(job.arguments(), job.environment(), limits, sha256(digest, taskId));
        var kind = new Pool.Kind(
                HexFormat.of().formatHex(digest), limits.memoryBytes(), limits.outputBytes(), limits.streamBytes());
        var process = pool.take(kind, limits);
        boolean reusable = false;
        try {
            process.provide(job.input());
            var outcome = converse(process, program, request, job);
            reusable = switch (outcome) {
                case Outcome.Finished _ -> true;
                case Outcome.Failed failed -> failed.cause().programsFault();
            };
            return outcome;
        } finally {
            pool.giveBack(kind, process, reusable);
        }
    }

    @Override
    public void pause() {
        pool.pause();
    }

    @Override
    public void resume() {
        pool.resume();
    }

    @Override
    public void close() {
        pool.close();
    }

    /// Talks to the process on a thread of its own, so that this one is free to lose patience.
    private static Outcome converse(Warm process, byte[] program, Request request, Job job)
            throws InterruptedException {
        var wallTime = job.limits().wallTime();
        var harvest = new Harvest(job.output(), job.limits());
        var talk = new FutureTask<>(() -> process.run(program, request, harvest));
        var thread = Thread.ofPlatform().daemon().name("sandbox-talk").unstarted(talk);
        var time = process.beginRun();
        Optional<Warm.Answer> answer = Optional.empty();
        try {
            thread.start();
            answer = Optional.of(await(talk, wallTime, time));
            return outcome(answer.get(), time.elapsed());
        } catch (TimeoutException e) {
            return failed(Cause.TIMED_OUT, "The program took longer than " + seconds(wallTime) + ".", wallTime);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UncheckedIOException disk) {
                throw disk;
            }
            return failed(Cause.CRASHED, "The process that ran the program died.", time.elapsed());
        } finally {
            if (answer.isEmpty()) {
                process.kill();
                thread.join();
            }
            if (answer.isEmpty() || answer.get().cause().isPresent()) {
                harvest.discard();
            }
        }
    }

    private static Warm.Answer await(FutureTask<Warm.Answer> talk, Duration wallTime, Stopwatch time)
            throws InterruptedException, ExecutionException, TimeoutException {
        while (true) {
            var left = wallTime.minus(time.elapsed());
            if (!left.isPositive()) {
                throw new TimeoutException();
            }
            try {
                return talk.get(Math.max(left.toNanos(), LEAST_WAIT.toNanos()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException _) {
                // Unless it was paused meanwhile, the time is over.
            }
        }
    }

    private static Outcome outcome(Warm.Answer answer, Duration elapsed) {
        return answer.cause().isEmpty()
                ? new Outcome.Finished(answer.stdout(), answer.stderr(), answer.fuel(), elapsed)
                : new Outcome.Failed(
                        answer.cause().get(),
                        answer.status(),
                        answer.message(),
                        answer.stdout(),
                        answer.stderr(),
                        answer.fuel(),
                        elapsed);
    }

    private static Outcome failed(Cause cause, String message, Duration elapsed) {
        return new Outcome.Failed(cause, OptionalLong.empty(), message, new byte[0], new byte[0], 0, elapsed);
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }

    private static byte[] sha256(byte[]... parts) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            for (var part : parts) {
                sha256.update(part);
            }
            return sha256.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
