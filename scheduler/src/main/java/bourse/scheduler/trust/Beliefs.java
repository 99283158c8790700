package bourse.scheduler.trust;

import bourse.protocol.Address;
import bourse.protocol.Contribution;
import bourse.scheduler.trust.Standing.Caught;
import bourse.scheduler.trust.Standing.Good;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/// What a pool believes of its workers, under [Law.Chain].
///
/// @param standings of a worker, with an app
/// @param kinships who belongs together now
record Beliefs(Assumption assumption, BiFunction<Address, Address, Standing> standings, Supplier<Kinship> kinships)
        implements Gate {

    @Override
    public boolean lets(Asked candidate, Address app, long trust, List<Contribution> votes, List<Asked> pending) {
        var kinship = kinships.get();
        var promise = new Promise(Math.max(1, trust));
        if (standings.apply(candidate.worker(), app) instanceof Caught
                || votes.stream().anyMatch(vote -> kinship.related(vote.worker(), candidate.worker()))
                || pending.stream().anyMatch(other -> kinship.related(other.worker(), candidate.worker()))) {
            return false;
        }
        if (trust <= 1) {
            return true; // the requester wants the first result, whoever's it is
        }
        var cast = votes.stream()
                .filter(vote -> vote.status() != Contribution.Status.REJECTED)
                .map(vote -> new Vote(vote.worker(), vote.hash(), (double) vote.power(), 0))
                .toList();
        var asked = new ArrayList<Foresight.Voter>();
        for (var other : pending) {
            asked.add(voter(other, app, promise));
        }
        asked.add(voter(candidate, app, promise));
        return Foresight.holds(promise, Tally.of(cast, vote -> odds(vote.worker(), app)), asked);
    }

    private Foresight.Voter voter(Asked asked, Address app, Promise promise) {
        double odds = odds(asked.worker(), app);
        boolean proven = standings.apply(asked.worker(), app) instanceof Good && promise.kept(odds, 0);
        return new Foresight.Voter((double) asked.weight(), odds, proven);
    }

    private double odds(Address worker, Address app) {
        return switch (standings.apply(worker, app)) {
            case Good good -> assumption.after(good.remembered()).odds();
            case Caught _ -> 1;
        };
    }
}
