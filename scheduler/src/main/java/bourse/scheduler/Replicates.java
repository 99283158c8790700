package bourse.scheduler;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Cid;
import bourse.protocol.News;
import bourse.protocol.Pool;
import bourse.protocol.ResultLink;
import bourse.protocol.TaskId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/// The pool's tables: who was asked to work on what, and until when it counts on them.
final class Replicates {
    private static final String LIVE = "phase in ('ASSIGNED', 'FETCHING', 'COMPUTING')";
    private final Jdbi jdbi;

    Replicates(DataSource database) {
        this.jdbi = Jdbi.create(database);
    }

    /// A row, as it stands.
    record Row(
            TaskId task,
            Address worker,
            long weight,
            String phase,
            Instant since,
            Instant lease,
            Optional<Pool.Cause> cause,
            String message,
            Optional<ResultLink> link,
            Bytes callbackData) {

        private static Row of(ResultSet row) throws SQLException {
            return new Row(
                    TaskId.parse(row.getString("task")),
                    Address.parse(row.getString("worker")),
                    row.getLong("weight"),
                    row.getString("phase"),
                    row.getTimestamp("since").toInstant(),
                    row.getTimestamp("lease").toInstant(),
                    Optional.ofNullable(row.getString("cause")).map(Pool.Cause::valueOf),
                    row.getString("message"),
                    Optional.ofNullable(row.getString("cid")).map(Cid::parse).map(ResultLink::new),
                    Optional.ofNullable(row.getString("callback_data"))
                            .map(Bytes::parse)
                            .orElse(Bytes.EMPTY));
        }

        /// What it means at `now`.
        Replicate at(Instant now) {
            if (link.isPresent()) {
                return new Replicate.Delivered(worker, link.get(), callbackData);
            }
            if (cause.isPresent()) {
                return new Replicate.GaveUp(worker, cause.get(), since, message);
            }
            return lease.isBefore(now) ? new Replicate.Lost(worker) : new Replicate.Working(worker, weight);
        }
    }

    /// Everyone who was ever asked, by task.
    Map<TaskId, List<Row>> of(Collection<TaskId> tasks) {
        var rows = new HashMap<TaskId, List<Row>>();
        if (tasks.isEmpty()) {
            return rows;
        }
        jdbi.useHandle(handle -> handle.createQuery(
                        "select * from replicate where task = any(:tasks) order by since, worker")
                .bindArray(
                        "tasks",
                        String.class,
                        tasks.stream().map(TaskId::toString).toArray())
                .map((row, _) -> Row.of(row))
                .forEach(row ->
                        rows.computeIfAbsent(row.task(), _ -> new ArrayList<>()).add(row)));
        return rows;
    }

    /// What `worker` was asked to do and has neither contributed nor given up, while his lease runs; the oldest
    /// first.
    List<Row> live(Address worker, Instant now) {
        return jdbi.withHandle(handle -> handle.createQuery("select * from replicate where worker = :worker and " + LIVE
                        + " and lease > :now order by since")
                .bind("worker", worker.toString())
                .bind("now", now)
                .map((row, _) -> Row.of(row))
                .list());
    }

    /// Starts a lease; who was asked before starts afresh.
    void assign(TaskId task, Address worker, long weight, Instant now, Instant lease) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into replicate (task, worker, weight, phase, since, lease)
                        values (:task, :worker, :weight, 'ASSIGNED', :now, :lease)
                        on conflict (task, worker) do update set weight = :weight, phase = 'ASSIGNED', since = :now,
                            lease = :lease, cause = null, message = '', cid = null, callback_data = null""")
                .bind("task", task.toString())
                .bind("worker", worker.toString())
                .bind("weight", weight)
                .bind("now", now)
                .bind("lease", lease)
                .execute());
    }

    /// Renews a lease that still runs.
    ///
    /// @return whether it does
    boolean renew(TaskId task, Address worker, String phase, Instant now, Instant lease) {
        return jdbi.withHandle(handle -> handle.createUpdate("""
                        update replicate set lease = :lease, phase = :phase,
                            since = case when phase = :phase then since else :now end
                        where task = :task and worker = :worker and cause is null and cid is null and lease >= :now""")
                        .bind("task", task.toString())
                        .bind("worker", worker.toString())
                        .bind("phase", phase)
                        .bind("now", now)
                        .bind("lease", lease)
                        .execute()
                == 1);
    }

    void gaveUp(TaskId task, Address worker, Pool.Cause cause, String message, Instant now) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        update replicate set phase = 'GAVE_UP', cause = :cause, message = :message, since = :now,
                            lease = :now
                        where task = :task and worker = :worker and cid is null""")
                .bind("task", task.toString())
                .bind("worker", worker.toString())
                .bind("cause", cause.name())
                .bind("message", message)
                .bind("now", now)
                .execute());
    }

    void delivered(TaskId task, Address worker, ResultLink link, Bytes callbackData, Instant now) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into replicate (task, worker, weight, phase, since, lease, cid, callback_data)
                        values (:task, :worker, 0, 'DELIVERED', :now, :now, :cid, :data)
                        on conflict (task, worker) do update set phase = 'DELIVERED', since = :now, cause = null,
                            message = '', cid = :cid, callback_data = :data
                        where replicate.cid is null""")
                .bind("task", task.toString())
                .bind("worker", worker.toString())
                .bind("cid", link.cid().toString())
                .bind("data", callbackData.toString())
                .bind("now", now)
                .execute());
    }

    /// Forgets what nobody asks for any more.
    void forgetBefore(Instant then) {
        jdbi.useHandle(handle -> handle.execute("delete from replicate where since < ? and lease < ?", then, then));
    }

    Optional<News.Cursor> landmark(Address workerpool) {
        return jdbi.withHandle(handle -> handle.createQuery("select * from landmark where workerpool = :pool")
                .bind("pool", workerpool.toString())
                .map((row, _) -> new News.Cursor(row.getLong("block"), Bytes32.parse(row.getString("hash"))))
                .findOne());
    }

    void landmark(Address workerpool, News.Cursor cursor) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into landmark (workerpool, block, hash) values (:pool, :block, :hash)
                        on conflict (workerpool) do update set block = :block, hash = :hash""")
                .bind("pool", workerpool.toString())
                .bind("block", cursor.block())
                .bind("hash", cursor.hash().toString())
                .execute());
    }
}
