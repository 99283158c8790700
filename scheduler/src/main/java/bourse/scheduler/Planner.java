package bourse.scheduler;

import bourse.protocol.Address;
import bourse.protocol.Chain.Index;
import bourse.protocol.Contribution;
import bourse.protocol.Deal;
import bourse.protocol.Pool;
import bourse.protocol.Task;
import bourse.protocol.Voting;
import bourse.scheduler.View.Candidate;
import bourse.scheduler.View.Open;
import bourse.scheduler.trust.Gate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What should the pool do next?
///
/// [#plan] is a pure function of one [View]: no clock, no network, no memory of the last call. Ask twice and it
/// answers the same; lose an answer and the next call repeats it. So a restart, a missed event and a dead
/// worker need no code of their own.
final class Planner {
    /// So many workers must blame the program before the task is given back: one alone may be wrong, or lie.
    static final int WITNESSES = 2;

    /// So many must have looked in vain for a program or its inputs, which one alone may fail to reach.
    static final int SEARCHERS = 3;

    /// How long a worker that failed by his own fault is left alone with a task.
    static final Duration PAUSE = Duration.ofSeconds(30);

    static final Comparator<Open> MOST_URGENT = Comparator.comparing(
                    (Open open) -> open.deal().contributionDeadline())
            .thenComparing(open -> open.deal().id().value().hex())
            .thenComparingLong(open -> open.task().index());

    private Planner() {}

    /// The next actions, for the most urgent task first. Empty: there is nothing to do but wait.
    static List<Action> plan(View view) {
        var idle = Idle.of(Ads.evaluator(view::clock), view.idle());
        var actions = new ArrayList<Action>();
        for (var open : view.tasks().stream().sorted(MOST_URGENT).toList()) {
            actions.addAll(next(open, idle, view));
        }
        return List.copyOf(actions);
    }

    /// What to do about one task. Takes from `idle` the workers that it assigns, so that none is given more tasks
    /// than he can take.
    static List<? extends Action> next(Open open, Idle idle, View view) {
        return next(open, idle, view, Integer.MAX_VALUE, Say.YES);
    }

    /// The last word on who is asked, of those whom the planner would ask.
    interface Say {
        Say YES = new Say() {
            @Override
            public boolean isOver() {
                return false;
            }

            @Override
            public boolean agrees(Candidate candidate) {
                return true;
            }
        };

        /// Whether nobody else is to be asked.
        boolean isOver();

        boolean agrees(Candidate candidate);
    }

    /// @param most how many workers may be asked
    static List<? extends Action> next(Open open, Idle idle, View view, int most, Say say) {
        var deal = open.deal();
        boolean late = !view.now().isBefore(deal.finalDeadline());
        return switch (open.task()) {
            // A task must be active before it can be claimed, so this is the way to the refund, too.
            case Task.Unset task
            when late || view.now().isBefore(deal.contributionDeadline()) ->
                List.of(new Action.Initialize(new Index(deal.id(), task.index())));
            case Task.Active task when late -> List.of(new Action.Claim(task.id()));
            case Task.Active task
            when task.contributions().isEmpty() && open.ad().isEmpty() -> List.of(new Action.Decline(task.id()));
            case Task.Active task
            when view.now().isBefore(deal.contributionDeadline()) && programIsToBlame(open, task, view) ->
                List.of(new Action.Decline(task.id()));
            case Task.Active _
            when view.now().isBefore(deal.contributionDeadline()) -> recruit(open, idle, view, most, say);
            case Task.Revealing task when late -> List.of(new Action.Claim(task.id()));
            case Task.AuditDue task when late -> List.of(new Action.Claim(task.id()));
            case Task.AuditDue task
            when view.now().isBefore(task.revealDeadline()) -> List.of(new Action.Audit(task.id()));
            case Task.AuditDue task -> List.of(new Action.Reopen(task.id()));
            case Task.Revealing task when isClosed(task, view) -> pay(open);
            case Task.Revealing task
            when task.reveals() == 0 && !view.now().isBefore(task.revealDeadline()) ->
                List.of(new Action.Reopen(task.id()));
            // Out of time, waiting for a reveal or a result, or done: somebody else moves next.
            case Task.Unset _, Task.Active _, Task.Revealing _, Task.Completed _, Task.Failed _ -> List.of();
        };
    }

