package bourse.node.simulation;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.DealId;
import bourse.protocol.Digest;
import bourse.protocol.News;
import bourse.protocol.Pool;
import bourse.protocol.PoolInfo.Log;
import bourse.protocol.ResultLink;
import bourse.protocol.TaskId;
import bourse.scheduler.Replicates;
import bourse.scheduler.trust.Book.Shown;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// A pool's tables in memory. What one scheduler does is done before another one does anything, so no task is ever
/// found locked.
final class MemoryReplicates implements Replicates {
    private static final Comparator<Row> OLDEST_FIRST =
            Comparator.comparing(Row::since).thenComparing(row -> row.worker().toString());
    private final Tables tables;
    private final String scheduler;

    /// @param tables those of all schedulers of the pool
    /// @param scheduler a name that no other one of the pool has
    MemoryReplicates(Tables tables, String scheduler) {
        this.tables = tables;
        this.scheduler = scheduler;
    }

    /// What outlives the schedulers.
    static final class Tables {
        private final InstantSource clock;
        private final Map<Key, Written> rows = new LinkedHashMap<>();
        private final Map<TaskId, Map<Address, Log>> logs = new HashMap<>();
        private final Map<String, Heard> members = new TreeMap<>();
        private final Map<String, Avoided> avoided = new TreeMap<>();
        private final Map<String, Reputation> reputations = new TreeMap<>();
        private final Map<String, Shown> shown = new TreeMap<>();
        private final Map<String, Took> took = new TreeMap<>();
        private final Map<DealId, Digest> answers = new LinkedHashMap<>();
        private final Map<Address, Use> uses = new TreeMap<>();
        private final Map<Address, Leader> leaders = new HashMap<>();
        private final Map<Address, News.Cursor> landmarks = new HashMap<>();

        /// @param clock the database's own
        Tables(InstantSource clock) {
            this.clock = clock;
        }

        /// How many leases a worker has that run now.
        long leases(Address worker, Instant now) {
            return rows.values().stream()
                    .map(Written::row)
                    .filter(row -> row.worker().equals(worker) && row.isLive(now))
                    .count();
        }
    }

    private record Key(TaskId task, Address worker) {}

    private record Written(Row row, String scheduler, Instant changed) {}

    private record Heard(Address worker, Instant at) {}

    private record Leader(String scheduler, Instant until) {}

    private void write(Row row) {
        tables.rows.put(new Key(row.task(), row.worker()), new Written(row, scheduler, tables.clock.instant()));
    }

    private Optional<Row> row(TaskId task, Address worker) {
        return Optional.ofNullable(tables.rows.get(new Key(task, worker))).map(Written::row);
    }

    /* WHO IS AT WHAT */

    @Override
    public Map<TaskId, List<Row>> of(Collection<TaskId> tasks) {
        if (tasks.isEmpty()) {
            return Map.of();
        }
        var wanted = new HashSet<>(tasks);
        var found = new HashMap<TaskId, List<Row>>();
        tables.rows.values().stream()
                .map(Written::row)
                .filter(row -> wanted.contains(row.task()))
                .sorted(OLDEST_FIRST)
                .forEach(row -> found.computeIfAbsent(row.task(), _ -> new ArrayList<>())
                        .add(row));
        return found;
    }

    @Override
    public List<Row> live(Address worker, Instant now) {
        return live(now).stream().filter(row -> row.worker().equals(worker)).toList();
    }

    @Override
    public List<Row> live(Instant now) {
        return tables.rows.values().stream()
                .map(Written::row)
                .filter(row -> row.isLive(now))
                .sorted(Comparator.comparing(Row::since)
                        .thenComparing(row -> row.task().toString()))
                .toList();
    }

    @Override
    public List<Row> writtenByOthers(Instant since) {
        return tables.rows.values().stream()
                .filter(written ->
                        written.changed().isAfter(since) && !written.scheduler().equals(scheduler))
                .sorted(Comparator.comparing(Written::changed))
                .map(Written::row)
                .toList();
    }

