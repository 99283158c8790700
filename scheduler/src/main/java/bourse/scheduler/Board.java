package bourse.scheduler;

import bourse.protocol.Address;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.scheduler.Projection.Entry;
import bourse.scheduler.Replicates.Row;
import bourse.scheduler.View.Open;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Every open task in memory, with who was asked, and which of them want workers. The loop writes it; others read.
final class Board {
    private final Map<TaskId, Spot> spots = new ConcurrentHashMap<>();
    private final Waiting wanting;
    private final Map<TaskId, Integer> running = new HashMap<>();
    private final Map<Address, Integer> runningOf = new ConcurrentHashMap<>();
    private final Uses uses;
    /// The oldest first.
    private final SequencedMap<TaskId, Instant> wantingSince = new LinkedHashMap<>();
    private final Map<String, Integer> states = new HashMap<>();

    Board(Uses uses) {
        this.uses = uses;
        this.wanting = new Waiting(uses);
    }

    /// A task, and who was asked to work on it.
    record Spot(Entry entry, List<Row> rows) {
        Spot {
            rows = List.copyOf(rows);
        }

        TaskId id() {
            return entry.id();
        }

        Address requester() {
            return entry.deal().requester();
        }

        /// What one worker's try at it takes of the pool at most, in core-seconds.
        double cost() {
            double seconds = entry.deal().category().reference().toSeconds();
            return seconds * entry.ad().map(Ads::cores).orElse(1L);
        }

        Open at(Instant now) {
            return new Open(
                    entry.deal(),
                    entry.ad(),
                    entry.task(),
                    rows.stream().map(row -> row.at(now)).toList());
        }
    }

    Optional<Spot> of(TaskId task) {
        return Optional.ofNullable(spots.get(task));
    }

    Collection<Spot> all() {
        return spots.values();
    }

    void put(Entry entry) {
        var before = spots.get(entry.id());
        replace(before, new Spot(entry, before == null ? List.of() : before.rows()));
    }

    /// What is known of a task's workers; others' rows stay as they were.
    ///
    /// @return whether any is new
    boolean put(TaskId task, List<Row> rows) {
        var spot = spots.get(task);
        if (spot == null) {
            return false;
        }
        var merged = new ArrayList<>(spot.rows());
        for (var row : rows) {
            merged.removeIf(one -> one.worker().equals(row.worker()));
            merged.add(row);
        }
        merged.sort(Comparator.comparing(Row::since).thenComparing(Row::worker));
        if (merged.equals(spot.rows())) {
            return false;
        }
        replace(spot, new Spot(spot.entry(), merged));
        return true;
    }

    private void replace(@org.jspecify.annotations.Nullable Spot before, Spot spot) {
        spots.put(spot.id(), spot);
        if (before != null) {
            count(before, -1);
            if (wanting.remove(before)) {
                wanting.add(spot);
            }
        }
        count(spot, 1);
    }

    void remove(TaskId task) {
        var spot = spots.remove(task);
        if (spot != null) {
            count(spot, -1);
            wanting.remove(spot);
            wantingSince.remove(task);
            runs(spot, 0);
        }
    }

    private void count(Spot spot, int by) {
        states.merge(state(spot.entry().task()), by, Integer::sum);
    }

    private static String state(Task task) {
        return switch (task) {
            case Task.Unset _ -> "UNSET";
            case Task.Active _ -> "ACTIVE";
            case Task.Revealing _ -> "REVEALING";
            case Task.AuditDue _ -> "AUDIT_DUE";
            case Task.Completed _ -> "COMPLETED";
            case Task.Failed _ -> "FAILED";
        };
    }

    void clear() {
        spots.clear();
        wanting.clear();
        wantingSince.clear();
        running.clear();
        runningOf.clear();
        states.clear();
    }

    /* WHO WANTS WORKERS */

    void wants(Spot spot, boolean workers, Instant now) {
        if (workers) {
            wanting.add(spot);
            wantingSince.putIfAbsent(spot.id(), now);
        } else {
            wanting.remove(spot);
            wantingSince.remove(spot.id());
        }
    }

    /// Since when a task has waited for somebody.
    Instant waitsSince(TaskId task, Instant now) {
        return wantingSince.getOrDefault(task, now);
    }

    /// Those that have wanted workers since then or longer, the longest first.
    Stream<Spot> waitingSince(Instant then) {
        return wantingSince.entrySet().stream()
                .takeWhile(one -> !one.getValue().isAfter(then))
                .flatMap(one -> of(one.getKey()).stream());
    }

    Waiting waiting() {
        return wanting;
    }

    /// Those among some tasks that want workers.
    Waiting waiting(Collection<TaskId> among) {
        var those = new Waiting(uses);
        among.stream()
                .flatMap(task -> of(task).stream())
                .filter(wanting::contains)
                .forEach(those::add);
        return those;
    }

    /// So many workers are at a task.
    void runs(Spot spot, int many) {
        var before = many == 0 ? running.remove(spot.id()) : running.put(spot.id(), many);
        int sum = running(spot.requester()) + many - (before == null ? 0 : before);
        if (sum == 0) {
            runningOf.remove(spot.requester());
        } else {
            runningOf.put(spot.requester(), sum);
        }
    }

    /// How many workers are at a requester's tasks.
    int running(Address requester) {
        return runningOf.getOrDefault(requester, 0);
    }

    int wantingCount() {
        return wanting.size();
    }

    Optional<Instant> oldestWait() {
        return Optional.ofNullable(wantingSince.firstEntry()).map(Map.Entry::getValue);
    }

    /// How many tasks are in each state.
    Map<String, Integer> states() {
        var now = new HashMap<>(states);
        now.values().removeIf(count -> count == 0);
        return now;
    }
}
