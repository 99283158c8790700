package bourse.protocol;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// A clock that one can wait by: the machine's own, or one under which a whole market is played in moments. Whoever
/// waits for time to pass, waits here.
public interface Time extends InstantSource {
    Time SYSTEM = by(InstantSource.system());

    /// A new bell, to wake one that waits.
    Bell bell();

    /// Waits for a time, and for nothing else.
    default void sleep(Duration duration) throws InterruptedException {
        bell().await(duration);
    }

    /// Tells the time of `clock`, and waits by the machine's.
    static Time by(InstantSource clock) {
        return new Time() {
            @Override
            public Instant instant() {
                return clock.instant();
            }

            @Override
            public Bell bell() {
                var rings = new Semaphore(0);
                return new Bell() {
                    @Override
                    public void ring() {
                        rings.release();
                    }

                    @Override
                    public boolean await(Duration atMost) throws InterruptedException {
                        boolean rang = rings.tryAcquire(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS);
                        rings.drainPermits();
                        return rang;
                    }
                };
            }
        };
    }

    /// Wakes one thread. Rings while it is busy are not lost, and many are one.
    interface Bell {
        void ring();

        /// Waits until it rings, but not longer than `atMost`.
        ///
        /// @return whether it rang
        boolean await(Duration atMost) throws InterruptedException;
    }
}
