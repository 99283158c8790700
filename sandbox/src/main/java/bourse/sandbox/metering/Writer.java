package bourse.sandbox.metering;

import java.io.ByteArrayOutputStream;

/// Writes the binary format's primitives.
final class Writer {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Writer u8(int value) {
        out.write(value);
        return this;
    }

    Writer u32(int value) {
        int rest = value;
        for (; rest >>> 7 != 0; rest >>>= 7) {
            out.write((rest & 0x7f) | 0x80);
        }
        out.write(rest);
        return this;
    }

    Writer s64(long value) {
        long rest = value;
        for (; rest != (rest << 57 >> 57); rest >>= 7) {
            out.write(((int) rest & 0x7f) | 0x80);
        }
        out.write((int) rest & 0x7f);
        return this;
    }

    Writer raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /// `content` behind its length.
    Writer sized(Writer content) {
        u32(content.out.size());
        return raw(content.bytes());
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
