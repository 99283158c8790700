package bourse.classad;

import java.util.List;
import java.util.Optional;

/// Functions with regular expressions, which are those of PCRE2 as far as [Pattern] knows them.
final class PatternFunctions {
    private PatternFunctions() {}

    /// The texts of all arguments, or what is the result because one of them is none.
    private static Optional<Value> obstacle(List<Value> values) {
        if (values.stream().anyMatch(Value.Failure.class::isInstance)) {
            return Optional.of(Value.ERROR);
        } else if (values.stream().anyMatch(Value.Undefined.class::isInstance)) {
            return Optional.of(Value.UNDEFINED);
        }
        return Optional.empty();
    }

    private static String options(List<Value> values, int at) {
        return values.size() > at ? ((Value.Text) values.get(at)).bytes() : "";
    }

    private static boolean isText(List<Value> values, int at) {
        return values.size() <= at || values.get(at) instanceof Value.Text;
    }

    static Value regexp(Arguments arguments) {
        var values = arguments.values();
        return obstacle(values).orElseGet(() -> {
            if (!isText(values, 2)
                    || !(values.get(0) instanceof Value.Text(String pattern))
                    || !(values.get(1) instanceof Value.Text(String text))) {
                return Value.ERROR;
            }
            return findsOne(pattern, options(values, 2), List.of(text), arguments.evaluation());
        });
    }

    static Value regexpMember(Arguments arguments) {
        var values = arguments.values();
        return obstacle(values).orElseGet(() -> {
            if (!isText(values, 2)
                    || !(values.get(0) instanceof Value.Text(String pattern))
                    || !(values.get(1) instanceof Value.Sequence list)) {
                return Value.ERROR;
            }
            boolean unknown = false;
            for (var element : list.elements()) {
                switch (arguments.evaluation().element(element, list, arguments.scope())) {
                    case Value.Undefined _ -> unknown = true;
                    case Value.Text(String text) -> {
                        var found = findsOne(pattern, options(values, 2), List.of(text), arguments.evaluation());
                        if (!found.equals(Value.FALSE)) {
                            return found;
                        }
                    }
                    default -> {
                        return Value.ERROR;
                    }
                }
            }
            return unknown ? Value.UNDEFINED : Value.FALSE;
        });
    }

    /// `stringList_regexpMember(pattern, list [, delimiters [, options]])`; undefined for a list without items.
    static Value stringListRegexpMember(Arguments arguments) {
        var values = arguments.values();
        if (!(values.get(0) instanceof Value.Text(String pattern))
                || !(values.get(1) instanceof Value.Text(String list))
                || !isText(values, 2)
                || !isText(values, 3)) {
            return Value.ERROR;
        }
        var items = StringListFunctions.items(list, values.size() > 2 ? options(values, 2) : ", ");
        var found = findsOne(pattern, Bytes.lower(options(values, 3)), items, arguments.evaluation());
        return items.isEmpty() && found.equals(Value.FALSE) ? Value.UNDEFINED : found;
    }

    static Value findsOne(String pattern, List<String> texts, Evaluation evaluation) {
        return findsOne(pattern, "i", texts, evaluation);
    }

    private static Value findsOne(String pattern, String options, List<String> texts, Evaluation evaluation) {
        var compiled = Pattern.compile(pattern, options);
        if (compiled.isEmpty()) {
            return Value.ERROR;
        }
        var matcher = new Matcher(compiled.get(), evaluation.patternSteps());
        boolean found = false;
        for (var text : texts) {
            evaluation.read(text.length());
            found = found || matcher.find(text, 0);
        }
        evaluation.patternStepsLeft(matcher.stepsLeft());
        return matcher.stepsLeft() < 0 ? Value.ERROR : Value.of(found);
    }

    /// `regexps(pattern, text, substitute [, options])`: what the substitute makes of the match, and with `f` the text
    /// around it; with `g` of all matches.
    ///
    /// A slip of HTCondor: a global substitution that finds nothing at the very end of the text is an error.
    static Value replace(Arguments arguments, String always) {
        var values = arguments.values();
        return obstacle(values).orElseGet(() -> {
            if (!isText(values, 3)
                    || !(values.get(0) instanceof Value.Text(String pattern))
                    || !(values.get(1) instanceof Value.Text(String text))
                    || !(values.get(2) instanceof Value.Text(String substitute))) {
                return Value.ERROR;
            }
            var options = options(values, 3) + always;
            var evaluation = arguments.evaluation();
            var compiled = Pattern.compile(pattern, options);
            if (compiled.isEmpty()) {
                return Value.ERROR;
            }
            var matcher = new Matcher(compiled.get(), evaluation.patternSteps());
            var replaced = replace(matcher, text, substitute, options, evaluation.bytesLeft());
            evaluation.patternStepsLeft(matcher.stepsLeft());
            return matcher.stepsLeft() < 0
                    ? Value.ERROR
                    : replaced.map(evaluation::text).orElse(Value.ERROR);
        });
    }

    private static Optional<String> replace(
            Matcher matcher, String text, String substitute, String options, long limit) {
        boolean full = options.indexOf('f') >= 0;
        boolean all = options.indexOf('g') >= 0;
        var out = new StringBuilder();
        int at = 0;
        boolean emptyBefore = false;
        while (true) {
            boolean found = emptyBefore ? matcher.matchesSomethingAt(text, at) : matcher.find(text, at);
            if (emptyBefore && !found) {
                if (at == text.length()) {
                    return Optional.empty();
                }
                out.append(text.charAt(at));
                at++;
                emptyBefore = false;
                continue;
            } else if (!found) {
                break;
            }
            if (full) {
                out.append(text, at, matcher.start());
            }
            if (!substitute(matcher, text, substitute, out)) {
                return Optional.empty();
            }
            if (out.length() > limit) {
                throw new ClassAdException.Exhausted("Evaluation makes a longer string than the limits allow");
            }
            at = matcher.end();
            emptyBefore = matcher.start() == matcher.end();
            if (!all) {
                break;
            }
        }
        return Optional.of(full ? out.append(text, at, text.length()).toString() : out.toString());
    }

    /// `\0` to `\9` are what the groups found; false if there is no such group.
    private static boolean substitute(Matcher matcher, String text, String substitute, StringBuilder out) {
        for (int i = 0; i < substitute.length(); i++) {
            char c = substitute.charAt(i);
            if (c == '\\' && i + 1 < substitute.length() && Lexer.isDigit(substitute.charAt(i + 1))) {
                i++;
                int group = substitute.charAt(i) - '0';
                if (group > matcher.lastGroup()) {
                    return false;
                }
                if (matcher.start(group) >= 0) {
                    out.append(text, matcher.start(group), matcher.end(group));
                }
            } else {
                out.append(c);
            }
        }
        return true;
    }
}
