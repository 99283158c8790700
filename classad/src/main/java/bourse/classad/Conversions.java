package bourse.classad;

/// A value as one of another type: undefined stays undefined, what makes no sense is an error.
final class Conversions {
    private static final String FACTORS = "BKMGT";

    private Conversions() {}

    static Value real(Value value) {
        return switch (value) {
            case Value.Undefined _, Value.Real _ -> value;
            case Value.Failure _, Value.Ad _, Value.Sequence _ -> Value.ERROR;
            case Value.Bool(boolean bool) -> new Value.Real(bool ? 1 : 0);
            case Value.Int(long number) -> new Value.Real((double) number);
            case Value.Text(String text) -> scaled(text);
            case Value.AbsoluteTime time -> new Value.Real((double) time.seconds());
            case Value.RelativeTime(double seconds) -> new Value.Real((double) (long) seconds);
        };
    }

    static Value integer(Value value) {
        return switch (value) {
            case Value.Undefined _, Value.Int _ -> value;
            case Value.Failure _, Value.Ad _, Value.Sequence _ -> Value.ERROR;
            case Value.Bool(boolean bool) -> new Value.Int(bool ? 1 : 0);
            case Value.Real(double number) -> new Value.Int((long) number);
            case Value.Text(String text) ->
                scaled(text) instanceof Value.Real(double number) ? new Value.Int((long) number) : Value.ERROR;
            case Value.AbsoluteTime time -> new Value.Int(time.seconds());
            case Value.RelativeTime(double seconds) -> new Value.Int((long) seconds);
        };
    }

    static Value bool(Value value) {
        return switch (value) {
            case Value.Undefined _, Value.Bool _ -> value;
            case Value.Failure _, Value.Ad _, Value.Sequence _, Value.AbsoluteTime _ -> Value.ERROR;
            case Value.Int(long number) -> Value.of(number != 0);
            case Value.Real(double number) -> Value.of(number != 0);
            case Value.RelativeTime(double seconds) -> Value.of((long) seconds != 0);
            case Value.Text(String text) ->
                Bytes.equalIgnoringCase(text, "true")
                        ? Value.TRUE
                        : Bytes.equalIgnoringCase(text, "false") ? Value.FALSE : Value.UNDEFINED;
        };
    }

    /// The number that a text starts with; `K`, `M`, `G` and `T` after it are powers of 1024.
    private static Value scaled(String text) {
        var number = Numbers.leading(text);
        if (number.isEmpty()) {
            return Value.ERROR;
        }
        int end = number.get().end();
        int factor = end < text.length() ? FACTORS.indexOf(Bytes.upper(text.charAt(end))) : -1;
        return new Value.Real(number.get().value() * Math.scalb(1.0, 10 * Math.max(factor, 0)));
    }
}
