package bourse.classad.pool;

import bourse.classad.Calculation;
import bourse.classad.ClassAd;
import bourse.classad.Expression;
import bourse.classad.Value;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// What an expression mentions.
final class Names {
    /// They do not mean an attribute where no ad defines them.
    private static final Set<String> RESERVED = Set.of(
            "my",
            "target",
            "other",
            "ad",
            "self",
            "parent",
            "root",
            "toplevel",
            "left",
            "right",
            "lctx",
            "rctx",
            "symmetricmatch",
            "leftmatchesright",
            "rightmatchesleft",
            "leftrankvalue",
            "rightrankvalue");

    /// What an ad calls itself and the one opposite.
    static final Set<String> SIDES = Set.of("my", "target", "other");

    private Names() {}

    static boolean isReserved(String name) {
        return RESERVED.contains(Calculation.folded(name));
    }

    /// Whether an attribute has an expression of its own: one that two share counts as one where cycles are looked for.
    @SuppressWarnings("ReferenceEquality")
    static boolean distinct(Collection<Expression> expressions, Expression another) {
        for (var expression : expressions) {
            if (expression == another) {
                return false;
            }
        }
        return true;
    }

    /// Adds the names of attributes in lower case, wherever they stand; false, and no more added, if there may be
    /// others that nobody sees,
    /// as in `eval` or `TARGET[x]`, or if the result depends on when it is asked.
    static boolean collect(Expression expression, Set<String> names) {
        return switch (expression) {
            case Expression.Literal(Value value) -> !(value instanceof Value.Ad || value instanceof Value.Sequence);
            case Expression.Name(String name) -> add(name, names) && !isReserved(name);
            case Expression.RootName _ -> false;
            case Expression.Selection(Expression.Name(String ad), String name)
            when SIDES.contains(Calculation.folded(ad)) -> add(ad, names) && add(name, names) && !isReserved(name);
            case Expression.Selection(Expression ad, String name) ->
                add(name, names) && collect(ad, names) && !isReserved(name);
            case Expression.Unary(var _, Expression operand) -> collect(operand, names);
            case Expression.Binary(var _, Expression left, Expression right) ->
                collect(left, names) && collect(right, names);
            case Expression.Conditional(Expression condition, Expression then, Expression otherwise) ->
                collect(condition, names) && collect(then, names) && collect(otherwise, names);
            case Expression.Parenthesized(Expression inner) -> collect(inner, names);
            case Expression.Call(String function, List<Expression> arguments) ->
                collect(arguments, names) && Purity.isLasting(function);
            case Expression.ListOf(List<Expression> elements) -> collect(elements, names);
            case Expression.AdOf(ClassAd ad) -> {
                for (var attribute : ad.attributes()) {
                    if (!collect(attribute.expression(), names)) {
                        yield false;
                    }
                }
                yield true;
            }
        };
    }

    private static boolean collect(List<Expression> expressions, Set<String> names) {
        for (var expression : expressions) {
            if (!collect(expression, names)) {
                return false;
            }
        }
        return true;
    }

    private static boolean add(String name, Set<String> names) {
        var folded = Calculation.folded(name);
        names.add(folded);
        return !folded.equals("currenttime");
    }

    /// Whether it has no more than so many nodes.
    static boolean isSmall(Expression expression, int most) {
        return left(expression, most) >= 0;
    }

    private static int left(Expression expression, int left) {
        if (left <= 0) {
            return -1;
        }
        int rest = left - 1;
        return switch (expression) {
            case Expression.Literal _, Expression.Name _, Expression.RootName _ -> rest;
            case Expression.Selection(Expression ad, var _) -> left(ad, rest);
            case Expression.Unary(var _, Expression operand) -> left(operand, rest);
            case Expression.Binary(var _, Expression a, Expression b) -> left(b, left(a, rest));
            case Expression.Conditional(Expression a, Expression b, Expression c) -> left(c, left(b, left(a, rest)));
            case Expression.Parenthesized(Expression inner) -> left(inner, rest);
            case Expression.Call(var _, List<Expression> arguments) -> left(arguments, rest);
            case Expression.ListOf(List<Expression> elements) -> left(elements, rest);
            case Expression.AdOf(ClassAd ad) -> {
                for (var attribute : ad.attributes()) {
                    rest = left(attribute.expression(), rest);
                }
                yield rest;
            }
        };
    }

    private static int left(List<Expression> expressions, int left) {
        for (var expression : expressions) {
            left = left(expression, left);
        }
        return left;
    }
}
