package bourse.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Bytes of any length as a value: a signature, a call's data, the `results` of a task.
///
/// @param hex lower-case digits, two a byte, without `0x`
public record Bytes(String hex) {
    public static final Bytes EMPTY = new Bytes("");

    /// @throws Malformed if `hex` is not an even number of hexadecimal digits
    public Bytes {
        hex = Hex.digits(hex, "bytes");
    }

    public static Bytes of(byte[] bytes) {
        return new Bytes(HexFormat.of().formatHex(bytes));
    }

    public static Bytes utf8(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Accepts digits with or without `0x`.
    @JsonCreator
    public static Bytes parse(String text) {
        return new Bytes(Hex.unprefixed(text));
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    public int length() {
        return hex.length() / 2;
    }

    public String asUtf8() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    @Override
    @JsonValue
    public String toString() {
        return "0x" + hex;
    }
}
