package bourse.scheduler;

import bourse.protocol.Task;
import java.util.concurrent.atomic.LongAdder;

/// What a scheduler has counted since its start. May be used by any thread.
final class Counts {
    final LongAdder assigned = new LongAdder();
    final LongAdder lost = new LongAdder();
    final LongAdder gaveUp = new LongAdder();
    final LongAdder transactions = new LongAdder();
    final LongAdder gas = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder unsure = new LongAdder();
    final LongAdder checks = new LongAdder();
    final LongAdder passed = new LongAdder();
    final LongAdder caught = new LongAdder();
    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder votes = new LongAdder();

    void ended(Task task) {
        if (task instanceof Task.Completed) {
            completed.increment();
            votes.add(task.contributors().size());
        } else {
            failed.increment();
        }
    }

    Vitals.Counted snapshot() {
        return new Vitals.Counted(
                assigned.sum(),
                lost.sum(),
                gaveUp.sum(),
                completed.sum(),
                failed.sum(),
                votes.sum(),
                transactions.sum(),
                gas.sum(),
                refused.sum(),
                unsure.sum(),
                checks.sum(),
                passed.sum(),
                caught.sum());
    }
}
