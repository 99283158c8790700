package bourse.scheduler;

import bourse.classad.ClassAd;
import bourse.protocol.Address;
import bourse.protocol.Time;
import bourse.scheduler.View.Candidate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Where workers wait for something to do, and when each was last heard of.
final class Seats {
    static final Duration LATELY = Duration.ofMinutes(2);
    private final Time time;
    private final Map<Address, Seat> waiting = new ConcurrentHashMap<>();
    private final Queue<Change> changes = new ConcurrentLinkedQueue<>();
    private final Map<Address, Instant> heard = new ConcurrentHashMap<>();
    /// What each has told of his machine when he last sat down.
    private final Map<Address, ClassAd> machines = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Seats(Time time) {
        this.time = time;
    }

    /// A worker has sat down, or got up.
    record Change(Seat seat, boolean came) {}

    /// A worker that waits, and where his answer goes.
    final class Seat {
        private final Candidate candidate;
        private final int slots;
        private final Time.Bell bell = time.bell();
        private volatile @Nullable List<Replicates.Row> answer;

        private Seat(Candidate candidate, int slots) {
            this.candidate = candidate;
            this.slots = slots;
        }

        Candidate candidate() {
            return candidate;
        }

        Address worker() {
            return candidate.worker();
        }

        /// How many leases he may have.
        int slots() {
            return slots;
        }

        private void answer(List<Replicates.Row> rows) {
            answer = rows;
            bell.ring();
        }
    }

    /// Sits down. Who asks twice waits once: the older call is answered with nothing.
    ///
    /// @param slots how many leases he may have
    Seat take(Candidate candidate, int slots) {
        var seat = new Seat(candidate, slots);
        machines.put(candidate.worker(), candidate.ad());
        var older = waiting.put(candidate.worker(), seat);
        if (older != null) {
            older.answer(List.of());
        }
        changes.add(new Change(seat, true));
        if (closed) {
            close();
        }
        return seat;
    }

    /// What was given to him, once something is, or nothing.
    ///
    /// @throws IllegalStateException if the scheduler closes meanwhile
    List<Replicates.Row> await(Seat seat, Duration patience) throws InterruptedException {
        try {
            var end = time.instant().plus(patience);
            for (var now = time.instant(); seat.answer == null && now.isBefore(end); now = time.instant()) {
                seat.bell.await(Duration.between(now, end));
            }
        } finally {
            if (waiting.remove(seat.worker(), seat)) {
                changes.add(new Change(seat, false));
            }
        }
        if (closed) {
            throw new IllegalStateException("this scheduler is closed; ask the one that follows it");
        }
        return Optional.ofNullable(seat.answer).orElse(List.of());
    }

    Optional<Seat> of(Address worker) {
        return Optional.ofNullable(waiting.get(worker));
    }

    /// He gets up with what he was given. If he has just stopped waiting, he is told when he asks again.
    void answer(Seat seat, List<Replicates.Row> rows) {
        waiting.remove(seat.worker(), seat);
        seat.answer(rows);
    }

    List<Seat> waiting() {
        return List.copyOf(waiting.values());
    }

    /// What has changed since the last call, in its order.
    Optional<Change> nextChange() {
        return Optional.ofNullable(changes.poll());
    }

    /// Sends everyone away, now and later: who waits here would wait for nothing.
    void close() {
        closed = true;
        waiting.values().forEach(seat -> seat.answer(List.of()));
    }

    void heard(Address worker) {
        heard.put(worker, time.instant());
    }

    /// When workers were heard of, as long as that is not long ago.
    Map<Address, Instant> heardLately() {
        var then = time.instant().minus(LATELY);
        heard.values().removeIf(at -> at.isBefore(then));
        machines.keySet().retainAll(heard.keySet());
        return new HashMap<>(heard);
    }

    /// The machines of those who were heard of when [#heardLately] was last asked, and later.
    Collection<ClassAd> machines() {
        return machines.values();
    }
}
