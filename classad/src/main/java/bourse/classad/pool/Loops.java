package bourse.classad.pool;

import bourse.classad.Operator;

/// Operators on vectors of nothing but numbers; the result goes into the left one.
final class Loops {
    private Loops() {}

    /// Whether it could: false for what may be an error.
    static boolean ofIntegers(Operator operator, int count, Vector left, Vector right) {
        var a = left.data;
        var b = right.data;
        byte tag = Tag.BOOL;
        switch (operator) {
            case EQUAL, IS -> {
                for (int i = 0; i < count; i++) {
                    a[i] = a[i] == b[i] ? 1 : 0;
                }
            }
            case NOT_EQUAL, ISNT -> {
                for (int i = 0; i < count; i++) {
                    a[i] = a[i] != b[i] ? 1 : 0;
                }
            }
            case LESS -> {
                for (int i = 0; i < count; i++) {
                    a[i] = a[i] < b[i] ? 1 : 0;
                }
            }
            case LESS_OR_EQUAL -> {
                for (int i = 0; i < count; i++) {
                    a[i] = a[i] <= b[i] ? 1 : 0;
                }
            }
            case GREATER -> {
                for (int i = 0; i < count; i++) {
                    a[i] = a[i] > b[i] ? 1 : 0;
                }
            }
            case GREATER_OR_EQUAL -> {
                for (int i = 0; i < count; i++) {
                    a[i] = a[i] >= b[i] ? 1 : 0;
                }
            }
            case ADD -> {
                tag = Tag.INT;
                for (int i = 0; i < count; i++) {
                    a[i] += b[i];
                }
            }
            case SUBTRACT -> {
                tag = Tag.INT;
                for (int i = 0; i < count; i++) {
                    a[i] -= b[i];
                }
            }
            case MULTIPLY -> {
                tag = Tag.INT;
                for (int i = 0; i < count; i++) {
                    a[i] *= b[i];
                }
            }
            default -> {
                return false;
            }
        }
        left.tag = tag;
        return true;
    }

    /// One row of vectors whose tags differ.
    static boolean ofIntegers(Operator operator, int i, Vector left, long b) {
        if (!compares(operator)) {
            return false;
        }
        left.tags[i] = Tag.BOOL;
        left.data[i] = holds(operator, left.data[i], b) ? 1 : 0;
        return true;
    }

    private static boolean compares(Operator operator) {
        return switch (operator) {
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> true;
            default -> false;
        };
    }

    /// Whether it could: false for what is identity or about bits. Infinity is an error, and minus infinity is not.
    static boolean ofReals(Operator operator, int count, Vector left, Vector right) {
        var a = left.data;
        boolean integer = left.tag != Tag.REAL;
        boolean other = right.tag != Tag.REAL;
        if (compares(operator)) {
            for (int i = 0; i < count; i++) {
                a[i] = holds(operator, real(a[i], integer), real(right.data[i], other)) ? 1 : 0;
            }
            left.tag = Tag.BOOL;
            return true;
        } else if (!isArithmetic(operator)) {
            return false;
        }
        boolean infinite = false;
        for (int i = 0; i < count; i++) {
            double result = result(operator, real(a[i], integer), real(right.data[i], other));
            infinite |= result == Double.POSITIVE_INFINITY;
            a[i] = Double.doubleToRawLongBits(result);
        }
        left.tag = Tag.REAL;
        if (infinite) {
            left.differ(count);
            for (int i = 0; i < count; i++) {
                if (Double.longBitsToDouble(a[i]) == Double.POSITIVE_INFINITY) {
                    left.tags[i] = Tag.ERROR;
                }
            }
        }
        return true;
    }

    private static boolean isArithmetic(Operator operator) {
        return switch (operator) {
            case ADD, SUBTRACT, MULTIPLY, DIVIDE -> true;
            default -> false;
        };
    }

    private static double real(long data, boolean integer) {
        return integer ? (double) data : Double.longBitsToDouble(data);
    }

    /// As the language has it, where what is no number equals nothing.
    static boolean holds(Operator operator, double a, double b) {
        return switch (operator) {
            case EQUAL -> a == b;
            case NOT_EQUAL -> a != b;
            case LESS -> a < b;
            case LESS_OR_EQUAL -> a <= b;
            case GREATER -> a > b;
            case GREATER_OR_EQUAL -> a >= b;
            default -> throw new IllegalArgumentException(operator + " does not compare");
        };
    }

    static boolean holds(Operator operator, long a, long b) {
        return switch (operator) {
            case EQUAL -> a == b;
            case NOT_EQUAL -> a != b;
            case LESS -> a < b;
            case LESS_OR_EQUAL -> a <= b;
            case GREATER -> a > b;
            case GREATER_OR_EQUAL -> a >= b;
            default -> throw new IllegalArgumentException(operator + " does not compare");
        };
    }

    private static double result(Operator operator, double a, double b) {
        return switch (operator) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            default -> throw new IllegalArgumentException(operator + " is no arithmetic");
        };
    }
}
