package bourse.worker;

import bourse.protocol.Address;
import bourse.protocol.Pool;
import bourse.protocol.Pool.Progress;
import bourse.protocol.Pool.Verdict;
import bourse.protocol.TaskId;
import bourse.protocol.Time;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a worker's lease on a task alive: tells the pool how far he is, and repeats it until closed.
///
/// A pool that does not answer is no reason to stop: the chain takes the result without it.
final class Lease implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
    private final Pool pool;
    private final Address worker;
    private final TaskId task;
    /// Held while the pool is told, so that it hears one thing after the other.
    private final ReentrantLock telling = new ReentrantLock();

    private final Thread heart;
    private Progress progress;
    private boolean closed;

    /// @param beat how often what was told last is repeated
    /// @param onStop what to do when the pool answers a repetition with [Verdict#STOP]
    Lease(Pool pool, Address worker, TaskId task, Progress progress, Time time, Duration beat, Runnable onStop) {
        this.pool = pool;
        this.worker = worker;
        this.task = task;
        this.progress = progress;
        this.heart = Thread.ofVirtual().name("lease").start(() -> beat(time, beat, onStop));
    }

    /// @throws InterruptedException also if the pool does not want the work any more
    void tell(Progress next) throws InterruptedException {
        telling.lock();
        try {
            progress = next;
            if (report() == Verdict.STOP) {
                throw new InterruptedException("the pool says stop");
            }
        } finally {
            telling.unlock();
        }
    }

    /// Tells something once, beside what is repeated.
    ///
    /// @throws InterruptedException also if the pool does not want the work any more
    synchronized void mention(Progress aside) throws InterruptedException {
        if (report(pool, worker, task, aside) == Verdict.STOP) {
            throw new InterruptedException("the pool says stop");
        }
    }

    private void beat(Time time, Duration every, Runnable onStop) {
        try {
            while (true) {
                time.sleep(every);
                telling.lock();
                try {
                    if (closed) {
                        return;
                    }
                    if (report() == Verdict.STOP) {
                        onStop.run();
                        return;
                    }
                } finally {
                    telling.unlock();
                }
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    private Verdict report() throws InterruptedException {
        return report(pool, worker, task, progress);
    }

    /// Reports once; silence means "go on".
    static Verdict report(Pool pool, Address worker, TaskId task, Progress progress) throws InterruptedException {
        try {
            return pool.report(worker, task, progress);
        } catch (RuntimeException e) {
            LOG.warn("the pool did not take a report on task {}: {}", task, e.toString());
            return Verdict.CONTINUE;
        }
    }

    @Override
    public void close() {
        heart.interrupt(); // a report may be under way, and holds the lock
        telling.lock();
        try {
            closed = true;
        } finally {
            telling.unlock();
        }
    }
}
