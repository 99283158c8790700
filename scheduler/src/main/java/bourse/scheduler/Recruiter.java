package bourse.scheduler;

import bourse.classad.Evaluator;
import bourse.protocol.Address;
import bourse.protocol.TaskId;
import bourse.scheduler.Board.Spot;
import bourse.scheduler.View.Candidate;
import bourse.scheduler.View.Open;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Finds workers for the tasks that want some, in turns ([Waiting]), once.
///
/// Every task is shown to those who have just sat down. Tasks that have changed, and those of requesters who were held
/// back by their quota, are shown to everybody; the others were shown to him before, in vain.
final class Recruiter {
    private final Evaluator evaluator;
    private final Preference preference;
    private final Board board;
    private final int quota;
    private final Idle idle;
    private final Idle newcomers;
    private final Function<Open, View> views;
    private final Instant chainTime;
    private final Instant now;

    private final Set<Address> heldBack;
    private final List<Action.Assign> assigned = new ArrayList<>();
    private final Set<TaskId> served = new HashSet<>();
    private final Map<Address, Integer> begun = new HashMap<>();
    private final Map<Address, Double> taken = new HashMap<>();

    /// @param quota of each requester; 0 for none
    /// @param newcomers those of the idle who have just sat down
    /// @param heldBack requesters who might have had more but for their quota; it is brought up to date
    Recruiter(
            Evaluator evaluator,
            Board board,
            int quota,
            Idle idle,
            Idle newcomers,
            Set<Address> heldBack,
            Function<Open, View> views,
            Instant chainTime,
            Instant now) {
        this.evaluator = evaluator;
        this.preference = new Preference(evaluator);
        this.board = board;
        this.quota = quota;
        this.idle = idle;
        this.newcomers = newcomers;
        this.heldBack = heldBack;
        this.views = views;
        this.chainTime = chainTime;
        this.now = now;
    }

    List<Action.Assign> recruit(Collection<TaskId> changed) {
        var relieved =
                heldBack.stream().filter(requester -> room(requester) > 0).toList();
        relieved.forEach(heldBack::remove);
        var unseen = new HashSet<>(changed);
        along(board.waiting(), newcomers, spot -> unseen.remove(spot.id()) ? idle : newcomers);
        if (!idle.isEmpty()) {
            along(board.waiting(unseen), idle, _ -> idle);
        }
        relieved.forEach(this::showEverybody);
        return assigned;
    }

    /// @param whom while there are some
    private void along(Waiting waiting, Idle whom, Function<Spot, Idle> candidates) {
        var turns = waiting.turns(chainTime, now, taken);
        while (!whom.isEmpty()) {
            var spot = turns.next();
            if (spot.isEmpty()) {
                break;
            }
            var requester = spot.get().requester();
            if (room(requester) > 0 && !served.contains(spot.get().id())) {
                double cost = ask(spot.get(), candidates.apply(spot.get()));
                if (cost > 0) {
                    turns.took(cost);
                }
                if (cost > 0 && !served.contains(spot.get().id())) {
                    turns.again();
                }
            }
            if (room(requester) == 0) {
                heldBack.add(requester);
                turns.leave();
            }
        }
    }

    private void showEverybody(Address requester) {
        for (var spot : board.waiting().of(requester)) {
            if (idle.isEmpty() || room(requester) == 0) {
                break;
            }
            if (!served.contains(spot.id())) {
                ask(spot, idle);
            }
        }
        if (room(requester) == 0) {
            heldBack.add(requester);
        }
    }

    private int room(Address requester) {
        return quota == 0
                ? Integer.MAX_VALUE
                : Math.max(0, quota - board.running(requester) - begun.getOrDefault(requester, 0));
    }

    /// @return what this takes of the pool, in core-seconds
    private double ask(Spot spot, Idle candidates) {
        var asking = new Asking(spot);
        var open = spot.at(now);
        for (var action : Planner.next(open, candidates, views.apply(open), room(spot.requester()), asking)) {
            if (action instanceof Action.Assign assign) {
                other(candidates).give(assign.worker(), open.ad().orElseThrow());
                asking.cost += gives(spot, assign);
            }
        }
        return asking.cost;
    }

    private Idle other(Idle candidates) {
        return candidates.equals(idle) ? newcomers : idle;
    }

    private double gives(Spot spot, Action.Assign assign) {
        assigned.add(assign);
        served.add(spot.id());
        begun.merge(spot.requester(), 1, Integer::sum);
        return spot.cost();
    }

    /// A task looks for workers, and each of them may like another task of the same requester better: he is given that
    /// one, and this one has its turn once more. What is due is not put off.
    private final class Asking implements Planner.Say {
        private final Spot spot;
        private final boolean isDue;
        private double cost;
        private boolean over;

        Asking(Spot spot) {
            this.spot = spot;
            this.isDue = Waiting.isDue(spot, chainTime);
        }

        @Override
        public boolean isOver() {
            return over;
        }

        @Override
        public boolean agrees(Candidate candidate) {
            if (isDue || !Preference.has(candidate.ad())) {
                return true;
            }
            for (var better : preference.better(spot, alike(), candidate)) {
                var open = better.at(now);
                var him = Idle.of(evaluator, List.of(candidate));
                for (var action : Planner.next(open, him, views.apply(open), 1, Planner.Say.YES)) {
                    if (action instanceof Action.Assign assign) {
                        idle.give(assign.worker(), open.ad().orElseThrow());
                        newcomers.give(assign.worker(), open.ad().orElseThrow());
                        cost += gives(better, assign);
                        over = true;
                        return false;
                    }
                }
            }
            return true;
        }

        private List<Spot> alike() {
            return board.waiting()
                    .ofEachDeal(spot.requester(), chainTime, other -> !served.contains(other.id()), Preference.MOST);
        }
    }
}
