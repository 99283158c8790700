package bourse.worker;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Category;
import bourse.protocol.Params.Needs;
import bourse.sandbox.Limits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static final Settings SETTINGS = new Settings(
            1, 1, Limits.DEFAULT.withWallTime(Duration.ofMinutes(5)).withFuel(1000), 0, Reach.NONE);

    private static Category category(Duration reference) {
        return new Category(0, "any", "", reference);
    }

    @Test
    void fuelGrowsWithTheTimeThatATaskMayTake() {
        assertThat(SETTINGS.limitsOf(category(Duration.ofMinutes(5)), Needs.NONE)
                        .fuel())
                .isEqualTo(1000);
        assertThat(SETTINGS.limitsOf(category(Duration.ofHours(1)), Needs.NONE).fuel())
                .isEqualTo(12_000);
        assertThat(SETTINGS.limitsOf(category(Duration.ofHours(1)), Needs.NONE).wallTime())
                .isEqualTo(Duration.ofHours(1));
    }

    @Test
    void aTaskGetsTheMemoryAndTheCoresThatItAsksFor() {
        var asks = SETTINGS.limitsOf(category(Duration.ofMinutes(5)), new Needs("", "", 4, 3000, 0, 0));
        var asksNothing = SETTINGS.limitsOf(category(Duration.ofMinutes(5)), Needs.NONE);

        assertThat(asks.memoryBytes()).isEqualTo(3000L << 20);
        assertThat(asks.cores()).isEqualTo(4);
        assertThat(asksNothing.memoryBytes()).isEqualTo(Limits.DEFAULT.memoryBytes());
    }

    @Test
    void neverOutgrowsWhatTheSandboxCanCount() {
        assertThat(SETTINGS.limitsOf(category(Duration.ofMillis(1)), Needs.NONE).fuel())
                .isEqualTo(1);
        assertThat(Settings.DEFAULT
                        .limitsOf(category(Duration.ofDays(10_000_000)), Needs.NONE)
                        .fuel())
                .isEqualTo((1L << 62) - 1);
    }
}
