package bourse.classad;

/// The operators on values that are known already: what any engine shares with the walk of [Evaluator].
public final class Calculation {
    private Calculation() {}

    public static Value unary(Operator operator, Value operand) {
        return Operations.unary(operator, operand);
    }

    /// The strict operators: all of two operands but `&&`, `||`, `?:` and `[]`.
    public static Value binary(Operator operator, Value left, Value right) {
        return Operations.binary(operator, left, right);
    }

    /// `&&` where the right side has been evaluated, whether or not the left one asked for it.
    public static Value and(Value left, Value right) {
        return switch (Truth.of(left)) {
            case FALSE -> Value.FALSE;
            case TRUE -> Truth.of(right).value();
            case UNDEFINED -> Truth.of(right).andUndefined();
            case ERROR -> Value.ERROR;
        };
    }

    /// `||` where the right side has been evaluated, whether or not the left one asked for it.
    public static Value or(Value left, Value right) {
        return switch (Truth.of(left)) {
            case TRUE -> Value.TRUE;
            case FALSE -> Truth.of(right).value();
            case UNDEFINED -> Truth.of(right).orUndefined();
            case ERROR -> Value.ERROR;
        };
    }

    /// `condition ? then : otherwise` where all three have been evaluated.
    public static Value choice(Value condition, Value then, Value otherwise) {
        return switch (Truth.of(condition)) {
            case TRUE -> then;
            case FALSE -> otherwise;
            case UNDEFINED -> Value.UNDEFINED;
            case ERROR -> Value.ERROR;
        };
    }

    /// Whether it is true, or a number that is not zero: what Requirements have to be.
    public static boolean isTrue(Value value) {
        return Truth.of(value) == Truth.TRUE;
    }

    /// What a value is to `&&`: true, false, undefined or error.
    public static Value truth(Value value) {
        return Truth.of(value).value();
    }

    /// A name or a text as the language compares it, in lower case of ASCII.
    public static String folded(String bytes) {
        for (int i = 0; i < bytes.length(); i++) {
            if (Bytes.lower(bytes.charAt(i)) != bytes.charAt(i)) {
                return Bytes.lower(bytes);
            }
        }
        return bytes;
    }
}
