package bourse.scheduler;

import bourse.classad.Budget;
import bourse.classad.ClassAd;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.IdentityHashMap;
import java.util.Optional;

/// What strangers' expressions may take of the pool's time, and whose took more. May be used by any thread.
///
/// One look for machines may cost so much for each of them, and no more: what goes beyond is shown to no machine for a
/// while, so that nobody waits for it. What was found before is found.
final class Costly {
    /// Of one look, and of each machine beside: several times of what simple expressions need.
    private static final long STEPS = 10_000;

    private static final long A_MACHINE = 200;
    private static final Duration REST = Duration.ofMinutes(1);

    private final InstantSource clock;
    /// By the ad itself, which all tasks of a deal have in common.
    private final IdentityHashMap<ClassAd, Instant> resting = new IdentityHashMap<>();

    Costly(InstantSource clock) {
        this.clock = clock;
    }

    static Budget budget(int machines) {
        return Budget.of(STEPS + A_MACHINE * machines);
    }

    synchronized boolean rests(ClassAd task) {
        var until = resting.get(task);
        return until != null && until.isAfter(clock.instant());
    }

    /// Somebody's look for machines is over.
    synchronized void looked(ClassAd task, Budget budget) {
        if (budget.isSpent()) {
            var now = clock.instant();
            resting.values().removeIf(until -> !until.isAfter(now));
            resting.put(task, now.plus(REST));
        }
    }

    /// Why a task is shown to no machine for now, in a sentence.
    Optional<String> hindrance(ClassAd task) {
        return rests(task)
                ? Optional.of(
                        ("its requirements and rank take more than %d steps of evaluation a machine, so it is shown to"
                                        + " none but once in %d seconds: simplify them")
                                .formatted(A_MACHINE, REST.toSeconds()))
                : Optional.empty();
    }
}
