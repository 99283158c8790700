package bourse.testing.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// How often things go wrong between machines, until it clears up.
public final class Weather {
    private final RandomGenerator random;
    private final InstantSource clock;
    private final Climate climate;
    private final Instant clears;

    /// What a place has to reckon with; the chances are from 0 to 1, for each message.
    ///
    /// @param latency what most messages take at most
    /// @param delayed the chance to take up to `delay`
    /// @param lost the chance not to arrive
    /// @param doubled the chance to arrive twice
    public record Climate(Duration latency, double delayed, Duration delay, double lost, double doubled) {
        public static final Climate CALM = new Climate(Duration.ofMillis(20), 0, Duration.ZERO, 0, 0);
    }

    /// @param clears from then on nothing goes wrong
    public Weather(RandomGenerator random, InstantSource clock, Climate climate, Instant clears) {
        this.random = random;
        this.clock = clock;
        this.climate = climate;
        this.clears = clears;
    }

    /// How long the next message takes.
    Duration travel() {
        var most = strikes(climate.delayed()) ? climate.delay() : climate.latency();
        return Duration.ofMillis(random.nextLong(1 + most.toMillis()));
    }

    boolean loses() {
        return strikes(climate.lost());
    }

    boolean doubles() {
        return strikes(climate.doubled());
    }

    public boolean strikes(double chance) {
        return random.nextDouble() < chance && clock.instant().isBefore(clears);
    }
}
