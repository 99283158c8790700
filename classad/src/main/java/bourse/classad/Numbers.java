package bourse.classad;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Pattern;

/// Numbers as texts, by the rules of C.
final class Numbers {
    private static final Pattern REAL = Pattern.compile(
            "\\s*+([+-]?+)(?:(infinity|inf)|(nan)|(0x[0-9a-f]++(?:\\.[0-9a-f]*+)?+)(p[+-]?+[0-9]++)?+"
                    + "|((?:[0-9]++(?:\\.[0-9]*+)?+|\\.[0-9]++)(?:e[+-]?+[0-9]++)?+))",
            Pattern.CASE_INSENSITIVE);

    private Numbers() {}

    /// 0 for what is not a decimal integer of 64 bits.
    static long integerOrZero(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /// A number at the start of a text, and where it ends.
    record Leading(double value, int end) {}

    /// The number that a text starts with, as `strtod` reads it.
    static Optional<Leading> leading(String text) {
        var matcher = REAL.matcher(text);
        if (!matcher.lookingAt()) {
            return Optional.empty();
        }
        double size;
        if (matcher.group(2) != null) {
            size = Double.POSITIVE_INFINITY;
        } else if (matcher.group(3) != null) {
            size = Double.NaN;
        } else if (matcher.group(4) != null) {
            size = Double.parseDouble(matcher.group(4) + (matcher.group(5) == null ? "p0" : matcher.group(5)));
        } else {
            size = Double.parseDouble(matcher.group(6));
        }
        return Optional.of(new Leading(matcher.group(1).equals("-") ? -size : size, matcher.end()));
    }

    /// `printf("%1.15E")`, but zero, infinities and NaN.
    static String scientific(double value) {
        return special(value).isEmpty() ? exponential(value, 16, false) : special(value);
    }

    /// As short as 16 digits allow, and always with a point or an exponent.
    static String compact(double value) {
        if (!special(value).isEmpty()) {
            return special(value);
        }
        var text = general(value, 16);
        return text.indexOf('.') < 0 && text.indexOf('E') < 0 ? text + ".0" : text;
    }

    private static String special(double value) {
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        } else if (Double.isNaN(value)) {
            return "real(\"NaN\")";
        } else if (Double.isInfinite(value)) {
            return value < 0 ? "real(\"-INF\")" : "real(\"INF\")";
        }
        return "";
    }

    /// `printf("%.*G")` of a number that is finite and not zero.
    static String general(double value, int digits) {
        var rounded = new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        return exponent < -4 || exponent >= digits
                ? exponential(value, digits, true)
                : rounded.stripTrailingZeros().toPlainString();
    }

    private static String exponential(double value, int digits, boolean stripped) {
        var rounded = new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        var figures = rounded.unscaledValue().abs().toString();
        figures += "0".repeat(digits - figures.length());
        if (stripped) {
            figures = figures.replaceFirst("0+$", "");
            if (figures.length() == 1) {
                figures += "#";
            }
        }
        return (value < 0 ? "-" : "")
                + (figures.charAt(0) + "." + figures.substring(1)).replace(".#", "")
                + (exponent < 0 ? "E-" : "E+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }
}
