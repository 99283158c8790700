package bourse.classad.pool;

import java.util.Arrays;

/// Offers that match, as they are found; [#best] puts them in order.
final class Hits<K> {
    private Offer<K>[] offers = array(64);
    private double[] ranks = new double[64];
    private int count;

    @SuppressWarnings("unchecked")
    private static <K> Offer<K>[] array(int size) {
        return (Offer<K>[]) new Offer<?>[size];
    }

    void expect(int more) {
        if (count + more > ranks.length) {
            int size = Math.max(count + more, 2 * count);
            offers = Arrays.copyOf(offers, size);
            ranks = Arrays.copyOf(ranks, size);
        }
    }

    void add(Offer<K> offer, double rank) {
        if (count == ranks.length) {
            expect(1);
        }
        offers[count] = offer;
        ranks[count++] = rank;
    }

    Matches<K> best(int most) {
        var keys = new long[count];
        var ages = new long[count];
        for (int i = 0; i < count; i++) {
            keys[i] = Order.key(ranks[i]);
            ages[i] = offers[i].age();
        }
        var order = most < count / 8 ? Top.of(keys, ages, most) : Order.sorted(keys, ages, count);
        int size = Math.min(most, count);
        @SuppressWarnings("unchecked")
        var ids = (K[]) new Object[size];
        var sorted = new double[size];
        for (int i = 0; i < size; i++) {
            ids[i] = offers[order[i]].id();
            sorted[i] = ranks[order[i]];
        }
        return new Matches<>(Arrays.asList(ids), sorted);
    }
}
