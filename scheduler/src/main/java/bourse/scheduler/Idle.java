package bourse.scheduler;

import bourse.protocol.Address;
import bourse.scheduler.View.Candidate;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// Workers that wait for something to do, longest waiting first, and how many tasks each can still take.
final class Idle implements Iterable<Candidate> {
    private final Map<Address, Candidate> candidates = new LinkedHashMap<>();

    static Idle of(Collection<Candidate> candidates) {
        var idle = new Idle();
        candidates.forEach(idle::add);
        return idle;
    }

    void add(Candidate candidate) {
        candidates.remove(candidate.worker());
        candidates.put(candidate.worker(), candidate);
    }

    void remove(Address worker) {
        candidates.remove(worker);
    }

    /// He gets one task, and the others come first for the next.
    void take(Address worker) {
        var candidate = candidates.remove(worker);
        if (candidate != null && candidate.free() > 1) {
            candidates.put(worker, new Candidate(worker, candidate.weight(), candidate.free() - 1));
        }
    }

    boolean isEmpty() {
        return candidates.isEmpty();
    }

    int size() {
        return candidates.size();
    }

    @Override
    public Iterator<Candidate> iterator() {
        return candidates.values().iterator();
    }
}
