package bourse.classad;

import java.util.function.IntFunction;

/// Functions that order versions, `8.9` before `8.10`, as `strverscmp` of the GNU C library does.
final class VersionFunctions {
    private VersionFunctions() {}

    static Value compare(Arguments arguments, IntFunction<Value> result) {
        var left = arguments.value(0);
        var right = arguments.value(1);
        if (left instanceof Value.Undefined || right instanceof Value.Undefined) {
            return Value.UNDEFINED;
        }
        return arguments.evaluation().asText(left) instanceof Value.Text(String a)
                        && arguments.evaluation().asText(right) instanceof Value.Text(String b)
                ? result.apply(order(a, b))
                : Value.ERROR;
    }

    static Value inRange(Arguments arguments) {
        var evaluation = arguments.evaluation();
        var version = arguments.value(0);
        var least = arguments.value(1);
        var most = arguments.value(2);
        if (least instanceof Value.Undefined || most instanceof Value.Undefined) {
            return Value.UNDEFINED;
        }
        return evaluation.asText(version) instanceof Value.Text(String it)
                        && evaluation.asText(least) instanceof Value.Text(String low)
                        && evaluation.asText(most) instanceof Value.Text(String high)
                ? Value.of(order(low, it) <= 0 && order(it, high) <= 0)
                : Value.ERROR;
    }

    /// Numbers inside compare by value; those that start with 0 are fractions, and come first.
    ///
    /// The size of the answer is HTCondor's: a difference of bytes, of lengths of numbers, or 1.
    static int order(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length() && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        int difference = at(a, i) - at(b, i);
        if (difference == 0) {
            return 0;
        }
        int start = i;
        while (start > 0 && Lexer.isDigit(a.charAt(start - 1))) {
            start--;
        }
        boolean inNumber = start < i;
        boolean digitA = Lexer.isDigit(at(a, i));
        boolean digitB = Lexer.isDigit(at(b, i));
        if (inNumber && a.charAt(start) == '0') {
            boolean onlyZeros = a.substring(start, i).chars().allMatch(c -> c == '0');
            return onlyZeros && digitA != digitB ? (digitA ? -1 : 1) : difference;
        } else if (!inNumber && digitA && digitB && (at(a, i) == '0' || at(b, i) == '0')) {
            return at(a, i) == '0' ? -1 : 1;
        } else if (inNumber || (digitA && digitB)) {
            int longer = digits(a, i) - digits(b, i);
            return longer == 0 ? difference : longer;
        }
        return difference;
    }

    private static int digits(String text, int from) {
        int i = from;
        while (Lexer.isDigit(at(text, i))) {
            i++;
        }
        return i - from;
    }

    private static char at(String text, int i) {
        return i < text.length() ? text.charAt(i) : 0;
    }
}
