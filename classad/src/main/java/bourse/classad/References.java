package bourse.classad;

import java.util.List;
import java.util.TreeSet;

/// The names that an expression needs and its own ad does not have.
final class References {
    private final Evaluation evaluation;
    private final TreeSet<String> names = new TreeSet<>(Bytes::compareIgnoringCase);
    private int depth;

    private References(Evaluation evaluation) {
        this.evaluation = evaluation;
    }

    /// In the order of their letters; what is reached through other attributes counts too. None if one of them
    /// selects from what is no ad, or leads too deep.
    static List<String> external(Expression expression, Scope scope, Evaluation evaluation) {
        var references = new References(evaluation);
        return references.collect(expression, scope) ? List.copyOf(references.names) : List.of();
    }

    private boolean collect(Expression expression, Scope scope) {
        evaluation.step();
        if (++depth > evaluation.evaluator().limits().depth()) {
            return false;
        }
        boolean complete = switch (expression) {
            case Expression.Literal _ -> true;
            case Expression.Name(String name) -> follow(name, scope, scope);
            case Expression.RootName(String name) -> follow(name, scope.root(), scope);
            case Expression.Selection(Expression ad, String name) ->
                switch (evaluation.evaluate(ad, scope)) {
                    case Value.Ad(Scope place) -> follow(name, place, scope);
                    case Value.Undefined _ -> {
                        names.add(Printer.bytes(expression, Form.NEW, evaluation.bytesLeft()));
                        yield true;
                    }
                    default -> false;
                };
            case Expression.Unary(Operator _, Expression operand) -> collect(operand, scope);
            case Expression.Binary(Operator _, Expression left, Expression right) ->
                collect(left, scope) && collect(right, scope);
            case Expression.Conditional(Expression condition, Expression then, Expression otherwise) ->
                collect(condition, scope) && collect(then, scope) && collect(otherwise, scope);
            case Expression.Parenthesized(Expression inner) -> collect(inner, scope);
            case Expression.Call(String _, List<Expression> arguments) -> collect(arguments, scope);
            case Expression.ListOf(List<Expression> elements) -> collect(elements, scope);
            case Expression.AdOf(ClassAd ad) -> collect(ad, scope);
        };
        depth--;
        return complete;
    }

    private boolean collect(List<Expression> expressions, Scope scope) {
        return expressions.stream().allMatch(expression -> collect(expression, scope));
    }

    private boolean collect(ClassAd ad, Scope scope) {
        return ad.attributes().stream().allMatch(attribute -> collect(attribute.expression(), scope));
    }

    private boolean follow(String name, Scope place, Scope scope) {
        switch (evaluation.from(name, place)) {
            case Lookup.Found(Expression found, Scope there) -> {
                return collect(found, there);
            }
            case Lookup.Known(Value.Ad(Scope there)) -> {
                return collect(there.ad(), scope);
            }
            case Lookup.Known _ -> {
                names.add(name);
                return true;
            }
        }
    }
}
