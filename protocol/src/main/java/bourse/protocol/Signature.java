package bourse.protocol;

import java.math.BigInteger;

/// A recoverable ECDSA signature over secp256k1, its `s` in the lower half of the order (EIP-2).
///
/// @param r 1 to n−1
/// @param s 1 to n/2
/// @param odd whether the nonce point's y is odd: recovery id 1
public record Signature(BigInteger r, BigInteger s, boolean odd) {
    /// n: how many keys there are, and one.
    static final BigInteger ORDER =
            new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

    private static final BigInteger HALF = ORDER.shiftRight(1);

    /// @throws Malformed if `r` or `s` is out of range, or `s` is in the upper half
    public Signature {
        if (r.signum() <= 0 || r.compareTo(ORDER) >= 0 || s.signum() <= 0 || s.compareTo(HALF) > 0) {
            throw new Malformed("not a signature: r or s is out of range");
        }
    }

    /// Reads the 65 bytes `r s v`, where `v` is 27 or 28 (0 and 1 are accepted too).
    ///
    /// @throws Malformed if it is anything else
    public static Signature parse(Bytes bytes) {
        if (bytes.length() != 65) {
            throw new Malformed("a signature takes 65 bytes, this has " + bytes.length());
        }
        var v = Integer.parseInt(bytes.hex().substring(128), 16);
        if (v != 0 && v != 1 && v != 27 && v != 28) {
            throw new Malformed("a signature ends in 27 or 28, this ends in " + v);
        }
        return new Signature(
                new BigInteger(bytes.hex().substring(0, 64), 16),
                new BigInteger(bytes.hex().substring(64, 128), 16),
                v % 27 == 1);
    }

    /// Who signed `hash`: the address that this signature proves (SEC 1, 4.1.6).
    ///
    /// @throws Malformed if no key can have made it
    public Address signer(Bytes32 hash) {
        return Wallet.addressOf(Curve.fastest().signer(this, hash.bytes()));
    }

    /// `r s v` with `v` 27 or 28, as contracts take it.
    public Bytes bytes() {
        var bytes = new byte[65];
        System.arraycopy(Abi.word(r), 0, bytes, 0, 32);
        System.arraycopy(Abi.word(s), 0, bytes, 32, 32);
        bytes[64] = (byte) (odd ? 28 : 27);
        return Bytes.of(bytes);
    }
}
