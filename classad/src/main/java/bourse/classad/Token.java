package bourse.classad;

/// A word of the language.
///
/// @param text a name, the content of a string, or the sign itself
/// @param value of a literal; undefined otherwise
/// @param position in bytes from the start of the text
record Token(Kind kind, String text, Value value, int position) {
    private static final int MOST_SHOWN = 40;

    enum Kind {
        NAME,
        LITERAL,
        SIGN,
        END
    }

    boolean is(String sign) {
        return kind == Kind.SIGN && text.equals(sign);
    }

    boolean is(char sign) {
        return kind == Kind.SIGN && text.length() == 1 && text.charAt(0) == sign;
    }

    /// Whether a `-` after it subtracts, so that it can't be part of a number.
    boolean endsOperand() {
        return switch (kind) {
            case NAME, LITERAL -> true;
            case SIGN -> is(')') || is(']') || is('}') || is('.');
            case END -> false;
        };
    }

    /// As a message quotes it: its first letters, where it is long.
    String shown() {
        if (kind == Kind.END) {
            return "the end";
        }
        return text.length() <= MOST_SHOWN ? "`" + text + "`" : "`" + text.substring(0, MOST_SHOWN) + "…`";
    }
}
