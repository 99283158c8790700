package bourse.classad;

import bourse.classad.PatternCompiler.NotAPattern;
import java.util.BitSet;
import java.util.Optional;

/// Reads sets of bytes: `[…]` and escapes such as `\d`.
final class PatternClass {
    private static final int BYTES = 256;
    static final BitSet VERTICAL = of("\n\u000B\f\r\u0085");

    private final PatternText text;
    private final PatternOptions options;

    PatternClass(PatternText text, PatternOptions options) {
        this.text = text;
        this.options = options;
    }

    static BitSet all() {
        var set = new BitSet(BYTES);
        set.set(0, BYTES);
        return set;
    }

    static BitSet one(char c) {
        var set = new BitSet(BYTES);
        set.set(c);
        return set;
    }

    private static BitSet of(String bytes) {
        var set = new BitSet(BYTES);
        bytes.chars().forEach(set::set);
        return set;
    }

    private static BitSet range(BitSet set, char first, char last) {
        set.set(first, last + 1);
        return set;
    }

    /// After the opening bracket, to the closing one.
    BitSet read() throws NotAPattern {
        boolean not = text.take('^');
        var set = new BitSet(BYTES);
        boolean first = true;
        while (first || !text.take(']')) {
            first = false;
            var low = element(set);
            if (low.isEmpty() || !rangeFollows()) {
                low.ifPresent(set::set);
                continue;
            }
            text.next();
            var high = element(set);
            if (high.isEmpty()) {
                set.set(low.get());
                set.set('-');
            } else if (high.get() < low.get()) {
                throw new NotAPattern();
            } else {
                range(set, low.get(), high.get());
            }
        }
        options.cased(set);
        if (not) {
            set.flip(0, BYTES);
        }
        return set;
    }

    private boolean rangeFollows() {
        return text.startsWith("-") && !text.startsWith("-]");
    }

    /// One character; or none if it was a set, which is added.
    private Optional<Character> element(BitSet set) throws NotAPattern {
        char c = text.next();
        if (c == '[' && text.startsWith(":")) {
            var name = text.until(":]").substring(1);
            boolean not = name.startsWith("^");
            var named = posix(not ? name.substring(1) : name);
            if (not) {
                named.flip(0, BYTES);
            }
            set.or(named);
            return Optional.empty();
        } else if (c != '\\') {
            return Optional.of(c);
        }
        var escaped = escaped(true);
        if (escaped.cardinality() == 1) {
            return Optional.of((char) escaped.nextSetBit(0));
        }
        set.or(escaped);
        return Optional.empty();
    }

    private static BitSet posix(String name) throws NotAPattern {
        var set = new BitSet(BYTES);
        return switch (name) {
            case "alpha" -> range(range(set, 'a', 'z'), 'A', 'Z');
            case "digit" -> range(set, '0', '9');
            case "alnum" -> range(range(range(set, 'a', 'z'), 'A', 'Z'), '0', '9');
            case "upper" -> range(set, 'A', 'Z');
            case "lower" -> range(set, 'a', 'z');
            case "space" -> of(" \t\n\u000B\f\r");
            case "blank" -> of(" \t");
            case "punct" -> range(range(range(range(set, '!', '/'), ':', '@'), '[', '`'), '{', '~');
            case "xdigit" -> range(range(range(set, '0', '9'), 'a', 'f'), 'A', 'F');
            case "cntrl" -> range(range(set, '\0', '\u001F'), '\u007F', '\u007F');
            case "print" -> range(set, ' ', '~');
            case "graph" -> range(set, '!', '~');
            case "word" -> range(range(range(range(set, 'a', 'z'), 'A', 'Z'), '0', '9'), '_', '_');
            case "ascii" -> range(set, '\0', '\u007F');
            default -> throw new NotAPattern();
        };
    }

    /// What stands after a backslash.
    BitSet escaped(boolean inClass) throws NotAPattern {
        char c = text.next();
        var set = switch (Bytes.lower(c)) {
            case 'd' -> posix("digit");
            case 'w' -> posix("word");
            case 's' -> posix("space");
            case 'h' -> of(" \t\u00A0");
            case 'v' -> (BitSet) VERTICAL.clone();
            default -> null;
        };
        if (set != null) {
            if (c != Bytes.lower(c)) {
                set.flip(0, BYTES);
            }
            return set;
        }
        return switch (c) {
            case 'n' -> one('\n');
            case 't' -> one('\t');
            case 'r' -> one('\r');
            case 'f' -> one('\f');
            case 'e' -> one('\u001B');
            case 'a' -> one('\u0007');
            case 'b' -> {
                if (!inClass) {
                    throw new NotAPattern();
                }
                yield one('\b');
            }
            case 'N' -> {
                var line = all();
                line.clear('\n');
                yield line;
            }
            case 'c' -> one((char) (Bytes.upper(text.next()) ^ 64));
            case 'x' -> options.set(hex());
            case 'o' -> {
                if (!text.take('{')) {
                    throw new NotAPattern();
                }
                char octal = text.octal();
                if (!text.take('}')) {
                    throw new NotAPattern();
                }
                yield options.set(octal);
            }
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                text.unread();
                yield options.set(text.octal());
            }
            default -> {
                if (Lexer.isLetter(c) && c != '_') {
                    throw new NotAPattern();
                }
                yield options.set(c);
            }
        };
    }

    private char hex() throws NotAPattern {
        boolean braces = text.take('{');
        int value = 0;
        int count = 0;
        while (count < 2 && !text.atEnd() && Character.digit(text.peek(), 16) >= 0) {
            value = value * 16 + Character.digit(text.next(), 16);
            count++;
        }
        if (braces && !text.take('}')) {
            throw new NotAPattern();
        }
        return (char) value;
    }
}
