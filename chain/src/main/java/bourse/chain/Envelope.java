package bourse.chain;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Keccak;
import bourse.protocol.Wallet;
import com.esaulpaugh.headlong.rlp.RLPEncoder;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A transaction as it is signed and sent (EIP-1559).
///
/// @param to the contract called, or empty to create one from `data`
/// @param tip what the block's maker gets for each gas
/// @param maxFee the most that each gas may cost, tip included
/// @param value the coins that go along, in wei
record Envelope(
        long chainId,
        long nonce,
        BigInteger tip,
        BigInteger maxFee,
        long gas,
        Optional<Address> to,
        BigInteger value,
        Bytes data) {

    /// What goes to the node, and the hash by which the chain will know it.
    record Signed(Bytes raw, Bytes32 hash) {}

    Signed sign(Wallet sender) {
        var fields = new ArrayList<Object>(List.of(
                number(BigInteger.valueOf(chainId)),
                number(BigInteger.valueOf(nonce)),
                number(tip),
                number(maxFee),
                number(BigInteger.valueOf(gas)),
                to.map(Address::bytes).orElse(new byte[0]),
                number(value),
                data.bytes(),
                List.of()));
        var signature = sender.sign(Keccak.of(encode(fields)));
        fields.add(number(signature.odd() ? BigInteger.ONE : BigInteger.ZERO));
        fields.add(number(signature.r()));
        fields.add(number(signature.s()));
        var raw = encode(fields);
        return new Signed(Bytes.of(raw), Keccak.of(raw));
    }

    private static byte[] encode(List<Object> fields) {
        return RLPEncoder.sequence(new byte[] {2}, fields);
    }

    /// Without leading zeros; zero is no byte at all.
    static byte[] number(BigInteger value) {
        var bytes = value.toByteArray();
        return bytes[0] == 0 ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }
}
