package bourse.protocol;

import java.io.IOException;

/// What is computed on the curve secp256k1. Its two forms give the same bytes.
///
/// A key is 32 bytes, 1 to n−1, and is neither kept nor changed; a hash is 32 bytes; a public key is 65: 4, x, y.
sealed interface Curve permits NativeCurve, BouncyCurve {

    /// The fastest one that loads on this machine.
    static Curve fastest() {
        return Fastest.CURVE;
    }

    byte[] publicKey(byte[] key);

    /// The nonce is that of RFC 6979, so whoever signs a hash again gets the same signature.
    Signature sign(byte[] key, byte[] hash);

    /// The public key whose owner signed `hash` (SEC 1, 4.1.6).
    ///
    /// @throws Malformed if no key can have made the signature
    byte[] signer(Signature signature, byte[] hash);

    /// Chosen when the first signature is made or read: commands that need none do not wait for it.
    final class Fastest {
        private static final Curve CURVE = choose();

        private Fastest() {}

        private static Curve choose() {
            try {
                return NativeCurve.load();
            } catch (IOException | RuntimeException | LinkageError e) {
                System.getLogger(Curve.class.getName())
                        .log(
                                System.Logger.Level.INFO,
                                "signatures take ten times as long, for libsecp256k1 does not load: {0}. On Linux it"
                                        + " needs a java.io.tmpdir whose files may be run",
                                e.toString());
                return new BouncyCurve();
            }
        }
    }
}
