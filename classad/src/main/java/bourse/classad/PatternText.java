package bourse.classad;

import bourse.classad.PatternCompiler.NotAPattern;
import java.util.Optional;

/// The text of a regular expression, read from its start.
final class PatternText {
    private final String text;
    private int at;

    /// How often: at least, and at most.
    record Repeat(int least, int most) {}

    PatternText(String text) {
        this.text = text;
    }

    boolean atEnd() {
        return at >= text.length();
    }

    char peek() {
        return text.charAt(at);
    }

    char next() throws NotAPattern {
        if (atEnd()) {
            throw new NotAPattern();
        }
        return text.charAt(at++);
    }

    char last() {
        return text.charAt(at - 1);
    }

    void unread() {
        at--;
    }

    void back(int by) {
        at -= by;
    }

    boolean take(char c) {
        boolean found = !atEnd() && peek() == c;
        if (found) {
            at++;
        }
        return found;
    }

    boolean startsWith(String start) {
        return text.startsWith(start, at);
    }

    /// What comes before `end`, which is passed over; all of it if there is none and it may be missing.
    String until(String end) throws NotAPattern {
        int found = text.indexOf(end, at);
        if (found < 0 && !end.equals("\\E")) {
            throw new NotAPattern();
        }
        var content = text.substring(at, found < 0 ? text.length() : found);
        at = found < 0 ? text.length() : found + end.length();
        return content;
    }

    String digits() {
        int start = at;
        if (!atEnd() && peek() == '-') {
            at++;
        }
        while (!atEnd() && Lexer.isDigit(peek())) {
            at++;
        }
        return text.substring(start, at);
    }

    /// At most three octal digits.
    char octal() throws NotAPattern {
        int value = 0;
        int count = 0;
        while (count < 3 && !atEnd() && peek() >= '0' && peek() <= '7') {
            value = value * 8 + next() - '0';
            count++;
        }
        if (count == 0 || value > 255) {
            throw new NotAPattern();
        }
        return (char) value;
    }

    boolean skipsBlanksOrComment() {
        if (!atEnd() && Lexer.isBlank(peek())) {
            at++;
            return true;
        } else if (!atEnd() && peek() == '#') {
            int end = text.indexOf('\n', at);
            at = end < 0 ? text.length() : end + 1;
            return true;
        }
        return false;
    }

    /// `*`, `+`, `?`, `{n}`, `{n,}`, `{n,m}` or `{,m}`; a brace that is none of these is a character.
    Optional<Repeat> repeat(int limit) throws NotAPattern {
        if (take('*')) {
            return Optional.of(new Repeat(0, Integer.MAX_VALUE));
        } else if (take('+')) {
            return Optional.of(new Repeat(1, Integer.MAX_VALUE));
        } else if (take('?')) {
            return Optional.of(new Repeat(0, 1));
        }
        int start = at;
        if (!take('{')) {
            return Optional.empty();
        }
        var least = digits();
        boolean range = take(',');
        var most = range ? digits() : least;
        if (!take('}') || least.startsWith("-") || most.startsWith("-") || (least.isEmpty() && most.isEmpty())) {
            at = start;
            return Optional.empty();
        }
        long low = Numbers.integerOrZero(least);
        long high = range && most.isEmpty() ? Integer.MAX_VALUE : Numbers.integerOrZero(most);
        if (low > limit || (high > limit && high != Integer.MAX_VALUE) || high < low || least.length() > 5) {
            throw new NotAPattern();
        }
        return Optional.of(new Repeat((int) low, (int) high));
    }
}
