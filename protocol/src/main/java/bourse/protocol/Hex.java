package bourse.protocol;

import java.util.Locale;

/// Hexadecimal text from outside, checked once.
final class Hex {
    private Hex() {}

    static String unprefixed(String text) {
        return text.startsWith("0x") || text.startsWith("0X") ? text.substring(2) : text;
    }

    /// Lower-case digits of exactly `bytes` bytes.
    static String digits(String text, int bytes, String what) {
        var digits = digits(text, what);
        if (digits.length() != 2 * bytes) {
            throw new Malformed("%s takes %d bytes, this has %d digits".formatted(what, bytes, digits.length()));
        }
        return digits;
    }

    static String digits(String text, String what) {
        if (text.length() % 2 != 0) {
            throw new Malformed("%s takes two digits a byte, this has %d".formatted(what, text.length()));
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 'f') {
                throw new Malformed("%s has a character that is not hexadecimal, at %d".formatted(what, i));
            }
        }
        return text.toLowerCase(Locale.ROOT);
    }
}
