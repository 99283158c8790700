package bourse.scheduler.trust;

import bourse.protocol.Address;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Who contradicted whom, and who agreed with whom against others.
///
/// A program gives everyone the same bytes, so of two workers that contradict each other at least one is
/// faulty. Who is honest is contradicted by faulty ones only: whoever is contradicted by more workers than can
/// be faulty is not honest himself. And two that agree against the rest more than once are either both right or
/// in league.
final class Conflicts {
    /// So often two must have agreed against others for one to be suspected with the other.
    private static final int LEAGUE = 3;
    /// Among fewer workers nobody is convicted by how many contradict him: by chance half of them may be faulty.
    private static final int FEWEST = 20;

    private final Map<Address, Set<Address>> opponents = new HashMap<>();
    private final Map<Address, Map<Address, Integer>> allies = new HashMap<>();

    void contradict(Address one, Address other) {
        opponents.computeIfAbsent(one, _ -> new HashSet<>()).add(other);
        opponents.computeIfAbsent(other, _ -> new HashSet<>()).add(one);
    }

    /// They said the same in a task in which somebody said something else.
    void ally(Address one, Address other) {
        allies.computeIfAbsent(one, _ -> new HashMap<>()).merge(other, 1, Integer::sum);
        allies.computeIfAbsent(other, _ -> new HashMap<>()).merge(one, 1, Integer::sum);
    }

    Set<Address> opponents(Address worker) {
        return opponents.getOrDefault(worker, Set.of());
    }

    Set<Address> league(Address caught) {
        var league = new HashSet<Address>();
        allies.getOrDefault(caught, Map.of()).forEach((other, times) -> {
            if (times >= LEAGUE) {
                league.add(other);
            }
        });
        return league;
    }

    /// Whether more contradict him than can be faulty among `known`, with three standard deviations to spare.
    boolean convict(Address worker, int known, Assumption assumption) {
        double f = assumption.faulty();
        return known >= FEWEST && opponents(worker).size() > known * f + 3 * Math.sqrt(known * f * (1 - f));
    }
}
