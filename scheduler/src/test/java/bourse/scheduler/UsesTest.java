package bourse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import bourse.protocol.Address;
import bourse.scheduler.Replicates.Use;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class UsesTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Address ANN = new Address("%040x".formatted(1));
    private static final Address BOB = new Address("%040x".formatted(2));

    @Test
    void halfIsForgottenWithEveryHalfLife() {
        var uses = new Uses(HOUR);
        uses.add(ANN, 1200, NOON);

        assertThat(uses.amount(uses.of(ANN), NOON)).isCloseTo(1200, within(1e-3));
        assertThat(uses.amount(uses.of(ANN), NOON.plus(HOUR))).isCloseTo(600, within(1e-3));
        assertThat(uses.amount(uses.of(ANN), NOON.plus(HOUR.multipliedBy(3)))).isCloseTo(150, within(1e-3));
        assertThat(uses.amount(uses.of(BOB), NOON)).isZero();
    }

    /// The rule: everything anybody was given, each halved for every half-life since.
    @Test
    void aLevelIsTheSumOfAllThatWasGiven() {
        for (int seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var halfLife = Duration.ofSeconds(60 + random.nextInt(86_340));
            var uses = new Uses(halfLife);
            var now = NOON;
            double expected = 0;
            for (int i = 0; i < 50; i++) {
                var pause = Duration.ofSeconds(random.nextInt(1000));
                now = now.plus(pause);
                double amount = 1 + random.nextInt(100_000);
                expected = expected * Math.pow(0.5, pause.toSeconds() / (double) halfLife.toSeconds()) + amount;
                uses.add(ANN, amount, now);
            }

            assertThat(uses.amount(uses.of(ANN), now))
                    .as("seed %d", seed)
                    .isCloseTo(expected, Percentage.withPercentage(1e-3));
        }
    }

    @Test
    void neitherALongPauseNorAMinuteOfManyTasksLeavesTheNumbersBehind() {
        var uses = new Uses(Duration.ofMinutes(1));
        uses.add(ANN, 300, NOON);
        uses.add(ANN, 300, NOON.plus(Duration.ofDays(365)));
        uses.add(BOB, 1e15, NOON);

        assertThat(uses.amount(uses.of(ANN), NOON.plus(Duration.ofDays(365)))).isCloseTo(300, within(1e-3));
        assertThat(uses.of(BOB)).isFinite().isLessThan(uses.of(ANN));
        assertThat(Uses.sum(Uses.NOTHING, Uses.NOTHING)).isEqualTo(Uses.NOTHING);
        assertThat(Uses.sum(Uses.NOTHING, uses.of(BOB))).isEqualTo(uses.of(BOB));
    }

    @Test
    void whatTheTablesSayTakesThePlaceOfWhatWasKnown() {
        var uses = new Uses(HOUR);
        uses.add(ANN, 300, NOON);

        uses.read(List.of(new Use(BOB, 800, NOON.minus(HOUR))));

        assertThat(uses.of(ANN)).isEqualTo(Uses.NOTHING);
        assertThat(uses.amount(uses.of(BOB), NOON)).isCloseTo(400, within(1e-3));
    }
}
