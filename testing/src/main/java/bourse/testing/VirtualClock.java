package bourse.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// A clock that stands still until a test turns it, and the bell by which the doors in memory wake those who wait.
public final class VirtualClock implements InstantSource {
    /// Noon of a day in the past: nothing that compares with the machine's own clock works by accident.
    public static final Instant NOON = Instant.parse("2020-02-02T12:00:00Z");

    /// The patience of those who wait for as long as the test runs.
    public static final Duration FOREVER = Duration.ofDays(100_000);

    private final List<Instant> alarms = new ArrayList<>();
    private Instant now;

    private VirtualClock(Instant now) {
        this.now = now;
    }

    public static VirtualClock atNoon() {
        return new VirtualClock(NOON);
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    public synchronized void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time goes forward, not by " + duration);
        }
        now = now.plus(duration);
        notifyAll();
    }

    /// Goes to `time`, if that is not over yet.
    public synchronized void advanceTo(Instant time) {
        if (time.isAfter(now)) {
            advance(Duration.between(now, time));
        }
    }

    /// Goes to the next time at which somebody's patience ends. Empty if nobody waits.
    public synchronized Optional<Instant> advanceToNext() {
        var next = alarms.stream().min(Comparator.naturalOrder());
        next.ifPresent(this::advanceTo);
        return next;
    }

    /// How many threads wait by this clock.
    public synchronized int waiting() {
        return alarms.size();
    }

    /// Waits until `condition` holds, but only for `patience` of this clock's time; says whether it holds.
    /// Whoever makes it true must [#ring]. It is asked under this clock's lock, so it must not take another.
    public synchronized boolean await(BooleanSupplier condition, Duration patience) throws InterruptedException {
        var alarm = now.plus(patience);
        alarms.add(alarm);
        notifyAll(); // somebody may wait for us to wait
        try {
            while (!condition.getAsBoolean()) {
                if (!now.isBefore(alarm)) {
                    return false;
                }
                wait();
            }
            return true;
        } finally {
            alarms.remove(alarm);
        }
    }

    /// Waits, in real time, until `threads` threads wait by this clock: then all that could happen has happened.
    public synchronized void awaitWaiting(int threads) throws InterruptedException {
        while (alarms.size() < threads) {
            wait();
        }
    }

    /// Something has happened: everyone who waits looks again.
    public synchronized void ring() {
        notifyAll();
    }
}
