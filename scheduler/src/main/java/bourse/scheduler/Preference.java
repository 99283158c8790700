package bourse.scheduler;

import bourse.classad.ClassAd;
import bourse.classad.Evaluator;
import bourse.classad.Expression;
import bourse.classad.Limits;
import bourse.classad.Match;
import bourse.scheduler.Board.Spot;
import bourse.scheduler.View.Candidate;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Which of several tasks a machine likes best, by its owner's `Rank`.
final class Preference {
    /// So many deals are looked at for one machine.
    static final int MOST = 16;
    /// Steps of an owner's rank: many are asked for a task that is given.
    private static final int STEPS = 1_000;

    private final Evaluator evaluator;

    Preference(Evaluator evaluator) {
        var limits = evaluator.limits();
        this.evaluator = new Evaluator(
                evaluator.semantics(),
                new Limits(
                        limits.input(),
                        limits.parseDepth(),
                        limits.height(),
                        limits.nodes(),
                        limits.depth(),
                        STEPS,
                        limits.bytes(),
                        STEPS),
                evaluator.clock(),
                evaluator.random());
    }

    /// Whether its owner has said more than that one task is as good as another.
    static boolean has(ClassAd machine) {
        return machine.get("Rank")
                .filter(rank -> !(rank instanceof Expression.Literal))
                .isPresent();
    }

    /// Those of some tasks that a machine likes better than one, the best first; of equals, the first.
    List<Spot> better(Spot than, Collection<Spot> others, Candidate candidate) {
        double usual = rank(than, candidate);
        return others.stream()
                .map(spot -> new Liked(spot, rank(spot, candidate)))
                .filter(liked -> liked.rank() > usual)
                .sorted(Comparator.comparingDouble(Liked::rank).reversed())
                .map(Liked::spot)
                .toList();
    }

    private record Liked(Spot spot, double rank) {}

    private double rank(Spot spot, Candidate candidate) {
        return spot.entry()
                .ad()
                .map(ad -> new Match(ad, candidate.ad(), evaluator).rightRank())
                .orElse(Double.NEGATIVE_INFINITY);
    }
}
