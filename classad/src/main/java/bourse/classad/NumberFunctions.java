package bourse.classad;

import java.util.function.DoubleUnaryOperator;

/// Rounding, powers and chance.
final class NumberFunctions {
    private static final double NOTHING = 1e-8;

    private NumberFunctions() {}

    static Value round(Arguments arguments, DoubleUnaryOperator rounding) {
        var value = arguments.value(0);
        if (value instanceof Value.Int) {
            return value;
        }
        return Conversions.real(value) instanceof Value.Real(double number)
                ? new Value.Int((long) rounding.applyAsDouble(number))
                : Value.ERROR;
    }

    static Value pow(Arguments arguments) {
        var base = arguments.value(0);
        var exponent = arguments.value(1);
        if (base instanceof Value.Int(long a) && exponent instanceof Value.Int(long b) && b >= 0) {
            return new Value.Int((long) (Math.pow((double) a, (double) b) + 0.5));
        }
        return Conversions.real(base) instanceof Value.Real(double a)
                        && Conversions.real(exponent) instanceof Value.Real(double b)
                ? new Value.Real(power(a, b))
                : Value.ERROR;
    }

    /// C says that one to any power is one, and that -1 to an infinite power is too.
    private static double power(double a, double b) {
        return a == 1 || (a == -1 && Double.isInfinite(b)) ? 1 : Math.pow(a, b);
    }

    /// The next multiple of a number, or the first in a list that is large enough, else a multiple of its last.
    static Value quantize(Arguments arguments) {
        var value = arguments.value(0);
        var unit = arguments.value(1);
        if (!(Conversions.real(value) instanceof Value.Real(double size))) {
            return Value.ERROR;
        }
        if (unit instanceof Value.Sequence list) {
            unit = new Value.Real(0);
            for (var element : list.elements()) {
                unit = arguments.evaluation().element(element, list, arguments.scope());
                if (!(Conversions.real(unit) instanceof Value.Real(double enough))) {
                    return Value.ERROR;
                } else if (enough >= size) {
                    return unit;
                }
            }
        }
        if (unit instanceof Value.Int(long multiple)) {
            if (multiple == 0) {
                return value;
            }
            return value instanceof Value.Int(long number)
                    ? new Value.Int((number + multiple - 1) / multiple * multiple)
                    : new Value.Real(Math.ceil(size / (double) multiple) * (double) multiple);
        }
        return Conversions.real(unit) instanceof Value.Real(double multiple)
                ? Math.abs(multiple) <= NOTHING ? value : new Value.Real(Math.ceil(size / multiple) * multiple)
                : Value.ERROR;
    }

    /// From 0 to below the argument, or 1; HTCondor gives up where that is nothing.
    static Value random(Arguments arguments) {
        var random = arguments.evaluation().evaluator().random();
        if (arguments.count() == 0) {
            return new Value.Real(random.nextDouble());
        }
        return switch (arguments.value(0)) {
            case Value.Int(long bound) when bound > 0 -> new Value.Int(random.nextLong(bound));
            case Value.Real(double bound) when bound > 0 -> new Value.Real(bound * random.nextDouble());
            case Value.Int _, Value.Real _ ->
                throw new ClassAdException.Exhausted("There is no random number below nothing");
            default -> Value.ERROR;
        };
    }
}
