package bourse.sandbox;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The child processes: at most a fixed number, each busy with one job or idle.
///
/// A job takes an idle process of its kind, else starts one, in the place of the one that was idle longest if
/// there are too many, else waits.
final class Pool implements AutoCloseable {
    private final Launcher launcher = new Launcher();
    private final Path scratch;
    private final int most;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Warm> busy = new HashSet<>();

    /// The one that has been idle longest comes first.
    private final List<Idle> idle = new ArrayList<>();

    private int starting;
    private int started;
    private boolean paused;
    private boolean closed;

    /// What a process was started for; a job fits if all of it is equal.
    record Kind(String program, long memoryBytes, long outputBytes, int streamBytes) {}

    private record Idle(Kind kind, Warm process, long since) {}

    Pool(Path scratch, int most, Duration patience) {
        this.scratch = scratch;
        this.most = most;
        this.patience = patience;
        Thread.ofVirtual().name("sandbox-reaper").start(this::reap);
    }

    Isolation isolation() {
        return launcher.isolation();
    }

    /// A process in the hands of the caller, until he gives it back.
    Warm take(Kind kind, Limits limits) throws InterruptedException {
        Path input;
        lock.lockInterruptibly();
        try {
            while (true) {
                requireOpen();
                if (paused) {
                    changed.await();
                    continue;
                }
                var warm = warm(kind);
                if (warm.isPresent()) {
                    busy.add(warm.get());
                    return warm.get();
                }
                if (busy.size() + starting + idle.size() < most) {
                    break;
                }
                if (!idle.isEmpty()) {
                    idle.removeFirst().process().end();
                    break;
                }
                changed.await();
            }
            starting++;
            input = scratch.resolve("child-" + started++);
        } finally {
            lock.unlock();
        }
        return start(input, limits);
    }

    /// @param reusable false: something went wrong, or nobody knows what it is doing
    void giveBack(Kind kind, Warm process, boolean reusable) {
        lock.lock();
        try {
            busy.remove(process);
            process.resume();
            if (reusable && !closed) {
                idle.add(new Idle(kind, process, System.nanoTime()));
            } else {
                process.end();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Whatever is busy stands still, and nothing begins.
    void pause() {
        lock.lock();
        try {
            paused = true;
            busy.forEach(Warm::pause);
        } finally {
            lock.unlock();
        }
    }

    void resume() {
        lock.lock();
        try {
            paused = false;
            busy.forEach(Warm::resume);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            busy.forEach(Warm::kill);
            idle.forEach(one -> one.process().end());
            idle.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        launcher.close();
    }

    private Warm start(Path input, Limits limits) {
        Optional<Warm> process = Optional.empty();
        try {
            process = Optional.of(Warm.start(launcher, input, limits));
            return process.get();
        } finally {
            lock.lock();
            try {
                starting--;
                process.ifPresent(busy::add);
                if (paused) {
                    process.ifPresent(Warm::pause);
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /// The process of this kind that was busy last.
    private Optional<Warm> warm(Kind kind) {
        for (int i = idle.size() - 1; i >= 0; i--) {
            if (idle.get(i).kind().equals(kind)) {
                var process = idle.remove(i).process();
                if (process.alive()) {
                    return Optional.of(process);
                }
                process.end();
            }
        }
        return Optional.empty();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the sandbox is closed");
        }
    }

    /// Ends what has been idle for too long, until the pool is closed.
    private void reap() {
        lock.lock();
        try {
            while (!closed) {
                long oldest =
                        idle.isEmpty() ? System.nanoTime() : idle.getFirst().since();
                long left = patience.toNanos() - (System.nanoTime() - oldest);
                if (left <= 0) {
                    idle.removeFirst().process().end();
                } else if (idle.isEmpty()) {
                    changed.await();
                } else {
                    changed.awaitNanos(left);
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            lock.unlock();
        }
    }
}
