package bourse.classad.pool;

import bourse.classad.Calculation;
import bourse.classad.ClassAdException;
import bourse.classad.Evaluator;
import bourse.classad.Expression;
import bourse.classad.Operator;
import bourse.classad.Scope;
import bourse.classad.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Evaluates formulas for many rows at once: one loop for each operator, over plain numbers where all rows have such.
final class Vectors {
    private final Evaluator evaluator;
    private final Deque<Vector> idle = new ArrayDeque<>();

    /// The formula cannot tell after all, and the walk has to.
    static final class Unclear extends RuntimeException {
        private Unclear() {
            super("Only the walk can tell", null, false, false);
        }
    }

    Vectors(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    Vector take() {
        var vector = idle.poll();
        return vector == null ? new Vector() : vector;
    }

    void give(Vector vector) {
        idle.push(vector);
    }

    /// @param rows those of a table, from `from` on
    /// @param count of the rows, up to [Vector#SIZE]
    /// @throws Unclear if only the walk can tell
    void evaluate(Formula formula, int[] rows, int from, int count, Vector out) {
        switch (formula) {
            case Formula.Constant(Value value) -> out.fill(value, count);
            case Formula.Cell cell -> cell(cell, rows, from, count, out);
            case Formula.Unary(Operator operator, Formula operand) -> {
                evaluate(operand, rows, from, count, out);
                unary(operator, count, out);
            }
            case Formula.Binary(Operator operator, Formula left, Formula right) -> {
                var other = take();
                evaluate(left, rows, from, count, out);
                evaluate(right, rows, from, count, other);
                binary(operator, count, out, other);
                give(other);
            }
            case Formula.And(Formula left, Formula right, var _) -> {
                var other = take();
                evaluate(left, rows, from, count, out);
                evaluate(right, rows, from, count, other);
                logic(false, count, out, other);
                give(other);
            }
            case Formula.Choice(Formula condition, Formula then, Formula otherwise) -> {
                var yes = take();
                var no = take();
                evaluate(condition, rows, from, count, out);
                evaluate(then, rows, from, count, yes);
                evaluate(otherwise, rows, from, count, no);
                choice(count, out, yes, no);
                give(yes);
                give(no);
            }
            case Formula.Apply(String function, List<Formula> arguments) ->
                apply(function, arguments, rows, from, count, out);
            case Formula.Unknown _ -> throw new Unclear();
        }
    }

    private void cell(Formula.Cell cell, int[] rows, int from, int count, Vector out) {
        var column = cell.column();
        var data = column.data();
        for (int i = 0; i < count; i++) {
            out.data[i] = data[rows[from + i]];
        }
        out.tag = column.uniform();
        if (out.tag != Tag.OPAQUE && out.tag != Tag.VALUE && out.tag != Tag.ABSENT) {
            return;
        }
        out.tag = Tag.OPAQUE;
        var tags = column.tags();
        boolean absent = false;
        for (int i = 0; i < count; i++) {
            byte tag = tags[rows[from + i]];
            if (tag == Tag.VALUE) {
                out.values()[i] = column.dictionary().value(out.data[i]);
            } else if (tag == Tag.ABSENT) {
                absent = true;
            } else if (tag == Tag.OPAQUE) {
                // Whatever it is here, the walk will look at the row.
                tag = Tag.UNDEFINED;
            }
            out.tags[i] = tag;
        }
        if (absent && !cell.absent().equals(Formula.UNDEFINED)) {
            var other = take();
            evaluate(cell.absent(), rows, from, count, other);
            for (int i = 0; i < count; i++) {
                if (out.tags[i] == Tag.ABSENT) {
                    out.copy(i, other);
                }
            }
            give(other);
        }
    }

    private static void unary(Operator operator, int count, Vector out) {
        if (operator == Operator.NOT && out.tag == Tag.BOOL) {
            for (int i = 0; i < count; i++) {
                out.data[i] ^= 1;
            }
            return;
        } else if (operator == Operator.MINUS && out.tag == Tag.INT) {
            for (int i = 0; i < count; i++) {
                out.data[i] = -out.data[i];
            }
            return;
        }
        out.differ(count);
        for (int i = 0; i < count; i++) {
            out.set(i, Calculation.unary(operator, out.value(i)));
        }
    }

    private static void binary(Operator operator, int count, Vector left, Vector right) {
        if (operator == Operator.OR) {
            logic(true, count, left, right);
        } else if (operator == Operator.ELVIS) {
            elvis(count, left, right);
        } else if (left.tag == Tag.INT && right.tag == Tag.INT && Loops.ofIntegers(operator, count, left, right)) {
            return;
        } else if (Tag.isNumber(left.tag)
                && Tag.isNumber(right.tag)
                && (left.tag == Tag.REAL || right.tag == Tag.REAL)
                && Loops.ofReals(operator, count, left, right)) {
            return;
        } else {
            left.differ(count);
            for (int i = 0; i < count; i++) {
                if (left.tags[i] != Tag.INT
                        || right.tag(i) != Tag.INT
                        || !Loops.ofIntegers(operator, i, left, right.data[i])) {
                    left.set(i, Calculation.binary(operator, left.value(i), right.value(i)));
                }
            }
        }
    }

    private static void elvis(int count, Vector left, Vector right) {
        left.differ(count);
        for (int i = 0; i < count; i++) {
            if (left.tags[i] == Tag.UNDEFINED || left.tags[i] == Tag.ABSENT) {
                left.copy(i, right);
            }
        }
    }

    /// `&&`, or `||`, which is the same with true and false swapped.
    private static void logic(boolean or, int count, Vector left, Vector right) {
        int decides = or ? 1 : 0;
        if (left.tag == Tag.BOOL && right.tag == Tag.BOOL) {
            for (int i = 0; i < count; i++) {
                left.data[i] = or ? left.data[i] | right.data[i] : left.data[i] & right.data[i];
            }
            return;
        }
        left.differ(count);
        for (int i = 0; i < count; i++) {
            int first = left.truth(i);
            int second = right.truth(i);
            int result = first == decides || first == -Tag.ERROR
                    ? first
                    : first >= 0 || second == decides || second == -Tag.ERROR ? second : first;
            left.tags[i] = result >= 0 ? Tag.BOOL : (byte) -result;
            left.data[i] = Math.max(result, 0);
        }
    }

    private static void choice(int count, Vector condition, Vector then, Vector otherwise) {
        condition.differ(count);
        for (int i = 0; i < count; i++) {
            int truth = condition.truth(i);
            if (truth >= 0) {
                condition.copy(i, truth > 0 ? then : otherwise);
            } else {
                condition.tags[i] = (byte) -truth;
            }
        }
    }

    private void apply(String function, List<Formula> arguments, int[] rows, int from, int count, Vector out) {
        var vectors = new ArrayList<Vector>(arguments.size());
        for (var argument : arguments) {
            var vector = take();
            evaluate(argument, rows, from, count, vector);
            vectors.add(vector);
        }
        out.tag = Tag.OPAQUE;
        for (int i = 0; i < count; i++) {
            var literals = new ArrayList<Expression>(vectors.size());
            for (var vector : vectors) {
                var value = vector.value(i);
                if (value instanceof Value.RelativeTime) {
                    // As a literal it would count as a number.
                    throw new Unclear();
                }
                literals.add(new Expression.Literal(value));
            }
            try {
                out.set(i, evaluator.evaluate(new Expression.Call(function, literals), Scope.NONE));
            } catch (ClassAdException.Exhausted e) {
                throw new Unclear();
            }
        }
        vectors.forEach(this::give);
    }
}
