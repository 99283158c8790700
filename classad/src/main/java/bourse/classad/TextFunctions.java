package bourse.classad;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;

/// Functions on strings.
final class TextFunctions {
    private TextFunctions() {}

    static Value strcat(Arguments arguments) {
        var evaluation = arguments.evaluation();
        var text = new StringBuilder();
        for (int i = 0; i < arguments.count(); i++) {
            var value = evaluation.asText(arguments.value(i));
            if (!(value instanceof Value.Text(String piece))) {
                return value;
            }
            append(piece, text, evaluation);
        }
        return evaluation.text(text);
    }

    private static void append(String piece, StringBuilder text, Evaluation evaluation) {
        if ((long) text.length() + piece.length() > evaluation.bytesLeft()) {
            throw new ClassAdException.Exhausted("Evaluation makes a longer string than the limits allow");
        }
        text.append(piece);
    }

    /// `join(list)`, `join(separator, list)` or `join(separator, …)`; passes over what is undefined.
    static Value join(Arguments arguments) {
        int count = arguments.count();
        if (count == 0) {
            return arguments.evaluation().text("");
        }
        var values = new ArrayList<>(arguments.values());
        if (count <= 2 && values.getLast() instanceof Value.Sequence list) {
            values.removeLast();
            if (values.isEmpty()) {
                values.add(new Value.Text(""));
            }
            values.addAll(arguments.elements(list));
        } else if (count == 2 && values.getLast() instanceof Value.Undefined) {
            return values.getFirst() instanceof Value.Failure ? Value.ERROR : Value.UNDEFINED;
        }
        return joined(values, arguments.evaluation());
    }

    private static Value joined(List<Value> values, Evaluation evaluation) {
        var separator = "";
        var text = new StringBuilder();
        boolean first = true;
        for (int i = 0; i < values.size(); i++) {
            var value = evaluation.asText(values.get(i));
            if (value instanceof Value.Failure) {
                return Value.ERROR;
            } else if (value instanceof Value.Text(String piece)) {
                if (i == 0) {
                    separator = piece;
                    continue;
                }
                append(first ? "" : separator, text, evaluation);
                append(piece, text, evaluation);
                first = false;
            }
        }
        return evaluation.text(text);
    }

    static Value mapped(Arguments arguments, UnaryOperator<String> mapping) {
        var value = arguments.evaluation().asText(arguments.value(0));
        return value instanceof Value.Text(String text) ? arguments.evaluation().text(mapping.apply(text)) : value;
    }

    /// Negative numbers count from the end, as in Perl.
    static Value substr(Arguments arguments) {
        var values = arguments.values();
        if (values.stream().anyMatch(Value.Undefined.class::isInstance)) {
            return Value.UNDEFINED;
        }
        if (!(values.getFirst() instanceof Value.Text(String text))
                || !(values.get(1) instanceof Value.Int(long from))
                || !values.stream().skip(2).allMatch(Value.Int.class::isInstance)) {
            return Value.ERROR;
        }
        long size = text.length();
        long start = from < 0 ? Math.max(size + from, 0) : Math.min(from, size);
        long length = values.size() > 2 ? ((Value.Int) values.get(2)).value() : size;
        long end = length < 0 ? Math.max(size + length, start) : Math.min(length, size - start) + start;
        return arguments.evaluation().text(text.substring((int) start, (int) end));
    }

    static Value compare(Arguments arguments, Comparator<String> order) {
        var left = arguments.value(0);
        var right = arguments.value(1);
        if (left instanceof Value.Undefined || right instanceof Value.Undefined) {
            return Value.UNDEFINED;
        }
        return arguments.evaluation().asText(left) instanceof Value.Text(String a)
                        && arguments.evaluation().asText(right) instanceof Value.Text(String b)
                ? new Value.Int(Integer.signum(order.compare(a, b)))
                : Value.ERROR;
    }
}
