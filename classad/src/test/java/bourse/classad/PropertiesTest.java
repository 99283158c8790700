package bourse.classad;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// What holds for every expression.
class PropertiesTest {
    private static final int EXPRESSIONS = 3_000;

    @Test
    void parsesWhatItPrintsInBothForms() {
        for (int seed = 0; seed < EXPRESSIONS; seed++) {
            var expression = new RandomAds(new Random(seed)).expression(5);
            var inNew = Printer.print(expression, Form.NEW);
            assertThat(Parser.NEW.expression(inNew)).as(inNew).isEqualTo(expression);
            var inOld = Printer.print(expression, Form.OLD);
            if (!inOld.contains("\n") && !inOld.contains("\\\"") && !inOld.contains("\"\\")) {
                assertThat(Parser.OLD.expression(inOld)).as(inOld).isEqualTo(expression);
            }
        }
    }

    @Test
    void parsesTheAdsThatItPrintsInBothForms() {
        for (int seed = 0; seed < EXPRESSIONS; seed++) {
            var ad = new RandomAds(new Random(seed)).ad(3);
            assertThat(ClassAd.parse(ad.toString())).isEqualTo(ad);
            var lines = Printer.print(ad, Form.OLD);
            if (lines.lines().count() == ad.size() && !lines.contains("\\")) {
                assertThat(Parser.OLD.ad(lines)).as(lines).isEqualTo(ad);
            }
        }
    }

    @Test
    void printsAttributesByLengthAndThenByLetter() {
        var order = Comparator.comparingInt(String::length).thenComparing(String.CASE_INSENSITIVE_ORDER);
        for (int seed = 0; seed < EXPRESSIONS; seed++) {
            var names =
                    new RandomAds(new Random(seed)).ad(1).attributes().stream().map(ClassAd.Attribute::name);
            assertThat(names).isSortedAccordingTo(order);
        }
    }

    @Test
    void evaluatesAnythingToAValueOrGivesUp() {
        int values = 0;
        for (int seed = 0; seed < EXPRESSIONS; seed++) {
            var ads = new RandomAds(new Random(seed));
            for (var evaluator : new Evaluator[] {Evaluator.NEW, Evaluator.OLD}) {
                var match = new Match(ads.offer(), ads.offer(), evaluator);
                assertThat(match.matches()).isEqualTo(match.leftAccepts() && match.rightAccepts());
                try {
                    Printer.print(evaluator.evaluate(ads.expression(6), match.left()), Form.NEW);
                    values++;
                } catch (ClassAdException.Exhausted e) {
                    assertThat(e).hasMessageContaining(" ");
                }
            }
        }
        assertThat(values).isGreaterThan(EXPRESSIONS);
    }

    @Test
    void refusesOrParsesGarbage() {
        var alphabet = "abT.()[]{}\"'\\;,=?:!&|<>+-*/%~^ 019eE_x\n#$";
        for (int seed = 0; seed < 20_000; seed++) {
            RandomGenerator random = new Random(seed);
            var text = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            for (var parser : new Parser[] {Parser.NEW, Parser.OLD}) {
                try {
                    var expression = parser.expression(text.toString());
                    Evaluator.NEW.evaluate(expression, Scope.NONE);
                } catch (ClassAdException.Syntax e) {
                    assertThat(e.position()).isBetween(0, text.length());
                } catch (ClassAdException.Exhausted e) {
                    assertThat(e).hasMessageContaining(" ");
                }
            }
        }
    }
}
