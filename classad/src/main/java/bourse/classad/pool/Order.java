package bourse.classad.pool;

/// The best first: by rank, higher first, then by age, older first.
final class Order {
    /// Below it, comparing costs less than counting.
    private static final int FEW = 48;
    private static final int BITS = 11;
    private static final int BUCKETS = 1 << BITS;

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
    /// @param keys of each element
    /// @param ages tells equal ones apart
    static int[] sorted(long[] keys, long[] ages, int count) {
        var order = new int[count];
        boolean inOrderOfAge = true;
        for (int i = 0; i < count; i++) {
            order[i] = i;
            inOrderOfAge &= i == 0 || ages[i - 1] < ages[i];
        }
        if (count > FEW && !inOrderOfAge) {
            sort(order, 0, count, ages, ages);
        }
        sort(order, 0, count, keys, ages);
        return order;
    }

    /// Sorts by the first 32 bits in which keys differ, then each run of those that have them in common.
    ///
    /// @param order where to find keys and ages; in order of age if there is more than a [#FEW]
    private static void sort(int[] order, int from, int to, long[] keys, long[] ages) {
        if (to - from <= FEW) {
            insertionSort(order, from, to, keys, ages);
            return;
        }
        long differing = 0;
        for (int i = from; i < to; i++) {
            differing |= keys[order[i]] ^ keys[order[from]];
        }
        if (differing == 0) {
            return;
        }
        int shift = Math.max(0, 32 - Long.numberOfLeadingZeros(differing));
        var packed = new long[to - from];
        for (int i = from; i < to; i++) {
            packed[i - from] = ((keys[order[i]] ^ Long.MIN_VALUE) >>> shift) << 32 | order[i];
        }
        packed = radixSort(packed);
        for (int i = from; i < to; i++) {
            order[i] = (int) packed[i - from];
        }
        for (int i = 0; shift > 0 && i < packed.length; ) {
            int end = i + 1;
            while (end < packed.length && packed[end] >>> 32 == packed[i] >>> 32) {
                end++;
            }
            if (end > i + 1) {
                sort(order, from + i, from + end, keys, ages);
            }
            i = end;
        }
    }

    private static void insertionSort(int[] order, int from, int to, long[] keys, long[] ages) {
        for (int i = from + 1; i < to; i++) {
            int element = order[i];
            int place = i;
            while (place > from && before(element, order[place - 1], keys, ages)) {
                order[place] = order[place - 1];
                place--;
            }
            order[place] = element;
        }
    }

    private static boolean before(int a, int b, long[] keys, long[] ages) {
        return keys[a] != keys[b] ? keys[a] < keys[b] : ages[a] < ages[b];
    }

    /// By the high 32 bits, and stable.
    private static long[] radixSort(long[] from) {
        var to = new long[from.length];
        for (int shift = 32; shift < 64; shift += BITS) {
            var places = new int[BUCKETS + 1];
            for (long element : from) {
                places[((int) (element >>> shift) & BUCKETS - 1) + 1]++;
            }
            for (int i = 0; i < BUCKETS; i++) {
                places[i + 1] += places[i];
            }
            for (long element : from) {
                to[places[(int) (element >>> shift) & BUCKETS - 1]++] = element;
            }
            var swapped = from;
            from = to;
            to = swapped;
        }
        return from;
    }
}
