package bourse.protocol;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/// An account's key. It never prints itself.
public final class Wallet {
    private final BigInteger key;
    private final Address address;

    private Wallet(BigInteger key) {
        if (key.signum() <= 0 || key.compareTo(Signature.CURVE.getN()) >= 0) {
            throw new Malformed("a private key is 1 to n-1 of secp256k1");
        }
        this.key = key;
        this.address = addressOf(key);
    }

    /// @throws Malformed if it is not a key of the curve
    public static Wallet of(Bytes32 privateKey) {
        return new Wallet(new BigInteger(1, privateKey.bytes()));
    }

    /// A new key from the system's secure random source.
    public static Wallet random() {
        while (true) {
            var candidate = new BigInteger(1, Bytes32.random().bytes());
            if (candidate.signum() > 0 && candidate.compareTo(Signature.CURVE.getN()) < 0) {
                return new Wallet(candidate);
            }
        }
    }

    public Address address() {
        return address;
    }

    public Signature sign(Bytes32 hash) {
        return Signature.make(key, hash);
    }

    /// Signs as wallets do for people (EIP-191): the chain's contracts ask this for authorizations and enclave
    /// results.
    public Signature signMessage(Bytes32 message) {
        return sign(messageHash(message));
    }

    public static Bytes32 messageHash(Bytes32 message) {
        return Keccak.of("\u0019Ethereum Signed Message:\n32".getBytes(StandardCharsets.US_ASCII), message.bytes());
    }

    Bytes32 key() {
        return Bytes32.of(Abi.word(key));
    }

    static Address addressOf(BigInteger key) {
        return addressOf(new FixedPointCombMultiplier().multiply(Signature.CURVE.getG(), key));
    }

    static Address addressOf(ECPoint publicKey) {
        var uncompressed = publicKey.normalize().getEncoded(false);
        var hash = Keccak.of(Arrays.copyOfRange(uncompressed, 1, 65)).bytes();
        return Address.of(Arrays.copyOfRange(hash, 12, 32));
    }

    @Override
    public String toString() {
        return "Wallet[" + address + "]";
    }
}
