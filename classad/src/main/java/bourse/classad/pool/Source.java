package bourse.classad.pool;

import bourse.classad.Expression;

/// Where a table has an attribute of its offers.
sealed interface Source permits Column, Source.Policy {
    /// All offers have the same expression.
    record Policy(Expression expression) implements Source {}
}
