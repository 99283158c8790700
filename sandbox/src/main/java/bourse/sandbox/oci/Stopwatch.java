package bourse.sandbox.oci;

import java.time.Duration;

/// Time that stands still while its owner pauses. Runs from the start.
final class Stopwatch {
    private long begun = System.nanoTime();
    private long before;
    private boolean paused;

    synchronized void pause() {
        if (!paused) {
            before += System.nanoTime() - begun;
            paused = true;
        }
    }

    synchronized void resume() {
        if (paused) {
            begun = System.nanoTime();
            paused = false;
        }
    }

    synchronized Duration elapsed() {
        return Duration.ofNanos(paused ? before : before + System.nanoTime() - begun);
    }
}
