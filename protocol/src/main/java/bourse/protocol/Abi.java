package bourse.protocol;

import com.esaulpaugh.headlong.abi.Single;
import com.esaulpaugh.headlong.abi.TupleType;
import java.math.BigInteger;

/// The few ABI encodings that are hashed or signed.
final class Abi {
    private static final TupleType<Single<BigInteger>> WORD = TupleType.parse("(uint256)");

    private Abi() {}

    static byte[] word(BigInteger value) {
        return WORD.encode(Single.of(value)).array();
    }

    static com.esaulpaugh.headlong.abi.Address address(Address address) {
        return com.esaulpaugh.headlong.abi.Address.wrap(address.toString());
    }
}
