package bourse.protocol;

import java.math.BigInteger;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;

/// A recoverable ECDSA signature over secp256k1, its `s` in the lower half of the order (EIP-2).
///
/// @param r 1 to n−1
/// @param s 1 to n/2
/// @param odd whether the nonce point's y is odd: recovery id 1
public record Signature(BigInteger r, BigInteger s, boolean odd) {
    static final ECDomainParameters CURVE = new ECDomainParameters(CustomNamedCurves.getByName("secp256k1"));
    private static final BigInteger HALF = CURVE.getN().shiftRight(1);

    /// @throws Malformed if `r` or `s` is out of range, or `s` is in the upper half
    public Signature {
        if (r.signum() <= 0 || r.compareTo(CURVE.getN()) >= 0 || s.signum() <= 0 || s.compareTo(HALF) > 0) {
            throw new Malformed("not a signature: r or s is out of range");
        }
    }

    static Signature make(BigInteger key, Bytes32 hash) {
        var signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, new ECPrivateKeyParameters(key, CURVE));
        var rs = signer.generateSignature(hash.bytes());
        var s = rs[1].compareTo(HALF) > 0 ? CURVE.getN().subtract(rs[1]) : rs[1];
        var even = new Signature(rs[0], s, false);
        return even.signer(hash).equals(Wallet.addressOf(key)) ? even : new Signature(rs[0], s, true);
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
        var n = CURVE.getN();
        var inverse = r.modInverse(n);
        var u = new BigInteger(1, hash.bytes()).negate().multiply(inverse).mod(n);
        var point = ECAlgorithms.sumOfTwoMultiplies(
                CURVE.getG(), u, noncePoint(), s.multiply(inverse).mod(n));
        if (point.isInfinity()) {
            throw new Malformed("not a signature: no key made it");
        }
        return Wallet.addressOf(point);
    }

    private ECPoint noncePoint() {
        var compressed = new byte[33];
        compressed[0] = (byte) (odd ? 3 : 2);
        var x = word(r);
        System.arraycopy(x, 0, compressed, 1, 32);
        try {
            return CURVE.getCurve().decodePoint(compressed);
        } catch (IllegalArgumentException e) {
            throw new Malformed("not a signature: r is on no point of the curve", e);
        }
    }

    /// `r s v` with `v` 27 or 28, as contracts take it.
    public Bytes bytes() {
        var bytes = new byte[65];
        System.arraycopy(word(r), 0, bytes, 0, 32);
        System.arraycopy(word(s), 0, bytes, 32, 32);
        bytes[64] = (byte) (odd ? 28 : 27);
        return Bytes.of(bytes);
    }

    private static byte[] word(BigInteger value) {
        return Abi.word(value);
    }
}
