package bourse.chain;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Malformed;
import com.esaulpaugh.headlong.abi.Tuple;
import java.math.BigInteger;

/// The market's contracts, and the types of their ABI.
final class Contracts {
    static final Artifact HUB = Artifact.load("Hub");
    static final Artifact TOKEN = Artifact.load("RLC");
    static final Artifact APPS = Artifact.load("AppRegistry");
    static final Artifact DATASETS = Artifact.load("DatasetRegistry");
    static final Artifact WORKERPOOLS = Artifact.load("WorkerpoolRegistry");
    static final Artifact WORKERPOOL = Artifact.load("Workerpool");
    static final Artifact DESK = Artifact.load("TokenDesk");
    /// The hub and the desk of a market whose money is the chain's own coin.
    static final Artifact NATIVE_HUB = Artifact.load("NativeHub");
    static final Artifact NATIVE_DESK = Artifact.load("NativeDesk");

    private Contracts() {}

    /* TO THE ABI */

    static com.esaulpaugh.headlong.abi.Address abi(Address address) {
        return com.esaulpaugh.headlong.abi.Address.wrap(address.toString());
    }

    static BigInteger abi(long number) {
        return BigInteger.valueOf(number);
    }

    /* FROM THE ABI */

    static Address address(Tuple tuple, int index) {
        return address(tuple.<com.esaulpaugh.headlong.abi.Address>get(index));
    }

    static Address address(com.esaulpaugh.headlong.abi.Address address) {
        // Its text would be hashed, for the letters' case.
        return new Address("%040x".formatted(address.value()));
    }

    static Bytes32 word(Tuple tuple, int index) {
        return Bytes32.of(tuple.<byte[]>get(index));
    }

    static Bytes bytes(Tuple tuple, int index) {
        return Bytes.of(tuple.<byte[]>get(index));
    }

    static BigInteger big(Tuple tuple, int index) {
        return tuple.get(index);
    }

    /// @throws Malformed if it is more than a `long` holds: nobody means that
    static long number(Tuple tuple, int index) {
        var number = big(tuple, index);
        if (number.bitLength() > 63) {
            throw new Malformed("a number on the chain is beyond all reason: " + number);
        }
        return number.longValue();
    }
}
