package bourse.classad.pool;

import bourse.classad.Calculation;
import bourse.classad.ClassAd;
import bourse.classad.Expression;
import bourse.classad.Semantics;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What an expression of one ad needs from the ad opposite.
final class Opposite {
    private final ClassAd ad;
    private final boolean unscopedToo;
    private final Set<String> names;
    private final Set<String> followed = new HashSet<>();

    private Opposite(ClassAd ad, Semantics semantics, Set<String> names) {
        this.ad = ad;
        this.unscopedToo = semantics == Semantics.OLD;
        this.names = names;
    }

    /// Adds the names of attributes opposite, also those that it needs by way of its own; false if it may need more.
    static boolean names(Expression expression, ClassAd ad, Semantics semantics, Set<String> names) {
        return new Opposite(ad, semantics, names).collect(expression);
    }

    /// The name of the attribute opposite that the expression is.
    static Optional<String> name(Expression expression, ClassAd ad, Semantics semantics) {
        return switch (expression) {
            case Expression.Parenthesized(Expression inner) -> name(inner, ad, semantics);
            case Expression.Selection(Expression.Name(String side), String name)
            when isOpposite(side) -> Optional.of(name);
            case Expression.Name(String name)
            when semantics == Semantics.OLD && ad.get(name).isEmpty() && !Names.isReserved(name) -> Optional.of(name);
            default -> Optional.empty();
        };
    }

    private static boolean isOpposite(String side) {
        var folded = Calculation.folded(side);
        return folded.equals("target") || folded.equals("other");
    }

    private boolean collect(Expression expression) {
        return switch (expression) {
            case Expression.Literal _ -> true;
            case Expression.Name(String name) -> follow(name, unscopedToo);
            case Expression.Selection(Expression.Name(String side), String name) -> {
                if (isOpposite(side)) {
                    names.add(name);
                    yield true;
                }
                yield Calculation.folded(side).equals("my") && follow(name, false);
            }
            case Expression.Unary(var _, Expression operand) -> collect(operand);
            case Expression.Binary(var _, Expression left, Expression right) -> collect(left) & collect(right);
            case Expression.Conditional(Expression condition, Expression then, Expression otherwise) ->
                collect(condition) & collect(then) & collect(otherwise);
            case Expression.Parenthesized(Expression inner) -> collect(inner);
            case Expression.Call(String function, List<Expression> arguments) ->
                collect(arguments) & Purity.isLasting(function);
            case Expression.ListOf(List<Expression> elements) -> collect(elements);
            case Expression.Selection _, Expression.RootName _, Expression.AdOf _ -> false;
        };
    }

    private boolean collect(List<Expression> expressions) {
        boolean complete = true;
        for (var expression : expressions) {
            complete &= collect(expression);
        }
        return complete;
    }

    private boolean follow(String name, boolean elseOpposite) {
        if (Names.isReserved(name)) {
            return false;
        } else if (!followed.add(Calculation.folded(name))) {
            return true;
        }
        var own = ad.get(name);
        if (own.isPresent()) {
            return collect(own.get());
        } else if (elseOpposite) {
            names.add(name);
        }
        return true;
    }
}
