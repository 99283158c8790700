package bourse.protocol;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/// An account's key. It never prints itself.
public final class Wallet {
    private static final SecureRandom RANDOM = new SecureRandom();

    /// Given to the curve, which leaves it as it is, and to nobody else.
    private final byte[] key;

    private final Address address;

    private Wallet(byte[] key) {
        if (!isKey(key)) {
            throw new Malformed("a private key is 1 to n-1 of secp256k1");
        }
        this.key = key;
        this.address = addressOf(Curve.fastest().publicKey(key));
    }

    /// @throws Malformed if it is not a key of the curve
    public static Wallet of(Bytes32 privateKey) {
        return new Wallet(privateKey.bytes());
    }

    /// A new key from the system's secure random source.
    public static Wallet random() {
        var key = new byte[32];
        do {
            RANDOM.nextBytes(key);
        } while (!isKey(key));
        return new Wallet(key);
    }

    private static boolean isKey(byte[] key) {
        return !Arrays.equals(key, new byte[32]) && Arrays.compareUnsigned(key, Abi.word(Signature.ORDER)) < 0;
    }

    public Address address() {
        return address;
    }

    public Signature sign(Bytes32 hash) {
        return Curve.fastest().sign(key, hash.bytes());
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
        return Bytes32.of(key);
    }

    /// @param publicKey 65 bytes: 4, x, y
    static Address addressOf(byte[] publicKey) {
        var hash = Keccak.of(Arrays.copyOfRange(publicKey, 1, 65)).bytes();
        return Address.of(Arrays.copyOfRange(hash, 12, 32));
    }

    @Override
    public String toString() {
        return "Wallet[" + address + "]";
    }
}
