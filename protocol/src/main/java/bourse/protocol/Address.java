package bourse.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.HexFormat;

/// An account or a contract on the chain.
///
/// @param hex 40 lower-case digits, without `0x`; [#toString] prints the checksummed form (EIP-55)
public record Address(String hex) implements Comparable<Address> {
    /// Stands for "nobody" and "no restriction".
    public static final Address ZERO = new Address("0".repeat(40));

    /// @throws Malformed if it is not 20 bytes
    public Address {
        hex = Hex.digits(hex, 20, "an address");
    }

    public static Address of(byte[] bytes) {
        return new Address(HexFormat.of().formatHex(bytes));
    }

    /// Accepts digits with or without `0x`, in any case.
    @JsonCreator
    public static Address parse(String text) {
        return new Address(Hex.unprefixed(text));
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    public boolean isZero() {
        return equals(ZERO);
    }

    /// `0x1234…cdef`, for people.
    public String brief() {
        var full = toString();
        return full.substring(0, 6) + "…" + full.substring(38);
    }

    @Override
    public int compareTo(Address other) {
        return hex.compareTo(other.hex);
    }

    @Override
    @JsonValue
    public String toString() {
        return com.esaulpaugh.headlong.abi.Address.toChecksumAddress("0x" + hex);
    }
}