    private static List<Action.Assign> recruit(Open open, Idle idle, View view, int most, Say say) {
        if (idle.isEmpty() || open.ad().isEmpty()) {
            return List.of();
        }
        var voting = voting(open);
        var pending = new ArrayList<>(open.pending());
        var asked = new ArrayList<>(open.asked());
        var assigned = new ArrayList<Action.Assign>();
        idle.offer(open.ad().get(), new Idle.Taker() {
            @Override
            public boolean isDone() {
                return assigned.size() >= most || say.isOver() || !needsMore(voting, pending);
            }

            @Override
            public boolean takes(Candidate candidate) {
                if (!mayTry(candidate, open, view) || !isTrusted(candidate, open, asked, view)) {
                    return false;
                }
                if (!say.agrees(candidate)) {
                    return false;
                }
                pending.add(candidate.weight());
                asked.add(new Gate.Asked(candidate.worker(), candidate.weight()));
                return assigned.add(new Action.Assign(open.task().id(), candidate.worker()));
            }
        });
        return assigned;
    }

    /// With nobody left at it one more is asked in any case: the contracts count when a vote comes in, so a group
    /// that convinces only since others were rejected, or a lone one since its audit, wins with the next.
    private static boolean needsMore(Voting voting, List<Long> pending) {
        return pending.isEmpty() || voting.needsMore(pending);
    }

    /// Whether a worker that comes now could be asked to work on it.
    static boolean wantsWorkers(Open open, View view) {
        return open.task() instanceof Task.Active task
                && view.now().isBefore(open.deal().contributionDeadline())
                && !programIsToBlame(open, task, view)
                && needsMore(voting(open), open.pending());
    }

    /// The next of the chain's times at which something else is to be done about it.
    static Optional<Instant> nextDeadline(Open open, View view) {
        var reveal = switch (open.task()) {
            case Task.Revealing task -> Stream.of(task.revealDeadline());
            case Task.AuditDue task -> Stream.of(task.revealDeadline());
            case Task.Unset _, Task.Active _, Task.Completed _, Task.Failed _ -> Stream.<Instant>empty();
        };
        return Stream.concat(
                        reveal,
                        Stream.of(
                                open.deal().contributionDeadline(), open.deal().finalDeadline()))
                .filter(deadline -> deadline.isAfter(view.now()))
                .min(Comparator.naturalOrder());
    }

    /// The next time of the pool's own clock at which a lease or a pause ends.
    static Optional<Instant> nextPause(Open open, View view) {
        return open.replicates().stream()
                .filter(Replicate.GaveUp.class::isInstance)
                .map(replicate -> ((Replicate.GaveUp) replicate).since().plus(PAUSE))
                .filter(end -> !end.isBefore(view.clock()))
                // A pause is over only when its end is past.
                .map(end -> end.plusMillis(1))
                .min(Comparator.naturalOrder());
    }

    /// Whether nothing that he may say could make the chain decide before the pool is sure.
    private static boolean isTrusted(Candidate candidate, Open open, List<Gate.Asked> asked, View view) {
        return view.gate()
                .lets(
                        new Gate.Asked(candidate.worker(), candidate.weight()),
                        open.deal().app().asset(),
                        open.deal().trust(),
                        open.task().contributors(),
                        asked);
    }

    static Voting voting(Open open) {
        return new Voting(open.deal().trust(), open.task().contributors());
    }

    /// The chain takes one vote a worker. Who was lost may come back; who failed by his own fault may try again
    /// later.
    private static boolean mayTry(Candidate candidate, Open open, View view) {
        return !open.hasContributed(candidate.worker())
                && !view.shunned().test(candidate.worker(), open.deal().app().asset())
                && open.replicates().stream()
                        .filter(replicate -> replicate.worker().equals(candidate.worker()))
                        .allMatch(replicate -> switch (replicate) {
                            case Replicate.Lost _ -> true;
                            case Replicate.GaveUp gaveUp ->
                                gaveUp.cause().fault() != Pool.Fault.PROGRAM
                                        && gaveUp.since().plus(PAUSE).isBefore(view.clock());
                            case Replicate.Working _, Replicate.Delivered _ -> false;
                        });
    }

    /// Nobody could run it or fetch what it needs, enough have tried, and no vote would be lost.
    private static boolean programIsToBlame(Open open, Task.Active task, View view) {
        return task.contributions().isEmpty()
                && open.pending().isEmpty()
                && (sayMany(open, view, WITNESSES, Planner::blamesProgram)
                        || sayMany(open, view, SEARCHERS, cause -> blamesProgram(cause) || isMissing(cause)));
    }

