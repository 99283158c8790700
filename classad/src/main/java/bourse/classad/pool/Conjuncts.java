package bourse.classad.pool;

import bourse.classad.Calculation;
import bourse.classad.ClassAd;
import bourse.classad.Expression;
import bourse.classad.Operator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What has to be true for an attribute to be true, clause by clause.
final class Conjuncts {
    private final ClassAd ad;
    private final List<Expression> clauses = new ArrayList<>();
    private final Set<String> opened = new HashSet<>();

    private Conjuncts(ClassAd ad) {
        this.ad = ad;
    }

    /// None if there is no such attribute.
    static List<Expression> of(ClassAd ad, String name) {
        var conjuncts = new Conjuncts(ad);
        conjuncts.opened.add(Calculation.folded(name));
        ad.get(name).ifPresent(conjuncts::add);
        return conjuncts.clauses;
    }

    private void add(Expression expression) {
        switch (expression) {
            case Expression.Parenthesized(Expression inner) -> add(inner);
            case Expression.Binary(Operator operator, Expression left, Expression right)
            when operator == Operator.AND -> {
                add(left);
                add(right);
            }
            case Expression.Name(String name) -> open(name, expression);
            case Expression.Selection(Expression.Name(String side), String name)
            when Calculation.folded(side).equals("my") -> open(name, expression);
            default -> clauses.add(expression);
        }
    }

    /// An attribute that joins clauses stands for them, the first time.
    private void open(String name, Expression reference) {
        var meant = ad.get(name).orElse(null);
        var bare = meant;
        while (bare instanceof Expression.Parenthesized(Expression inner)) {
            bare = inner;
        }
        boolean several = bare instanceof Expression.Name
                || (bare instanceof Expression.Binary(Operator operator, var _, var _) && operator == Operator.AND);
        if (meant != null && several && opened.add(Calculation.folded(name))) {
            add(meant);
        } else {
            clauses.add(reference);
        }
    }
}