    @Override
    public List<Row> assign(List<Proposal> proposals, Fit fit, Instant now, Instant lease) {
        var given = new ArrayList<Row>();
        for (var proposal : proposals) {
            tables.members.putIfAbsent(proposal.worker().toString(), new Heard(proposal.worker(), now));
            var known = of(List.of(proposal.task())).getOrDefault(proposal.task(), List.of());
            if (tables.leases(proposal.worker(), now) < proposal.slots() && fit.test(proposal, known)) {
                var row = proposal.begun(now, lease);
                write(row);
                given.add(row);
            }
        }
        return given;
    }

    @Override
    public Set<TaskId> renew(Address worker, Map<TaskId, Phase> phases, Instant now, Instant lease) {
        var renewed = new HashSet<TaskId>();
        phases.forEach((task, phase) -> row(task, worker)
                .filter(row -> row.cause().isEmpty()
                        && row.link().isEmpty()
                        && !row.lease().isBefore(now))
                .ifPresent(row -> {
                    renew(row, phase, now, lease);
                    renewed.add(task);
                }));
        return renewed;
    }

    /// Only a new phase is news for other schedulers.
    private void renew(Row row, Phase phase, Instant now, Instant lease) {
        boolean same = row.phase() == phase;
        var next = new Row(
                row.task(),
                row.worker(),
                row.app(),
                row.weight(),
                phase,
                row.begun(),
                same ? row.since() : now,
                lease,
                row.cause(),
                row.message(),
                row.link(),
                row.callbackData());
        tables.rows.compute(
                new Key(row.task(), row.worker()),
                (_, before) -> new Written(
                        next, scheduler, same && before != null ? before.changed() : tables.clock.instant()));
    }

    @Override
    public void gaveUp(TaskId task, Address worker, Pool.Cause cause, String message, Instant now) {
        row(task, worker)
                .filter(row -> row.link().isEmpty())
                .ifPresent(row -> write(new Row(
                        task,
                        worker,
                        row.app(),
                        row.weight(),
                        Phase.GAVE_UP,
                        row.begun(),
                        now,
                        now,
                        Optional.of(cause),
                        message,
                        row.link(),
                        row.callbackData())));
    }

    @Override
    public void delivered(TaskId task, Address worker, ResultLink link, Bytes callbackData, Instant now) {
        var before = row(task, worker);
        if (before.flatMap(Row::link).isEmpty()) {
            write(new Row(
                    task,
                    worker,
                    before.map(Row::app).orElse(Address.ZERO),
                    before.map(Row::weight).orElse(0L),
                    Phase.DELIVERED,
                    before.map(Row::begun).orElse(now),
                    now,
                    before.map(Row::lease).orElse(now),
                    Optional.empty(),
                    "",
                    Optional.of(link),
                    callbackData));
        }
    }

    /* WHAT PROGRAMS PRINTED */

    @Override
    public void keep(TaskId task, Log log) {
        tables.logs.computeIfAbsent(task, _ -> new HashMap<>()).put(log.worker(), log);
    }

    @Override
    public List<Log> logs(TaskId task) {
        return tables.logs.getOrDefault(task, Map.of()).values().stream()
                .sorted(Comparator.comparing(Log::at)
                        .thenComparing(log -> log.worker().toString()))
                .toList();
    }

    /* WHO IS THERE */

    @Override
    public void heard(Map<Address, Instant> workers) {
        workers.forEach((worker, at) -> tables.members.merge(
                worker.toString(),
                new Heard(worker, at),
                (before, now) -> before.at().isBefore(now.at()) ? now : before));
    }

    @Override
    public Map<Address, Instant> heardSince(Instant then) {
        var heard = new LinkedHashMap<Address, Instant>();
        tables.members.values().stream()
                .filter(one -> !one.at().isBefore(then))
                .forEach(one -> heard.put(one.worker(), one.at()));
        return heard;
    }

    /* WHO FAILS OFTEN */

    @Override
    public List<Avoided> avoided() {
        return List.copyOf(tables.avoided.values());
    }

    @Override
    public void avoid(Avoided avoided) {
        tables.avoided.put(avoided.worker() + " " + avoided.app(), avoided);
    }

