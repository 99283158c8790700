package bourse.classad;

import java.util.List;
import java.util.stream.Collectors;

/// Functions that look at their arguments as expressions.
final class ControlFunctions {
    private ControlFunctions() {}

    static Value ifThenElse(Arguments arguments) {
        return switch (Truth.of(arguments.value(0))) {
            case TRUE -> arguments.value(1);
            case FALSE -> arguments.value(2);
            case UNDEFINED -> Value.UNDEFINED;
            case ERROR -> Value.ERROR;
        };
    }

    /// A text evaluated where the call stands; what is no text is printed first.
    static Value eval(Arguments arguments) {
        var evaluation = arguments.evaluation();
        if (!(evaluation.asText(arguments.value(0)) instanceof Value.Text text)) {
            return Value.ERROR;
        }
        evaluation.read(32L * text.size());
        var evaluator = evaluation.evaluator();
        Expression expression;
        try {
            expression = new Parser(Form.NEW, evaluator.semantics(), evaluator.limits()).bytes(text.bytes());
        } catch (ClassAdException.Syntax e) {
            return Value.ERROR;
        }
        return evaluation.attribute(expression, arguments.scope());
    }

    /// The expression of an attribute of this ad, laid out over several lines where it is an ad or a list.
    static Value unparse(Arguments arguments) {
        var evaluation = arguments.evaluation();
        return switch (arguments.expressions().getFirst()) {
            case Expression.Name(String name) -> {
                var expression = arguments.scope().ad().find(name);
                yield evaluation.text(expression == null ? "" : Printer.pretty(expression, evaluation.bytesLeft()));
            }
            case Expression.RootName _, Expression.Selection _ -> evaluation.text("");
            default -> Value.ERROR;
        };
    }

    /// The names that an attribute's expression needs from elsewhere, or whether a pattern finds one of them.
    static Value unresolved(Arguments arguments) {
        var reference = arguments.expressions().getFirst();
        if (!(reference instanceof Expression.Name
                || reference instanceof Expression.RootName
                || reference instanceof Expression.Selection)) {
            return Value.ERROR;
        }
        var evaluation = arguments.evaluation();
        var names = evaluation.resolve(reference, arguments.scope()) instanceof Lookup.Found(var found, var scope)
                ? References.external(found, scope, evaluation).stream()
                        .map(name -> name.regionMatches(true, 0, "target.", 0, 7) ? name.substring(7) : name)
                        .toList()
                : null;
        if (names == null) {
            return Value.UNDEFINED;
        } else if (arguments.count() == 1) {
            return evaluation.text(names.stream().collect(Collectors.joining(",")));
        }
        return arguments.value(1) instanceof Value.Text(String pattern)
                ? PatternFunctions.findsOne(pattern, names, evaluation)
                : Value.ERROR;
    }

    static Value evalInEachContext(Arguments arguments) {
        return switch (contexts(arguments)) {
            case Value.Sequence list -> arguments.evaluation().list(inEach(arguments, list));
            case Value.Undefined _ -> Value.UNDEFINED;
            default -> Value.ERROR;
        };
    }

    static Value countMatches(Arguments arguments) {
        return switch (contexts(arguments)) {
            case Value.Sequence list ->
                new Value.Int(inEach(arguments, list).stream()
                        .filter(value -> Truth.of(value) == Truth.TRUE)
                        .count());
            case Value.Undefined _ -> new Value.Int(0);
            default -> Value.ERROR;
        };
    }

    private static Value contexts(Arguments arguments) {
        return arguments.value(1);
    }

    /// An attribute stands for its expression, where there is one.
    private static List<Value> inEach(Arguments arguments, Value.Sequence list) {
        var evaluation = arguments.evaluation();
        var first = arguments.expressions().getFirst();
        var expression =
                evaluation.resolve(first, arguments.scope()) instanceof Lookup.Found(var found, var _) ? found : first;
        return list.elements().stream()
                .map(element -> switch (evaluation.element(element, list, arguments.scope())) {
                    case Value.Ad(Scope scope) -> evaluation.evaluate(expression, scope.facingOpposite());
                    case Value.Undefined _ -> Value.UNDEFINED;
                    default -> Value.ERROR;
                })
                .toList();
    }
}
