package bourse.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.security.SecureRandom;
import java.util.HexFormat;

/// A word of the EVM: a hash, a digest, a salt.
///
/// @param hex 64 lower-case digits, without `0x`
public record Bytes32(String hex) {
    public static final Bytes32 ZERO = new Bytes32("0".repeat(64));
    private static final SecureRandom RANDOM = new SecureRandom();

    /// @throws Malformed if it is not 32 bytes
    public Bytes32 {
        hex = Hex.digits(hex, 32, "a 32-byte word");
    }

    public static Bytes32 of(byte[] bytes) {
        return new Bytes32(HexFormat.of().formatHex(bytes));
    }

    /// Accepts digits with or without `0x`.
    @JsonCreator
    public static Bytes32 parse(String text) {
        return new Bytes32(Hex.unprefixed(text));
    }

    public static Bytes32 random() {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return of(bytes);
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    public boolean isZero() {
        return equals(ZERO);
    }

    @Override
    @JsonValue
    public String toString() {
        return "0x" + hex;
    }
}
