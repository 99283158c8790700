package bourse.classad;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;

/// Functions on lists that are strings, such as `"a, b, c"`: older than lists, and still common.
final class StringListFunctions {
    private static final String COMMAS = ", ";
    private static final String COMMAS_AND_BLANKS = ", \t\r\n";
    private static final String INTEGER = "+-0123456789";

    private StringListFunctions() {}

    /// The items between any of the delimiters, without the blanks around them and without empty ones.
    static List<String> items(String list, String delimiters) {
        var items = new ArrayList<String>();
        int start = 0;
        for (int i = 0; i <= list.length(); i++) {
            if (i == list.length() || delimiters.indexOf(list.charAt(i)) >= 0) {
                var item = trimmed(list, start, i);
                if (!item.isEmpty()) {
                    items.add(item);
                }
                start = i + 1;
            }
        }
        return items;
    }

    private static String trimmed(String list, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && Lexer.isBlank(list.charAt(start))) {
            start++;
        }
        while (end > start && Lexer.isBlank(list.charAt(end - 1))) {
            end--;
        }
        return list.substring(start, end);
    }

    /// The texts of all arguments; empty if one of them is none.
    private static List<String> texts(Arguments arguments) {
        var texts = new ArrayList<String>();
        for (var value : arguments.values()) {
            if (!(value instanceof Value.Text(String text))) {
                return List.of();
            }
            arguments.evaluation().read(16L * text.length());
            texts.add(text);
        }
        return texts;
    }

    private static String delimiters(List<String> texts, int at, String otherwise) {
        return texts.size() > at ? texts.get(at) : otherwise;
    }

    static Value size(Arguments arguments) {
        var texts = texts(arguments);
        return texts.isEmpty()
                ? Value.ERROR
                : new Value.Int(
                        items(texts.getFirst(), delimiters(texts, 1, COMMAS)).size());
    }

    static Value sum(Arguments arguments) {
        return summary(arguments, 0, Double::sum, new Value.Real(0), false);
    }

    static Value average(Arguments arguments) {
        return summary(arguments, 0, Double::sum, new Value.Real(0), true);
    }

    static Value min(Arguments arguments) {
        return summary(arguments, Float.MAX_VALUE, (a, b) -> a < b ? a : b, Value.UNDEFINED, false);
    }

    /// A slip of HTCondor: it starts from the smallest positive number, so that what is negative comes out as 0.
    static Value max(Arguments arguments) {
        return summary(arguments, Float.MIN_NORMAL, (a, b) -> a > b ? a : b, Value.UNDEFINED, false);
    }

    private static Value summary(
            Arguments arguments, double start, DoubleBinaryOperator fold, Value empty, boolean average) {
        var texts = texts(arguments);
        if (texts.isEmpty()) {
            return Value.ERROR;
        }
        var items = items(texts.getFirst(), delimiters(texts, 1, COMMAS));
        double result = start;
        boolean real = false;
        for (var item : items) {
            var number = Numbers.leading(item);
            if (number.isEmpty()) {
                return Value.ERROR;
            }
            real |= !item.chars().allMatch(c -> INTEGER.indexOf(c) >= 0);
            result = fold.applyAsDouble(number.get().value(), result);
        }
        if (items.isEmpty()) {
            return empty;
        }
        result = average ? result / items.size() : result;
        return real ? new Value.Real(result) : new Value.Int((long) result);
    }

    static Value member(Arguments arguments, boolean ignoreCase) {
        return onLists(arguments, (item, list, delimiters) -> {
            var items = folded(items(list, delimiters), ignoreCase);
            return items.contains(ignoreCase ? Bytes.lower(item) : item);
        });
    }

    /// Nothing is a part of everything; a list without items, but not empty, is a part of nothing.
    static Value subset(Arguments arguments, boolean ignoreCase) {
        return onLists(arguments, (part, list, delimiters) -> {
            var items = folded(items(part, delimiters), ignoreCase);
            return part.isEmpty()
                    || (!items.isEmpty()
                            && folded(items(list, delimiters), ignoreCase).containsAll(items));
        });
    }

    private static Set<String> folded(List<String> items, boolean ignoreCase) {
        var folded = new HashSet<String>();
        for (var item : items) {
            folded.add(ignoreCase ? Bytes.lower(item) : item);
        }
        return folded;
    }

    private interface Test {
        boolean holds(String first, String second, String delimiters);
    }

    /// Undefined counts as empty, unless both are.
    private static Value onLists(Arguments arguments, Test test) {
        var values = arguments.values();
        var texts = new ArrayList<String>();
        for (int i = 0; i < values.size(); i++) {
            switch (values.get(i)) {
                case Value.Text(String text) -> {
                    arguments.evaluation().read(16L * text.length());
                    texts.add(text);
                }
                case Value.Undefined _ -> texts.add(i == 2 ? COMMAS_AND_BLANKS : "");
                default -> {
                    return Value.ERROR;
                }
            }
        }
        return values.get(0) instanceof Value.Undefined && values.get(1) instanceof Value.Undefined
                ? Value.UNDEFINED
                : Value.of(test.holds(texts.get(0), texts.get(1), delimiters(texts, 2, COMMAS_AND_BLANKS)));
    }

    /// Here blanks around an item are part of it, if they are no delimiters.
    static Value intersect(Arguments arguments) {
        var values = arguments.values();
        if (values.stream().anyMatch(Value.Failure.class::isInstance)) {
            return Value.ERROR;
        } else if (values.stream().anyMatch(Value.Undefined.class::isInstance)) {
            return Value.UNDEFINED;
        }
        var texts = texts(arguments);
        if (texts.isEmpty()) {
            return Value.ERROR;
        }
        var given = delimiters(texts, 2, "");
        var delimiters = given.isEmpty() ? " ," : given;
        var second = new HashSet<>(pieces(texts.get(1), delimiters));
        return Value.of(pieces(texts.get(0), delimiters).stream().anyMatch(second::contains));
    }

    private static List<String> pieces(String list, String delimiters) {
        var pieces = new ArrayList<String>();
        int start = 0;
        for (int i = 0; i <= list.length(); i++) {
            if (i == list.length() || delimiters.indexOf(list.charAt(i)) >= 0) {
                if (i > start) {
                    pieces.add(list.substring(start, i));
                }
                start = i + 1;
            }
        }
        return pieces;
    }

    /// `split(text [, separators])`: of two equal separators with nothing but blanks between them, an empty text is
    /// in the middle.
    static Value split(Arguments arguments) {
        var texts = texts(arguments);
        if (texts.isEmpty()) {
            return Value.ERROR;
        }
        var text = texts.getFirst();
        var separators = delimiters(texts, 1, ", \t");
        var items = new ArrayList<Value>();
        int start = 0;
        char last = ' ';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (separators.indexOf(c) < 0) {
                continue;
            }
            if (i > start) {
                items.add(new Value.Text(text.substring(start, i)));
            } else if (!Lexer.isBlank(last) && last == c) {
                items.add(new Value.Text(""));
            }
            last = Lexer.isBlank(c) ? last : c;
            start = i + 1;
        }
        if (start < text.length()) {
            items.add(new Value.Text(text.substring(start)));
        }
        return arguments.evaluation().list(items);
    }

    /// `user@domain` or `slot@machine`; without an `@` it is the user, or the machine.
    static Value splitAt(Arguments arguments, boolean firstAlone) {
        if (!(arguments.value(0) instanceof Value.Text(String text))) {
            return Value.ERROR;
        }
        int at = text.indexOf('@');
        var first = at >= 0 ? text.substring(0, at) : firstAlone ? text : "";
        var second = at >= 0 ? text.substring(at + 1) : firstAlone ? "" : text;
        return arguments.evaluation().list(List.of(new Value.Text(first), new Value.Text(second)));
    }
}
