package bourse.classad;

/// Functions on lists.
final class ListFunctions {
    private ListFunctions() {}

    static Value member(Arguments arguments, Operator equal) {
        var wanted = arguments.value(0);
        var in = arguments.value(1);
        boolean strict = equal == Operator.IS;
        if (in instanceof Value.Undefined || (!strict && wanted instanceof Value.Undefined)) {
            return Value.UNDEFINED;
        } else if (!(in instanceof Value.Sequence list)
                || wanted instanceof Value.Sequence
                || wanted instanceof Value.Ad
                || (!strict && wanted instanceof Value.Failure)) {
            return Value.ERROR;
        } else {
            for (var element : list.elements()) {
                var value = arguments.evaluation().element(element, list, arguments.scope());
                if (Operations.binary(equal, value, wanted).equals(Value.TRUE)) {
                    return Value.TRUE;
                }
            }
            return Value.FALSE;
        }
    }

    static Value size(Arguments arguments) {
        return switch (arguments.value(0)) {
            case Value.Undefined _ -> Value.UNDEFINED;
            case Value.Sequence list -> new Value.Int(list.elements().size());
            case Value.Ad ad -> new Value.Int(ad.ad().size());
            case Value.Text text -> new Value.Int(text.size());
            default -> Value.ERROR;
        };
    }

    static Value sum(Arguments arguments) {
        return switch (arguments.value(0)) {
            case Value.Undefined _ -> Value.UNDEFINED;
            case Value.Sequence list -> sum(arguments, list).total();
            default -> Value.ERROR;
        };
    }

    static Value average(Arguments arguments) {
        return switch (arguments.value(0)) {
            case Value.Undefined _ -> Value.UNDEFINED;
            case Value.Sequence list -> {
                var sum = sum(arguments, list);
                yield sum.count() == 0
                        ? sum.total()
                        : Operations.binary(Operator.DIVIDE, sum.total(), new Value.Real(sum.count()));
            }
            default -> Value.ERROR;
        };
    }

    private record Sum(Value total, int count) {}

    private static Sum sum(Arguments arguments, Value.Sequence list) {
        Value total = new Value.Int(0);
        int count = 0;
        for (var element : list.elements()) {
            var value = Arithmetic.promoted(arguments.evaluation().element(element, list, arguments.scope()));
            if (value instanceof Value.Undefined) {
                continue;
            } else if (!Arithmetic.isNumber(value)) {
                return new Sum(Value.ERROR, 0);
            }
            total = count == 0 ? value : Operations.binary(Operator.ADD, total, value);
            count++;
        }
        return new Sum(total, count);
    }

    static Value extreme(Arguments arguments, Operator beats) {
        var argument = arguments.value(0);
        if (argument instanceof Value.Undefined) {
            return argument;
        } else if (!(argument instanceof Value.Sequence list)) {
            return Value.ERROR;
        } else {
            Value best = Value.UNDEFINED;
            boolean real = false;
            for (var element : list.elements()) {
                var value = Arithmetic.promoted(arguments.evaluation().element(element, list, arguments.scope()));
                if (value instanceof Value.Undefined) {
                    continue;
                } else if (!Arithmetic.isNumber(value)) {
                    return Value.ERROR;
                }
                real |= value instanceof Value.Real;
                if (best instanceof Value.Undefined
                        || Operations.binary(beats, value, best).equals(Value.TRUE)) {
                    best = value;
                }
            }
            return real ? Conversions.real(best) : best;
        }
    }

    /// Whether some or all elements compare; an element that compares to undefined ends it.
    static Value compare(Arguments arguments, boolean all) {
        var sign = arguments.value(0);
        if (sign instanceof Value.Undefined) {
            return Value.UNDEFINED;
        } else if (!(sign instanceof Value.Text(String text))) {
            return Value.ERROR;
        } else {
            Operator operator;
            switch (text) {
                case "<" -> operator = Operator.LESS;
                case "<=" -> operator = Operator.LESS_OR_EQUAL;
                case "!=" -> operator = Operator.NOT_EQUAL;
                case "==" -> operator = Operator.EQUAL;
                case ">" -> operator = Operator.GREATER;
                case ">=" -> operator = Operator.GREATER_OR_EQUAL;
                case "is" -> operator = Operator.IS;
                case "isnt" -> operator = Operator.ISNT;
                default -> {
                    return Value.ERROR;
                }
            }
            return compare(arguments, operator, all);
        }
    }

    private static Value compare(Arguments arguments, Operator operator, boolean all) {
        var argument = arguments.value(1);
        if (argument instanceof Value.Undefined) {
            return argument;
        } else if (!(argument instanceof Value.Sequence list)) {
            return Value.ERROR;
        } else {
            var other = arguments.value(2);
            for (var element : list.elements()) {
                var value = arguments.evaluation().element(element, list, arguments.scope());
                var compared = Operations.binary(operator, value, other);
                if (compared instanceof Value.Undefined) {
                    return Value.FALSE;
                } else if (!(compared instanceof Value.Bool(boolean holds))) {
                    return Value.ERROR;
                } else if (holds != all) {
                    return compared;
                }
            }
            return Value.of(all);
        }
    }
}
