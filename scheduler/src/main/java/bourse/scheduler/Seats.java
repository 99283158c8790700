package bourse.scheduler;

import bourse.protocol.Address;
import bourse.protocol.Pool.Assignment;
import bourse.scheduler.View.Candidate;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Where workers wait for something to do, and when each was last heard of.
final class Seats {
    private static final Duration LATELY = Duration.ofMinutes(1);
    private final Map<Address, Seat> waiting = new ConcurrentHashMap<>();
    private final Map<Address, Instant> lastHeard = new ConcurrentSkipListMap<>();
    private volatile boolean closed;

    /// A worker that waits, since when, and where his answer goes.
    record Seat(Candidate candidate, Instant since, CompletableFuture<Optional<Assignment>> answer) {}

    /// Sits down. Who asks twice waits once: the older call is answered with nothing.
    Seat take(Candidate candidate, Instant now) {
        var seat = new Seat(candidate, now, new CompletableFuture<>());
        var older = waiting.put(candidate.worker(), seat);
        if (older != null) {
            older.answer().complete(Optional.empty());
        }
        if (closed) {
            close();
        }
        return seat;
    }

    /// Sends everyone away, now and later: who waits here would wait for nothing.
    void close() {
        closed = true;
        waiting.values().forEach(seat -> seat.answer().completeExceptionally(new CancellationException()));
    }

    /// @throws IllegalStateException if the scheduler closes meanwhile
    Optional<Assignment> await(Seat seat, Duration patience) throws InterruptedException {
        try {
            return seat.answer().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return Optional.empty();
        } catch (ExecutionException | CancellationException e) {
            throw new IllegalStateException("this scheduler is closed; ask the one that follows it", e);
        } finally {
            waiting.remove(seat.candidate().worker(), seat);
        }
    }

    Optional<Seat> of(Address worker) {
        return Optional.ofNullable(waiting.get(worker));
    }

    void answer(Seat seat, Assignment assignment) {
        waiting.remove(seat.candidate().worker(), seat);
        seat.answer().complete(Optional.of(assignment));
    }

    /// Longest waiting first.
    List<Candidate> idle() {
        return waiting.values().stream()
                .sorted(Comparator.comparing(Seat::since))
                .map(Seat::candidate)
                .toList();
    }

    void heard(Address worker, Instant now) {
        lastHeard.put(worker, now);
    }

    Map<Address, Instant> lastHeard() {
        return Map.copyOf(lastHeard);
    }

    List<Address> heardLately(Instant now) {
        lastHeard.values().removeIf(then -> then.plus(LATELY).isBefore(now));
        return List.copyOf(lastHeard.keySet());
    }
}
