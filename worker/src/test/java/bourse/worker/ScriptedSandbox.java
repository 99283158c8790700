package bourse.worker;

import bourse.protocol.Result;
import bourse.sandbox.Cause;
import bourse.sandbox.Isolation;
import bourse.sandbox.Job;
import bourse.sandbox.Outcome;
import bourse.sandbox.Program;
import bourse.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/// A sandbox that does as a test says.
record ScriptedSandbox(Script script) implements Sandbox {
    interface Script {
        Outcome run(Job job) throws IOException, InterruptedException;
    }

    /// Programs that print what the test says.
    static ScriptedSandbox printing(Function<Job, String> text) {
        return new ScriptedSandbox(job -> finished(text.apply(job)));
    }

    /// Programs that leave a file.
    static ScriptedSandbox leaving(String name, String content) {
        return new ScriptedSandbox(job -> {
            Files.writeString(job.output().resolve(name), content);
            return finished("");
        });
    }

    static ScriptedSandbox computed(String json) {
        return leaving(Result.COMPUTED, json);
    }

    /// With exit status 3 where that is the cause.
    static ScriptedSandbox failing(Cause cause, String message, String stderr) {
        var status = cause == Cause.EXIT_CODE ? OptionalLong.of(3) : OptionalLong.empty();
        return new ScriptedSandbox(
                _ -> new Outcome.Failed(cause, status, message, new byte[0], bytes(stderr), 0, Duration.ZERO));
    }

    private static Outcome finished(String stdout) {
        return new Outcome.Finished(bytes(stdout), new byte[0], 0, Duration.ZERO);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Outcome run(Job job) throws InterruptedException {
        try {
            return script.run(job);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public Set<Class<? extends Program>> kinds() {
        return Set.of(Program.Wasm.class, Program.Image.class);
    }

    @Override
    public Isolation isolation() {
        return Isolation.PROCESS;
    }

    @Override
    public void close() {}
}
