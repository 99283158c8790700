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
    private boolean complete = true;

    private Opposite(ClassAd ad, Semantics semantics, Set<String> names) {
        this.ad = ad;
        this.unscopedToo = semantics == Semantics.OLD;
        this.names = names;
    }

    /// Adds the names of attributes opposite, also those that it needs by way of its own; false if it may need more.
    static boolean names(Expression expression, ClassAd ad, Semantics semantics, Set<String> names) {
        var opposite = new Opposite(ad, semantics, names);
        opposite.collect(expression);
        return opposite.complete;
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

    private void collect(Expression expression) {
        switch (expression) {
            case Expression.Literal _ -> {}
            case Expression.Name(String name) -> follow(name, unscopedToo);
            case Expression.Selection(Expression.Name(String side), String name)
            when isOpposite(side) -> names.add(name);
            case Expression.Selection(Expression.Name(String side), String name)
            when Calculation.folded(side).equals("my") -> follow(name, false);
            case Expression.Unary(var _, Expression operand) -> collect(operand);
            case Expression.Binary(var _, Expression left, Expression right) -> {
                collect(left);
                collect(right);
            }
            case Expression.Conditional(Expression condition, Expression then, Expression otherwise) -> {
                collect(condition);
                collect(then);
                collect(otherwise);
            }
            case Expression.Parenthesized(Expression inner) -> collect(inner);
            case Expression.Call(String function, List<Expression> arguments) -> {
                arguments.forEach(this::collect);
                complete &= Purity.isLasting(function);
            }
            case Expression.ListOf(List<Expression> elements) -> elements.forEach(this::collect);
            case Expression.Selection _, Expression.RootName _, Expression.AdOf _ -> complete = false;
        }
    }

    private void follow(String name, boolean elseOpposite) {
        if (Names.isReserved(name)) {
            complete = false;
        } else if (followed.add(Calculation.folded(name))) {
            var own = ad.get(name);
            if (own.isPresent()) {
                collect(own.get());
            } else if (elseOpposite) {
                names.add(name);
            }
        }
    }
}
