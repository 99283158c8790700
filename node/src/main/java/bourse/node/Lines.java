package bourse.node;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Progress in a pipe: one line for everything that happens.
public final class Lines implements Progress {
    private final PrintStream out;
    private final InstantSource clock;
    private final Instant start;

    public Lines(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
        this.start = clock.instant();
    }

    @Override
    public void say(String what) {
        line(what);
    }

    @Override
    public void step(long index, Step step, String detail) {
        line("task %d %s%s".formatted(index, step, detail.isEmpty() ? "" : ": " + detail));
    }

    @Override
    public void end() {}

    private void line(String text) {
        var seconds = Duration.between(start, clock.instant()).toMillis() / 1000.0;
        out.printf("%8.2f s  %s%n", seconds, text);
        out.flush();
    }
}
