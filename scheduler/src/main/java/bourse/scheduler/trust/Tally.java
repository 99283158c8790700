package bourse.scheduler.trust;

import bourse.protocol.Bytes32;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// The votes on one task, counted twice: by what they weigh on chain, and by what the pool believes.
public record Tally(List<Group> groups) {
    public Tally {
        groups = List.copyOf(groups);
    }

    /// All who said the same.
    ///
    /// @param power the product of their weights on chain
    /// @param odds the product of their odds
    public record Group(Bytes32 answer, int members, double power, double odds) {
        Group with(double morePower, double moreOdds) {
            return new Group(answer, members + 1, power * morePower, odds * moreOdds);
        }
    }

    public static Tally of(List<Vote> votes, ToDoubleFunction<Vote> odds) {
        var groups = new ArrayList<Group>(2);
        for (var vote : votes) {
            int i = 0;
            while (i < groups.size() && !groups.get(i).answer().equals(vote.answer())) {
                i++;
            }
            if (i == groups.size()) {
                groups.add(new Group(vote.answer(), 0, 1, 1));
            }
            groups.set(i, groups.get(i).with(vote.power(), odds.applyAsDouble(vote)));
        }
        return new Tally(groups);
    }

    /// The group that the pool believes most.
    public Optional<Group> best() {
        Group best = null;
        for (var group : groups) {
            if (best == null || group.odds() > best.odds()) {
                best = group;
            }
        }
        return Optional.ofNullable(best);
    }

    /// The odds of all other groups together.
    public double against(Group one) {
        double rest = 0;
        for (var group : groups) {
            if (!group.answer().equals(one.answer())) {
                rest += group.odds();
            }
        }
        return rest;
    }

    /// The weights of all other groups together.
    public double powerAgainst(Group one) {
        double rest = 0;
        for (var group : groups) {
            if (!group.answer().equals(one.answer())) {
                rest += group.power();
            }
        }
        return rest;
    }

    /// The group that is as sure as promised.
    public Optional<Group> believed(Promise promise) {
        return best().filter(group -> promise.kept(group.odds(), against(group)));
    }

    /// The group that the chain takes.
    public Optional<Group> consensus(Promise promise) {
        return groups.stream()
                .filter(group -> promise.consensus(group.power(), powerAgainst(group)))
                .findFirst();
    }

    /// How many more workers of these odds must join those who are at it for the best group to be as sure as
    /// promised, if all agree.
    ///
    /// @param pending the odds of those who were asked and have not answered
    public int missing(Promise promise, List<Double> pending, double each) {
        double group = best().map(Group::odds).orElse(1.0);
        double rest = best().map(this::against).orElse(0.0);
        for (double odds : pending) {
            group *= odds;
        }
        return promise.missing(group, rest, each);
    }
}
