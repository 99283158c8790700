package bourse.classad.pool;

import bourse.classad.ClassAd;
import bourse.classad.ClassAdException;
import bourse.classad.Evaluator;
import bourse.classad.Expression;
import bourse.classad.Match;
import bourse.classad.Operator;
import bourse.classad.Value;
import bourse.classad.pool.Explanation.Change;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds what else to compare an offer's attribute with.
final class Changes {
    private static final int MOST_CHOICES = 20;

    private final ClassAd task;
    private final Evaluator evaluator;
    private final int more;

    Changes(ClassAd task, Evaluator evaluator, int more) {
        this.task = task;
        this.evaluator = evaluator;
        this.more = more;
    }

    /// A clause that compares an attribute of offers with what the task alone decides.
    private record Comparison(String attribute, Expression reference, Operator operator, Expression bound) {}

    /// @param candidates pairs that match but for this clause
    List<Change> of(Expression clause, Stream<Match> candidates) {
        var comparison = comparison(clause);
        if (comparison == null) {
            return List.of();
        }
        var found = new ArrayList<Value>();
        candidates.forEach(pair -> found.add(value(comparison.reference, pair)));
        var now = value(comparison.bound, new Match(task, ClassAd.EMPTY, evaluator));
        return switch (comparison.operator) {
            case LESS, LESS_OR_EQUAL -> bound(comparison.attribute, Operator.LESS_OR_EQUAL, now, found);
            case GREATER, GREATER_OR_EQUAL -> bound(comparison.attribute, Operator.GREATER_OR_EQUAL, now, found);
            case EQUAL, IS -> oneOf(comparison.attribute, now, found);
            default -> List.of();
        };
    }

    private @Nullable Comparison comparison(Expression clause) {
        if (clause instanceof Expression.Parenthesized(Expression inner)) {
            return comparison(inner);
        }
        if (!(clause instanceof Expression.Binary(Operator operator, Expression left, Expression right))) {
            return null;
        }
        var semantics = evaluator.semantics();
        var ofLeft = Opposite.name(left, task, semantics);
        if (ofLeft.isPresent() && isOwn(right)) {
            return new Comparison(ofLeft.get(), left, operator, right);
        }
        var ofRight = Opposite.name(right, task, semantics);
        return ofRight.isPresent() && isOwn(left)
                ? new Comparison(ofRight.get(), right, Range.mirrored(operator), left)
                : null;
    }

    private boolean isOwn(Expression expression) {
        var names = new HashSet<String>();
        return Opposite.names(expression, task, evaluator.semantics(), names) && names.isEmpty();
    }

    /// The value nearest to the bound that lets enough through, or as many as there are.
    private List<Change> bound(String attribute, Operator operator, Value now, List<Value> found) {
        double from = real(now);
        ToDoubleFunction<Value> distance =
                value -> operator == Operator.LESS_OR_EQUAL ? real(value) - from : from - real(value);
        var near = found.stream()
                .filter(value -> distance.applyAsDouble(value) >= 0)
                .sorted(Comparator.comparingDouble(distance))
                .toList();
        if (near.isEmpty()) {
            return List.of();
        }
        var instead = near.get(Math.min(Math.max(more, 1), near.size()) - 1);
        double limit = distance.applyAsDouble(instead);
        int admitted = (int) near.stream()
                .filter(value -> distance.applyAsDouble(value) <= limit)
                .count();
        return List.of(new Change.Bound(attribute, operator, now, instead, admitted));
    }

    /// NaN, which is far from everything, for what is no number.
    private static double real(Value value) {
        return switch (value) {
            case Value.Int(long number) -> number;
            case Value.Real(double number) -> number;
            default -> Double.NaN;
        };
    }

    private static List<Change> oneOf(String attribute, Value now, List<Value> found) {
        var counts = new LinkedHashMap<Value, Integer>();
        for (var value : found) {
            if (value instanceof Value.Text
                    || value instanceof Value.Int
                    || value instanceof Value.Real
                    || value instanceof Value.Bool) {
                counts.merge(value, 1, Integer::sum);
            }
        }
        var choices = counts.entrySet().stream()
                .map(it -> new Explanation.Choice(it.getKey(), it.getValue()))
                .sorted(Comparator.comparingInt(it -> -it.more()))
                .limit(MOST_CHOICES)
                .toList();
        return choices.isEmpty() ? List.of() : List.of(new Change.OneOf(attribute, now, choices));
    }

    private Value value(Expression expression, Match pair) {
        try {
            return evaluator.evaluate(expression, pair.left());
        } catch (ClassAdException.Exhausted e) {
            return Value.ERROR;
        }
    }
}
