package bourse.sandbox.oci;

import bourse.sandbox.Cause;
import bourse.sandbox.Harvest;
import bourse.sandbox.Job;
import bourse.sandbox.Outcome;
import bourse.sandbox.Refusal;
import bourse.sandbox.Stopwatch;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One container, from its making to its end. [#outcome] blocks; the others may be called meanwhile.
final class Run {
    static final String INPUT = "/iexec_in";

    private static final Logger LOG = LoggerFactory.getLogger(Run.class);
    private static final long LEAST_MEMORY = 8L << 20;
    private static final int KILLED = 128 + 9;
    private static final int MORE_STARTS = 2;

    private final Daemon daemon;
    private final Terms terms;
    private final Job job;
    private final Images.Image image;
    private final boolean network;
    private final Path input;

    private Optional<String> running = Optional.empty();
    private Optional<Stopwatch> watch = Optional.empty();
    private Optional<Refusal> verdict = Optional.empty();
    private boolean paused;
    /// Written and read by [#outcome] alone.
    private OptionalLong status = OptionalLong.empty();

    /// @param input a directory of this run alone
    Run(Daemon daemon, Terms terms, Job job, Images.Image image, boolean network, Path input) {
        this.daemon = daemon;
        this.terms = terms;
        this.job = job;
        this.image = image;
        this.network = network;
        this.input = input;
    }

    /// How long the program has run, without pauses.
    synchronized Duration elapsed() {
        return watch.map(Stopwatch::elapsed).orElse(Duration.ZERO);
    }

    /// Ends the program, for a reason that [#outcome] will tell.
    synchronized void stop(Cause cause, String message) {
        if (verdict.isEmpty()) {
            verdict = Optional.of(new Refusal(cause, message));
            resume();
            running.ifPresent(daemon::kill);
            notifyAll();
        }
    }

    /// Lets the program stand still, or not begin.
    synchronized void pause() {
        if (!paused && verdict.isEmpty()) {
            paused = true;
            watch.ifPresent(Stopwatch::pause);
            running.ifPresent(id ->
                    orItHasEnded(() -> daemon.docker().pauseContainerCmd(id).exec()));
        }
    }

    synchronized void resume() {
        if (paused) {
            paused = false;
            running.ifPresent(id ->
                    orItHasEnded(() -> daemon.docker().unpauseContainerCmd(id).exec()));
            watch.ifPresent(Stopwatch::resume);
            notifyAll();
        }
    }

    /// Runs it.
    ///
    /// @throws java.io.UncheckedIOException when the output can not be written
    Outcome outcome() throws InterruptedException {
        var outcome = attempt();
        for (int more = MORE_STARTS; more > 0 && neverBegan(outcome); more--) {
            outcome = attempt();
        }
        return outcome;
    }

    /// On a busy machine runc may not see that a program has begun which is at its end already, and says that it
    /// failed.
    private synchronized boolean neverBegan(Outcome outcome) {
        return outcome instanceof Outcome.Failed failed
                && failed.cause() == Cause.CRASHED
                && watch.isEmpty()
                && verdict.isEmpty();
    }

    private Outcome attempt() throws InterruptedException {
        var streams = new Streams(
                job.limits().streamBytes(),
                name -> stop(
                        Cause.OUTPUT_TOO_LARGE,
                        "The program wrote more than " + job.limits().streamBytes() + " bytes to " + name + "."));
        var harvest = new Harvest(job.output(), job.limits());
        Optional<Refusal> failure = Optional.empty();
        status = OptionalLong.empty();
        try (var outbox = Outbox.open(daemon, job.limits())) {
            var id = container(outbox.bind()).exec().getId();
            try {
                failure = execute(id, streams, outbox, harvest);
            } finally {
                daemon.removeContainer(id);
                streams.close();
            }
        } catch (IOException | DockerException e) {
            failure = Optional.of(crashed(e));
        }
        if (failure.isEmpty()) {
            return new Outcome.Finished(streams.stdout(), streams.stderr(), 0, elapsed());
        }
        harvest.discard();
        return new Outcome.Failed(
                failure.get().cause(),
                status,
                failure.get().message(),
                streams.stdout(),
                streams.stderr(),
                0,
                elapsed());
    }

    /// Empty: it finished, and its files are brought in.
    private Optional<Refusal> execute(String id, Streams streams, Outbox outbox, Harvest harvest)
            throws IOException, InterruptedException {
        daemon.docker()
                .attachContainerCmd(id)
                .withStdOut(true)
                .withStdErr(true)
                .withFollowStream(true)
                .exec(streams);
        // Podman prepares the command here already.
        var broken = streams.awaitBegin();
        var refusal = broken.isPresent() ? Optional.of(unusable(broken.get())) : start(id);
        if (refusal.isPresent()) {
            return refusal;
        }
        streams.awaitEnd(); // a daemon may take a quarter of a second to answer who waits for the end itself
        var state = daemon.inspect(id).getState();
        if (Boolean.TRUE.equals(state.getRunning())) {
            daemon.docker()
                    .waitContainerCmd(id)
                    .exec(new WaitContainerResultCallback())
                    .awaitStatusCode();
            state = daemon.inspect(id).getState();
        }
        synchronized (this) {
            running = Optional.empty();
            watch.ifPresent(Stopwatch::pause);
            if (verdict.isPresent()) {
                return verdict;
            }
        }
        long exit = Optional.ofNullable(state.getExitCodeLong()).orElse(-1L);
        if (exit == 0) {
            try {
                outbox.empty(harvest);
                return Optional.empty();
            } catch (Harvest.Refused e) {
                return Optional.of(e.refusal());
            }
        }
        // The first process of a container can not kill itself so. Not every daemon knows who did.
        if (exit == KILLED || Boolean.TRUE.equals(state.getOOMKilled())) {
            return Optional.of(new Refusal(
                    Cause.OUT_OF_MEMORY,
                    "The program took more than " + memory() + " bytes of memory, its files included."));
        }
        var overflow = outbox.overflow();
        if (overflow.isPresent()) {
            return overflow;
        }
        if (exit < 0) {
            return Optional.of(new Refusal(Cause.CRASHED, "Nobody knows how the container ended."));
        }
        status = OptionalLong.of(exit);
        return Optional.of(new Refusal(Cause.EXIT_CODE, "The program ended with exit code " + exit + "."));
    }

    /// Begins, unless it was stopped before.
    private synchronized Optional<Refusal> start(String id) throws InterruptedException {
        while (paused) {
            wait();
        }
        if (verdict.isPresent()) {
            return verdict;
        }
        try {
            daemon.docker().startContainerCmd(id).exec();
        } catch (DockerException e) {
            return Optional.of(unusable(e));
        }
        running = Optional.of(id);
        watch = Optional.of(new Stopwatch());
        return Optional.empty();
    }

    /// Why a container does not start: the image's fault where the words of runc or crun say so.
    private static Refusal unusable(Throwable why) {
        var words = String.valueOf(why.getMessage());
        // They name what they could not execute; a file of their own may be missing on a busy machine, too.
        if (Stream.of("executable", "exec format error", "exec: ").anyMatch(words::contains)) {
            return new Refusal(
                    Cause.IMAGE_NOT_USABLE, "The image's command can not be started: it is missing or not a program.");
        }
        return crashed(why);
    }

    private static Refusal crashed(Throwable why) {
        LOG.warn("a container failed", why);
        return new Refusal(Cause.CRASHED, "The container failed: " + Unusable.brief(why.toString()) + ".");
    }

    private CreateContainerCmd container(Bind output) {
        // What the image would have on the machine's disk, without a limit, it gets in its own memory.
        var inMemory = new HashMap<String, String>();
        image.volumes()
                .forEach(path -> inMemory.put(
                        path, "rw,nosuid,nodev,size=" + job.limits().memoryBytes()));
        inMemory.put("/tmp", "rw,nosuid,nodev,size=" + job.limits().memoryBytes());
        inMemory.remove(INPUT);
        inMemory.remove(Outbox.PATH);
        var host = HostConfig.newHostConfig()
                .withNetworkMode(network ? "bridge" : "none")
                .withBinds(new Bind(input.toString(), new Volume(INPUT), AccessMode.ro), output)
                .withTmpFs(inMemory)
                .withMemory(memory())
                .withMemorySwap(memory())
                .withNanoCPUs((long) (terms.cores() * job.limits().cores() * 1e9))
                .withPidsLimit((long) terms.processes());
        terms.runtime().ifPresent(host::withRuntime);
        var command = daemon.container(image.id(), host)
                .withEnv(job.environment().entrySet().stream()
                        .map(variable -> variable.getKey() + "=" + variable.getValue())
                        .toList());
        return job.arguments().isEmpty() ? command : command.withCmd(job.arguments());
    }

    private long memory() {
        return Math.max(LEAST_MEMORY, job.limits().memoryBytes() + Outbox.memory(job.limits()));
    }

    private static void orItHasEnded(Runnable action) {
        try {
            action.run();
        } catch (DockerException e) {
            LOG.debug("the container is at its end: {}", e.getMessage());
        }
    }
}
