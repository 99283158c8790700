package bourse.classad.pool;

import bourse.classad.Operator;
import bourse.classad.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Narrows a set of rows to those for which a clause is true, each clause in the cheapest way that it allows.
final class Filter {
    private final Vectors vectors;
    private final int size;

    Filter(Vectors vectors, int size) {
        this.vectors = vectors;
        this.size = size;
    }

    /// Roughly how long a clause takes: by the values of one column, over one column, over several.
    static int cost(Formula clause) {
        var column = onlyColumn(clause);
        return column == null ? 2 : column.distinct() != null ? 0 : 1;
    }

    /// @throws Vectors.Unclear if only the walk can tell
    void narrow(long[] rows, Formula clause) {
        var column = onlyColumn(clause);
        var distinct = column == null ? null : column.distinct();
        if (distinct != null) {
            byValue(rows, clause, distinct);
            return;
        }
        var range = column == null ? null : Range.of(clause);
        if (range != null) {
            range.narrow(rows, size);
            return;
        }
        if (clause
                        instanceof
                        Formula.Binary(
                                Operator operator,
                                Formula.Cell(var in, var absent),
                                Formula.Constant(Value value))
                && operator == Operator.EQUAL
                && value instanceof Value.Text(String text)
                && absent.equals(Formula.UNDEFINED)) {
            equalTexts(rows, in, text);
        } else {
            byRow(rows, clause);
        }
    }

    /// The column of a clause that has one; null if it has several.
    private static @Nullable Column onlyColumn(Formula clause) {
        return switch (clause) {
            case Formula.Cell(Column column, Formula absent) -> absent instanceof Formula.Constant ? column : null;
            case Formula.Unary(var _, Formula operand) -> onlyColumn(operand);
            case Formula.Binary(var _, Formula left, Formula right) -> onlyColumn(List.of(left, right));
            case Formula.And(Formula left, Formula right, var _) -> onlyColumn(List.of(left, right));
            case Formula.Choice(Formula a, Formula b, Formula c) -> onlyColumn(List.of(a, b, c));
            case Formula.Apply(var _, List<Formula> arguments) -> onlyColumn(arguments);
            case Formula.Constant _, Formula.Unknown _ -> null;
        };
    }

    private static @Nullable Column onlyColumn(List<Formula> parts) {
        Column only = null;
        for (var part : parts) {
            if (part instanceof Formula.Constant) {
                continue;
            }
            var column = onlyColumn(part);
            if (column == null || (only != null && only != column)) {
                return null;
            }
            only = column;
        }
        return only;
    }

    private void byValue(long[] rows, Formula clause, Distinct distinct) {
        var groups = distinct.rows();
        var firsts = new int[groups.size()];
        for (int i = 0; i < firsts.length; i++) {
            firsts[i] = Distinct.first(groups.get(i));
        }
        var result = vectors.take();
        vectors.evaluate(clause, firsts, 0, firsts.length, result);
        int yes = 0;
        for (int i = 0; i < firsts.length; i++) {
            yes += Math.max(0, result.truth(i));
        }
        if (2 * yes > firsts.length) {
            for (int i = 0; i < firsts.length; i++) {
                if (result.truth(i) <= 0) {
                    Bits.andNot(rows, groups.get(i));
                }
            }
        } else {
            var accepted = new long[rows.length];
            for (int i = 0; i < firsts.length; i++) {
                if (result.truth(i) > 0) {
                    Bits.or(accepted, groups.get(i));
                }
            }
            Bits.and(rows, accepted);
        }
        vectors.give(result);
    }

    private void equalTexts(long[] rows, Column column, String text) {
        int wanted = column.dictionary().folded(text);
        var tags = column.tags();
        var data = column.data();
        for (int word = 0; word < rows.length; word++) {
            long keep = 0;
            for (long left = rows[word]; left != 0; left &= left - 1) {
                int row = (word << 6) + Long.numberOfTrailingZeros(left);
                if (tags[row] == Tag.VALUE && (int) (data[row] >> 32) == wanted) {
                    keep |= left & -left;
                }
            }
            rows[word] = keep;
        }
    }

    private void byRow(long[] rows, Formula clause) {
        var candidates = Bits.rows(rows);
        var result = vectors.take();
        for (int from = 0; from < candidates.length; from += Vector.SIZE) {
            int count = Math.min(Vector.SIZE, candidates.length - from);
            vectors.evaluate(clause, candidates, from, count, result);
            for (int i = 0; i < count; i++) {
                if (result.truth(i) <= 0) {
                    Bits.clear(rows, candidates[from + i]);
                }
            }
        }
        vectors.give(result);
    }
}
