package bourse.sandbox;

import java.time.Duration;

/// Time that stands still while its owner pauses. Runs from the start.
public final class Stopwatch {
    private long begun = System.nanoTime();
    private long before;
    private boolean paused;

    public synchronized void pause() {
        if (!paused) {
            before += System.nanoTime() - begun;
            paused = true;
        }
    }

    public synchronized void resume() {
        if (paused) {
            begun = System.nanoTime();
            paused = false;
        }
    }

    public synchronized Duration elapsed() {
        return Duration.ofNanos(paused ? before : before + System.nanoTime() - begun);
    }
}
