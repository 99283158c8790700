package bourse.scheduler;

import bourse.classad.ClassAd;
import bourse.protocol.Address;
import bourse.protocol.Contribution;
import bourse.protocol.TaskId;
import bourse.scheduler.Board.Spot;
import bourse.scheduler.Projection.Entry;
import bourse.scheduler.Replicates.Row;
import bourse.scheduler.Replicates.Took;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// How long workers take for the tasks of an app, as this pool sees it: from asking one to his vote on the chain, and
/// only if that vote was revealed and won. So nobody seems fast by saying so, nor by a guess.
///
/// Written by the loop, read by any thread.
final class Stopwatch {
    /// Apps, each in a category, of which a worker's time is known; those measured longest ago go.
    static final int MOST = 64;
    /// A mean of about so many.
    private static final int MEMORY = 8;

    /// The clocks of two schedulers may differ by so much.
    private static final Duration OVERLAP = Duration.ofSeconds(10);

    private final Replicates replicates;
    private final Map<Address, Map<Kind, Took>> known = new ConcurrentHashMap<>();
    /// What the median worker takes, of the kinds that were measured last.
    private volatile Map<Kind, Double> typical = Map.of();
    /// Votes that were seen, of tasks that have not ended.
    private final Map<TaskId, Map<Address, Duration>> votes = new HashMap<>();
    private Instant read = Instant.EPOCH;

    Stopwatch(Replicates replicates) {
        this.replicates = replicates;
    }

    /// What is measured together.
    private record Kind(Address app, long category) {
        static Kind of(Took took) {
            return new Kind(took.app(), took.category());
        }

        String attribute() {
            return Ads.took(app, category);
        }
    }

    /// The chain tells of new votes.
    ///
    /// @param before what was known of the task until now
    void saw(Optional<Spot> before, Entry entry, Instant now) {
        // What was there when the task was first read came at a time that nobody knows.
        before.ifPresent(spot -> entry.task().contributors().stream()
                .map(Contribution::worker)
                .filter(worker -> !spot.at(now).hasContributed(worker))
                .forEach(worker -> spot.rows().stream()
                        .filter(row -> row.worker().equals(worker))
                        .map(Row::begun)
                        .forEach(begun -> votes.computeIfAbsent(entry.id(), _ -> new HashMap<>())
                                .put(worker, Duration.between(begun, now)))));
    }

    /// A task has ended, and it is known whose votes were right.
    ///
    /// @param writes whether the tables are told
    void ended(Entry entry, boolean writes, Instant now) {
        var seen = Optional.ofNullable(votes.remove(entry.id())).orElse(Map.of());
        var measured = entry.task().contributors().stream()
                .filter(vote -> vote.status() == Contribution.Status.PROVED)
                .flatMap(vote -> Optional.ofNullable(seen.get(vote.worker())).stream()
                        .map(time -> after(vote.worker(), entry, time, now)))
                .toList();
        measured.forEach(this::keep);
        if (writes) {
            replicates.took(measured, MOST);
        }
    }

    private Took after(Address worker, Entry entry, Duration time, Instant now) {
        var kind = new Kind(entry.app().address(), entry.deal().category().id());
        var before = known.getOrDefault(worker, Map.of()).get(kind);
        double seconds = Math.max(1, time.toMillis()) / 1000.0;
        int times = before == null ? 1 : Math.min(MEMORY, before.times() + 1);
        double mean = before == null ? seconds : before.seconds() + (seconds - before.seconds()) / times;
        return new Took(worker, kind.app(), kind.category(), mean, times, now);
    }

    private void keep(Took took) {
        var all = known.computeIfAbsent(took.worker(), _ -> new ConcurrentHashMap<>());
        all.put(Kind.of(took), took);
        if (all.size() > MOST) {
            all.values().stream().min(Comparator.comparing(Took::at)).ifPresent(all.values()::remove);
        }
    }

    /// The chain took blocks back.
    void forgetOpen() {
        votes.clear();
    }

    /// Reads what other schedulers have measured, too.
    ///
    /// @param old what was measured before then is forgotten
    void read(Instant now, Instant old) {
        replicates.took(read).forEach(this::keep);
        read = now.minus(OVERLAP);
        known.values().forEach(all -> all.values().removeIf(took -> took.at().isBefore(old)));
        known.values().removeIf(Map::isEmpty);
        var kinds =
                known.values().stream().flatMap(all -> all.values().stream()).collect(Collectors.groupingBy(Kind::of));
        typical = kinds.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<Kind, List<Took>> one) -> newest(one.getValue()))
                        .reversed())
                .limit(MOST)
                .collect(Collectors.toMap(Map.Entry::getKey, one -> median(one.getValue())));
    }

    private static Instant newest(List<Took> all) {
        return all.stream().map(Took::at).max(Comparator.naturalOrder()).orElse(Instant.EPOCH);
    }

    private static double median(List<Took> all) {
        var sorted = new ArrayList<>(all.stream().map(Took::seconds).sorted().toList());
        return sorted.get(sorted.size() / 2);
    }

    /// A machine's ad, with what is known of its times. Where nothing was measured of it, but of others, it is taken to
    /// need what the median of them does, by its own word of its speed.
    ClassAd on(Address worker, ClassAd machine) {
        var ad = machine.toBuilder();
        double speed = Ads.speed(machine);
        typical.forEach((kind, seconds) -> ad.put(kind.attribute(), seconds / speed));
        known.getOrDefault(worker, Map.of())
                .values()
                .forEach(took -> ad.put(Kind.of(took).attribute(), took.seconds()));
        return ad.build();
    }
}
