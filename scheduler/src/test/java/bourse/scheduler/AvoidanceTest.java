package bourse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AvoidanceTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private final Address worker = Address.parse("0x" + "11".repeat(20));
    private final Address app = Address.parse("0x" + "22".repeat(20));
    private final Avoidance avoidance = new Avoidance(forgetful());

    /// What is written there is not read here.
    private static Replicates forgetful() {
        return (Replicates) Proxy.newProxyInstance(
                Replicates.class.getClassLoader(), new Class<?>[] {Replicates.class}, (_, _, _) -> null);
    }

    private boolean isAvoided(Duration after) {
        return avoidance.at(NOON.plus(after)).test(worker, app);
    }

    @Test
    void whoFailsAgainAndAgainIsLeftAloneTwiceAsLongEachTime() {
        avoidance.failed(worker, app, NOON);
        assertThat(isAvoided(Duration.ZERO)).as("once may happen to anybody").isFalse();

        avoidance.failed(worker, app, NOON);
        assertThat(isAvoided(Duration.ofSeconds(59))).isTrue();
        assertThat(isAvoided(Duration.ofSeconds(61))).isFalse();

        avoidance.failed(worker, app, NOON.plusSeconds(60));
        assertThat(isAvoided(Duration.ofSeconds(60 + 119))).isTrue();
        assertThat(isAvoided(Duration.ofSeconds(60 + 121))).isFalse();
    }

    @Test
    void aMachineThatLosesManyTasksAtOnceHasFailedNoMoreThanOneThatLosesTwo() {
        for (int i = 0; i < 10; i++) {
            avoidance.failed(worker, app, NOON);
        }

        assertThat(isAvoided(Duration.ofSeconds(61))).isFalse();
    }

    @Test
    void whoBringsATaskToItsEndIsForgiven() {
        avoidance.failed(worker, app, NOON);
        avoidance.failed(worker, app, NOON);

        avoidance.forgive(worker, app);

        assertThat(isAvoided(Duration.ZERO)).isFalse();
    }
}
