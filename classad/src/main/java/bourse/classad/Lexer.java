package bourse.classad;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/// Cuts a text of bytes into tokens, one at a time.
///
/// Slips of HTCondor that are kept, because ads rely on reading the same everywhere: `0x1F` is 0, `010` is 10, an
/// integer beyond 64 bits is 0.
final class Lexer {
    /// Longer signs first.
    private static final List<String> SIGNS = List.of(
            ">>>", "=?=", "=!=", "||", "&&", "==", "!=", "<=", ">=", "<<", ">>", "?:", "|", "^", "&", "<", ">", "+",
            "-", "*", "/", "%", "!", "~", "?", ":", "(", ")", "[", "]", "{", "}", ",", ";", "=", ".");

    /// By their first character.
    private static final List<List<String>> SIGNS_FROM = IntStream.range(0, 128)
            .mapToObj(first ->
                    SIGNS.stream().filter(sign -> sign.charAt(0) == first).toList())
            .toList();

    private static final int LONGEST_KEYWORD = "undefined".length();

    private final String text;
    /// The same; a `String` asks at each letter how it is kept.
    private final byte[] letters;
    private final Form form;
    private final Semantics semantics;
    private int position;
    private Token last = new Token(Token.Kind.END, "", Value.UNDEFINED, 0);

    Lexer(String bytes, Form form, Semantics semantics) {
        this.text = bytes;
        this.letters = bytes.getBytes(StandardCharsets.ISO_8859_1);
        this.form = form;
        this.semantics = semantics;
    }

    Token next() {
        skipBlanksAndComments();
        last = read();
        return last;
    }

    private Token read() {
        int start = position;
        if (start == letters.length) {
            return new Token(Token.Kind.END, "", Value.UNDEFINED, start);
        }
        char c = charAt(start);
        if (startsNumber(start) || (c == '-' && !last.endsOperand() && startsNumber(start + 1))) {
            return number(start);
        } else if (isLetter(c)) {
            while (isLetter(peek(0)) || isDigit(peek(0))) {
                position++;
            }
            return word(text.substring(start, position), start);
        } else if (c == '"') {
            var content = quoted('"');
            return new Token(Token.Kind.LITERAL, content, new Value.Text(content), start);
        } else if (c == '\'') {
            return new Token(Token.Kind.NAME, quoted('\''), Value.UNDEFINED, start);
        }
        for (var sign : c < SIGNS_FROM.size() ? SIGNS_FROM.get(c) : List.<String>of()) {
            if (text.startsWith(sign, start)) {
                position += sign.length();
                return new Token(Token.Kind.SIGN, sign, Value.UNDEFINED, start);
            }
        }
        throw new ClassAdException.Syntax("No token starts with byte " + (int) c, start);
    }

    private static Token word(String word, int start) {
        return switch (mayBeKeyword(word) ? Bytes.lower(word) : "") {
            case "true" -> new Token(Token.Kind.LITERAL, word, Value.TRUE, start);
            case "false" -> new Token(Token.Kind.LITERAL, word, Value.FALSE, start);
            case "undefined" -> new Token(Token.Kind.LITERAL, word, Value.UNDEFINED, start);
            case "error" -> new Token(Token.Kind.LITERAL, word, Value.ERROR, start);
            case "is" -> new Token(Token.Kind.SIGN, "=?=", Value.UNDEFINED, start);
            case "isnt" -> new Token(Token.Kind.SIGN, "=!=", Value.UNDEFINED, start);
            default -> new Token(Token.Kind.NAME, word, Value.UNDEFINED, start);
        };
    }

    /// Most words are names, which need no folding to be told from these.
    private static boolean mayBeKeyword(String word) {
        return word.length() <= LONGEST_KEYWORD && "tfueiTFUEI".indexOf(word.charAt(0)) >= 0;
    }

    private boolean startsNumber(int at) {
        return at < letters.length
                && (isDigit(charAt(at)) || (charAt(at) == '.' && at + 1 < letters.length && isDigit(charAt(at + 1))));
    }

