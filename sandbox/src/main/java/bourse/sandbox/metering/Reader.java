package bourse.sandbox.metering;

import static java.nio.charset.StandardCharsets.UTF_8;

import bourse.sandbox.Cause;
import java.util.Arrays;

/// Reads the binary format's primitives from a part of a module, and refuses to read past its end.
final class Reader {
    private final byte[] bytes;
    private final int start;
    private final int end;
    private int position;

    Reader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private Reader(byte[] bytes, int position, int end) {
        this.bytes = bytes;
        this.start = position;
        this.position = position;
        this.end = end;
    }

    int position() {
        return position;
    }

    boolean atEnd() {
        return position == end;
    }

    /// All of this reader's bytes, read or not.
    byte[] whole() {
        return copy(start, end);
    }

    /// The same bytes from `from` on, up to the same end.
    Reader from(int from) {
        return new Reader(bytes, from, end);
    }

    /// The next `length` bytes as a reader of their own; this one goes on behind them.
    Reader part(int length) {
        skip(length);
        return new Reader(bytes, position - length, position);
    }

    byte[] rest() {
        return copy(position, end);
    }

    byte[] copy(int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    int u8() {
        if (position == end) {
            throw malformed("ends too early");
        }
        return bytes[position++] & 0xff;
    }

    /// An unsigned 32-bit number in LEB128 that has to be below 2^31: nothing legitimate here is larger.
    int u32() {
        long value = leb(5, false);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw malformed("has a number that is too large");
        }
        return (int) value;
    }

    /// An unsigned 32-bit number as an int.
    int size() {
        return (int) leb(5, false);
    }

    long s32() {
        return leb(5, true);
    }

    long s33() {
        return leb(5, true);
    }

    long s64() {
        return leb(10, true);
    }

    void skip(int length) {
        if (length < 0 || length > end - position) {
            throw malformed("ends too early");
        }
        position += length;
    }

    int i32() {
        skip(4);
        return (int) fixed(4);
    }

    long i64() {
        skip(8);
        return fixed(8);
    }

    String name() {
        int length = u32();
        skip(length);
        return new String(bytes, position - length, length, UTF_8);
    }

    Refused malformed(String what) {
        return new Refused(Cause.NOT_WASM, "The module " + what + " (at byte " + position + ").");
    }

    private long fixed(int length) {
        long value = 0;
        for (int i = 1; i <= length; i++) {
            value = (value << 8) | (bytes[position - i] & 0xff);
        }
        return value;
    }

    private long leb(int longest, boolean signed) {
        long value = 0;
        for (int i = 0; i < longest; i++) {
            int next = u8();
            value |= (long) (next & 0x7f) << (7 * i);
            if (next < 0x80) {
                int bits = 7 * (i + 1);
                return signed && bits < 64 ? value << (64 - bits) >> (64 - bits) : value;
            }
        }
        throw malformed("has a number that is too long");
    }
}
