package bourse.node.simulation;

import bourse.protocol.Address;
import bourse.protocol.Digest;
import bourse.protocol.Sha256;
import bourse.protocol.TaskId;
import bourse.sandbox.Cause;
import bourse.sandbox.Isolation;
import bourse.sandbox.Job;
import bourse.sandbox.Outcome;
import bourse.sandbox.Sandbox;
import bourse.testing.simulation.Simulator.Machine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Computes as its worker's character is.
final class Mind implements Sandbox {
    private static final Duration LONGEST = Duration.ofSeconds(100);
    private final Machine machine;
    private final Nature character;
    private final Address worker;
    private final int slots;
    private final RandomGenerator random;
    private final Witness witness;
    private final Set<String> running = new HashSet<>();

    /// The programs that tasks ask for, by their first argument.
    enum Kind {
        /// Prints what everyone finds, for this task.
        STEADY,
        /// Prints what everyone finds, for whatever task.
        PLAIN,
        /// Prints what it never prints again.
        DICE,
        /// Fails.
        BROKEN
    }

    Mind(Machine machine, Nature character, Address worker, int slots, RandomGenerator random, Witness witness) {
        this.machine = machine;
        this.character = character;
        this.worker = worker;
        this.slots = slots;
        this.random = random;
        this.witness = witness;
    }

    /// What a program prints that does not err.
    static Digest truth(Kind kind, TaskId task) {
        return new Digest(Sha256.of(bytes(answer(kind, task.toString()))));
    }

    private static String answer(Kind kind, String task) {
        return kind == Kind.PLAIN ? "the answer" : "the answer to " + task;
    }

    @Override
    public Outcome run(Job job) throws InterruptedException {
        var task = job.environment().getOrDefault("IEXEC_TASK_ID", "");
        if (!running.add(task) || running.size() > slots) {
            witness.protest("%s is at %s, and begins with %s; it has %d slots".formatted(worker, running, task, slots));
        }
        try {
            return compute(Kind.valueOf(job.arguments().getFirst()), task, job);
        } finally {
            running.remove(task);
        }
    }

    private Outcome compute(Kind kind, String task, Job job) throws InterruptedException {
        if (character == Nature.SLEEPER && random.nextBoolean()) {
            boolean bounded = random.nextBoolean();
            machine.sleep(bounded ? job.limits().wallTime() : Duration.ofHours(10));
            return failed(Cause.TIMED_OUT, job.limits().wallTime());
        }
        var elapsed = Duration.ofMillis(random.nextLong(LONGEST.toMillis()));
        machine.sleep(elapsed);
        if (character.lies()) {
            return finished(character == Nature.LIAR ? "what " + worker + " wants" : "what we want", elapsed);
        }
        return switch (kind) {
            case STEADY, PLAIN -> finished(answer(kind, task), elapsed);
            case DICE -> finished("it is " + random.nextLong(), elapsed);
            case BROKEN -> failed(Cause.TRAP, elapsed);
        };
    }

    private static Outcome finished(String stdout, Duration elapsed) {
        return new Outcome.Finished(bytes(stdout), new byte[0], 0, elapsed);
    }

    private static Outcome failed(Cause cause, Duration elapsed) {
        return new Outcome.Failed(cause, OptionalLong.empty(), "It failed.", new byte[0], new byte[0], 0, elapsed);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Isolation isolation() {
        return Isolation.PROCESS;
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void close() {}
}
