package bourse.classad.pool;

import java.util.PriorityQueue;

/// The first few in [Order], without putting all in order.
final class Top {
    private Top() {}

    static int[] of(long[] keys, long[] ages, int most) {
        if (most <= 0) {
            return new int[0];
        }
        // The worst that is kept is the first to go.
        var kept = new PriorityQueue<Integer>(
                most, (a, b) -> keys[a] != keys[b] ? Long.compare(keys[b], keys[a]) : Long.compare(ages[b], ages[a]));
        for (int i = 0; i < keys.length; i++) {
            if (kept.size() < most) {
                kept.add(i);
            } else {
                int worst = kept.element();
                if (keys[i] < keys[worst] || (keys[i] == keys[worst] && ages[i] < ages[worst])) {
                    kept.remove();
                    kept.add(i);
                }
            }
        }
        var order = new int[kept.size()];
        for (int i = order.length - 1; i >= 0; i--) {
            order[i] = kept.remove();
        }
        return order;
    }
}
