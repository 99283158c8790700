package bourse.scheduler;

import java.time.Duration;
import java.util.Optional;

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
