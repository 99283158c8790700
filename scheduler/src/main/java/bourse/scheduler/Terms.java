package bourse.scheduler;

import bourse.protocol.Address;
import bourse.protocol.Rlc;
import bourse.scheduler.trust.Kinship;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// On which terms a pool takes workers, counts on them and believes them.
///
/// @param lease how long it counts on a worker that says nothing
/// @param keepLogs how long it keeps what programs printed
/// @param faulty how many of the workers that it has not looked at are assumed to lie, 0 to less than 1/2
/// @param gatePatience how long a task waits for workers whom the pool trusts, before the chain's rule is enough
/// @param kin workers that belong together, and never check each other
/// @param strangers who sends tokens to everyone: workers that had theirs from him have nothing in common
/// @param admitted who may work here; empty for everybody
/// @param rank how much it likes a machine (`TARGET`) for a task (`MY`), as a ClassAd's expression
/// @param stake what a worker must have in the market, free or locked
/// @param fairness among requesters
public record Terms(
        Duration lease,
        Duration keepLogs,
        double faulty,
        Duration gatePatience,
        List<Kinship.Link> kin,
        Set<Address> strangers,
        Set<Address> admitted,
        Rlc stake,
        String rank,
        Fairness fairness) {
    /// What the requester likes comes first; then who will be in time; then who will have finished first, has the
    /// program, brings votes that count, and takes little power.
    public static final String RANK = "1000 * (MY.Wish ?: 0.0) - (MY.ExpectedSeconds > MY.Deadline - time() ? 100 : 0)"
            + " + 20.0 * MY.Seconds / (MY.Seconds + MY.ExpectedSeconds)"
            + " + (member(MY.App, TARGET.Apps) =?= true ? 5 : 0)"
            + " + (MY.Trust > 1 ? 4 - 8.0 / (TARGET.Weight ?: 2) : 0) - (TARGET.Watts ?: 0.0) / 100.0";

    public static final Terms DEFAULT = new Terms(
            Duration.ofSeconds(30),
            Duration.ofDays(7),
            0.05,
            Duration.ofSeconds(20),
            List.of(),
            Set.of(),
            Set.of(),
            Rlc.ZERO,
            RANK,
            Fairness.DEFAULT);

    public Terms {
        kin = List.copyOf(kin);
        strangers = Set.copyOf(strangers);
        admitted = Set.copyOf(admitted);
    }

    public Terms withLease(Duration other) {
        return new Terms(other, keepLogs, faulty, gatePatience, kin, strangers, admitted, stake, rank, fairness);
    }

    public Terms withFairness(Fairness other) {
        return new Terms(lease, keepLogs, faulty, gatePatience, kin, strangers, admitted, stake, rank, other);
    }
}
