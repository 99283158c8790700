package bourse.scheduler;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Cid;
import bourse.protocol.DealId;
import bourse.protocol.Digest;
import bourse.protocol.News;
import bourse.protocol.Pool;
import bourse.protocol.PoolInfo.Log;
import bourse.protocol.ResultLink;
import bourse.protocol.TaskId;
import bourse.scheduler.trust.Book.Shown;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// [Replicates] in PostgreSQL. What several schedulers might do to one task at the same time is serialized by the
/// row of the task: who finds it locked leaves it alone.
public final class SharedTables implements Replicates {
    /// Where the migrations of its tables lie on the class path.
    public static final String MIGRATIONS = "bourse/scheduler/migrations";

    private static final String LIVE = "phase in ('ASSIGNED', 'FETCHING', 'COMPUTING')";
    private final Jdbi jdbi;
    private final String scheduler;

    /// @param database migrated by [#MIGRATIONS]
    /// @param scheduler a name that no other one of the pool has
    public SharedTables(DataSource database, String scheduler) {
        this.jdbi = Jdbi.create(database);
        this.scheduler = scheduler;
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                TaskId.parse(row.getString("task")),
                Address.parse(row.getString("worker")),
                Address.parse(row.getString("app")),
                row.getLong("weight"),
                Phase.valueOf(row.getString("phase")),
                row.getTimestamp("begun").toInstant(),
                row.getTimestamp("since").toInstant(),
                row.getTimestamp("lease").toInstant(),
                Optional.ofNullable(row.getString("cause")).map(Pool.Cause::valueOf),
                row.getString("message"),
                Optional.ofNullable(row.getString("cid")).map(Cid::parse).map(ResultLink::new),
                Optional.ofNullable(row.getString("callback_data"))
                        .map(Bytes::parse)
                        .orElse(Bytes.EMPTY));
    }

    private static <T> String[] texts(Collection<T> all) {
        return texts(all, Object::toString);
    }

    private static <T> String[] texts(Collection<T> all, Function<T, String> text) {
        return all.stream().map(text).toArray(String[]::new);
    }

    /* WHO IS AT WHAT */

    @Override
    public Map<TaskId, List<Row>> of(Collection<TaskId> tasks) {
        return tasks.isEmpty() ? Map.of() : jdbi.withHandle(handle -> of(handle, texts(tasks)));
    }

    private static Map<TaskId, List<Row>> of(Handle handle, String[] tasks) {
        var rows = new HashMap<TaskId, List<Row>>();
        handle.createQuery("select * from replicate where task = any(:tasks) order by since, worker")
                .bindArray("tasks", String.class, (Object[]) tasks)
                .map((row, _) -> row(row))
                .forEach(row ->
                        rows.computeIfAbsent(row.task(), _ -> new ArrayList<>()).add(row));
        return rows;
    }

    @Override
    public List<Row> live(Address worker, Instant now) {
        return jdbi.withHandle(handle -> handle.createQuery("select * from replicate where worker = :worker and " + LIVE
                        + " and lease >= :now order by since, task")
                .bind("worker", worker.toString())
                .bind("now", now)
                .map((row, _) -> row(row))
                .list());
    }

    @Override
    public List<Row> live(Instant now) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select * from replicate where " + LIVE + " and lease >= :now order by since, task")
                .bind("now", now)
                .map((row, _) -> row(row))
                .list());
    }

    @Override
    public List<Row> writtenByOthers(Instant since) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select * from replicate where changed > :since and scheduler <> :me order by changed")
                .bind("since", since)
                .bind("me", scheduler)
                .map((row, _) -> row(row))
                .list());
    }

    @Override
    public List<Row> assign(List<Proposal> proposals, Fit fit, Instant now, Instant lease) {
        if (proposals.isEmpty()) {
            return List.of();
        }
        return jdbi.inTransaction(handle -> {
            var locked = lock(handle, proposals);
            var leases = leases(handle, proposals, now);
            var rows = of(handle, locked);
            for (var task : locked) {
                rows.computeIfAbsent(TaskId.parse(task), _ -> new ArrayList<>());
            }
            var given = new ArrayList<Row>();
            for (var proposal : proposals) {
                var known = rows.get(proposal.task());
                int taken = leases.getOrDefault(proposal.worker(), 0);
                if (known == null || taken >= proposal.slots() || !fit.test(proposal, List.copyOf(known))) {
                    continue;
                }
                var row = proposal.begun(now, lease);
                known.removeIf(other -> other.worker().equals(row.worker()));
                known.add(row);
                leases.merge(row.worker(), 1, Integer::sum);
                given.add(row);
            }
            insert(handle, given, now, lease);
            return given;
        });
    }

    /// Locks those of the tasks that nobody else has locked, and says which.
    private static String[] lock(Handle handle, List<Proposal> proposals) {
        var tasks = proposals.stream()
                .map(proposal -> proposal.task().toString())
                .distinct()
                .sorted()
                .toArray(String[]::new);
        handle.createUpdate("insert into task (task) select unnest(:tasks) on conflict do nothing")
                .bindArray("tasks", String.class, (Object[]) tasks)
                .execute();
        return handle.createQuery("select task from task where task = any(:tasks) for update skip locked")
                .bindArray("tasks", String.class, (Object[]) tasks)
                .mapTo(String.class)
                .list()
                .toArray(String[]::new);
    }

    /// How many leases each of the workers has, who is locked so that nobody gives him more meanwhile.
    private static Map<Address, Integer> leases(Handle handle, List<Proposal> proposals, Instant now) {
        var slots = new TreeMap<String, Integer>();
        proposals.forEach(proposal -> slots.put(proposal.worker().toString(), proposal.slots()));
        var workers = slots.keySet().toArray(String[]::new);
        handle.createUpdate("""
                        insert into member (worker, slots, heard) select unnest(:workers), unnest(:slots), :now
                        on conflict (worker) do update set slots = excluded.slots""")
                .bindArray("workers", String.class, (Object[]) workers)
                .bindArray("slots", Integer.class, slots.values().toArray())
                .bind("now", now)
                .execute();
        var leases = new HashMap<Address, Integer>();
        handle.createQuery("select worker, count(*) from replicate where worker = any(:workers) and " + LIVE
                        + " and lease >= :now group by worker")
                .bindArray("workers", String.class, (Object[]) workers)
                .bind("now", now)
                .map((row, _) -> Map.entry(Address.parse(row.getString(1)), row.getInt(2)))
                .forEach(entry -> leases.put(entry.getKey(), entry.getValue()));
        return leases;
    }

    /// Starts leases; who was asked before starts afresh.
    private void insert(Handle handle, List<Row> rows, Instant now, Instant lease) {
        if (rows.isEmpty()) {
            return;
        }
        handle.createUpdate("""
                        insert into replicate (task, worker, app, weight, phase, begun, since, lease, scheduler)
                        select unnest(:tasks), unnest(:workers), unnest(:apps), unnest(:weights), 'ASSIGNED', :now, :now,
                            :lease, :me
                        on conflict (task, worker) do update set weight = excluded.weight, phase = 'ASSIGNED',
                            begun = :now, since = :now, lease = :lease, cause = null, message = '', cid = null,
                            callback_data = null, scheduler = :me, changed = clock_timestamp()""")
                .bindArray("tasks", String.class, (Object[])
                        texts(rows, row -> row.task().toString()))
                .bindArray("workers", String.class, (Object[])
                        texts(rows, row -> row.worker().toString()))
                .bindArray("apps", String.class, (Object[])
                        texts(rows, row -> row.app().toString()))
                .bindArray("weights", Long.class, rows.stream().map(Row::weight).toArray())
                .bind("now", now)
                .bind("lease", lease)
                .bind("me", scheduler)
                .execute();
    }

    @Override
    public Set<TaskId> renew(Address worker, Map<TaskId, Phase> phases, Instant now, Instant lease) {
        if (phases.isEmpty()) {
            return Set.of();
        }
        return jdbi.withHandle(handle -> new HashSet<>(handle.createQuery("""
                        update replicate set lease = :lease, phase = told.phase, scheduler = :me,
                            since = case when replicate.phase = told.phase then since else :now end,
                            changed = case when replicate.phase = told.phase then changed else clock_timestamp() end
                        from (select unnest(:tasks) as task, unnest(:phases) as phase) told
                        where replicate.task = told.task and worker = :worker and cause is null and cid is null
                            and lease >= :now
                        returning replicate.task""")
                .bindArray("tasks", String.class, (Object[]) texts(phases.keySet()))
                .bindArray("phases", String.class, (Object[]) texts(phases.values()))
                .bind("worker", worker.toString())
                .bind("now", now)
                .bind("lease", lease)
                .bind("me", scheduler)
                .map((row, _) -> TaskId.parse(row.getString(1)))
                .list()));
    }

    @Override
    public void gaveUp(TaskId task, Address worker, Pool.Cause cause, String message, Instant now) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        update replicate set phase = 'GAVE_UP', cause = :cause, message = :message, since = :now,
                            lease = :now, scheduler = :me, changed = clock_timestamp()
                        where task = :task and worker = :worker and cid is null""")
                .bind("task", task.toString())
                .bind("worker", worker.toString())
                .bind("cause", cause.name())
                .bind("message", message)
                .bind("now", now)
                .bind("me", scheduler)
                .execute());
    }

    @Override
    public void delivered(TaskId task, Address worker, ResultLink link, Bytes callbackData, Instant now) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into replicate
                            (task, worker, weight, phase, begun, since, lease, cid, callback_data, scheduler)
                        values (:task, :worker, 0, 'DELIVERED', :now, :now, :now, :cid, :data, :me)
                        on conflict (task, worker) do update set phase = 'DELIVERED', since = :now, cause = null,
                            message = '', cid = :cid, callback_data = :data, scheduler = :me,
                            changed = clock_timestamp()
                        where replicate.cid is null""")
                .bind("task", task.toString())
                .bind("worker", worker.toString())
                .bind("cid", link.cid().toString())
                .bind("data", callbackData.toString())
                .bind("now", now)
                .bind("me", scheduler)
                .execute());
    }

    /* WHAT PROGRAMS PRINTED */

    @Override
    public void keep(TaskId task, Log log) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into log (task, worker, at, stdout, stderr) values (:task, :worker, :at, :stdout, :stderr)
                        on conflict (task, worker) do update set at = :at, stdout = :stdout, stderr = :stderr""")
                .bind("task", task.toString())
                .bind("worker", log.worker().toString())
                .bind("at", log.at())
                // PostgreSQL's texts hold every character but this one.
                .bind("stdout", log.stdout().replace('\0', '\ufffd'))
                .bind("stderr", log.stderr().replace('\0', '\ufffd'))
                .execute());
    }

    @Override
    public List<Log> logs(TaskId task) {
        return jdbi.withHandle(handle -> handle.createQuery("select * from log where task = :task order by at, worker")
                .bind("task", task.toString())
                .map((row, _) -> new Log(
                        Address.parse(row.getString("worker")),
                        row.getTimestamp("at").toInstant(),
                        row.getString("stdout"),
                        row.getString("stderr")))
                .list());
    }

    /* WHO IS THERE */

    @Override
    public void heard(Map<Address, Instant> workers) {
        if (workers.isEmpty()) {
            return;
        }
        var sorted = new TreeMap<>(workers); // so that two of us never wait for each other
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into member (worker, heard) select unnest(:workers), unnest(cast(:times as timestamptz[]))
                        on conflict (worker) do update set heard = excluded.heard
                        where member.heard < excluded.heard""")
                .bindArray("workers", String.class, (Object[]) texts(sorted.keySet()))
                .bindArray("times", String.class, (Object[]) texts(sorted.values()))
                .execute());
    }

    @Override
    public Map<Address, Instant> heardSince(Instant then) {
        return jdbi.withHandle(handle -> {
            var heard = new LinkedHashMap<Address, Instant>();
            handle.createQuery("select worker, heard from member where heard >= :then order by worker")
                    .bind("then", then)
                    .map((row, _) -> Map.entry(
                            Address.parse(row.getString(1)), row.getTimestamp(2).toInstant()))
                    .forEach(entry -> heard.put(entry.getKey(), entry.getValue()));
            return heard;
        });
    }

    /* WHO FAILS OFTEN */

    @Override
    public List<Avoided> avoided() {
        return jdbi.withHandle(handle -> handle.createQuery("select * from avoided")
                .map((row, _) -> new Avoided(
                        Address.parse(row.getString("worker")),
                        Address.parse(row.getString("app")),
                        row.getInt("times"),
                        row.getTimestamp("until").toInstant()))
                .list());
    }

    @Override
    public void avoid(Avoided avoided) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into avoided (worker, app, times, until) values (:worker, :app, :times, :until)
                        on conflict (worker, app) do update set times = :times, until = :until""")
                .bind("worker", avoided.worker().toString())
                .bind("app", avoided.app().toString())
                .bind("times", avoided.times())
                .bind("until", avoided.until())
                .execute());
    }

    @Override
    public void forgive(Address worker, Address app) {
        jdbi.useHandle(handle ->
                handle.execute("delete from avoided where worker = ? and app = ?", worker.toString(), app.toString()));
    }

    /* HOW LONG WHO TAKES */

    @Override
    public List<Took> took(Instant since) {
        return jdbi.withHandle(handle -> handle.createQuery("select * from took where at >= :since")
                .bind("since", since)
                .map((row, _) -> new Took(
                        Address.parse(row.getString("worker")),
                        Address.parse(row.getString("app")),
                        row.getLong("category"),
                        row.getDouble("seconds"),
                        row.getInt("times"),
                        row.getTimestamp("at").toInstant()))
                .list());
    }

    @Override
    public void took(List<Took> measured, int most) {
        if (measured.isEmpty()) {
            return;
        }
        jdbi.useTransaction(handle -> {
            var batch = handle.prepareBatch("""
                    insert into took (worker, app, category, seconds, times, at)
                    values (:worker, :app, :category, :seconds, :times, :at)
                    on conflict (worker, app, category) do update set seconds = :seconds, times = :times, at = :at""");
            for (var one : measured) {
                batch.bind("worker", one.worker().toString())
                        .bind("app", one.app().toString())
                        .bind("category", one.category())
                        .bind("seconds", one.seconds())
                        .bind("times", one.times())
                        .bind("at", one.at())
                        .add();
            }
            batch.execute();
            handle.createUpdate("""
                            delete from took using (
                                select worker, app, category,
                                    row_number() over (partition by worker order by at desc) as place
                                from took where worker = any(:workers)) old
                            where took.worker = old.worker and took.app = old.app and took.category = old.category
                                and old.place > :most""")
                    .bindArray("workers", String.class, (Object[])
                            texts(measured, one -> one.worker().toString()))
                    .bind("most", most)
                    .execute();
        });
    }

    /* WHOM THE POOL BELIEVES */

    @Override
    public List<Reputation> reputations() {
        return jdbi.withHandle(handle -> handle.createQuery("select * from reputation")
                .map((row, _) -> new Reputation(
                        Address.parse(row.getString("worker")), row.getDouble("passed"), row.getBoolean("caught")))
                .list());
    }

    @Override
    public List<Shown> shown() {
        return jdbi.withHandle(handle -> handle.createQuery("select * from shown order by at")
                .map((row, _) -> new Shown(
                        Address.parse(row.getString("worker")),
                        Address.parse(row.getString("app")),
                        row.getDouble("passed")))
                .list());
    }

    @Override
    public void remember(List<Reputation> reputations, List<Shown> shown) {
        if (reputations.isEmpty() && shown.isEmpty()) {
            return;
        }
        jdbi.useTransaction(handle -> {
            var batch = handle.prepareBatch("""
                    insert into reputation (worker, passed, caught) values (:worker, :passed, :caught)
                    on conflict (worker) do update set passed = :passed, caught = :caught""");
            for (var one : reputations) {
                batch.bind("worker", one.worker().toString())
                        .bind("passed", one.passed())
                        .bind("caught", one.caught())
                        .add();
            }
            batch.execute();
            var byApp = handle.prepareBatch("""
                    insert into shown (worker, app, passed) values (:worker, :app, :passed)
                    on conflict (worker, app) do update set passed = :passed, at = clock_timestamp()""");
            for (var one : shown) {
                byApp.bind("worker", one.worker().toString())
                        .bind("app", one.app().toString())
                        .bind("passed", one.passed())
                        .add();
            }
            byApp.execute();
            if (shown.stream().anyMatch(one -> one.passed() == 0)) {
                handle.execute("delete from shown where passed = 0");
            }
        });
    }

    @Override
    public void know(DealId deal, Digest answer) {
        jdbi.useHandle(handle -> handle.execute(
                "insert into answer (deal, digest) values (?, ?) on conflict do nothing",
                deal.toString(),
                answer.toString()));
    }

    @Override
    public Map<DealId, Digest> known(Collection<DealId> deals) {
        if (deals.isEmpty()) {
            return Map.of();
        }
        return jdbi.withHandle(handle -> {
            var known = new HashMap<DealId, Digest>();
            handle.createQuery("select deal, digest from answer where deal = any(:deals)")
                    .bindArray("deals", String.class, (Object[]) texts(deals))
                    .map((row, _) ->
                            Map.entry(DealId.parse(row.getString(1)), new Digest(Bytes32.parse(row.getString(2)))))
                    .forEach(one -> known.put(one.getKey(), one.getValue()));
            return known;
        });
    }

    /* WHO HAS HAD HOW MUCH */

    @Override
    public List<Use> uses() {
        return jdbi.withHandle(handle -> handle.createQuery("select * from used")
                .map((row, _) -> new Use(
                        Address.parse(row.getString("requester")),
                        row.getDouble("amount"),
                        row.getTimestamp("at").toInstant()))
                .list());
    }

    @Override
    public void charge(Map<Address, Double> amounts, Instant now, Duration halfLife) {
        if (amounts.isEmpty()) {
            return;
        }
        var sorted = new TreeMap<>(amounts); // so that two of us never wait for each other
        // PostgreSQL refuses powers too small to tell from nothing.
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into used (requester, amount, at) select unnest(:requesters), unnest(:amounts), :now
                        on conflict (requester) do update set at = greatest(used.at, excluded.at),
                            amount = excluded.amount + used.amount * power(0.5, least(500,
                                greatest(0, extract(epoch from excluded.at - used.at)::float8 / :halfLife)))""")
                .bindArray("requesters", String.class, (Object[]) texts(sorted.keySet()))
                .bindArray("amounts", Double.class, sorted.values().toArray())
                .bind("now", now)
                .bind("halfLife", halfLife.toMillis() / 1000.0)
                .execute());
    }

    /* WHO LEADS */

    @Override
    public boolean lead(Address workerpool, Duration lease) {
        // By the database's clock: that of schedulers may be off.
        return jdbi.withHandle(handle -> handle.createUpdate("""
                        insert into leader (workerpool, scheduler, until)
                        values (:pool, :me, clock_timestamp() + :seconds * interval '1 second')
                        on conflict (workerpool) do update set scheduler = :me, until = excluded.until
                        where leader.scheduler = :me or leader.until < clock_timestamp()""")
                        .bind("pool", workerpool.toString())
                        .bind("me", scheduler)
                        .bind("seconds", lease.toMillis() / 1000.0)
                        .execute()
                == 1);
    }

    @Override
    public void retire(Address workerpool) {
        jdbi.useHandle(handle -> handle.execute(
                "delete from leader where workerpool = ? and scheduler = ?", workerpool.toString(), scheduler));
    }

    /* HOUSEKEEPING */

    @Override
    public Optional<News.Cursor> landmark(Address workerpool) {
        return jdbi.withHandle(handle -> handle.createQuery("select * from landmark where workerpool = :pool")
                .bind("pool", workerpool.toString())
                .map((row, _) -> new News.Cursor(row.getLong("block"), Bytes32.parse(row.getString("hash"))))
                .findOne());
    }

    @Override
    public void landmark(Address workerpool, News.Cursor cursor) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into landmark (workerpool, block, hash) values (:pool, :block, :hash)
                        on conflict (workerpool) do update set block = :block, hash = :hash""")
                .bind("pool", workerpool.toString())
                .bind("block", cursor.block())
                .bind("hash", cursor.hash().toString())
                .execute());
    }

    @Override
    public void forgetBefore(Instant rows, Instant shown, Instant logs) {
        jdbi.useHandle(handle -> {
            handle.execute("delete from replicate where since < ? and lease < ?", rows, rows);
            handle.execute(
                    "delete from task where since < ? and not exists"
                            + " (select from replicate where replicate.task = task.task)",
                    rows);
            handle.execute("delete from answer where since < ?", rows);
            handle.execute("delete from used where at < ?", rows);
            handle.execute("delete from took where at < ?", rows);
            handle.execute("delete from member where heard < ?", rows);
            handle.execute("delete from shown where at < ?", shown);
            handle.execute("delete from log where at < ?", logs);
        });
    }
}
