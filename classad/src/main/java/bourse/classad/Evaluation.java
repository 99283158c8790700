package bourse.classad;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One call of an [Evaluator]: the walk, and what is left of its limits.
final class Evaluation {
    private static final int BYTES_A_STEP = 32;
    private static final int BYTES_AN_ELEMENT = 32;
    private static final int PATTERN_STEPS_A_STEP = 8;

    private final Evaluator evaluator;
    private final Scope root;
    private int depth;
    private long steps;
    private long bytes;
    private long patternSteps;
    private @Nullable Frame underway;

    /// An attribute that is being evaluated: to need it again is a cycle.
    private record Frame(
            Expression expression, Scope scope, @Nullable Frame outer) {}

    Evaluation(Evaluator evaluator, Scope scope) {
        this.evaluator = evaluator;
        this.root = scope.root();
        this.steps = evaluator.limits().steps();
        this.bytes = evaluator.limits().bytes();
        this.patternSteps = evaluator.limits().patternSteps();
    }

    /// What it took so far, as a [Budget] counts it.
    long spent() {
        var limits = evaluator.limits();
        return limits.steps()
                - steps
                + (limits.bytes() - bytes) / BYTES_A_STEP
                + (limits.patternSteps() - patternSteps) / PATTERN_STEPS_A_STEP;
    }

    Value evaluate(Expression expression, Scope scope) {
        spend(1);
        return switch (expression) {
            // A slip of HTCondor: a relative time that is written out counts as a number.
            case Expression.Literal(Value.RelativeTime(double seconds)) -> new Value.Real(seconds);
            case Expression.Literal(Value value) -> value;
            case Expression.Name(String name) -> value(Lookup.unscoped(name, scope, root, evaluator));
            case Expression.RootName(String name) -> value(Lookup.from(name, root, root, evaluator));
            case Expression.ListOf(List<Expression> elements) -> new Value.Sequence(elements, scope);
            case Expression.AdOf(ClassAd ad) -> new Value.Ad(scope.nested(ad));
            default -> {
                enter();
                var value = compound(expression, scope);
                depth--;
                yield value;
            }
        };
    }

    private Value compound(Expression expression, Scope scope) {
        return switch (expression) {
            case Expression.Parenthesized(Expression inner) -> evaluate(inner, scope);
            case Expression.Unary(Operator operator, Expression operand) ->
                Operations.unary(operator, evaluate(operand, scope));
            case Expression.Binary binary -> binary(binary, scope);
            case Expression.Conditional(Expression condition, Expression then, Expression otherwise) ->
                switch (Truth.of(evaluate(condition, scope))) {
                    case TRUE -> evaluate(then, scope);
                    case FALSE -> evaluate(otherwise, scope);
                    case UNDEFINED -> Value.UNDEFINED;
                    case ERROR -> Value.ERROR;
                };
            case Expression.Selection(Expression ad, String name) -> select(evaluate(ad, scope), name, scope);
            case Expression.Call(String function, List<Expression> arguments) ->
                Functions.call(function, new Arguments(this, arguments, scope));
            case Expression.Literal _,
                    Expression.Name _,
                    Expression.RootName _,
                    Expression.ListOf _,
                    Expression.AdOf _ -> evaluate(expression, scope);
        };
    }

    private Value binary(Expression.Binary binary, Scope scope) {
        var left = evaluate(binary.left(), scope);
        return switch (binary.operator()) {
            case AND ->
                switch (Truth.of(left)) {
                    case FALSE -> Value.FALSE;
                    case TRUE -> Truth.of(evaluate(binary.right(), scope)).value();
                    case UNDEFINED -> Truth.of(evaluate(binary.right(), scope)).andUndefined();
                    case ERROR -> Value.ERROR;
                };
            case OR ->
                switch (Truth.of(left)) {
                    case TRUE -> Value.TRUE;
                    case FALSE -> Truth.of(evaluate(binary.right(), scope)).value();
                    case UNDEFINED -> Truth.of(evaluate(binary.right(), scope)).orUndefined();
                    case ERROR -> Value.ERROR;
                };
            case ELVIS -> left instanceof Value.Undefined ? evaluate(binary.right(), scope) : left;
            case SUBSCRIPT -> subscript(left, evaluate(binary.right(), scope));
            default -> {
                var right = evaluate(binary.right(), scope);
                if (left instanceof Value.Text a && right instanceof Value.Text b) {
                    read(Math.min(a.size(), b.size()));
                }
                yield Operations.binary(binary.operator(), left, right);
            }
        };
    }

