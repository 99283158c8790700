package bourse.classad.pool;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.classad.ClassAd;
import bourse.classad.Evaluator;
import bourse.classad.Limits;
import bourse.classad.Semantics;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EnginesAgreeTest {
    private static final long FIRST_SEED = Long.getLong("pool.seed", 1);
    private static final int POOLS = Integer.getInteger("pool.pools", 3_000);

    @Test
    void bothEnginesFindTheSameOffersWithTheSameRanks() {
        long matches = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + POOLS; seed++) {
            matches += compare(seed, Limits.DEFAULT);
        }
        // Agreeing on nothing would be easy.
        assertThat(matches).isGreaterThan(POOLS);
    }

    @Test
    void bothEnginesGiveUpOnTheSamePairs() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + POOLS / 10; seed++) {
            compare(seed, new Limits(1 << 20, 500, 1_000, 100_000, 12, 40, 200, 100));
            compare(seed, new Limits(1 << 20, 500, 1_000, 100_000, 80, 10_000, 20_000, 1_000));
        }
    }

    @Test
    void bothEnginesGiveUpAtTheSameDepthAndAfterTheSameNumberOfSteps() {
        var text = "\"" + "x".repeat(1_000) + "\"";
        var offer = ClassAd.parse("[Memory = " + "(".repeat(25) + "5" + ")".repeat(25) + "; Text = " + text
                + "; Requirements = TARGET.deep]");
        var attributes = new StringBuilder("deep = a12 > 0; Rank = a12; a0 = TARGET.Memory; mine = " + text
                + "; Requirements = TARGET.Text == mine" + " && TARGET.Text == mine".repeat(9));
        for (int i = 1; i <= 12; i++) {
            attributes.append("; a%d = a%d + %s".formatted(i, i - 1, i > 9 ? "a" + (i - 1) : "1"));
        }
        var task = ClassAd.parse("[" + attributes + "]");
        int found = 0;
        for (int limit = 1; limit < 150; limit++) {
            for (var limits : List.of(
                    new Limits(1 << 20, 500, 1_000, 100_000, limit, 1_000_000, 1 << 24, 100),
                    new Limits(1 << 20, 500, 1_000, 100_000, 400, 40L * limit, 1 << 24, 100))) {
                var evaluator = new Evaluator(Semantics.OLD, limits, InstantSource.system(), new Random());
                Matcher<Integer> walking = Matcher.walking(evaluator);
                Matcher<Integer> columnar = Matcher.columnar(evaluator);
                for (int id = 0; id < 6; id++) {
                    put(id, offer, walking, columnar);
                }
                found += compare(task, 9, walking, columnar, limit) > 0 ? 1 : 0;
            }
        }
        assertThat(found).isBetween(50, 250);
    }

    private static long compare(long seed, Limits limits) {
        var random = new Random(seed);
        var semantics = random.nextBoolean() ? Semantics.OLD : Semantics.NEW;
        var evaluator =
                new Evaluator(semantics, limits, InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000)), random);
        var pool = new RandomPool(random, semantics);
        Matcher<Integer> walking = Matcher.walking(evaluator);
        Matcher<Integer> columnar = new ColumnarMatcher<>(evaluator, random.nextInt(3) * 4);
        var policies =
                Stream.generate(pool::policy).limit(1 + random.nextInt(3)).toList();
        int ids = 5 + random.nextInt(60);
        for (int id = 0; id < ids; id++) {
            put(id, pool.offer(policies), walking, columnar);
        }
        long matches = 0;
        for (int round = 0; round < 4; round++) {
            var task = pool.task();
            matches += compare(task, Integer.MAX_VALUE, walking, columnar, seed);
            compare(task, random.nextInt(5), walking, columnar, seed);
            // A task that may or may not be the same to all offers.
            matches += compare(pool.altered(task), Integer.MAX_VALUE, walking, columnar, seed);
            for (int change = random.nextInt(8); change > 0; change--) {
                int id = random.nextInt(ids + 5);
                if (random.nextInt(3) == 0) {
                    assertThat(columnar.remove(id)).isEqualTo(walking.remove(id));
                } else {
                    put(id, pool.offer(policies), walking, columnar);
                }
            }
            matches += compare(task, Integer.MAX_VALUE, walking, columnar, seed);
        }
        return matches;
    }

    private static void put(int id, ClassAd offer, Matcher<Integer> walking, Matcher<Integer> columnar) {
        walking.put(id, offer);
        columnar.put(id, offer);
    }

    private static int compare(ClassAd task, int most, Matcher<Integer> walking, Matcher<Integer> columnar, long seed) {
        var expected = walking.matches(task, most);
        var found = columnar.matches(task, most);
        assertThat(shown(found)).as("-Dpool.seed=%d: %s", seed, task).isEqualTo(shown(expected));
        return expected.size();
    }

    /// With the bits of ranks: 0.0 is not -0.0.
    private static List<String> shown(Matches<Integer> matches) {
        return IntStream.range(0, matches.size())
                .mapToObj(i -> matches.id(i) + " " + Double.toString(matches.rank(i)))
                .toList();
    }
}
