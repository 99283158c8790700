package bourse.market;

import bourse.protocol.Away;
import bourse.protocol.PublicMarket.Change;
import bourse.protocol.PublicMarket.Feed;
import bourse.protocol.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Tells changes to those who listen. Nobody waits for a slow one: he is cut off.
final class Feeds {
    private final Time time;
    private final Terms terms;
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();

    Feeds(Time time, Terms terms) {
        this.time = time;
        this.terms = terms;
    }

    synchronized Feed listen() {
        if (listeners.size() >= terms.listeners()) {
            throw new Away("%d listen to this market already, which is all it serves".formatted(listeners.size()));
        }
        var listener = new Listener();
        listeners.add(listener);
        return listener;
    }

    void tell(List<Change> changes) {
        listeners.forEach(listener -> listener.tell(changes));
    }

    int size() {
        return listeners.size();
    }

    private final class Listener implements Feed {
        private final Time.Bell bell = time.bell();
        private final Deque<Change> waiting = new ArrayDeque<>();

        private void tell(List<Change> changes) {
            synchronized (waiting) {
                if (waiting.size() + changes.size() > terms.backlog()) {
                    waiting.clear();
                    waiting.add(new Change.CutOff());
                    listeners.remove(this);
                } else {
                    waiting.addAll(changes);
                }
            }
            bell.ring();
        }

        @Override
        public Optional<Change> next(Duration patience) throws InterruptedException {
            var change = poll();
            if (change.isEmpty() && bell.await(patience)) {
                change = poll();
            }
            return change;
        }

        private Optional<Change> poll() {
            synchronized (waiting) {
                return Optional.ofNullable(waiting.poll());
            }
        }

        @Override
        public void close() {
            listeners.remove(this);
        }
    }
}
