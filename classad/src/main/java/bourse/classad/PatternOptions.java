package bourse.classad;

import bourse.classad.PatternCompiler.NotAPattern;
import java.util.BitSet;

/// The options `imsx` of a regular expression, at one place in it.
record PatternOptions(boolean ignoreCase, boolean multiline, boolean dotAll, boolean extended) {
    static PatternOptions of(String letters) {
        return new PatternOptions(
                letters.indexOf('i') >= 0,
                letters.indexOf('m') >= 0,
                letters.indexOf('s') >= 0,
                letters.indexOf('x') >= 0);
    }

    PatternOptions with(char letter, boolean on) throws NotAPattern {
        return switch (letter) {
            case 'i' -> new PatternOptions(on, multiline, dotAll, extended);
            case 'm' -> new PatternOptions(ignoreCase, on, dotAll, extended);
            case 's' -> new PatternOptions(ignoreCase, multiline, on, extended);
            case 'x' -> new PatternOptions(ignoreCase, multiline, dotAll, on);
            case 'n', 'J', 'U' -> throw new NotAPattern();
            default -> throw new NotAPattern();
        };
    }

    BitSet set(char c) {
        return cased(PatternClass.one(c));
    }

    /// The set, and the other case of its letters if case is ignored.
    BitSet cased(BitSet set) {
        if (ignoreCase) {
            for (char c = 'a'; c <= 'z'; c++) {
                char upper = Bytes.upper(c);
                if (set.get(c) || set.get(upper)) {
                    set.set(c);
                    set.set(upper);
                }
            }
        }
        return set;
    }

    BitSet dot() {
        var set = PatternClass.all();
        set.set('\n', dotAll);
        return set;
    }
}
