package bourse.scheduler;

import bourse.protocol.Address;
import bourse.protocol.DealId;
import bourse.protocol.TaskId;
import bourse.scheduler.Board.Spot;
import bourse.scheduler.View.Candidate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/// Machines that are kept free for tasks too large for what is left of any.
///
/// Small tasks take each part of a machine as it becomes free, so that one that needs several parts at once would wait
/// for ever. Once it has waited for long, one machine that would suit it if it were empty gets nothing else until it
/// has room; but what is due may have it. Written by the loop, read by any thread.
final class Reservations {
    /// At most one of so many machines is kept, or the only one.
    private static final int ONE_IN = 4;
    /// How often it looks for a machine.
    private static final Duration LOOK = Duration.ofSeconds(10);
    /// Tasks, deals and machines for each that are looked at in one look.
    private static final int TASKS = 100_000;
    private static final int DEALS = 16;
    private static final int MACHINES = 256;

    private final Duration patience;
    private volatile Map<Address, TaskId> kept = Map.of();
    private Instant nextLook = Instant.MIN;
    /// Deals that have been looked at since all of them have.
    private final Set<DealId> seen = new HashSet<>();

    /// @param patience how long a task waits before a machine is kept for it
    Reservations(Duration patience) {
        this.patience = patience;
    }

    /// Keeps machines for those who have waited for too long, and lets go those that nobody waits for any more.
    ///
    /// @param members workers that were heard of lately
    /// @param given whether a task would be given to a worker, if he had this machine
    /// @return those that are everybody's again
    Set<Address> renew(
            Board board,
            Collection<Candidate> idle,
            Collection<Address> members,
            BiPredicate<Spot, Candidate> given,
            Instant now) {
        var next = new LinkedHashMap<>(kept);
        next.entrySet()
                .removeIf(one -> !members.contains(one.getKey())
                        || board.of(one.getValue())
                                .filter(board.waiting()::contains)
                                .isEmpty());
        if (!now.isBefore(nextLook)) {
            nextLook = now.plus(LOOK);
            for (var candidate : idle) {
                var task = next.get(candidate.worker());
                if (task != null && !given.test(board.of(task).orElseThrow(), whole(candidate))) {
                    next.remove(candidate.worker());
                }
            }
            int most = Math.max(1, members.size() / ONE_IN);
            for (var spot : next(board, now)) {
                if (next.size() < most && !next.containsValue(spot.id())) {
                    room(spot, idle, next.keySet(), given).ifPresent(worker -> next.put(worker, spot.id()));
                }
            }
        }
        var free = new HashSet<>(kept.keySet());
        free.removeAll(next.keySet());
        kept = Map.copyOf(next);
        return free;
    }

    private static Candidate whole(Candidate candidate) {
        return new Candidate(candidate.worker(), candidate.weight(), candidate.free(), Ads.whole(candidate.ad()));
    }

    /// A task of each of some deals, whose tasks ask for the same; the next time, of others.
    private List<Spot> next(Board board, Instant now) {
        var tasks = board.waitingSince(now.minus(patience))
                .limit(TASKS)
                .filter(spot -> seen.add(spot.entry().deal().id()))
                .limit(DEALS)
                .toList();
        if (tasks.size() < DEALS) {
            seen.clear();
        }
        return tasks;
    }

    /// A machine that would do if it were empty; none where one does as it is.
    private static Optional<Address> room(
            Spot spot, Collection<Candidate> idle, Set<Address> taken, BiPredicate<Spot, Candidate> given) {
        var first = Optional.<Address>empty();
        for (var candidate : idle.stream().limit(MACHINES).toList()) {
            if (given.test(spot, candidate)) {
                return Optional.empty();
            }
            if (first.isEmpty() && !taken.contains(candidate.worker()) && given.test(spot, whole(candidate))) {
                first = Optional.of(candidate.worker());
            }
        }
        return first;
    }

    /// Whether a machine is kept for another task than this.
    boolean keepsFrom(Address worker, TaskId task) {
        var owner = kept.get(worker);
        return owner != null && !owner.equals(task);
    }

    /// What a task waits for that has a machine to come, in a sentence.
    Optional<String> hindrance(TaskId task) {
        return kept.entrySet().stream()
                .filter(one -> one.getValue().equals(task))
                .map(one -> "worker %s is kept free for it, and gets nothing else until it has room"
                        .formatted(one.getKey()))
                .findFirst();
    }
}
