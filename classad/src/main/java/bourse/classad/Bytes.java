package bourse.classad;

import java.nio.charset.StandardCharsets;

/// Strings whose characters are bytes, and the ASCII rules that the language knows for them.
final class Bytes {
    private Bytes() {}

    /// The UTF-8 bytes of a text, one in each character.
    static String encode(String unicode) {
        return isAscii(unicode)
                ? unicode
                : new String(unicode.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    static String decode(String bytes) {
        return isAscii(bytes) ? bytes : new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 127) {
                return false;
            }
        }
        return true;
    }

    static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }

    static char upper(char c) {
        return c >= 'a' && c <= 'z' ? (char) (c - 32) : c;
    }

    static String lower(String text) {
        var folded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            folded.append(lower(text.charAt(i)));
        }
        return folded.toString();
    }

    static String upper(String text) {
        var folded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            folded.append(upper(text.charAt(i)));
        }
        return folded.toString();
    }

    /// Compares as lower case, and only ASCII has cases.
    static int compareIgnoringCase(String a, String b) {
        int shared = Math.min(a.length(), b.length());
        for (int i = 0; i < shared; i++) {
            int difference = lower(a.charAt(i)) - lower(b.charAt(i));
            if (difference != 0) {
                return difference;
            }
        }
        return a.length() - b.length();
    }

    static boolean equalIgnoringCase(String a, String b) {
        return a.length() == b.length() && compareIgnoringCase(a, b) == 0;
    }
}
