package bourse.protocol;

import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/// By BouncyCastle, which runs wherever Java does.
final class BouncyCurve implements Curve {
    private static final ECDomainParameters CURVE = new ECDomainParameters(CustomNamedCurves.getByName("secp256k1"));

    @Override
    public byte[] publicKey(byte[] key) {
        return new FixedPointCombMultiplier()
                .multiply(CURVE.getG(), new BigInteger(1, key))
                .normalize()
                .getEncoded(false);
    }

    @Override
    public Signature sign(byte[] key, byte[] hash) {
        var signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, new ECPrivateKeyParameters(new BigInteger(1, key), CURVE));
        var rs = signer.generateSignature(hash);
        var s = rs[1].min(CURVE.getN().subtract(rs[1]));
        // The signer does not tell which nonce point it took. Of the two, one leads back to the key.
        var even = new Signature(rs[0], s, false);
        return Arrays.equals(signer(even, hash), publicKey(key)) ? even : new Signature(rs[0], s, true);
    }

    @Override
    public byte[] signer(Signature signature, byte[] hash) {
        var n = CURVE.getN();
        var inverse = signature.r().modInverse(n);
        var u = new BigInteger(1, hash).negate().multiply(inverse).mod(n);
        var v = signature.s().multiply(inverse).mod(n);
        var point = ECAlgorithms.sumOfTwoMultiplies(CURVE.getG(), u, noncePoint(signature), v);
        if (point.isInfinity()) {
            throw new Malformed("not a signature: no key made it");
        }
        return point.normalize().getEncoded(false);
    }

    private static ECPoint noncePoint(Signature signature) {
        var compressed = new byte[33];
        compressed[0] = (byte) (signature.odd() ? 3 : 2);
        System.arraycopy(Abi.word(signature.r()), 0, compressed, 1, 32);
        try {
            return CURVE.getCurve().decodePoint(compressed);
        } catch (IllegalArgumentException e) {
            throw new Malformed("not a signature: no key made it", e);
        }
    }
}
