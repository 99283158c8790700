package bourse.classad.pool;

import bourse.classad.ClassAdException;
import bourse.classad.Evaluator;
import bourse.classad.Expression;
import bourse.classad.Scope;
import bourse.classad.Value;
import java.util.List;
import java.util.Optional;

/// Tells attributes that are values from those that are policy.
///
/// A value is written out (`8`, `{ "a", "b" }`) or follows from nothing else (`2 * 1024`). An ad, or a list with
/// names in it, is neither: such a cell is left to the walk, and so is a text that is too long to be counted as one
/// step.
final class Cells {
    static final int LONGEST_TEXT = 1024;
    static final int MOST_NODES = 32;

    private final Evaluator evaluator;

    Cells(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    /// Empty for what only the walk understands, and for policy.
    Optional<Value> value(Expression expression) {
        return switch (expression) {
            case Expression.Literal(Value.RelativeTime(double seconds)) -> Optional.of(new Value.Real(seconds));
            case Expression.Literal(Value value) -> isSmall(value) ? Optional.of(value) : Optional.empty();
            case Expression.ListOf(List<Expression> elements) -> list(elements);
            default -> nodes(expression) <= MOST_NODES ? constant(expression) : Optional.empty();
        };
    }

    /// Whether it is an expression, of a size that can be compiled.
    boolean isPolicy(Expression expression) {
        return !(expression instanceof Expression.Literal)
                && !(expression instanceof Expression.ListOf)
                && !(expression instanceof Expression.AdOf)
                && value(expression).isEmpty()
                && Names.isSmall(expression, Compiler.MOST_NODES);
    }

    static boolean isSmall(Value value) {
        return switch (value) {
            case Value.Text(String bytes) -> bytes.length() <= LONGEST_TEXT;
            case Value.Ad _, Value.Sequence _ -> false;
            default -> true;
        };
    }

    /// A list of values.
    static Optional<Value> list(List<Expression> elements) {
        if (elements.size() > MOST_NODES) {
            return Optional.empty();
        }
        for (var element : elements) {
            if (!(element instanceof Expression.Literal(Value value))
                    || !isSmall(value)
                    || value instanceof Value.RelativeTime) {
                return Optional.empty();
            }
        }
        return Optional.of(new Value.Sequence(elements, Scope.NONE));
    }

    private Optional<Value> constant(Expression expression) {
        try {
            return Optional.of(evaluator.evaluate(expression, Scope.NONE)).filter(Cells::isSmall);
        } catch (ClassAdException.Exhausted e) {
            return Optional.empty();
        }
    }

    /// How many nodes it has, or more than [#MOST_NODES] if one of them may mean something else elsewhere, or is a
    /// text, which takes the walk many steps to compare.
    private static int nodes(Expression expression) {
        return switch (expression) {
            case Expression.Literal(Value value) ->
                isSmall(value) && !(value instanceof Value.Text) ? 1 : MOST_NODES + 1;
            case Expression.Parenthesized(Expression inner) -> 1 + nodes(inner);
            case Expression.Unary(var _, Expression operand) -> 1 + nodes(operand);
            case Expression.Binary(var _, Expression left, Expression right) ->
                Math.min(MOST_NODES, nodes(left)) + nodes(right) + 1;
            case Expression.Conditional _,
                    Expression.Call _,
                    Expression.Name _,
                    Expression.RootName _,
                    Expression.Selection _,
                    Expression.ListOf _,
                    Expression.AdOf _ -> MOST_NODES + 1;
        };
    }
}
