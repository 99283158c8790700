package bourse.scheduler;

import bourse.classad.Budget;
import bourse.classad.ClassAd;
import bourse.classad.Evaluator;
import bourse.classad.Expression;
import bourse.classad.Form;
import bourse.classad.Match;
import bourse.classad.Printer;
import bourse.classad.Value;
import bourse.classad.pool.Explanation;
import bourse.classad.pool.Explanation.Change;
import bourse.classad.pool.Explanation.Choice;
import bourse.classad.pool.Matcher;
import bourse.protocol.PoolInfo.Suitability;
import bourse.protocol.PoolInfo.Suitability.Clause;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// What this scheduler's workers have told of their machines, to say why a task suits none. May be used by any thread.
final class Machines {
    /// Of more than so many, those are looked at that come to hand.
    private static final int MOST = 10_000;
    /// Of an explanation; what is evaluated after them is unknown.
    private static final long MOST_STEPS = 20_000_000;
    /// For how many more matches a change is looked for.
    private static final int MORE = 1;

    private final Evaluator evaluator;
    private final Supplier<Collection<ClassAd>> all;

    /// @param all what is heard of lately
    Machines(InstantSource clock, Supplier<Collection<ClassAd>> all) {
        this.evaluator = Ads.evaluator(clock);
        this.all = all;
    }

    /// Whether there are machines, and none of them would do.
    boolean noneSuits(ClassAd task) {
        var machines = all.get();
        var budget = Costly.budget(machines.size());
        return !machines.isEmpty()
                && machines.stream()
                        .limit(MOST)
                        .noneMatch(machine -> new Match(task, machine, evaluator, budget).matches());
    }

    /// @param hindrances what else keeps workers from it
    Suitability explain(ClassAd task, List<String> hindrances) {
        Matcher<Integer> matcher = Matcher.columnar(evaluator.within(Budget.of(MOST_STEPS)));
        all.get().stream().limit(MOST).forEach(machine -> matcher.put(matcher.size(), machine));
        var why = matcher.explain(task, MORE);
        return new Suitability(
                why.offers(),
                why.matches(),
                why.accepted(),
                why.accepting(),
                why.clauses().stream().map(Machines::clause).toList(),
                why.refusals().stream()
                        .map(refusal -> clause(
                                refusal.expression(), refusal.counts(), refusal.onlyObstacle(), List.of(), List.of()))
                        .toList(),
                hindrances);
    }

    private static Clause clause(Explanation.Clause clause) {
        return clause(
                clause.expression(),
                clause.alone(),
                clause.onlyObstacle(),
                clause.missing().stream().map(Explanation.Missing::attribute).toList(),
                clause.changes().stream().map(Machines::change).toList());
    }

    private static Clause clause(
            Expression expression,
            Explanation.Counts counts,
            int onlyObstacle,
            List<String> missing,
            List<String> changes) {
        return new Clause(
                Printer.print(expression, Form.NEW),
                counts.yes(),
                counts.no(),
                counts.undefined() + counts.error(),
                onlyObstacle,
                missing,
                changes);
    }

    private static String change(Change change) {
        return switch (change) {
            case Change.Bound bound ->
                "%s %s %s instead of %s matches %d more"
                        .formatted(
                                bound.attribute(),
                                bound.operator().sign(),
                                print(bound.instead()),
                                print(bound.now()),
                                bound.more());
            case Change.OneOf oneOf ->
                "%s is %s instead of %s"
                        .formatted(
                                oneOf.attribute(),
                                oneOf.choices().stream().map(Machines::choice).collect(Collectors.joining(", or ")),
                                print(oneOf.now()));
        };
    }

    private static String choice(Choice choice) {
        return "%s (matches %d more)".formatted(print(choice.value()), choice.more());
    }

    private static String print(Value value) {
        return Printer.print(value, Form.NEW);
    }
}
