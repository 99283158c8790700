package bourse.classad;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;

/// Any text is an ad or a syntax error, any ad evaluates to a value or gives up, within the limits, and its print is
/// worth the same.
///
/// A fuzzer looks for the text that is an exception to it: `./build slow`.
@Tag("fuzz")
class HostileTextFuzzTest {
    private static final Duration LONGEST = Duration.ofSeconds(5);

    @FuzzTest(maxDuration = "1h")
    void endsSoonWithAValueOrAnExceptionOfOurs(FuzzedDataProvider data) {
        boolean old = data.consumeBoolean();
        var evaluator =
                new Evaluator(old ? Semantics.OLD : Semantics.NEW, Limits.DEFAULT, () -> Instant.EPOCH, () -> 1);
        var other = ClassAd.parse("[Cores = 4; Memory = 8192; Requirements = MY.Cores > TARGET.Cores; L = {1, \"a\"}]");
        long begun = cpuTime();
        try {
            var ad = (old ? Parser.OLD : Parser.NEW).ad(data.consumeRemainingAsString());
            var match = new Match(ad, other, evaluator);
            assertThat(match.matches()).isEqualTo(match.leftAccepts() && match.rightAccepts());
            assertThat(match.leftRank()).isNotNaN();
            var printed = Printer.print(ad, Form.NEW);
            var again = new Match(ClassAd.parse(printed), other, evaluator);
            // `a + b ? : c` is printed with `?:`, as HTCondor does, which binds tighter than what was read.
            boolean isWorthTheSame = !old && !printed.contains("?:");
            for (var attribute : ad.attributes()) {
                var name = new Expression.Name(attribute.name());
                var value = Printer.print(evaluator.evaluate(name, match.left()), Form.NEW);
                if (isWorthTheSame) {
                    assertThat(value).isEqualTo(Printer.print(evaluator.evaluate(name, again.left()), Form.NEW));
                }
            }
        } catch (ClassAdException.Syntax | ClassAdException.Exhausted e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(1000);
        }
        assertThat(Duration.ofNanos(cpuTime() - begun)).isLessThan(LONGEST);
    }

    private static long cpuTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
