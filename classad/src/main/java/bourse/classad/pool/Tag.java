package bourse.classad.pool;

import bourse.classad.Value;

/// What a cell of a column or a vector holds; the numbers ([#BOOL] to [#REAL]) lie side by side.
final class Tag {
    /// The ad has no such attribute.
    static final byte ABSENT = 0;
    static final byte UNDEFINED = 1;
    static final byte ERROR = 2;
    /// 0 or 1.
    static final byte BOOL = 3;
    static final byte INT = 4;
    /// The bits of a double.
    static final byte REAL = 5;
    /// Any other value.
    static final byte VALUE = 6;
    /// An expression that only the walk understands.
    static final byte OPAQUE = 7;

    static final int COUNT = 8;

    private Tag() {}

    static byte of(Value value) {
        return switch (value) {
            case Value.Undefined _ -> UNDEFINED;
            case Value.Failure _ -> ERROR;
            case Value.Bool _ -> BOOL;
            case Value.Int _ -> INT;
            case Value.Real _ -> REAL;
            case Value.Text _, Value.AbsoluteTime _, Value.RelativeTime _, Value.Sequence _, Value.Ad _ -> VALUE;
        };
    }

    /// Of what is not [#VALUE]; 0 for what has no data.
    static long data(Value value) {
        return switch (value) {
            case Value.Bool(boolean bool) -> bool ? 1 : 0;
            case Value.Int(long number) -> number;
            case Value.Real(double number) -> Double.doubleToRawLongBits(number);
            default -> 0;
        };
    }

    /// Of what is neither [#VALUE] nor [#OPAQUE].
    static Value value(byte tag, long data) {
        return switch (tag) {
            case ABSENT, UNDEFINED -> Value.UNDEFINED;
            case ERROR -> Value.ERROR;
            case BOOL -> Value.of(data != 0);
            case INT -> new Value.Int(data);
            case REAL -> new Value.Real(Double.longBitsToDouble(data));
            default -> throw new IllegalArgumentException("A cell with tag " + tag + " has its value elsewhere");
        };
    }

    static boolean isNumber(byte tag) {
        return tag >= BOOL && tag <= REAL;
    }

    static double real(byte tag, long data) {
        return tag == REAL ? Double.longBitsToDouble(data) : (double) data;
    }
}
