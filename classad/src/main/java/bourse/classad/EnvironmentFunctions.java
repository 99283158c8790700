package bourse.classad;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Functions on command lines and environments in HTCondor's two notations, and on users.
///
/// The second notation parts by blanks and quotes with `'`, which is doubled inside of quotes. The first parts
/// arguments by blanks, variables by `;` or `|`, and quotes nothing.
final class EnvironmentFunctions {
    private EnvironmentFunctions() {}

    static Value argsToList(Arguments arguments) {
        var notation = notation(arguments);
        if (notation == 0 || !(arguments.value(0) instanceof Value.Text(String text))) {
            return Value.ERROR;
        }
        arguments.evaluation().read(16L * text.length());
        return (notation == 1 ? Optional.of(StringListFunctions.items(text, " \t\r\n")) : words(text))
                .map(words -> arguments
                        .evaluation()
                        .list(words.stream().map(Value.Text::new).toList()))
                .orElse(Value.ERROR);
    }

    static Value listToArgs(Arguments arguments) {
        int notation = notation(arguments);
        if (notation == 0 || !(arguments.value(0) instanceof Value.Sequence list)) {
            return Value.ERROR;
        }
        var words = new ArrayList<String>();
        for (var element : arguments.elements(list)) {
            if (!(element instanceof Value.Text(String word)) || (notation == 1 && hasBlanks(word))) {
                return Value.ERROR;
            }
            arguments.evaluation().read(16L * word.length());
            words.add(word);
        }
        return arguments.evaluation().text(notation == 1 ? String.join(" ", words) : line(words));
    }

    /// 1 or 2; 0 for what is neither.
    private static int notation(Arguments arguments) {
        if (arguments.count() < 2) {
            return 2;
        }
        return arguments.value(1) instanceof Value.Int(long notation) && (notation == 1 || notation == 2)
                ? (int) notation
                : 0;
    }

    private static boolean hasBlanks(String word) {
        return word.chars().anyMatch(c -> Lexer.isBlank((char) c));
    }

    /// Empty if a quote is never closed.
    private static Optional<List<String>> words(String text) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        boolean inWord = false;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\'' && i + 1 < text.length() && text.charAt(i + 1) == '\'') {
                word.append(c);
                i++;
            } else if (c == '\'') {
                quoted = !quoted;
                inWord = true;
            } else if (!quoted && Lexer.isBlank(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                inWord = false;
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return quoted ? Optional.empty() : Optional.of(words);
    }

    private static String line(List<String> words) {
        var line = new StringBuilder();
        for (var word : words) {
            line.append(line.isEmpty() ? "" : " ");
            if (word.isEmpty()) {
                line.append("''");
            }
            int start = line.length();
            for (int i = 0; i < word.length(); i++) {
                char c = word.charAt(i);
                if (c != '\'' && !Lexer.isBlank(c)) {
                    line.append(c);
                    continue;
                }
                if (line.length() > start && line.charAt(line.length() - 1) == '\'') {
                    line.setLength(line.length() - 1);
                } else {
                    line.append('\'');
                }
                line.append(c == '\'' ? "''" : c).append('\'');
            }
        }
        return line.toString();
    }

    static Value envV1ToV2(Arguments arguments) {
        var value = arguments.value(0);
        if (!(value instanceof Value.Text(String text))) {
            return value instanceof Value.Undefined ? value : Value.ERROR;
        }
        arguments.evaluation().read(16L * text.length());
        boolean named = text.startsWith("|") || text.startsWith(";");
        var delimiter = named ? text.substring(0, 1) : ";";
        var variables = new TreeMap<String, String>();
        var entries = StringListFunctions.items(named ? text.substring(1) : text, delimiter + "\n");
        return entries.stream().allMatch(entry -> define(entry, variables))
                ? environment(variables, arguments.evaluation())
                : Value.ERROR;
    }

    /// Later ones win; undefined is nothing.
    static Value mergeEnvironment(Arguments arguments) {
        var variables = new TreeMap<String, String>();
        for (var value : arguments.values()) {
            if (value instanceof Value.Undefined) {
                continue;
            }
            if (!(value instanceof Value.Text(String text))) {
                return Value.ERROR;
            }
            arguments.evaluation().read(16L * text.length());
            var words = words(text);
            if (words.isEmpty() || !words.get().stream().allMatch(entry -> define(entry, variables))) {
                return Value.ERROR;
            }
        }
        return environment(variables, arguments.evaluation());
    }

    private static boolean define(String entry, Map<String, String> variables) {
        int equals = entry.indexOf('=');
        if (equals > 0) {
            variables.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
        return equals > 0;
    }

    private static Value environment(Map<String, String> variables, Evaluation evaluation) {
        var entries = new ArrayList<String>();
        variables.forEach((name, content) -> entries.add(name + "=" + content));
        return evaluation.text(line(entries));
    }

    /// `userHome(user [, otherwise])`: this library asks no machine for its users, as HTCondor does not unless told
    /// to, and answers with what is to be said otherwise.
    static Value userHome(Arguments arguments) {
        if (arguments.count() < 1 || arguments.count() > 2) {
            throw new ClassAdException.Exhausted("userHome takes one or two arguments, and gives up with others");
        }
        var otherwise = arguments.count() == 2 ? arguments.value(1) : Value.UNDEFINED;
        if (otherwise instanceof Value.Text text && text.size() > 0) {
            return text;
        }
        return switch (arguments.value(0)) {
            case Value.Undefined _, Value.Text _ -> Value.UNDEFINED;
            default -> Value.ERROR;
        };
    }

    /// `userMap(map, user [, preferred [, otherwise]])`: there are no maps outside of a daemon's configuration, so
    /// nobody is in one.
    static Value userMap(Arguments arguments) {
        var values = arguments.values();
        if (values.get(0) instanceof Value.Failure || values.get(1) instanceof Value.Failure) {
            return Value.ERROR;
        }
        return values.size() == 4 ? values.get(3) : Value.UNDEFINED;
    }
}
