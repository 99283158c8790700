package bourse.classad.pool;

import java.util.Arrays;

/// Sets of rows, one bit each.
final class Bits {
    private Bits() {}

    static long[] none(int rows) {
        return new long[words(rows)];
    }

    static long[] all(int rows) {
        var bits = new long[words(rows)];
        Arrays.fill(bits, -1);
        if ((rows & 63) != 0) {
            bits[bits.length - 1] = -1L >>> -rows;
        }
        return bits;
    }

    static int words(int rows) {
        return (rows + 63) >>> 6;
    }

    static boolean get(long[] bits, int row) {
        return (bits[row >>> 6] >>> row & 1) != 0;
    }

    static void set(long[] bits, int row) {
        bits[row >>> 6] |= 1L << row;
    }

    static void clear(long[] bits, int row) {
        bits[row >>> 6] &= ~(1L << row);
    }

    static void or(long[] into, long[] other) {
        for (int i = 0; i < into.length; i++) {
            into[i] |= other[i];
        }
    }

    static void and(long[] into, long[] other) {
        for (int i = 0; i < into.length; i++) {
            into[i] &= other[i];
        }
    }

    static void andNot(long[] into, long[] other) {
        for (int i = 0; i < into.length; i++) {
            into[i] &= ~other[i];
        }
    }

    static int count(long[] bits) {
        int count = 0;
        for (long word : bits) {
            count += Long.bitCount(word);
        }
        return count;
    }

    static boolean isEmpty(long[] bits) {
        for (long word : bits) {
            if (word != 0) {
                return false;
            }
        }
        return true;
    }

    /// The rows of a set, in their order.
    static int[] rows(long[] bits) {
        var rows = new int[count(bits)];
        int next = 0;
        for (int i = 0; i < bits.length; i++) {
            for (long word = bits[i]; word != 0; word &= word - 1) {
                rows[next++] = (i << 6) + Long.numberOfTrailingZeros(word);
            }
        }
        return rows;
    }
}
