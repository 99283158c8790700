package bourse.node;

import bourse.sandbox.Isolation;
import bourse.sandbox.Job;
import bourse.sandbox.Outcome;
import bourse.sandbox.Sandbox;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;

/// Answers without computing anything, the same for everyone.
///
/// @param answer what programs print
record Printer(Function<Job, String> answer) implements Sandbox {
    Printer() {
        this(_ -> "42");
    }

    @Override
    public Outcome run(Job job) {
        var stdout = answer.apply(job).getBytes(StandardCharsets.UTF_8);
        return new Outcome.Finished(stdout, new byte[0], 0, Duration.ZERO);
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
