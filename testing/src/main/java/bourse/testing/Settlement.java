package bourse.testing;

import bourse.protocol.Address;
import bourse.protocol.Contribution;
import bourse.protocol.Contribution.Status;
import bourse.protocol.Deal;
import bourse.protocol.Event;
import bourse.protocol.Rlc;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import java.math.BigInteger;

/// Who gets what when a task ends, and who is believed how much from then on.
final class Settlement {
    /// What a scheduler puts behind each task, in percent of the pool's price.
    private static final int POOL_STAKE_RATIO = 30;
    /// What a finished task gets out of the kitty: this many percent, but at least one RLC if it is there.
    private static final int KITTY_RATIO = 10;

    private static final Rlc KITTY_MIN = Rlc.parse("1");

    private Settlement() {}

    /// Whole nRLC for one task; the stake of a deal is a multiple of it.
    static Rlc poolStake(Deal deal) {
        return deal.workerpool().price().percent(POOL_STAKE_RATIO);
    }

    /// The task succeeded: its price leaves the sponsor, the owners get theirs, the scheduler his stake and his
    /// part of the kitty. The pool's price is left for whoever worked.
    static void payOwners(Draft draft, Deal deal, TaskId task) {
        draft.seize(deal.sponsor(), deal.price(), task);
        draft.reward(deal.app().owner(), deal.app().price(), task);
        draft.reward(deal.dataset().owner(), deal.dataset().price(), task);
        draft.unlock(deal.workerpool().owner(), poolStake(deal));
        var kitty = draft.account(Market.KITTY).locked();
        var share = kitty.percent(KITTY_RATIO).covers(KITTY_MIN) ? kitty.percent(KITTY_RATIO) : KITTY_MIN;
        var bonus = kitty.covers(share) ? share : kitty;
        draft.seize(Market.KITTY, bonus, task);
        draft.reward(deal.workerpool().owner(), bonus, task);
    }

    /// The pool's price, and the stakes of those who did not prove the result, go to those who did, in
    /// proportion to the logarithm of their weights; the scheduler gets his ratio and what rounding leaves.
    static void payWorkers(Draft draft, Deal deal, Task.Revealing done) {
        var task = done.id();
        var contributions = done.contributions();
        long logWeights = 0;
        var pot = deal.workerpool().price();
        for (var contribution : contributions) {
            if (contribution.status() == Status.PROVED) {
                logWeights += log2(contribution.weight());
            } else {
                pot = pot.plus(deal.workerStake());
            }
        }
        var workersPart = pot.percent(100 - deal.schedulerRatio());
        for (var contribution : contributions) {
            var worker = contribution.worker();
            if (contribution.status() == Status.PROVED) {
                var share = new Rlc(
                        workersPart.times(log2(contribution.weight())).nano().divide(BigInteger.valueOf(logWeights)));
                pot = pot.minus(share);
                draft.unlock(worker, deal.workerStake());
                draft.reward(worker, share, task);
                // Alone, a worker proves nothing about himself.
                if (contributions.size() > 1) {
                    praise(draft, worker, task);
                }
            } else {
                draft.seize(worker, deal.workerStake(), task);
                blame(draft, worker, task, !contribution.hash().equals(done.consensus()));
            }
        }
        draft.reward(deal.workerpool().owner(), pot, task);
    }

    /// One worker was asked, and he alone. No stake, no score.
    static void payAlone(Draft draft, Deal deal, TaskId task, Address worker) {
        var price = deal.workerpool().price();
        var share = price.percent(100 - deal.schedulerRatio());
        draft.reward(worker, share, task);
        draft.reward(deal.workerpool().owner(), price.minus(share), task);
    }

    /// The task failed: the sponsor is refunded, the pool's stake goes to the kitty. Who voted in good faith
    /// gets his stake back; who is known to have failed the task loses it, to the kitty too.
    static void fail(Draft draft, Deal deal, Task task) {
        draft.unlock(deal.sponsor(), deal.price());
        var forfeited = poolStake(deal);
        draft.seize(deal.workerpool().owner(), forfeited, task.id());
        for (var contribution : task.contributors()) {
            if (failed(task, contribution)) {
                draft.seize(contribution.worker(), deal.workerStake(), task.id());
                forfeited = forfeited.plus(deal.workerStake());
                blame(draft, contribution.worker(), task.id(), outvoted(task, contribution));
            } else {
                draft.unlock(contribution.worker(), deal.workerStake());
            }
        }
        draft.toKitty(forfeited, task.id());
    }

    /// Who won and did not reveal, and who was outvoted by a result that was revealed.
    private static boolean failed(Task task, Contribution contribution) {
        return switch (contribution.status()) {
            case PROVED -> false;
            case REJECTED -> true;
            case CONTRIBUTED ->
                task instanceof Task.Revealing revealing
                        && (revealing.reveals() > 0 || contribution.hash().equals(revealing.consensus()));
        };
    }

    private static boolean outvoted(Task task, Contribution contribution) {
        return task instanceof Task.Revealing revealing
                && revealing.reveals() > 0
                && !contribution.hash().equals(revealing.consensus());
    }

    /// The task was given back before anyone worked on it.
    static void undo(Draft draft, Deal deal) {
        draft.unlock(deal.sponsor(), deal.price());
        draft.unlock(deal.workerpool().owner(), poolStake(deal));
    }

    private static void praise(Draft draft, Address worker, TaskId task) {
        draft.scores = draft.scores.plus(worker, draft.score(worker) + 1);
        draft.say(new Event.Judged(task, worker, true), "AccurateContribution", worker, task);
    }

    /// A third of the score is lost, rounded up; all of it where he was outvoted in a task that was audited.
    private static void blame(Draft draft, Address worker, TaskId task, boolean outvoted) {
        var left = outvoted && draft.vote(task).audited() ? 0 : draft.score(worker) * 2 / 3;
        draft.scores = draft.scores.plus(worker, left);
        draft.say(new Event.Judged(task, worker, false), "FaultyContribution", worker, task);
    }

    private static int log2(long weight) {
        return 63 - Long.numberOfLeadingZeros(weight);
    }
}