    private Token number(int start) {
        if (peek(0) == '-') {
            position++;
        }
        int first = position;
        boolean zero = peek(0) == '0';
        if (zero && (peek(1) == 'x' || peek(1) == 'X')) {
            position += 2;
            if (!isHexDigit(peek(0))) {
                throw new ClassAdException.Syntax("A hexadecimal number needs a digit", start);
            }
            while (isHexDigit(peek(0))) {
                position++;
            }
            return integer(start, "0", true);
        }
        digits();
        boolean real = false;
        if (peek(0) == '.') {
            real = true;
            position++;
            if (!isDigit(peek(0))) {
                throw new ClassAdException.Syntax("A number needs a digit after its point", start);
            }
            digits();
        }
        if (peek(0) == 'e' || peek(0) == 'E') {
            real = true;
            position++;
            if (peek(0) == '+' || peek(0) == '-') {
                position++;
            }
            if (!isDigit(peek(0))) {
                throw new ClassAdException.Syntax("A number needs a digit in its exponent", start);
            }
            digits();
        }
        var digits = text.substring(start, position);
        return real
                ? new Token(Token.Kind.LITERAL, digits, new Value.Real(Double.parseDouble(digits)), start)
                : integer(start, digits, zero && position > first + 1);
    }

    private Token integer(int start, String digits, boolean leadingZero) {
        if (leadingZero && semantics == Semantics.OLD) {
            throw new ClassAdException.Syntax("A number does not start with 0", start);
        }
        return new Token(Token.Kind.LITERAL, digits, new Value.Int(Numbers.integerOrZero(digits)), start);
    }

    private void digits() {
        while (isDigit(peek(0))) {
            position++;
        }
    }

    /// What stands between quotes; in the new form strings side by side are one.
    private String quoted(char quote) {
        int end = text.indexOf(quote, position + 1);
        if (end >= 0 && isPlain(position + 1, end) && (form == Form.OLD || !opensAfterBlanks(end + 1, quote))) {
            var content = text.substring(position + 1, end);
            position = end + 1;
            return content;
        }
        var raw = new StringBuilder();
        while (true) {
            int start = position++;
            while (peek(0) != quote || closedByBackslash(quote)) {
                if (position >= letters.length || peek(0) == 0) {
                    throw new ClassAdException.Syntax("A " + quote + " is never closed", start);
                }
                if (form == Form.NEW && peek(0) == '\\') {
                    raw.append(peek(0));
                    position++;
                    if (position >= letters.length) {
                        continue;
                    }
                } else if (form == Form.OLD && peek(0) == quote) {
                    raw.setLength(raw.length() - 1);
                }
                raw.append(peek(0));
                position++;
            }
            position++;
            if (form == Form.OLD) {
                return raw.toString();
            } else if (!opensAfterBlanks(position, quote)) {
                return Escapes.read(raw.toString(), position);
            }
            position = text.indexOf(quote, position);
        }
    }

    private boolean isPlain(int from, int to) {
        for (int i = from; i < to; i++) {
            if (charAt(i) == '\\' || charAt(i) == 0) {
                return false;
            }
        }
        return true;
    }

    /// Whether nothing but blanks are between a place and a quote.
    private boolean opensAfterBlanks(int at, char quote) {
        int after = at;
        while (after < letters.length && isBlank(charAt(after))) {
            after++;
        }
        return after < letters.length && charAt(after) == quote;
    }

    /// In the old form a backslash before a quote makes it part of the string, unless nothing follows on the line.
    private boolean closedByBackslash(char quote) {
        return form == Form.OLD
                && peek(0) == quote
                && peek(-1) == '\\'
                && position + 1 < letters.length
                && peek(1) != '\n';
    }

    private void skipBlanksAndComments() {
        while (position < letters.length) {
            if (isBlank(peek(0))) {
                position++;
            } else if (peek(0) == '/' && peek(1) == '/') {
                int end = text.indexOf('\n', position);
                position = end < 0 ? letters.length : end + 1;
            } else if (peek(0) == '/' && peek(1) == '*') {
                int end = text.indexOf("*/", position + 2);
                if (end < 0) {
                    throw new ClassAdException.Syntax("A comment is never closed", position);
                }
                position = end + 2;
            } else {
                return;
            }
        }
    }

    /// The byte at some distance; 0 outside of the text.
    private char peek(int distance) {
        int at = position + distance;
        return at >= 0 && at < letters.length ? charAt(at) : 0;
    }

    private char charAt(int at) {
        return (char) Byte.toUnsignedInt(letters[at]);
    }

    static boolean isBlank(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isHexDigit(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }
}
