package bourse.classad;

/// Backslashes in the strings of the new form.
final class Escapes {
    private static final String LETTERS = "abfnrtv";
    private static final String MEANINGS = "\u0007\b\f\n\r\t\u000B";

    private Escapes() {}

    /// @param position of the string's end, for the message
    static String read(String raw, int position) {
        if (raw.indexOf('\\') < 0) {
            return raw;
        }
        var content = new StringBuilder(raw.length());
        int i = 0;
        while (i < raw.length()) {
            char c = raw.charAt(i++);
            if (c != '\\' || i == raw.length()) {
                content.append(c);
                continue;
            }
            c = raw.charAt(i++);
            if (isOctal(c)) {
                int value = c - '0';
                int most = c <= '3' ? 2 : 1;
                while (most-- > 0 && i < raw.length() && isOctal(raw.charAt(i))) {
                    value = value * 8 + raw.charAt(i++) - '0';
                }
                if (value == 0) {
                    throw new ClassAdException.Syntax("A string holds no zero byte", position);
                }
                content.append((char) value);
            } else {
                int letter = LETTERS.indexOf(c);
                content.append(letter < 0 ? c : MEANINGS.charAt(letter));
            }
        }
        return content.toString();
    }

    /// With a backslash for `quote`, the backslash, and bytes that no terminal shows.
    static void write(String content, char quote, StringBuilder out) {
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            int meaning = MEANINGS.indexOf(c);
            if (meaning >= 0) {
                out.append('\\').append(LETTERS.charAt(meaning));
            } else if (c == '\\' || c == quote) {
                out.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                out.append('\\').append((char) ('0' + (c >> 6)));
                out.append((char) ('0' + (c >> 3 & 7))).append((char) ('0' + (c & 7)));
            } else {
                out.append(c);
            }
        }
    }

    private static boolean isOctal(char c) {
        return c >= '0' && c <= '7';
    }
}
