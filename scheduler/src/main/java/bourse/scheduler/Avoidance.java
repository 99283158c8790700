package bourse.scheduler;

import bourse.protocol.Address;
import bourse.scheduler.Replicates.Avoided;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Who is left alone with which apps, because he has failed at them: twice as long each time, until he brings one of
/// their tasks to its end.
final class Avoidance {
    /// After the second failure in a row, and at most.
    private static final Duration FIRST = Duration.ofMinutes(1);

    private static final Duration LONGEST = Duration.ofHours(12);
    private static final int MOST_TIMES = 20;

    private final Replicates replicates;
    private final Map<Pair, Avoided> avoided = new ConcurrentHashMap<>();

    Avoidance(Replicates replicates) {
        this.replicates = replicates;
    }

    private record Pair(Address worker, Address app) {}

    /// Reads what other schedulers have seen, too.
    void read() {
        var all = replicates.avoided();
        avoided.clear();
        all.forEach(one -> avoided.put(new Pair(one.worker(), one.app()), one));
    }

    /// He has failed. Once may happen to anybody: the planner's own pause for the task is enough. What fails while he
    /// is avoided was begun before, and counts no more: a machine that goes away loses all its tasks at once.
    void failed(Address worker, Address app, Instant now) {
        var before = avoided.get(new Pair(worker, app));
        if (before != null && before.until().isAfter(now)) {
            return;
        }
        int times = before == null ? 1 : Math.min(before.times() + 1, MOST_TIMES);
        var avoid = new Avoided(worker, app, times, times == 1 ? now : now.plus(pause(times)));
        avoided.put(new Pair(worker, app), avoid);
        replicates.avoid(avoid);
    }

    private static Duration pause(int times) {
        var pause = FIRST.multipliedBy(1L << (times - 2));
        return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
    }

    void forgive(Address worker, Address app) {
        if (avoided.remove(new Pair(worker, app)) != null) {
            replicates.forgive(worker, app);
        }
    }

    View.Shunned at(Instant now) {
        return (worker, app) -> {
            var avoid = avoided.get(new Pair(worker, app));
            return avoid != null && avoid.until().isAfter(now);
        };
    }
}
