package bourse.scheduler;

import bourse.protocol.Address;
import bourse.protocol.DealId;
import bourse.scheduler.Replicates.Proposal;
import bourse.scheduler.View.Open;
import bourse.scheduler.trust.Gate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// Whom a task may be offered to: by the pool's trust ([Gate]), by what one has failed at ([Avoidance]), and by what is
/// kept for others ([Reservations]).
///
/// Checks are for anybody, for what comes out is known; and what nobody is at for too long is, too: the chain's promise
/// is kept then, the pool's is not. For the loop's thread.
final class Admission {
    private final Board board;
    private final Gate gate;
    private final Duration patience;
    private final Avoidance avoidance;
    private final Reservations reservations;
    private final Predicate<DealId> checks;

    /// @param patience how long a task waits for workers whom the pool trusts
    /// @param checks which deals are checks
    Admission(
            Board board,
            Gate gate,
            Duration patience,
            Avoidance avoidance,
            Reservations reservations,
            Predicate<DealId> checks) {
        this.board = board;
        this.gate = gate;
        this.patience = patience;
        this.avoidance = avoidance;
        this.reservations = reservations;
        this.checks = checks;
    }

    /// What is to be known for a decision about one task.
    Function<Open, View> views(Set<Address> members, Instant chainTime, Instant now) {
        var shunned = avoidance.at(now);
        var guarded = new View(chainTime, now, List.of(), List.of(), members, gate, shunned);
        var unguarded = new View(chainTime, now, List.of(), List.of(), members, Gate.OPEN, shunned);
        return open -> (isOpenToAll(open, now) ? unguarded : guarded)
                .shunning((worker, app) -> shunned.test(worker, app) || isKept(worker, open, chainTime));
    }

    boolean isOpenToAll(Open open, Instant now) {
        return checks.test(open.deal().id()) || isLate(open, now);
    }

    private boolean isLate(Open open, Instant now) {
        return open.asked().isEmpty()
                && !board.waitsSince(open.task().id(), now).plus(patience).isAfter(now);
    }

    /// Whether a worker has to wait for a larger task than this one.
    private boolean isKept(Address worker, Open open, Instant chainTime) {
        return reservations.keepsFrom(worker, open.task().id())
                && Waiting.due(open.deal()).isAfter(chainTime);
    }

    /// Whether the pool would not have asked this worker, had somebody better been there.
    boolean isUnsure(Proposal proposal, Instant now) {
        return board.of(proposal.task())
                .map(spot -> spot.at(now))
                .filter(open ->
                        open.deal().trust() > 1 && !checks.test(open.deal().id()) && isLate(open, now))
                .filter(open -> !gate.lets(
                        new Gate.Asked(proposal.worker(), proposal.weight()),
                        proposal.app(),
                        open.deal().trust(),
                        open.task().contributors(),
                        open.asked()))
                .isPresent();
    }
}
