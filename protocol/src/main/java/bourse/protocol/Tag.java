package bourse.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;

/// What the machine must have, as a set of bits: bit 0 an enclave, bit 8 a GPU (iExec's SDK, `TAG_MAP`).
public record Tag(@JsonValue Bytes32 value) {
    private static final BigInteger FRAMEWORKS = BigInteger.valueOf(0x0e);
    public static final Tag NONE = new Tag(Bytes32.ZERO);

    @JsonCreator
    public static Tag parse(String text) {
        return new Tag(Bytes32.parse(text));
    }

    /// Whether everything that `needed` asks for is here.
    public boolean covers(Tag needed) {
        return needed.bits().andNot(bits()).signum() == 0;
    }

    public boolean wantsEnclave() {
        return bits().testBit(0);
    }

    /// Without bits 1 to 3, which say what kind of enclave: a dataset leaves that to the app.
    public Tag withoutFrameworks() {
        var rest = bits().andNot(FRAMEWORKS).toString(16);
        return parse("0x" + "0".repeat(64 - rest.length()) + rest);
    }

    private BigInteger bits() {
        return new BigInteger(1, value.bytes());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
