package bourse.scheduler;

import java.time.Duration;

/// How a pool is shared among those who want more of it than there is.
///
/// @param halfLife after how long half of what a requester has had is forgotten
/// @param quota how many replicates of one requester may run at a time, 0 for any number; of what other schedulers
///     chose in the last half second a scheduler knows nothing
public record Fairness(Duration halfLife, int quota) {
    public static final Fairness DEFAULT = new Fairness(Duration.ofHours(1), 0);

    public Fairness {
        if (halfLife.toMillis() <= 0 || quota < 0) {
            throw new IllegalArgumentException("a half-life of %s, a quota of %d".formatted(halfLife, quota));
        }
    }
}
