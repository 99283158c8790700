package bourse.classad.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderTest {
    private static final double[] ODD = {
        0.0, -0.0, 1, -1, 2, Double.NaN, Double.MAX_VALUE, Double.MIN_VALUE, Double.NEGATIVE_INFINITY, 1e9, -1e-9
    };

    @Test
    void sortsByRankFromTheHighestThenByAge() {
        var random = new Random(7);
        for (int round = 0; round < 1_000; round++) {
            int count = random.nextInt(400);
            var ranks = random.doubles(count, round % 3 == 0 ? 1 : -5, round % 3 == 0 ? 1 + 1e-12 : 5)
                    .map(it -> random.nextBoolean() ? it : ODD[random.nextInt(ODD.length)])
                    .toArray();
            var keys = Arrays.stream(ranks).mapToLong(Order::key).toArray();
            var ages = random.longs(count, 0, 1L << 40).toArray();
            if (random.nextBoolean()) {
                Arrays.sort(ages);
            }

            var expected = IntStream.range(0, count)
                    .boxed()
                    .sorted(Comparator.<Integer>comparingInt(i -> Double.isNaN(ranks[i]) ? 1 : 0)
                            .thenComparing((a, b) -> ranks[a] > ranks[b] ? -1 : ranks[a] < ranks[b] ? 1 : 0)
                            .thenComparingLong(i -> ages[i]))
                    .mapToInt(i -> i)
                    .toArray();

            assertThat(Top.of(keys, ages, 9)).isEqualTo(Arrays.copyOf(expected, Math.min(9, count)));
            assertThat(Order.sorted(keys, ages, count)).isEqualTo(expected);
        }
    }
}
