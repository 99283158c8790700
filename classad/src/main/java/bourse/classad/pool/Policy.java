package bourse.classad.pool;

import bourse.classad.Calculation;
import bourse.classad.ClassAd;
import bourse.classad.Expression;
import bourse.classad.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// What offers in one table have in common: all attributes that are no values.
///
/// @param expressions by name in lower case
/// @param names all that they mention, and what only the walk understands does
/// @param understood false where names that have a meaning of their own are attributes
/// @param complete false where something else than what is named may count
record Policy(Map<String, Expression> expressions, Set<String> names, boolean understood, boolean complete) {
    static Policy of(ClassAd ad, Cells cells) {
        var expressions = new HashMap<String, Expression>();
        var names = new HashSet<String>();
        boolean understood = true;
        boolean complete = true;
        for (var attribute : ad.attributes()) {
            var name = attribute.name();
            var expression = attribute.expression();
            if (name.length() <= 6 && Names.SIDES.contains(Calculation.folded(name))) {
                understood = false;
            }
            if (expression instanceof Expression.Literal(Value value) && Cells.isSmall(value)) {
                continue;
            }
            if (cells.isPolicy(expression)) {
                understood &= Names.distinct(expressions.values(), expression);
                expressions.put(Calculation.folded(name), expression);
            }
            if (cells.value(expression).isEmpty()) {
                complete &= Names.collect(expression, names);
            }
        }
        return new Policy(Map.copyOf(expressions), Set.copyOf(names), understood, complete && understood);
    }
}
