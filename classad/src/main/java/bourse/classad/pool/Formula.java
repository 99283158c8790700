package bourse.classad.pool;

import bourse.classad.Calculation;
import bourse.classad.Operator;
import bourse.classad.Value;
import java.util.List;

/// What is left of an expression when the task and the policy of a table are known: columns and constants.
///
/// Nothing in it has an effect and nothing can fail, so that all operands may be evaluated whether or not the walk
/// would ask for them.
sealed interface Formula {
    Formula UNDEFINED = new Constant(Value.UNDEFINED);
    Formula UNKNOWN = new Unknown();

    record Constant(Value value) implements Formula {}

    /// @param absent what it is in rows whose ad has no such attribute
    record Cell(Column column, Formula absent) implements Formula {}

    record Unary(Operator operator, Formula operand) implements Formula {}

    /// Strict, [Operator#OR] or [Operator#ELVIS].
    record Binary(Operator operator, Formula left, Formula right) implements Formula {}

    /// Its sides may be unknown: at the top it is two clauses.
    record And(Formula left, Formula right, boolean known) implements Formula {}

    record Choice(Formula condition, Formula then, Formula otherwise) implements Formula {}

    record Apply(String function, List<Formula> arguments) implements Formula {}

    /// Only the walk can tell.
    record Unknown() implements Formula {}

    static boolean isKnown(Formula formula) {
        return switch (formula) {
            case Unknown _ -> false;
            case And(var _, var _, boolean known) -> known;
            case Constant _, Cell _, Unary _, Binary _, Choice _, Apply _ -> true;
        };
    }

    static Formula unary(Operator operator, Formula operand) {
        return switch (operand) {
            case Constant(Value value) -> new Constant(Calculation.unary(operator, value));
            default -> isKnown(operand) ? new Unary(operator, operand) : UNKNOWN;
        };
    }

    static Formula and(Formula left, Formula right) {
        return left instanceof Constant(Value a) && right instanceof Constant(Value b)
                ? new Constant(Calculation.and(a, b))
                : new And(left, right, isKnown(left) && isKnown(right));
    }

    static Formula binary(Operator operator, Formula left, Formula right) {
        if (!isKnown(left) || !isKnown(right)) {
            return UNKNOWN;
        }
        return left instanceof Constant(Value a) && right instanceof Constant(Value b)
                ? new Constant(
                        switch (operator) {
                            case OR -> Calculation.or(a, b);
                            case ELVIS -> a instanceof Value.Undefined ? b : a;
                            default -> Calculation.binary(operator, a, b);
                        })
                : new Binary(operator, left, right);
    }

    static Formula choice(Formula condition, Formula then, Formula otherwise) {
        if (condition instanceof Constant(Value value)) {
            var truth = Calculation.truth(value);
            return truth instanceof Value.Bool(boolean holds) ? holds ? then : otherwise : new Constant(truth);
        }
        return isKnown(condition) && isKnown(then) && isKnown(otherwise)
                ? new Choice(condition, then, otherwise)
                : UNKNOWN;
    }
}
