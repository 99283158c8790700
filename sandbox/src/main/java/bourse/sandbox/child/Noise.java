package bourse.sandbox.child;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Random numbers that are the same for everyone who has the seed: SHA-256 of the seed and a counter.
final class Noise {
    private final byte[] seed;
    private ByteBuffer block = ByteBuffer.allocate(0);
    private long counter;

    Noise(byte[] seed) {
        this.seed = seed.clone();
    }

    byte[] next(int length) {
        var bytes = new byte[length];
        for (int filled = 0; filled < length; ) {
            if (!block.hasRemaining()) {
                block = ByteBuffer.wrap(digest());
            }
            int some = Math.min(block.remaining(), length - filled);
            block.get(bytes, filled, some);
            filled += some;
        }
        return bytes;
    }

    private byte[] digest() {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(seed);
            sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(0, counter++));
            return sha256.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
