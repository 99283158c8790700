package bourse.classad.pool;

import bourse.classad.Calculation;
import bourse.classad.ClassAd;
import bourse.classad.ClassAdException;
import bourse.classad.Evaluator;
import bourse.classad.Expression;
import bourse.classad.Operator;
import bourse.classad.Scope;
import bourse.classad.Semantics;
import bourse.classad.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns an attribute of one side of a match into a [Formula] for a whole table.
///
/// Names become what they refer to: attributes of the task and policy are put in place, other attributes of the offers
/// are columns. What it does not understand it calls unknown, and also what could come near the evaluator's limits:
/// those are the walk's to enforce. So a formula is never asked where the walk might have given up.
final class Compiler {
    static final int MOST_NODES = 1_000;
    /// References to columns; each column may have to be made.
    private static final int MOST_CELLS = 256;
    /// Most steps that the walk takes for one node, of whatever kind.
    private static final int STEPS_A_NODE = 1_000;
    /// Most steps that it takes for a node that looks at no text, for one that compares short texts, for a cell, and
    /// for a function of short texts and short lists of them.
    private static final int STEPS = 2;
    private static final int STEPS_TO_COMPARE = Cells.LONGEST_TEXT / 32 + STEPS;
    private static final int STEPS_A_CELL = Cells.MOST_NODES + STEPS;
    private static final int STEPS_A_CALL = 2_000;
    /// Levels of a cell, and those around the first expression.
    private static final int SPARE_LEVELS = Cells.MOST_NODES + 16;

    private final Table<?> table;
    private final ClassAd task;
    private final Evaluator evaluator;
    /// Of expressions that make texts, or look for patterns.
    private final int mostNodes;
    private final long mostSteps;
    /// How many texts may be made, each of all that there is.
    private final int mostTexts;

    private final int deepest;
    private @Nullable Frame underway;
    private int nodes;
    private long steps;
    private boolean tooMuch;
    private int depth;
    private int texts;
    private int cells;
    private boolean patterns;

    private enum Side {
        TASK,
        OFFER
    }

    /// An attribute that is being put in place: to need it again is a cycle.
    private record Frame(
            Expression expression, Side side, @Nullable Frame outer) {}

    Compiler(Table<?> table, ClassAd task, Evaluator evaluator) {
        this.table = table;
        this.task = task;
        this.evaluator = evaluator;
        var limits = evaluator.limits();
        this.deepest = limits.depth() - SPARE_LEVELS;
        this.mostNodes = (int) Math.min(MOST_NODES, limits.steps() / STEPS_A_NODE);
        this.mostSteps = limits.steps();
        long longest = (long) Cells.LONGEST_TEXT * Math.max(1, mostNodes);
        this.mostTexts = (int) Math.min(limits.bytes() / longest, limits.steps() / longest);
    }

    /// An attribute of the task, which is undefined if it has none.
    Formula ofTask(String name) {
        start();
        var expression = task.get(name).orElse(null);
        return checked(expression == null ? Formula.UNDEFINED : attribute(expression, Side.TASK));
    }

    /// An attribute of the offers.
    Formula ofOffers(String name) {
        start();
        return checked(offerAttribute(name, false));
    }

    private void start() {
        nodes = 0;
        steps = 0;
        tooMuch = false;
        texts = 0;
        cells = 0;
        patterns = false;
    }

    /// Nothing is known of a part if the whole may be too much.
    private Formula checked(Formula formula) {
        return tooMuch || ((patterns || texts > 0) && nodes > mostNodes) ? Formula.UNKNOWN : formula;
    }

    /// One node more.
    private void count(int most) {
        nodes++;
        steps += most;
        tooMuch |= nodes > MOST_NODES || steps > mostSteps;
    }

    private static int steps(Expression expression) {
        return switch (expression) {
            case Expression.Binary _ -> STEPS_TO_COMPARE;
            case Expression.Call _ -> STEPS_A_CALL;
            default -> STEPS;
        };
    }

    private Formula expression(Expression expression, Side side) {
        count(steps(expression));
        tooMuch |= depth > deepest;
        if (tooMuch) {
            return Formula.UNKNOWN;
        }
        depth++;
        var formula = formula(expression, side);
        depth--;
        return formula;
    }

    private Formula formula(Expression expression, Side side) {
        return switch (expression) {
            // As the walk does it.
            case Expression.Literal(Value.RelativeTime(double seconds)) ->
                new Formula.Constant(new Value.Real(seconds));
            case Expression.Literal(Value value) ->
                Cells.isSmall(value) ? new Formula.Constant(value) : Formula.UNKNOWN;
            case Expression.Name(String name) -> unscoped(name, side);
            case Expression.Parenthesized(Expression inner) -> expression(inner, side);
            case Expression.Unary(Operator operator, Expression operand) ->
                Formula.unary(operator, expression(operand, side));
            case Expression.Binary(Operator operator, Expression left, Expression right) ->
                binary(operator, left, right, side);
            case Expression.Conditional(Expression condition, Expression then, Expression otherwise) ->
                Formula.choice(expression(condition, side), expression(then, side), expression(otherwise, side));
            case Expression.Selection(Expression.Name(String ad), String name) -> selection(ad, name, side);
            case Expression.Call(String function, List<Expression> arguments) -> call(function, arguments, side);
            case Expression.ListOf(List<Expression> elements) ->
                Cells.list(elements).<Formula>map(Formula.Constant::new).orElse(Formula.UNKNOWN);
            case Expression.Selection _, Expression.RootName _, Expression.AdOf _ -> Formula.UNKNOWN;
        };
    }

