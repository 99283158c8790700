package bourse.classad;

import java.util.function.IntPredicate;

/// The strict operators: error before undefined before anything else.
final class Operations {
    private Operations() {}

    static Value unary(Operator operator, Value operand) {
        if (operand instanceof Value.Undefined || operand instanceof Value.Failure) {
            return operand;
        }
        return switch (operator) {
            case PLUS ->
                switch (operand) {
                    case Value.Int _, Value.Real _, Value.RelativeTime _ -> operand;
                    default -> Value.ERROR;
                };
            case MINUS ->
                switch (operand) {
                    case Value.Int(long number) -> new Value.Int(-number);
                    case Value.Real(double number) -> new Value.Real(-number);
                    case Value.RelativeTime(double seconds) -> new Value.RelativeTime(-seconds);
                    default -> Value.ERROR;
                };
            case NOT ->
                switch (Truth.of(operand)) {
                    case TRUE -> Value.FALSE;
                    case FALSE -> Value.TRUE;
                    case UNDEFINED, ERROR -> Value.ERROR;
                };
            case COMPLEMENT -> operand instanceof Value.Int(long number) ? new Value.Int(~number) : Value.ERROR;
            default -> throw new IllegalArgumentException(operator + " takes two operands");
        };
    }

    /// All operators of two operands but `&&`, `||`, `?:` and `[]`, which do not evaluate both or look into them.
    static Value binary(Operator operator, Value left, Value right) {
        if (operator == Operator.IS || operator == Operator.ISNT) {
            return identical(left, right, operator == Operator.IS);
        } else if (left instanceof Value.Failure || right instanceof Value.Failure) {
            return Value.ERROR;
        } else if (left instanceof Value.Undefined || right instanceof Value.Undefined) {
            return Value.UNDEFINED;
        }
        return switch (operator) {
            case EQUAL -> compare(left, right, order -> order == 0);
            case NOT_EQUAL -> compare(left, right, order -> order != 0);
            case LESS -> compare(left, right, order -> order == -1);
            case LESS_OR_EQUAL -> compare(left, right, order -> order == -1 || order == 0);
            case GREATER -> compare(left, right, order -> order == 1);
            case GREATER_OR_EQUAL -> compare(left, right, order -> order == 1 || order == 0);
            case BIT_OR, BIT_XOR, BIT_AND, SHIFT_LEFT, SHIFT_RIGHT, SHIFT_RIGHT_UNSIGNED ->
                left instanceof Value.Int(long a) && right instanceof Value.Int(long b)
                        ? new Value.Int(bits(operator, a, b))
                        : Value.ERROR;
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, REMAINDER -> Arithmetic.of(operator, left, right);
            default -> throw new IllegalArgumentException(operator + " is not strict in two operands");
        };
    }

    private static Value identical(Value left, Value right, boolean same) {
        if ((left instanceof Value.Sequence && right instanceof Value.Sequence)
                || (left instanceof Value.Ad && right instanceof Value.Ad)) {
            return Value.ERROR;
        }
        if (left instanceof Value.Real(double a) && right instanceof Value.Real(double b)) {
            return Value.of((a == b) == same);
        }
        return Value.of(left.equals(right) == same);
    }

    /// @param holds of -1, 0, 1, or 2 where a number is no number and has no order
    private static Value compare(Value left, Value right, IntPredicate holds) {
        int order;
        if (left instanceof Value.Text(String a) && right instanceof Value.Text(String b)) {
            order = Integer.signum(Bytes.compareIgnoringCase(a, b));
        } else if (left instanceof Value.AbsoluteTime a && right instanceof Value.AbsoluteTime b) {
            order = Long.compare(a.seconds(), b.seconds());
        } else if (left instanceof Value.RelativeTime(double a) && right instanceof Value.RelativeTime(double b)) {
            order = order(a, b);
        } else {
            var a = Arithmetic.promoted(left);
            var b = Arithmetic.promoted(right);
            if (a instanceof Value.Int(long x) && b instanceof Value.Int(long y)) {
                order = Long.compare(x, y);
            } else if (Arithmetic.isNumber(a) && Arithmetic.isNumber(b)) {
                order = order(Arithmetic.real(a), Arithmetic.real(b));
            } else {
                return Value.ERROR;
            }
        }
        return Value.of(holds.test(order));
    }

    private static int order(double a, double b) {
        return a < b ? -1 : a > b ? 1 : a == b ? 0 : 2;
    }

    /// Shifts by more than the width go as on x86, which looks at six bits of the count.
    private static long bits(Operator operator, long a, long b) {
        return switch (operator) {
            case BIT_OR -> a | b;
            case BIT_XOR -> a ^ b;
            case BIT_AND -> a & b;
            case SHIFT_LEFT -> a << b;
            case SHIFT_RIGHT -> a >= 0 ? a >> b : b <= 0 ? a : b >= 64 ? -1 : a >> b;
            case SHIFT_RIGHT_UNSIGNED -> a >= 0 ? a >> b : ((a >>> 1) >> (b - 1));
            default -> throw new IllegalArgumentException(operator + " is not about bits");
        };
    }
}
