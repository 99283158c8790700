package bourse.classad;

/// What a value is to a logical operator: numbers count, and what is neither is an error.
enum Truth {
    TRUE,
    FALSE,
    UNDEFINED,
    ERROR;

    static Truth of(Value value) {
        return switch (value) {
            case Value.Bool(boolean bool) -> bool ? TRUE : FALSE;
            case Value.Int(long number) -> number != 0 ? TRUE : FALSE;
            case Value.Real(double number) -> number != 0 ? TRUE : FALSE;
            case Value.Undefined _ -> UNDEFINED;
            case Value.Failure _,
                    Value.Text _,
                    Value.AbsoluteTime _,
                    Value.RelativeTime _,
                    Value.Sequence _,
                    Value.Ad _ -> ERROR;
        };
    }

    Value value() {
        return switch (this) {
            case TRUE -> Value.TRUE;
            case FALSE -> Value.FALSE;
            case UNDEFINED -> Value.UNDEFINED;
            case ERROR -> Value.ERROR;
        };
    }

    Value andUndefined() {
        return this == TRUE ? Value.UNDEFINED : value();
    }

    Value orUndefined() {
        return this == FALSE ? Value.UNDEFINED : value();
    }
}
