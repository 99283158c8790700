package bourse.scheduler;

import java.time.Duration;
import java.util.Optional;

/// How a pool is shared among those who want more of it than there is.
///
/// @param halfLife after how long half of what a requester has had is forgotten
/// @param quota how many replicates of one requester may run at a time, 0 for any number; of what other schedulers
///     chose in the last half second a scheduler knows nothing
/// @param patience how long a task that is too large for what is left of the machines waits before one is kept for it
public record Fairness(Duration halfLife, int quota, Duration patience) {
    public static final Fairness DEFAULT = new Fairness(Duration.ofHours(1), 0, Duration.ofMinutes(10));

    public Fairness {
        if (halfLife.toMillis() <= 0 || quota < 0 || patience.isNegative()) {
            throw new IllegalArgumentException(
                    "a half-life of %s, a quota of %d, a patience of %s".formatted(halfLife, quota, patience));
        }
    }

    /// Why a requester gets nothing more for now, in a sentence.
    ///
    /// @param running how many of his replicates run
    Optional<String> hindrance(int running) {
        return quota == 0 || running < quota
                ? Optional.empty()
                : Optional.of(
                        ("its requester has %d replicates running, and this pool gives nobody more than %d at a time"
                                        + " (pool.quota): it waits until one of them ends")
                                .formatted(running, quota));
    }
}
