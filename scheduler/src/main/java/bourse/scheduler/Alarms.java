package bourse.scheduler;

import bourse.protocol.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/// When to look at which task again although nothing is told of it. Each task has one alarm: its next.
final class Alarms {
    private record Alarm(Instant at, TaskId task) {}

    private final PriorityQueue<Alarm> queue = new PriorityQueue<>(Comparator.comparing(Alarm::at)
            .thenComparing(alarm -> alarm.task().value().hex()));
    private final Map<TaskId, Instant> next = new HashMap<>();

    void set(TaskId task, Optional<Instant> at) {
        if (at.isEmpty()) {
            next.remove(task);
        } else if (!at.get().equals(next.put(task, at.get()))) {
            queue.add(new Alarm(at.get(), task));
        }
    }

    /// Takes those whose time has come.
    List<TaskId> due(Instant now) {
        var due = new ArrayList<TaskId>();
        for (var alarm = queue.peek(); alarm != null && !now.isBefore(alarm.at()); alarm = queue.peek()) {
            queue.remove();
            if (next.remove(alarm.task(), alarm.at())) {
                due.add(alarm.task());
            }
        }
        return due;
    }

    /// When the first one rings.
    Optional<Instant> first() {
        while (!queue.isEmpty()
                && !queue.peek().at().equals(next.get(queue.peek().task()))) {
            queue.remove();
        }
        return Optional.ofNullable(queue.peek()).map(Alarm::at);
    }
}
