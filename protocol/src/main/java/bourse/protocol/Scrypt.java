package bourse.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.Salsa20Engine;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

/// Keys from passwords, by the work of memory (RFC 7914).
///
/// The RFC, and BouncyCastle, forbid an `n` beyond 2¹⁶ at `r` = 1; wallets have long written such files.
final class Scrypt {
    private static final int BLOCK = 16;

    private Scrypt() {}

    /// @param n the cost, a power of two above 1; each mix takes `128 · n · r` bytes of memory
    /// @param p how often it mixes
    static byte[] derive(byte[] password, byte[] salt, int n, int r, int p, int length) {
        var blocks = pbkdf2(password, salt, 1, p * 128 * r);
        var words = ByteBuffer.wrap(blocks).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
        var x = new int[2 * BLOCK * r];
        for (int i = 0; i < p; i++) {
            words.get(i * x.length, x);
            words.put(i * x.length, mix(x, n));
        }
        return pbkdf2(password, blocks, 1, length);
    }

    static byte[] pbkdf2(byte[] password, byte[] salt, int count, int length) {
        var generator = new PKCS5S2ParametersGenerator(new SHA256Digest());
        generator.init(password, salt, count);
        return ((KeyParameter) generator.generateDerivedMacParameters(8 * length)).getKey();
    }

    /// scryptROMix: writes `n` blocks, then reads them in an order that only they tell.
    private static int[] mix(int[] start, int n) {
        var x = start.clone();
        var written = new int[n][];
        for (int i = 0; i < n; i++) {
            written[i] = x;
            x = mixBlocks(x);
        }
        for (int i = 0; i < n; i++) {
            var read = written[x[x.length - BLOCK] & (n - 1)];
            for (int k = 0; k < x.length; k++) {
                x[k] ^= read[k];
            }
            x = mixBlocks(x);
        }
        return x;
    }

    /// scryptBlockMix: the even blocks come first.
    private static int[] mixBlocks(int[] x) {
        var y = new int[x.length];
        var last = new int[BLOCK];
        System.arraycopy(x, x.length - BLOCK, last, 0, BLOCK);
        for (int i = 0; i < x.length / BLOCK; i++) {
            for (int k = 0; k < BLOCK; k++) {
                last[k] ^= x[i * BLOCK + k];
            }
            Salsa20Engine.salsaCore(8, last, last);
            System.arraycopy(last, 0, y, (i / 2) * BLOCK + (i % 2) * x.length / 2, BLOCK);
        }
        return y;
    }
}
