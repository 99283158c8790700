package bourse.classad.pool;

import bourse.classad.Operator;
import bourse.classad.Value;
import org.jspecify.annotations.Nullable;

/// A clause that compares a column with a number; other values than numbers never make it true.
record Range(Column column, Operator operator, byte tag, long data) {
    /// Null if the clause is something else.
    static @Nullable Range of(Formula clause) {
        if (!(clause instanceof Formula.Binary(Operator operator, Formula left, Formula right))) {
            return null;
        }
        return switch (operator) {
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                left instanceof Formula.Cell cell && right instanceof Formula.Constant(Value value)
                        ? of(cell, operator, value)
                        : right instanceof Formula.Cell cell && left instanceof Formula.Constant(Value value)
                                ? of(cell, mirrored(operator), value)
                                : null;
            default -> null;
        };
    }

    private static @Nullable Range of(Formula.Cell cell, Operator operator, Value value) {
        byte tag = Tag.of(value);
        return Tag.isNumber(tag) && cell.absent().equals(Formula.UNDEFINED)
                ? new Range(cell.column(), operator, tag, Tag.data(value))
                : null;
    }

    /// The operator with its sides swapped.
    static Operator mirrored(Operator operator) {
        return switch (operator) {
            case LESS -> Operator.GREATER;
            case LESS_OR_EQUAL -> Operator.GREATER_OR_EQUAL;
            case GREATER -> Operator.LESS;
            case GREATER_OR_EQUAL -> Operator.LESS_OR_EQUAL;
            default -> operator;
        };
    }

    void narrow(long[] rows, int size) {
        if (tag == Tag.REAL || column.count(Tag.REAL) > 0) {
            reals(rows);
            return;
        }
        switch (operator) {
            case EQUAL -> integers(rows, size, data, data, false);
            case NOT_EQUAL -> integers(rows, size, data, data, true);
            case LESS_OR_EQUAL -> integers(rows, size, Long.MIN_VALUE, data, false);
            case GREATER -> integers(rows, size, Long.MIN_VALUE, data, true);
            case GREATER_OR_EQUAL -> integers(rows, size, data, Long.MAX_VALUE, false);
            default -> integers(rows, size, data, Long.MAX_VALUE, true);
        }
    }

    /// Keeps what is within two bounds, or what is not.
    private void integers(long[] rows, int size, long low, long high, boolean outside) {
        var values = column.data();
        var tags = column.tags();
        // One comparison for both bounds: below the lower one the difference wraps around.
        long floor = low + Long.MIN_VALUE;
        long span = high - low + Long.MIN_VALUE;
        boolean mixed = !Tag.isNumber(column.uniform());
        for (int word = 0; word < rows.length; word++) {
            if (rows[word] == 0) {
                continue;
            }
            int base = word << 6;
            int count = Math.min(64, size - base);
            long within = 0;
            for (int i = 0; i < count; i++) {
                within |= (values[base + i] - floor <= span ? 1L : 0L) << i;
            }
            long keep = outside ? ~within : within;
            if (mixed) {
                long numbers = 0;
                for (int i = 0; i < count; i++) {
                    numbers |= (Tag.isNumber(tags[base + i]) ? 1L : 0L) << i;
                }
                keep &= numbers;
            }
            rows[word] &= keep;
        }
    }

    private void reals(long[] rows) {
        double bound = Tag.real(tag, data);
        var values = column.data();
        var tags = column.tags();
        for (int word = 0; word < rows.length; word++) {
            long keep = 0;
            for (long left = rows[word]; left != 0; left &= left - 1) {
                int row = (word << 6) + Long.numberOfTrailingZeros(left);
                byte of = tags[row];
                boolean holds = (of == Tag.REAL || tag == Tag.REAL)
                        ? Loops.holds(operator, Tag.real(of, values[row]), bound)
                        : Loops.holds(operator, values[row], data);
                if (Tag.isNumber(of) && holds) {
                    keep |= left & -left;
                }
            }
            rows[word] = keep;
        }
    }
}
