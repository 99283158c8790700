package bourse.market;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.News;
import bourse.protocol.Order;
import bourse.protocol.OrderBook.Kind;
import bourse.protocol.OrderBook.Page;
import bourse.protocol.OrderBook.Published;
import bourse.protocol.OrderBook.Slice;
import bourse.protocol.OrderBook.Withdrawal;
import bourse.protocol.PublicMarket.Change;
import bourse.protocol.Query;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Trades;
import bourse.protocol.Trades.Candle;
import bourse.protocol.Trades.Grain;
import bourse.protocol.Trades.Which;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;

/// The book's tables.
final class Shelf {
    /// How far beyond a slice its query's orders are counted.
    private static final int COUNTED = 200;

    /// An array of bytes, which the driver takes as texts only.
    private static final String WORDS = "array(select decode(hex, 'hex') from unnest(:words) as word (hex))";

    private static final String INSERT = insert("listed");
    private final Jdbi jdbi;

    Shelf(DataSource database) {
        this.jdbi = Jdbi.create(database);
        jdbi.registerArgument(new Words());
    }

    /// Addresses and hashes are bytes.
    private static final class Words extends AbstractArgumentFactory<Bytes32> {
        Words() {
            super(java.sql.Types.BINARY);
        }

        @Override
        protected Argument build(Bytes32 value, ConfigRegistry config) {
            return (position, statement, _) -> statement.setBytes(position, value.bytes());
        }
    }

    /// What is known of an order that somebody wants to publish.
    ///
    /// @param used whether it was ever matched or closed, as far as the chain is read
    /// @param orders how many its owner has in the book
    record Known(boolean listed, boolean used, int orders) {}

    /* PUBLISHING */

