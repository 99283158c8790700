package bourse.scheduler;

import bourse.protocol.Wallet;
import java.security.SecureRandom;
import java.util.List;
import java.util.random.RandomGenerator;

/// Who buys the pool's checks, and how many.
///
/// @param buyers whose names stand on them: nobody should know that they are the pool's. Empty: none are bought
/// @param share checks for each task that votes decide, 0 to 1
/// @param random chooses what is asked again, and in whose name
public record Checks(List<Wallet> buyers, double share, RandomGenerator random) {
    public static final Checks NONE = new Checks(List.of(), 0, new SecureRandom());

    public Checks {
        buyers = List.copyOf(buyers);
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "a pool buys 0 to 1 checks for each task that votes decide, not " + share);
        }
    }

    public Checks(List<Wallet> buyers, double share) {
        this(buyers, share, new SecureRandom());
    }

    boolean areBought() {
        return !buyers.isEmpty() && share > 0;
    }
}