    private Formula binary(Operator operator, Expression left, Expression right, Side side) {
        if (operator == Operator.SUBSCRIPT) {
            return Formula.UNKNOWN;
        }
        var first = expression(left, side);
        // The walk does not look at the other side either.
        if (first instanceof Formula.Constant(Value value)) {
            if (operator == Operator.ELVIS) {
                return value instanceof Value.Undefined ? expression(right, side) : first;
            }
            var truth =
                    operator == Operator.AND || operator == Operator.OR ? Calculation.truth(value) : Value.UNDEFINED;
            if (truth instanceof Value.Failure || truth.equals(Value.of(operator == Operator.OR))) {
                return new Formula.Constant(truth);
            }
        }
        var second = expression(right, side);
        return operator == Operator.AND ? Formula.and(first, second) : Formula.binary(operator, first, second);
    }

    /// `MY.name` and `TARGET.name` never mean the other side.
    private Formula selection(String ad, String name, Side side) {
        return switch (Calculation.folded(ad)) {
            case "my" -> side == Side.TASK ? taskAttribute(name, false) : offerAttribute(name, false);
            case "target", "other" -> side == Side.TASK ? offerAttribute(name, false) : taskAttribute(name, false);
            default -> Formula.UNKNOWN;
        };
    }

    private Formula unscoped(String name, Side side) {
        boolean opposite = evaluator.semantics() == Semantics.OLD;
        return side == Side.TASK ? taskAttribute(name, opposite) : offerAttribute(name, opposite);
    }

    private Formula taskAttribute(String name, boolean elseOfOffers) {
        var expression = task.get(name).orElse(null);
        if (expression != null) {
            return attribute(expression, Side.TASK);
        }
        return missing(name).orElseGet(() -> elseOfOffers ? offerAttribute(name, false) : Formula.UNDEFINED);
    }

    private Formula offerAttribute(String name, boolean elseOfTask) {
        switch (table.source(name)) {
            case Source.Policy(Expression expression) -> {
                return attribute(expression, Side.OFFER);
            }
            case Column column -> {
                count(STEPS_A_CELL);
                tooMuch |= ++cells > MOST_CELLS;
                if (tooMuch) {
                    return Formula.UNKNOWN;
                }
                if (column.count(Tag.ABSENT) == 0) {
                    return new Formula.Cell(column, Formula.UNDEFINED);
                }
                var absent = missing(name).orElseGet(() -> elseOfTask ? taskAttribute(name, false) : Formula.UNDEFINED);
                if (column.count(Tag.ABSENT) == column.size()) {
                    return absent;
                }
                return Formula.isKnown(absent) ? new Formula.Cell(column, absent) : Formula.UNKNOWN;
            }
        }
    }

    /// What a name means that the ad does not have; empty if it means nothing.
    private Optional<Formula> missing(String name) {
        if (Names.isReserved(name)) {
            return Optional.of(Formula.UNKNOWN);
        } else if (evaluator.semantics() == Semantics.OLD && name.equalsIgnoreCase("CurrentTime")) {
            var now = evaluator.clock().instant().getEpochSecond();
            return Optional.of(new Formula.Constant(new Value.Int(now)));
        }
        return Optional.empty();
    }

    @SuppressWarnings("ReferenceEquality") // The walk looks for cycles by identity, too.
    private Formula attribute(Expression expression, Side side) {
        if (expression instanceof Expression.Literal) {
            return expression(expression, side);
        }
        for (var frame = underway; frame != null; frame = frame.outer) {
            if (frame.expression == expression && frame.side == side) {
                return Formula.UNDEFINED;
            }
        }
        var outer = underway;
        underway = new Frame(expression, side, outer);
        depth++;
        var formula = expression(expression, side);
        depth--;
        underway = outer;
        return formula;
    }

    private Formula call(String function, List<Expression> arguments, Side side) {
        var name = Calculation.folded(function);
        if ((name.equals("time") || name.equals("currenttime")) && arguments.isEmpty()) {
            return constant(new Expression.Call(function, List.of()));
        } else if (!Purity.isLasting(name)) {
            return Formula.UNKNOWN;
        } else if (name.equals("ifthenelse") && arguments.size() == 3) {
            return Formula.choice(
                    expression(arguments.get(0), side),
                    expression(arguments.get(1), side),
                    expression(arguments.get(2), side));
        } else if (name.equals("regexp")) {
            // What patterns may cost is counted for all of them together.
            tooMuch |= patterns;
            patterns = true;
        } else if (Purity.makesText(name)) {
            tooMuch |= ++texts > mostTexts;
        }
        var formulas = new ArrayList<Formula>(arguments.size());
        boolean constant = true;
        for (var argument : arguments) {
            var formula = expression(argument, side);
            if (!Formula.isKnown(formula)) {
                return Formula.UNKNOWN;
            }
            constant &= formula instanceof Formula.Constant;
            formulas.add(formula);
        }
        return constant
                ? constant(new Expression.Call(
                        function,
                        formulas.stream()
                                .<Expression>map(it -> new Expression.Literal(((Formula.Constant) it).value()))
                                .toList()))
                : new Formula.Apply(function, List.copyOf(formulas));
    }

    private Formula constant(Expression.Call call) {
        // A literal of this type means a number to the walk.
        if (call.arguments().stream()
                .anyMatch(it -> it instanceof Expression.Literal(var value) && value instanceof Value.RelativeTime)) {
            return Formula.UNKNOWN;
        }
        try {
            var value = evaluator.evaluate(call, Scope.NONE);
            return Cells.isSmall(value) ? new Formula.Constant(value) : Formula.UNKNOWN;
        } catch (ClassAdException.Exhausted e) {
            return Formula.UNKNOWN;
        }
    }
}
