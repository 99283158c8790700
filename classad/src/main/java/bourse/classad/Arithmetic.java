package bourse.classad;

/// `+ - * / %` on numbers and times, neither of them undefined or error.
final class Arithmetic {
    private Arithmetic() {}

    static Value of(Operator operator, Value left, Value right) {
        if (isTime(left) || isTime(right)) {
            return ofTimes(operator, left, right);
        }
        var a = promoted(left);
        var b = promoted(right);
        if (a instanceof Value.Int(long x) && b instanceof Value.Int(long y)) {
            return ofIntegers(operator, x, y);
        }
        return isNumber(a) && isNumber(b) && operator != Operator.REMAINDER
                ? finite(ofReals(operator, real(a), real(b)))
                : Value.ERROR;
    }

    private static Value ofIntegers(Operator operator, long a, long b) {
        return switch (operator) {
            case ADD -> new Value.Int(a + b);
            case SUBTRACT -> new Value.Int(a - b);
            case MULTIPLY -> new Value.Int(a * b);
            case DIVIDE ->
                b == 0 ? Value.ERROR : new Value.Int(a == Long.MIN_VALUE && b == -1 ? Long.MAX_VALUE : a / b);
            case REMAINDER -> b == 0 ? Value.ERROR : new Value.Int(a % b);
            default -> throw new IllegalArgumentException(operator + " is no arithmetic");
        };
    }

    private static double ofReals(Operator operator, double a, double b) {
        return switch (operator) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            default -> throw new IllegalArgumentException(operator + " is no arithmetic of reals");
        };
    }

    /// A slip of HTCondor: infinity is an error, and minus infinity is not.
    private static Value finite(double number) {
        return number == Double.POSITIVE_INFINITY ? Value.ERROR : new Value.Real(number);
    }

    private static Value ofTimes(Operator operator, Value left, Value right) {
        return switch (operator) {
            case ADD ->
                left instanceof Value.AbsoluteTime time && right instanceof Value.RelativeTime(double span)
                        ? later(time, span)
                        : left instanceof Value.RelativeTime(double span) && right instanceof Value.AbsoluteTime time
                                ? later(time, span)
                                : left instanceof Value.RelativeTime(double a)
                                                && right instanceof Value.RelativeTime(double b)
                                        ? span(a + b)
                                        : Value.ERROR;
            case SUBTRACT ->
                left instanceof Value.AbsoluteTime a && right instanceof Value.AbsoluteTime b
                        ? span((double) (a.seconds() - b.seconds()))
                        : left instanceof Value.AbsoluteTime time && right instanceof Value.RelativeTime(double span)
                                ? later(time, -span)
                                : left instanceof Value.RelativeTime(double a)
                                                && right instanceof Value.RelativeTime(double b)
                                        ? span(a - b)
                                        : Value.ERROR;
            case MULTIPLY ->
                left instanceof Value.RelativeTime(double span) && isNumber(right)
                        ? span(span * real(right))
                        : isNumber(left) && right instanceof Value.RelativeTime(double span)
                                ? span(real(left) * span)
                                : Value.ERROR;
            case DIVIDE ->
                left instanceof Value.RelativeTime(double span) && isNumber(right)
                        ? span(span / real(right))
                        : Value.ERROR;
            default -> Value.ERROR;
        };
    }

    private static Value later(Value.AbsoluteTime time, double span) {
        return absolute(time.seconds() + (long) span, time.offset());
    }

    /// Error where no calendar shows it.
    static Value absolute(long seconds, long offset) {
        return Math.abs(seconds) <= Times.LAST_SECOND
                        && seconds != Long.MIN_VALUE
                        && Math.abs(offset) <= Times.LAST_OFFSET
                ? new Value.AbsoluteTime(seconds, (int) offset)
                : Value.ERROR;
    }

    static Value span(double seconds) {
        return Double.isFinite(seconds) ? new Value.RelativeTime(seconds) : Value.ERROR;
    }

    private static boolean isTime(Value value) {
        return value instanceof Value.AbsoluteTime || value instanceof Value.RelativeTime;
    }

    /// A boolean counts as 0 or 1.
    static Value promoted(Value value) {
        return value instanceof Value.Bool(boolean bool) ? new Value.Int(bool ? 1 : 0) : value;
    }

    static boolean isNumber(Value value) {
        return value instanceof Value.Int || value instanceof Value.Real;
    }

    static double real(Value number) {
        return number instanceof Value.Int(long integer) ? (double) integer : ((Value.Real) number).value();
    }
}