    Known known(Bytes32 hash, Address signer, int most) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select exists (select from listed where hash = :hash) as listed,
                            exists (select from spoken_of where subject = :hash and kind = 'ORDER') as used,
                            (select count(*) from (select from listed where signer = :signer limit :most) mine) as orders
                        """)
                .bind("hash", hash)
                .bind("signer", signer.bytes())
                .bind("most", most)
                .map((row, _) -> new Known(row.getBoolean("listed"), row.getBoolean("used"), row.getInt("orders")))
                .one());
    }

    private static String insert(String table) {
        var columns = List.of(
                "hash",
                "kind",
                "asset",
                "signer",
                "payer",
                "need",
                "price",
                "volume",
                "salt",
                "signature",
                "app",
                "dataset",
                "workerpool",
                "requester",
                "tag",
                "category",
                "trust",
                "trust_class",
                "everyone",
                "app_price",
                "dataset_price",
                "beneficiary",
                "callback",
                "params");
        return "insert into %s (%s, published, changed, remaining) values (%s, :now, :now, :remaining)"
                        .formatted(
                                table,
                                String.join(", ", columns),
                                columns.stream()
                                        .map(column -> column.equals("tag") ? "cast(:tag as bit(256))" : ":" + column)
                                        .collect(Collectors.joining(", ")))
                + " on conflict do nothing";
    }

    /// @return whether it was not there before
    boolean add(Bytes32 hash, Signed<?> order, Address signer, long remaining, Instant now) {
        return jdbi.withHandle(handle -> handle.createUpdate(INSERT)
                        .bindMap(Row.columns(hash, order, signer))
                        .bind("remaining", remaining)
                        .bind("now", Timestamp.from(now))
                        .execute()
                > 0);
    }

    /// An order that was taken back.
    record Gone(Kind kind, Bytes32 hash) {}

    List<Gone> remove(Address signer, Withdrawal which) {
        return jdbi.withHandle(handle -> {
            var where = switch (which) {
                case Withdrawal.One _ -> "hash = :hash";
                case Withdrawal.Last _ ->
                    "seq = (select max(seq) from listed where signer = :signer and kind = :kind and asset = :asset)";
                case Withdrawal.All _ -> "kind = :kind and asset = :asset";
            };
            var delete = handle.createQuery(
                            "delete from listed where signer = :signer and " + where + " returning hash, kind")
                    .bind("signer", signer.bytes());
            switch (which) {
                case Withdrawal.One(var hash) -> delete.bind("hash", hash);
                case Withdrawal.Last(var kind, var asset) ->
                    delete.bind("kind", kind.name()).bind("asset", asset.bytes());
                case Withdrawal.All(var kind, var asset) ->
                    delete.bind("kind", kind.name()).bind("asset", asset.bytes());
            }
            return delete.map((row, _) -> new Gone(Row.kind(row), Row.word(row, "hash")))
                    .list();
        });
    }

    /* FINDING */

    Optional<Published<?>> find(Bytes32 hash) {
        return jdbi.withHandle(handle -> handle.createQuery("select * from listed where hash = :hash")
                .bind("hash", hash)
                .<Published<?>>map((row, _) -> Row.published(row))
                .findOne());
    }

    <O extends Order> Page<O> query(Query<O> query) {
        var selection = new Selection(query);
        return jdbi.withHandle(handle -> {
            var found = new ArrayList<Published<O>>();
            handle.createQuery(selection.slice())
                    .bindMap(selection.values())
                    .map((row, _) -> typed(Row.published(row), selection.type(query)))
                    .forEach(found::add);
            return page(
                    found,
                    query.slice(),
                    most -> handle.createQuery(selection.count(most))
                            .bindMap(selection.values())
                            .mapTo(Long.class)
                            .one(),
                    Page<O>::new);
        });
    }

    @SuppressWarnings("unchecked")
    private static <O extends Order> Published<O> typed(Published<?> published, Class<O> type) {
        if (!type.isInstance(published.order().order())) {
            throw new IllegalStateException("%s is no %s".formatted(published.hash(), type));
        }
        return (Published<O>) published;
    }

    private interface Counter {
        long upTo(int most);
    }

    private interface Pages<T, P> {
        P of(List<T> entries, long count, boolean more);
    }

    /// Of one entry more than the slice, if there is one; counts only what that does not tell.
    private static <T, P> P page(List<T> found, Slice slice, Counter counter, Pages<T, P> pages) {
        boolean more = found.size() > slice.limit();
        long count = more || (found.isEmpty() && slice.offset() > 0)
                ? counter.upTo(slice.offset() + slice.limit() + COUNTED)
                : slice.offset() + found.size();
        return pages.of(more ? found.subList(0, slice.limit()) : found, count, more);
    }

    /* WHAT THE CHAIN SPEAKS OF */

    News.Cursor cursor() {
        return jdbi.withHandle(handle -> handle.createQuery("select block, hash from cursor")
                .map((row, _) -> new News.Cursor(row.getLong("block"), Row.word(row, "hash")))
                .findOne()
                .orElse(News.Cursor.START));
    }

    /// All that blocks above `block` spoke of.
    Subjects spokenOfAbove(long block) {
        return jdbi.withHandle(handle -> {
            var subjects = new Subjects();
            handle.createQuery("select distinct kind, subject from spoken_of where block > :block")
                    .bind("block", block)
                    .map((row, _) -> Map.entry(Subjects.Sort.valueOf(row.getString("kind")), row.getBytes("subject")))
                    .forEach(entry -> subjects.add(entry.getKey(), entry.getValue()));
            return subjects;
        });
    }

    List<DealId> dealsAbove(long block) {
        return jdbi.withHandle(handle -> handle.createQuery("select id from deal where block > :block")
                .bind("block", block)
                .map((row, _) -> new DealId(Row.word(row, "id")))
                .list());
    }

    /// All that the book's orders depend on.
    Subjects everything() {
        return jdbi.withHandle(handle -> {
            var subjects = new Subjects();
            handle.createQuery("select hash, asset, payer from listed")
                    .setFetchSize(10_000)
                    .map((row, _) -> {
                        subjects.orders().add(Row.word(row, "hash"));
                        subjects.assets().add(Row.address(row, "asset"));
                        return subjects.accounts().add(Row.address(row, "payer"));
                    })
                    .forEach(_ -> {});
            return subjects;
        });
    }

    /// Those of the orders that are in the book.
    List<Published<?>> listed(Collection<Bytes32> hashes) {
        return hashes.isEmpty()
                ? List.of()
                : jdbi.withHandle(handle -> handle.createQuery("select * from listed where hash = any(" + WORDS + ")")
                        .bindArray(
                                "words",
                                String.class,
                                hashes.stream().map(Bytes32::hex).toArray())
                        .<Published<?>>map((row, _) -> Row.published(row))
                        .list());
    }

    /// Those of the assets that have orders in the book, and what they are.
    Map<Address, Kind> assets(Collection<Address> assets) {
        var kinds = new LinkedHashMap<Address, Kind>();
        if (!assets.isEmpty()) {
            jdbi.useHandle(handle -> handle.createQuery(
                            "select distinct asset, kind from listed where kind <> 'REQUEST' and asset = any(" + WORDS
                                    + ")")
                    .bindArray("words", String.class, hex(assets))
                    .map((row, _) -> Map.entry(Row.address(row, "asset"), Row.kind(row)))
                    .forEach(entry -> kinds.put(entry.getKey(), entry.getValue())));
        }
        return kinds;
    }

    /// Those of the accounts that pay for an order in the book.
    List<Address> payers(Collection<Address> accounts) {
        return accounts.isEmpty()
                ? List.of()
                : jdbi.withHandle(handle -> handle.createQuery("""
                                select payer from unnest(%s) as account (payer)
                                where exists (select from listed where payer = account.payer and need > 0)""".formatted(WORDS))
                        .bindArray("words", String.class, hex(accounts))
                        .map((row, _) -> Row.address(row, "payer"))
                        .list());
    }

    private static Object[] hex(Collection<Address> addresses) {
        return addresses.stream().map(Address::hex).toArray();
    }

    /// What was read of the chain.
    ///
    /// @param remaining by an order's hash
    /// @param owners by asset
    /// @param free by account
    record Truth(Map<Bytes32, Long> remaining, Map<Address, Address> owners, Map<Address, Rlc> free) {}

    /// Writes what news led to, all of it or nothing, and says what has changed in the book.
    ///
    /// @param spoken by the block that spoke of it
    ///
    /// @param cursor up to where the chain was read
    /// @param undone deals that are not there any more
    List<Change> apply(
            News.Cursor cursor,
            Map<Long, Subjects> spoken,
            Truth truth,
            List<Trades.Trade> deals,
            List<DealId> undone,
            Instant now) {
        return jdbi.inTransaction(handle -> {
            undone.forEach(deal -> handle.execute(
                    "delete from deal where id = ?", (Object) deal.value().bytes()));
            var changes = new ArrayList<Change>();
            truth.remaining()
                    .forEach((hash, left) -> changes.addAll(change(
                            handle,
                            "remaining = :value",
                            "hash = :subject and remaining <> :value",
                            hash.bytes(),
                            left,
                            now)));
            truth.owners()
                    .forEach((asset, owner) -> changes.addAll(change(
                            handle,
                            "owned = (signer = :value)",
                            "asset = :subject and kind <> 'REQUEST' and owned <> (signer = :value)",
                            asset.bytes(),
                            owner.bytes(),
                            now)));
            truth.free()
                    .forEach((account, free) -> changes.addAll(change(
                            handle,
                            "funded = (need <= :value)",
                            "payer = :subject and need > 0 and funded <> (need <= :value)",
                            account.bytes(),
                            Row.number(free),
                            now)));
            spoken.forEach((block, subjects) -> speak(handle, block, subjects));
            deals.forEach(trade -> insert(handle, trade));
            handle.createUpdate("""
                            insert into cursor (block, hash) values (:block, :hash)
                            on conflict (one) do update set block = :block, hash = :hash""")
                    .bind("block", cursor.block())
                    .bind("hash", cursor.hash())
                    .execute();
            return changes;
        });
    }

    private static List<Change> change(
            Handle handle, String set, String where, byte[] subject, Object value, Instant now) {
        return handle.createQuery("update listed set " + set + ", changed = :now where " + where
                        + " returning hash, kind, remaining, open")
                .bind("subject", subject)
                .bind("value", value)
                .bind("now", Timestamp.from(now))
                .<Change>map((row, _) -> {
                    var kind = Row.kind(row);
                    var hash = Row.word(row, "hash");
                    return row.getBoolean("open")
                            ? new Change.Moved(kind, hash, row.getLong("remaining"))
                            : new Change.Left(kind, hash);
                })
                .list();
    }

    private static void speak(Handle handle, long block, Subjects subjects) {
        for (var sort : Subjects.Sort.values()) {
            var all = subjects.hex(sort);
            if (all.length > 0) {
                handle.createUpdate("""
                                insert into spoken_of (subject, kind, block) select unnest(%s), :kind, :block
                                on conflict do nothing""".formatted(WORDS))
                        .bindArray("words", String.class, all)
                        .bind("kind", sort.name())
                        .bind("block", block)
                        .execute();
            }
        }
    }

    /// Forgets what can not come back.
    ///
    /// @param block no block up to this one will be taken back
    void tidy(long block, Instant before) {
        jdbi.useHandle(handle -> {
            handle.execute("delete from spoken_of where kind <> 'ORDER' and block <= ?", block);
            handle.execute("delete from listed where not open and changed < ?", Timestamp.from(before));
        });
    }

    /* WHAT WAS TRADED */

    private static void insert(Handle handle, Trades.Trade trade) {
        var deal = trade.deal();
        var orders = trade.orders();
        handle.createUpdate("""
                        insert into deal (id, block, at, app, app_owner, app_price, dataset, dataset_owner,
                            dataset_price, workerpool, pool_owner, pool_price, requester, beneficiary, callback, sponsor,
                            category, trust, tag, params, first, volume, worker_stake, scheduler_ratio, app_order,
                            dataset_order, pool_order, request_order)
                        values (:id, :block, :at, :app, :app_owner, :app_price, :dataset, :dataset_owner,
                            :dataset_price, :workerpool, :pool_owner, :pool_price, :requester, :beneficiary, :callback,
                            :sponsor, :category, :trust, :tag, :params, :first, :volume, :worker_stake,
                            :scheduler_ratio, :app_order, :dataset_order, :pool_order, :request_order)
                        on conflict (id) do update set block = :block, at = :at""")
                .bind("id", deal.id().value())
                .bind("block", trade.block())
                .bind("at", Timestamp.from(deal.start()))
                .bindMap(share("app", "app", deal.app()))
                .bindMap(share("dataset", "dataset", deal.dataset()))
                .bindMap(share("workerpool", "pool", deal.workerpool()))
                .bind("requester", deal.requester().bytes())
                .bind("beneficiary", deal.beneficiary().bytes())
                .bind("callback", deal.callback().bytes())
                .bind("sponsor", deal.sponsor().bytes())
                .bind("category", deal.category().id())
                .bind("trust", deal.trust())
                .bind("tag", deal.tag().value())
                // PostgreSQL's texts hold every character but this one.
                .bind("params", deal.params().replace('\0', '\ufffd'))
                .bind("first", deal.first())
                .bind("volume", deal.volume())
                .bind("worker_stake", Row.number(deal.workerStake()))
                .bind("scheduler_ratio", deal.schedulerRatio())
                .bind("app_order", orders.app())
                .bind("dataset_order", orders.dataset())
                .bind("pool_order", orders.workerpool())
                .bind("request_order", orders.request())
                .execute();
    }

    private static Map<String, Object> share(String asset, String prefix, Deal.Share share) {
        return Map.of(
                asset,
                share.asset().bytes(),
                prefix + "_owner",
                share.owner().bytes(),
                prefix + "_price",
                Row.number(share.price()));
    }

    /// Reads a row of the table of deals.
    interface Reader {
        Trades.Trade read(ResultSet row) throws SQLException;
    }

    Trades.Found deals(Which which, Slice slice, Reader reader) {
        var conditions = new ArrayList<>(List.of("true"));
        var values = new LinkedHashMap<String, Object>();
        equal("requester", which.requester(), conditions, values);
        equal("app", which.app(), conditions, values);
        equal("dataset", which.dataset(), conditions, values);
        equal("workerpool", which.workerpool(), conditions, values);
        which.order().ifPresent(hash -> {
            conditions.add("(app_order = :order or dataset_order = :order or pool_order = :order"
                    + " or request_order = :order)");
            values.put("order", hash.bytes());
        });
        var condition = String.join(" and ", conditions);
        return jdbi.withHandle(handle -> {
            var found = handle.createQuery("select * from deal where %s order by position desc offset %d limit %d"
                            .formatted(condition, slice.offset(), slice.limit() + 1))
                    .bindMap(values)
                    .map((row, _) -> reader.read(row))
                    .list();
            return page(
                    found,
                    slice,
                    most -> handle.createQuery("select count(*) from (select from deal where %s limit %d) counted"
                                    .formatted(condition, most))
                            .bindMap(values)
                            .mapTo(Long.class)
                            .one(),
                    Trades.Found::new);
        });
    }

    private static void equal(
            String column, Optional<Address> wanted, List<String> conditions, Map<String, Object> values) {
        wanted.ifPresent(address -> {
            conditions.add("%s = :%s".formatted(column, column));
            values.put(column, address.bytes());
        });
    }

    Optional<Rlc> lastPrice(long category) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select pool_price from deal where category = :category order by at desc, position desc limit 1""")
                .bind("category", category)
                .map((row, _) -> Row.amount(row, "pool_price"))
                .findOne());
    }

    List<Candle> history(long category, Grain grain, Instant until) {
        var step = grain == Grain.HOUR ? Duration.ofHours(1) : Duration.ofDays(1);
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select date_trunc(:grain, at, 'UTC') as start,
                            (array_agg(pool_price order by at, position))[1] as opening,
                            max(pool_price) as high, min(pool_price) as low,
                            (array_agg(pool_price order by at desc, position desc))[1] as closing,
                            least(sum(volume), 9223372036854775807) as tasks
                        from deal where category = :category and at < :until and at >= :from
                        group by start order by start""")
                .bind("grain", grain == Grain.HOUR ? "hour" : "day")
                .bind("category", category)
                .bind("until", Timestamp.from(until))
                .bind("from", Timestamp.from(until.minus(step.multipliedBy(Trades.MOST_CANDLES - 1L))))
                .map((row, _) -> new Candle(
                        row.getTimestamp("start").toInstant(),
                        Row.amount(row, "opening"),
                        Row.amount(row, "high"),
                        Row.amount(row, "low"),
                        Row.amount(row, "closing"),
                        row.getLong("tasks")))
                .list());
    }
}