    private Value subscript(Value of, Value index) {
        if (of instanceof Value.Failure || index instanceof Value.Failure) {
            return Value.ERROR;
        } else if (of instanceof Value.Undefined || index instanceof Value.Undefined) {
            return Value.UNDEFINED;
        } else if (of instanceof Value.Ad(Scope scope) && index instanceof Value.Text(String name)) {
            var expression = scope.ad().find(name);
            return expression == null ? Value.UNDEFINED : attribute(expression, scope);
        } else if (of instanceof Value.Sequence(List<Expression> elements, Scope scope)
                && index instanceof Value.Int(long at)
                && at >= 0
                && at < elements.size()) {
            return evaluate(elements.get((int) at), scope);
        }
        return Value.ERROR;
    }

    private Value select(Value from, String name, Scope scope) {
        return switch (from) {
            case Value.Undefined _ -> Value.UNDEFINED;
            case Value.Ad(Scope place) -> value(Lookup.from(name, place, root, evaluator));
            case Value.Sequence list -> {
                enter();
                var values = list.elements().stream()
                        .map(element -> select(element(element, list, scope), name, scope))
                        .toList();
                depth--;
                yield list(values);
            }
            default -> Value.ERROR;
        };
    }

    /// The elements of a list, as a function's argument: names in them mean what they mean to the caller.
    List<Value> elements(Value.Sequence list, Scope caller) {
        return list.elements().stream()
                .map(element -> element(element, list, caller))
                .toList();
    }

    /// An ad or a list in the list stays where it was written.
    Value element(Expression element, Value.Sequence list, Scope caller) {
        return evaluate(
                element,
                element instanceof Expression.AdOf || element instanceof Expression.ListOf ? list.scope() : caller);
    }

    private Value value(Lookup found) {
        return switch (found) {
            case Lookup.Found(Expression expression, Scope scope) -> attribute(expression, scope);
            case Lookup.Known(Value value) -> value;
        };
    }

    @SuppressWarnings("ReferenceEquality") // The same text at another place is another attribute.
    Value attribute(Expression expression, Scope scope) {
        if (expression instanceof Expression.Literal) {
            return evaluate(expression, scope);
        }
        for (var frame = underway; frame != null; frame = frame.outer) {
            if (frame.expression == expression && frame.scope.samePlace(scope)) {
                return Value.UNDEFINED;
            }
        }
        var outer = underway;
        underway = new Frame(expression, scope, outer);
        enter();
        var value = evaluate(expression, scope);
        depth--;
        underway = outer;
        return value;
    }

    Lookup resolve(Expression reference, Scope scope) {
        return switch (reference) {
            case Expression.Name(String name) -> Lookup.unscoped(name, scope, root, evaluator);
            case Expression.RootName(String name) -> Lookup.from(name, root, root, evaluator);
            case Expression.Selection(Expression ad, String name)
            when evaluate(ad, scope) instanceof Value.Ad(Scope place) -> Lookup.from(name, place, root, evaluator);
            default -> new Lookup.Known(Value.UNDEFINED);
        };
    }

    Lookup from(String name, Scope place) {
        return Lookup.from(name, place, root, evaluator);
    }

    void step() {
        spend(1);
    }

    private void enter() {
        if (++depth > evaluator.limits().depth()) {
            throw new ClassAdException.Exhausted(
                    "Evaluation is deeper than the " + evaluator.limits().depth() + " levels allowed");
        }
    }

    private void spend(long amount) {
        steps -= amount;
        if (steps < 0) {
            throw new ClassAdException.Exhausted(
                    "Evaluation takes more than the " + evaluator.limits().steps() + " steps allowed");
        }
    }

    /// Counts bytes that somebody looks at.
    void read(long amount) {
        spend(amount / BYTES_A_STEP);
    }

    private void make(long amount) {
        bytes -= amount;
        if (bytes < 0) {
            throw new ClassAdException.Exhausted(
                    "Evaluation makes more than the " + evaluator.limits().bytes() + " bytes allowed");
        }
    }

    Value text(CharSequence content) {
        make(content.length());
        return new Value.Text(content.toString());
    }

    Value list(List<? extends Value> values) {
        make((long) BYTES_AN_ELEMENT * values.size());
        return Value.Sequence.of(values);
    }

    /// A value as a text: undefined and error stay what they are.
    Value asText(Value value) {
        return switch (value) {
            case Value.Undefined _, Value.Failure _, Value.Text _ -> value;
            case Value.AbsoluteTime time -> text(Times.shown(time));
            case Value.RelativeTime(double seconds) -> text(Times.shown((double) (long) seconds));
            case Value.Bool _, Value.Int _, Value.Real _, Value.Sequence _, Value.Ad _ ->
                text(Printer.bytes(new Expression.Literal(value), Form.NEW, bytes));
        };
    }

    /// What is left for regular expressions; [#patternStepsLeft(long)] tells how much of it went.
    long patternSteps() {
        return patternSteps;
    }

    void patternStepsLeft(long left) {
        patternSteps = left;
    }

    long bytesLeft() {
        return bytes;
    }

    Evaluator evaluator() {
        return evaluator;
    }

    Instant now() {
        return evaluator.clock().instant();
    }
}