    private static boolean sayMany(Open open, View view, int many, Predicate<Pool.Cause> what) {
        long witnesses = open.replicates().stream()
                .filter(replicate -> replicate instanceof Replicate.GaveUp gaveUp && what.test(gaveUp.cause()))
                .count();
        return witnesses > 0 && witnesses >= Math.min(many, view.members().size());
    }

    private static boolean blamesProgram(Pool.Cause cause) {
        return cause.fault() == Pool.Fault.PROGRAM;
    }

    private static boolean isMissing(Pool.Cause cause) {
        return cause == Pool.Cause.APP_UNREACHABLE || cause == Pool.Cause.INPUT_UNREACHABLE;
    }

    private static boolean isClosed(Task.Revealing task, View view) {
        boolean windowIsOver = !view.now().isBefore(task.revealDeadline());
        return task.everyWinnerRevealed() || (windowIsOver && task.reveals() > 0);
    }

    /// As soon as somebody has delivered the result. Who delivered another one, before the chain took blocks back, has
    /// not revealed this one.
    private static List<Action.Finalize> pay(Open open) {
        return open.replicates().stream()
                .filter(Replicate.Delivered.class::isInstance)
                .map(Replicate.Delivered.class::cast)
                .filter(delivered -> open.hasRevealed(delivered.worker()))
                .map(delivered -> new Action.Finalize(open.task().id(), delivered.link(), delivered.callbackData()))
                .limit(1)
                .toList();
    }

    /// Whether nothing will happen before the refund, unless new workers come: nobody is at it, and everyone
    /// has voted or found that it can not run.
    static boolean exhausted(Open open, View view) {
        return open.task() instanceof Task.Active
                && open.pending().isEmpty()
                && !view.members().isEmpty()
                && view.members().stream().noneMatch(worker -> couldTry(worker, open));
    }

    private static boolean couldTry(Address worker, Open open) {
        return !open.hasContributed(worker)
                && open.replicates().stream()
                        .noneMatch(replicate -> replicate.worker().equals(worker)
                                && replicate instanceof Replicate.GaveUp gaveUp
                                && gaveUp.cause().fault() == Pool.Fault.PROGRAM);
    }

    /// A sentence for people: what a task waits for.
    static String explain(Open open, View view) {
        var deal = open.deal();
        return switch (open.task()) {
            case Task.Unset _ -> "waits to be initialized";
            case Task.Active _
            when !view.now().isBefore(deal.contributionDeadline()) ->
                "no consensus in time; it is refunded after " + deal.finalDeadline();
            case Task.Active task -> explainVote(open, task, view);
            case Task.Revealing task when task.everyWinnerRevealed() -> "waits for its result to be delivered";
            case Task.Revealing task ->
                "%d of %d winners have revealed; the others have until %s"
                        .formatted(task.reveals(), task.winners(), task.revealDeadline());
            case Task.AuditDue _ ->
                "its result, which one worker gave alone, was drawn to be checked; it waits to be opened to others";
            case Task.Completed _ -> "paid";
            case Task.Failed _ -> "refunded";
        };
    }

    private static String explainVote(Open open, Task.Active task, View view) {
        var deal = open.deal();
        var voting = voting(open);
        int missing = voting.missing(open.pending(), Voting.weight(0));
        var votes = "%s%d votes, %d workers at it"
                .formatted(
                        isBeingChecked(task) ? "a result that one worker gave alone is being checked by others: " : "",
                        task.contributions().size(),
                        open.pending().size());
        if (missing == 0 && !open.pending().isEmpty()) {
            return votes;
        }
        var tried = exhausted(open, view) ? ", and every worker of the pool has tried" : "";
        if (missing == 0) {
            return votes + "; one more must vote" + tried;
        }
        return "%s; credibility %.4f of %.4f: %d more new workers must agree%s"
                .formatted(votes, voting.credibility(), needed(deal), missing, tried);
    }

    private static boolean isBeingChecked(Task.Active task) {
        return task.contributions().stream()
                .anyMatch(vote -> vote.audited() && vote.status() == Contribution.Status.CONTRIBUTED);
    }

    private static double needed(Deal deal) {
        return 1 - 1.0 / Math.max(1, deal.trust());
    }
}
