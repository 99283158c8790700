package bourse.wire;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.LongAdder;

/// How many signed calls a second a pool's server answers to clients on the same machine: each is signed, sent over
/// the loopback interface, recovered, answered and read.
final class PoolBench {
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration RUN = Duration.ofSeconds(10);

    private PoolBench() {}

    public static void main(String[] args) throws Exception {
        for (int workers : new int[] {1, 8, 32}) {
            try (var stand = new PoolStand(workers)) {
                measure(stand, workers, WARM_UP);
                System.out.printf("%2d workers: %,.0f asks a second%n", workers, measure(stand, workers, RUN));
            }
        }
    }

    private static double measure(PoolStand stand, int workers, Duration duration) throws InterruptedException {
        var calls = new LongAdder();
        var threads = new ArrayList<Thread>();
        var end = System.nanoTime() + duration.toNanos();
        for (int i = 0; i < workers; i++) {
            var worker = stand.scene.worker(i);
            var pool = stand.client(worker);
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    while (System.nanoTime() < end) {
                        pool.ask(PoolStand.ad(worker), Duration.ZERO);
                        calls.increment();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        return calls.sum() / (duration.toNanos() / 1e9);
    }
}