    @Override
    public void forgive(Address worker, Address app) {
        tables.avoided.remove(worker + " " + app);
    }

    /* HOW LONG WHO TAKES */

    @Override
    public List<Took> took(Instant since) {
        return tables.took.values().stream()
                .filter(one -> !one.at().isBefore(since))
                .toList();
    }

    @Override
    public void took(List<Took> measured, int most) {
        for (var one : measured) {
            tables.took.put(one.worker() + " " + one.app() + " " + one.category(), one);
            tables.took.values().stream()
                    .filter(other -> other.worker().equals(one.worker()))
                    .sorted(Comparator.comparing(Took::at).reversed())
                    .skip(most)
                    .toList()
                    .forEach(tables.took.values()::remove);
        }
    }

    /* WHOM THE POOL BELIEVES */

    @Override
    public List<Reputation> reputations() {
        return List.copyOf(tables.reputations.values());
    }

    @Override
    public List<Shown> shown() {
        return List.copyOf(tables.shown.values());
    }

    @Override
    public void remember(List<Reputation> reputations, List<Shown> shown) {
        reputations.forEach(one -> tables.reputations.put(one.worker().toString(), one));
        for (var one : shown) {
            var key = one.worker() + " " + one.app();
            if (one.passed() > 0) {
                tables.shown.put(key, one);
            } else {
                tables.shown.remove(key);
            }
        }
    }

    @Override
    public void know(DealId deal, Digest answer) {
        tables.answers.putIfAbsent(deal, answer);
    }

    @Override
    public Map<DealId, Digest> known(Collection<DealId> deals) {
        var known = new LinkedHashMap<>(tables.answers);
        known.keySet().retainAll(deals);
        return known;
    }

    /* WHO HAS HAD HOW MUCH */

    @Override
    public List<Use> uses() {
        return List.copyOf(tables.uses.values());
    }

    @Override
    public void charge(Map<Address, Double> amounts, Instant now, Duration halfLife) {
        amounts.forEach((requester, amount) -> tables.uses.merge(
                requester,
                new Use(requester, amount, now),
                (before, more) -> new Use(
                        requester,
                        more.amount()
                                + before.amount()
                                        * Math.pow(
                                                0.5,
                                                Math.max(
                                                        0,
                                                        Duration.between(before.at(), now)
                                                                        .toMillis()
                                                                / (double) halfLife.toMillis())),
                        before.at().isAfter(now) ? before.at() : now)));
    }

    /* WHO LEADS */

    @Override
    public boolean lead(Address workerpool, Duration lease) {
        var now = tables.clock.instant();
        var leader = tables.leaders.get(workerpool);
        if (leader == null
                || leader.scheduler().equals(scheduler)
                || leader.until().isBefore(now)) {
            tables.leaders.put(workerpool, new Leader(scheduler, now.plus(lease)));
            return true;
        }
        return false;
    }

    @Override
    public void retire(Address workerpool) {
        var leader = tables.leaders.get(workerpool);
        if (leader != null && leader.scheduler().equals(scheduler)) {
            tables.leaders.remove(workerpool);
        }
    }

    /* HOUSEKEEPING */

    @Override
    public Optional<News.Cursor> landmark(Address workerpool) {
        return Optional.ofNullable(tables.landmarks.get(workerpool));
    }

    @Override
    public void landmark(Address workerpool, News.Cursor cursor) {
        tables.landmarks.put(workerpool, cursor);
    }

    @Override
    public void forgetBefore(Instant rows, Instant shown, Instant logs) {
        tables.rows
                .values()
                .removeIf(written -> written.row().since().isBefore(rows)
                        && written.row().lease().isBefore(rows));
        tables.members.values().removeIf(one -> one.at().isBefore(rows));
        tables.uses.values().removeIf(one -> one.at().isBefore(rows));
        tables.took.values().removeIf(one -> one.at().isBefore(rows));
        tables.logs
                .values()
                .forEach(ofTask -> ofTask.values().removeIf(log -> log.at().isBefore(logs)));
    }
}
