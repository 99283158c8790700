package bourse.scheduler.trust;

import bourse.scheduler.trust.Tally.Group;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether the chain could decide a task before the pool is as sure as promised.
///
/// What is on chain can not be taken back, so it is asked before anyone is authorized: whatever those say who
/// are at the task already and the one who would join them, in whichever order: does every consensus that they
/// could make keep the promise? If not, somebody else must be asked, or nobody yet.
///
/// A consensus keeps it in two ways. Its group is believed as surely as promised once it has voted. Or one of
/// those who were asked is believed so surely by himself: then it is wrong only if he lies, whatever others
/// have said before. The second way settles tasks in which liars have left much weight on chain that nobody
/// believes any more.
public final class Foresight {
    /// More at once are not looked through: 3⁷ ways to vote are enough.
    private static final int MOST = 7;

    private Foresight() {}

    /// Somebody who was asked, or would be.
    ///
    /// @param power what his vote would weigh
    /// @param odds what he is believed
    /// @param proven whether he is believed as surely as promised by himself, and may decide what nobody
    /// confirms
    public record Voter(double power, double odds, boolean proven) {}

    /// @param tally of the votes that the chain has
    /// @param asked everyone whose vote may come, in any order
    public static boolean holds(Promise promise, Tally tally, List<Voter> asked) {
        if (asked.size() > MOST) {
            return false;
        }
        var groups = new ArrayList<>(tally.groups());
        groups.add(null); // one that nobody has founded
        for (var group : groups) {
            var own = group == null
                    ? new Own(1, 1, 0, false)
                    : new Own(group.power(), group.odds(), group.members(), false);
            var rest = rest(tally, group);
            if (!holds(promise, own, rest, asked, 0, false)) {
                return false;
            }
        }
        return true;
    }

    /// What a group has so far, and whether somebody in it who was asked is proven.
    private record Own(double power, double odds, int members, boolean proven) {
        Own joinedBy(Voter voter) {
            return new Own(power * voter.power(), odds * voter.odds(), members + 1, proven || voter.proven());
        }

        boolean isSure(Promise promise, Rest rest) {
            return proven || (members > 1 && promise.kept(odds, rest.odds()));
        }
    }

    /// Everyone else: the strongest other group, which doubters join, and what the others are worth.
    private record Rest(double power, double odds, double strongestPower, double strongestOdds) {
        Rest joinedBy(Voter voter) {
            double newPower = strongestPower * voter.power();
            double newOdds = strongestOdds * voter.odds();
            return new Rest(
                    power + newPower - (strongestPower == 1 ? 0 : strongestPower),
                    odds + newOdds - (strongestPower == 1 ? 0 : strongestOdds),
                    newPower,
                    newOdds);
        }
    }

    private static Rest rest(Tally tally, @Nullable Group own) {
        double power = 0;
        double odds = 0;
        double strongestPower = 1;
        double strongestOdds = 1;
        for (var group : tally.groups()) {
            if (own != null && group.answer().equals(own.answer())) {
                continue;
            }
            power += group.power();
            odds += group.odds();
            if (strongestPower == 1 || group.odds() > strongestOdds) {
                strongestPower = group.power();
                strongestOdds = group.odds();
            }
        }
        return new Rest(power, odds, strongestPower, strongestOdds);
    }

    /// Each of the asked joins the group, joins the others, or has not voted yet. The chain looks whether a group
    /// has won when somebody joins it, and at no other time.
    ///
    /// @param joined whether the last vote joined the group
    private static boolean holds(Promise promise, Own own, Rest rest, List<Voter> asked, int next, boolean joined) {
        if (joined && promise.consensus(own.power(), rest.power()) && !own.isSure(promise, rest)) {
            return false;
        }
        if (next == asked.size()) {
            return true;
        }
        var voter = asked.get(next);
        return holds(promise, own.joinedBy(voter), rest, asked, next + 1, true)
                && holds(promise, own, rest.joinedBy(voter), asked, next + 1, false)
                && holds(promise, own, rest, asked, next + 1, false);
    }
}
