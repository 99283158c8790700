package bourse.classad.pool;

import java.util.Arrays;

/// The best first: by rank, higher first, then by age, older first.
final class Order {
    /// Below it, comparing costs less than counting.
    private static final int FEW = 48;

    private Order() {}

    /// Smaller is better; -0.0 is as good as 0.0, and NaN is the worst.
    static long key(double rank) {
        if (Double.isNaN(rank)) {
            return Long.MAX_VALUE;
        }
        long bits = Double.doubleToRawLongBits(rank == 0 ? 0.0 : rank);
        return ~(bits ^ ((bits >> 63) & Long.MAX_VALUE));
    }

    /// Where the elements are that come first, second and so on.
    ///
    /// @param keys of each element; the array is used up
    /// @param ages tells equal ones apart
    static int[] sorted(long[] keys, long[] ages, int count) {
        var order = new int[count];
        boolean inOrderOfAge = true;
        for (int i = 0; i < count; i++) {
            order[i] = i;
            inOrderOfAge &= i == 0 || ages[i - 1] < ages[i];
        }
        if (count <= FEW) {
            insertionSort(order, keys, ages);
            return order;
        }
        var other = new int[count];
        if (!inOrderOfAge) {
            order = radixSort(order, other, ages);
            other = new int[count];
        }
        return radixSort(order, other, keys);
    }

    private static void insertionSort(int[] order, long[] keys, long[] ages) {
        for (int i = 1; i < order.length; i++) {
            int element = order[i];
            int to = i;
            while (to > 0 && before(element, order[to - 1], keys, ages)) {
                order[to] = order[to - 1];
                to--;
            }
            order[to] = element;
        }
    }

    private static boolean before(int a, int b, long[] keys, long[] ages) {
        return keys[a] != keys[b] ? keys[a] < keys[b] : ages[a] < ages[b];
    }

    /// Stable, byte by byte from the last; bytes that are the same in all keys take no time.
    private static int[] radixSort(int[] from, int[] to, long[] keys) {
        long same = -1;
        for (int i : from) {
            same &= ~(keys[i] ^ keys[from[0]]);
        }
        var places = new int[257];
        for (int shift = 0; shift < 64; shift += 8) {
            if ((same >>> shift & 0xff) == 0xff) {
                continue;
            }
            // The highest byte has the sign.
            int flip = shift == 56 ? 0x80 : 0;
            Arrays.fill(places, 0);
            for (int i : from) {
                places[((int) (keys[i] >>> shift) & 0xff ^ flip) + 1]++;
            }
            for (int i = 0; i < 256; i++) {
                places[i + 1] += places[i];
            }
            for (int i : from) {
                to[places[(int) (keys[i] >>> shift) & 0xff ^ flip]++] = i;
            }
            var swapped = from;
            from = to;
            to = swapped;
        }
        return from;
    }
}
