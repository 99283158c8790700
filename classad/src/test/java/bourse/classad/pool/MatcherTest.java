package bourse.classad.pool;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.classad.ClassAd;
import bourse.classad.Evaluator;
import bourse.classad.Limits;
import bourse.classad.Semantics;
import bourse.classad.pool.Matches.Match;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatcherTest {
    private static Matcher<String> matcher(String engine) {
        return engine.equals("walking") ? Matcher.walking(Evaluator.OLD) : Matcher.columnar(Evaluator.OLD);
    }

    private static ClassAd offer(int memory, String more) {
        return ClassAd.parse("[Memory = " + memory + "; Requirements = TARGET.Price > 1; " + more + "]");
    }

    private static ClassAd task(String rank) {
        return ClassAd.parse("[Requirements = TARGET.Memory >= 10; Price = 2; Rank = " + rank + "]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"walking", "columnar"})
    void findsTheBestFirstAndTheOlderOfEquals(String engine) {
        var matcher = matcher(engine);
        for (int i = 0; i < 6; i++) {
            matcher.put("o" + i, offer(8 + 2 * i, ""));
        }

        assertThat(matcher.matches(task("-(TARGET.Memory / 8)")))
                .containsExactly(
                        new Match<>("o1", -1),
                        new Match<>("o2", -1),
                        new Match<>("o3", -1),
                        new Match<>("o4", -2),
                        new Match<>("o5", -2));
        assertThat(matcher.matches(task("TARGET.Memory"), 2))
                .containsExactly(new Match<>("o5", 18), new Match<>("o4", 16));
        assertThat(matcher.matches(task("0"), Comparator.reverseOrder()))
                .extracting(Match::id)
                .containsExactly("o5", "o4", "o3", "o2", "o1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"walking", "columnar"})
    void keepsTheAgeOfAnOfferThatIsReplacedAndForgetsOneThatIsRemoved(String engine) {
        var matcher = matcher(engine);
        for (int i = 0; i < 5; i++) {
            matcher.put("o" + i, offer(20, ""));
        }
        assertThat(matcher.matches(task("1"))).hasSize(5);

        matcher.put("o0", offer(30, "Requirements = TARGET.Price > 1 && true"));
        assertThat(matcher.remove("o3")).isTrue();
        assertThat(matcher.remove("o3")).isFalse();
        matcher.put("o3", offer(20, ""));
        matcher.put("o1", offer(1, ""));

        assertThat(matcher.matches(task("1"))).extracting(Match::id).containsExactly("o0", "o2", "o4", "o3");
        assertThat(matcher.size()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"walking", "columnar"})
    void ranksWhatIsNoNumberAsZeroAndNaNLast(String engine) {
        var matcher = matcher(engine);
        for (var r : new String[] {"\"x\"", "real(\"NaN\")", "-1", "true", "error", "1.5"}) {
            matcher.put(r, offer(20, "r = " + r));
        }

        assertThat(matcher.matches(task("TARGET.r")))
                .containsExactly(
                        new Match<>("1.5", 1.5),
                        new Match<>("true", 1),
                        new Match<>("\"x\"", 0),
                        new Match<>("error", 0),
                        new Match<>("-1", -1),
                        new Match<>("real(\"NaN\")", Double.NaN));
    }

    /// Columns for all of these would take terabytes.
    @ParameterizedTest
    @ValueSource(strings = "columnar")
    void makesNoColumnForANameThatNobodyAsksFor(String engine) {
        var matcher = matcher(engine);
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            var ad = offer(20, "").toBuilder();
            for (int j = 0; j < 20; j++) {
                ad.put("x" + random.nextLong(Long.MAX_VALUE), j);
            }
            matcher.put("o" + i, ad.build());
        }

        assertThat(matcher.matches(task("TARGET.Memory"), 1))
                .extracting(Match::id)
                .containsExactly("o0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"walking", "columnar"})
    void survivesTasksThatAskForEverything(String engine) {
        var matcher = matcher(engine);
        IntStream.range(0, 50).forEach(i -> matcher.put("o" + i, offer(20, "a" + i + " = 1")));
        for (int round = 0; round < 40; round++) {
            var clauses = new StringBuilder("true");
            for (int i = 0; i < 200; i++) {
                clauses.append(" && TARGET.a").append(round * 50 + i).append(" =!= 2");
            }
            var task = ClassAd.parse("[Price = 2; Requirements = " + clauses + "]");
            assertThat(matcher.matches(task)).hasSize(50);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"walking", "columnar"})
    void refusesPairsThatNeverEnd(String engine) {
        var limits = new Limits(1 << 20, 500, 1_000, 100_000, 400, 100_000, 1 << 20, 100_000);
        var evaluator = new Evaluator(Semantics.OLD, limits, InstantSource.system(), new Random());
        Matcher<Integer> matcher = engine.equals("walking") ? Matcher.walking(evaluator) : Matcher.columnar(evaluator);
        for (int i = 0; i < 5; i++) {
            matcher.put(i, offer(20, "b0 = TARGET.Price"));
        }
        var attributes = new StringBuilder("a0 = TARGET.b0;");
        for (int i = 1; i < 40; i++) {
            attributes.append("a%d = a%d + a%d;".formatted(i, i - 1, i - 1));
        }

        assertThat(matcher.matches(
                        ClassAd.parse("[Price = 2; " + attributes + "Requirements = a39 > 0 || true; Rank = a39]")))
                .isEmpty();
        assertThat(matcher.matches(ClassAd.parse("[Price = 2; " + attributes + "Requirements = true; Rank = a39]")))
                .allSatisfy(match -> assertThat(match.rank()).isZero());
    }
}
