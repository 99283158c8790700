package bourse.scheduler;

import bourse.protocol.Address;
import bourse.scheduler.Replicates.Use;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// Who has had how much of the pool lately: core-seconds that were begun for him, of which half is forgotten with every
/// half-life.
///
/// It is held as a level: the binary logarithm of what he has had, plus the half-lives that have passed since 1970.
/// What everyone has had shrinks alike, so a level stays as it is while time goes by, and so does the order of
/// requesters, until one of them gets something.
///
/// The pool's tables are the truth, which all its schedulers write to. What others have written is read now and then;
/// until then each goes by what it knows, which costs somebody his turn now and then, and no more.
final class Uses {
    /// Of somebody who never had anything.
    static final double NOTHING = Double.NEGATIVE_INFINITY;

    private static final double LN2 = Math.log(2);
    private final Duration halfLife;
    private final Map<Address, Double> levels = new HashMap<>();

    Uses(Duration halfLife) {
        this.halfLife = halfLife;
    }

    /// The level of who had `amount` core-seconds at `at`, and nothing else.
    double level(double amount, Instant at) {
        return Math.log(amount) / LN2 + at.toEpochMilli() / (double) halfLife.toMillis();
    }

    /// What a level means at `now`, in core-seconds.
    double amount(double level, Instant now) {
        return Math.pow(2, level - now.toEpochMilli() / (double) halfLife.toMillis());
    }

    /// The level of who had both.
    static double sum(double one, double other) {
        double high = Math.max(one, other);
        return high == NOTHING ? NOTHING : high + Math.log1p(Math.pow(2, Math.min(one, other) - high)) / LN2;
    }

    double of(Address requester) {
        return levels.getOrDefault(requester, NOTHING);
    }

    void add(Address requester, double amount, Instant now) {
        levels.merge(requester, level(amount, now), Uses::sum);
    }

    /// What the tables say takes the place of all that is known.
    void read(Collection<Use> all) {
        levels.clear();
        all.forEach(use -> levels.put(use.requester(), level(use.amount(), use.at())));
    }
}
