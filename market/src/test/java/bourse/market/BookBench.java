package bourse.market;

import bourse.protocol.Address;
import bourse.protocol.Event;
import bourse.protocol.Order;
import bourse.protocol.OrderBook.Slice;
import bourse.protocol.Query;
import bourse.protocol.Query.Party;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Tag;
import bourse.protocol.Time;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import bourse.storage.Postgres;
import bourse.testing.Generators;
import bourse.testing.Model;
import bourse.testing.VirtualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/// How long the best offers of a full book take, and how many orders a second are checked and shown. The chain is in
/// memory: it answers at once, as it does from the book's own notes once a block.
final class BookBench {
    private static final int POOLS = 2000;
    private static final int QUERIES = 500;
    private static final int PUBLISHED = 20_000;
    private static final int THREADS = 16;
    private static final Rlc RICHES = Rlc.parse("100000");

    private final Generators generators = new Generators(7);
    private final List<Wallet> owners = generators.list(POOLS, generators::wallet);
    private final List<Address> pools = new ArrayList<>();
    private final Model chain;
    private final DataSource database;
    private final Jdbi jdbi;

    private BookBench(DataSource database) throws Exception {
        this.database = database;
        this.jdbi = Jdbi.create(database);
        var tokens = new HashMap<Address, Rlc>();
        owners.forEach(owner -> tokens.put(owner.address(), RICHES));
        this.chain = Model.of(VirtualClock.atNoon(), tokens, new bourse.protocol.Draw(0));
        for (var owner : owners) {
            chain.submit(owner, new Transaction.Deposit(RICHES));
            pools.add(chain.submit(owner, new Transaction.CreateWorkerpool("pool"))
                    .event(Event.Registered.class)
                    .asset());
        }
    }

    public static void main(String[] args) throws Exception {
        int orders = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        var home = Files.createTempDirectory("market-book");
        try (var postgres = Postgres.embedded(home.resolve("database"))) {
            var bench = new BookBench(postgres.of("market"));
            bench.fill(orders);
            var terms = new Terms(1000, Integer.MAX_VALUE, 1, 1000, Duration.ofDays(7));
            try (var market = new Market(bench.chain, bench.database, Time.SYSTEM, terms)) {
                org.awaitility.Awaitility.await()
                        .until(() ->
                                market.cursor().hash().equals(bench.chain.head().hash()));
                bench.queries(market);
                bench.publishes(market);
            }
        } finally {
            delete(home);
        }
    }

    /* THE BOOK */

    /// Pools' orders of five categories, most of them open to everyone, at any trust and price.
    private void fill(int orders) {
        var start = System.nanoTime();
        jdbi.useHandle(handle -> {
            handle.execute("""
                    create function pg_temp.word(text) returns bytea immutable language sql
                    as $$ select sha256($1::bytea) $$""");
            var table = "create temporary table pool (number int, asset bytea, owner bytea)";
            handle.execute(table);
            for (int i = 0; i < POOLS; i++) {
                handle.execute(
                        "insert into pool values (?, ?, ?)",
                        i,
                        pools.get(i).bytes(),
                        owners.get(i).address().bytes());
            }
            handle.createUpdate("""
                            insert into listed (hash, kind, asset, signer, payer, need, app, dataset, workerpool, requester,
                                everyone, price, volume, tag, category, trust, trust_class, salt, signature, app_price,
                                dataset_price, beneficiary, callback, params, published, changed, remaining)
                            select pg_temp.word('hash' || n), 'WORKERPOOL', asset, owner, owner, 1, :zero, :zero, asset,
                                case when n % 10 = 0 then owner else :zero end, n % 10 <> 0,
                                (n * 7919::bigint) % 1000000007, 1000, case when n % 7 = 0 then B'1'::bit(256) >> 255 else
                                B'0'::bit(256) end, n % 5, 1 << (n % 11), n % 11, pg_temp.word('salt' || n),
                                pg_temp.word('r' || n) || pg_temp.word('s' || n) || '\\x1b'::bytea, 0, 0, :zero, :zero, '',
                                now(), now(), 1000
                            from generate_series(1, :orders) as n join pool on number = n % :pools""")
                    .bind("zero", Address.ZERO.bytes())
                    .bind("orders", orders)
                    .bind("pools", POOLS)
                    .execute();
            handle.execute("vacuum analyze listed");
        });
        System.out.printf("%,d open orders, written in %.0f s%n", orders, (System.nanoTime() - start) / 1e9);
    }

    /* FINDING */

    private void queries(Market market) throws Exception {
        time(
                "one row by its key: the floor",
                () -> jdbi.withHandle(handle -> handle.createQuery("select hash from listed where hash = :hash")
                        .bind("hash", generators.word().bytes())
                        .mapTo(byte[].class)
                        .findOne()));
        for (int limit : new int[] {1, 20, 1000}) {
            var slice = new Slice(0, limit);
            time(
                    "the best %d of a category, at a trust".formatted(limit),
                    () -> market.query(Query.Workerpools.of(
                            generators.random().nextInt(5),
                            1L << generators.random().nextInt(11),
                            slice)));
        }
        time(
                "the best 20 that serve one requester",
                () -> market.query(of(new Party.One(any(), false), Query.Fit.ANY)));
        var enclave = new Query.Fit(Tag.parse("0x" + "0".repeat(63) + "1"), Optional.empty(), 1);
        time("the best 20 with an enclave", () -> market.query(of(Party.EVERYONE, enclave)));
        time(
                "the best 20 of one pool",
                () -> market.query(new Query.Workerpools(
                        Optional.empty(),
                        Optional.of(generators.oneOf(pools)),
                        Optional.empty(),
                        0,
                        Party.EVERYONE,
                        Party.EVERYONE,
                        Party.EVERYONE,
                        Query.Fit.ANY,
                        new Slice(0, 20))));
        time(
                "page 500 of a category",
                () -> market.query(Query.Workerpools.of(generators.random().nextInt(5), 1, new Slice(10_000, 20))));
        time("prices of a category", () -> market.quote(generators.random().nextInt(5)));
    }

    private Query.Workerpools of(Party requester, Query.Fit fit) {
        return new Query.Workerpools(
                Optional.of(generators.random().nextLong(5)),
                Optional.empty(),
                Optional.empty(),
                1L << generators.random().nextInt(11),
                Party.EVERYONE,
                Party.EVERYONE,
                requester,
                fit,
                new Slice(0, 20));
    }

    private Address any() {
        return generators.oneOf(owners).address();
    }

    private static void time(String what, Callable<?> call) throws Exception {
        for (int i = 0; i < QUERIES / 10; i++) {
            call.call();
        }
        var times = new long[QUERIES];
        for (int i = 0; i < QUERIES; i++) {
            var start = System.nanoTime();
            call.call();
            times[i] = System.nanoTime() - start;
        }
        Arrays.sort(times);
        System.out.printf(
                "| %s | %.2f ms | %.2f ms |%n", what, times[QUERIES / 2] / 1e6, times[QUERIES * 99 / 100] / 1e6);
    }

    /* PUBLISHING */

    private void publishes(Market market) throws Exception {
        jdbi.useHandle(handle -> handle.execute("create table floor (id int primary key)"));
        var row = new AtomicInteger();
        var floor = perSecond(
                PUBLISHED,
                () -> jdbi.useHandle(handle -> handle.execute("insert into floor values (?)", row.incrementAndGet())));
        var orders = Collections.synchronizedList(new ArrayList<Signed<Order.Workerpool>>());
        for (int i = 0; i < 2 * PUBLISHED; i++) {
            int pool = i % POOLS;
            orders.add(chain.domain()
                    .sign(
                            Order.Workerpool.open(pools.get(pool), Rlc.ofNano(i), 5, i % 5, 1 << (i % 11)),
                            owners.get(pool)));
        }
        var next = new AtomicInteger();
        Step publish = () -> {
            int i = next.getAndIncrement();
            market.publish(owners.get(i % POOLS).address(), orders.get(i));
        };
        perSecond(PUBLISHED, publish); // to warm up
        var published = perSecond(PUBLISHED, publish);
        System.out.printf(
                "| one row written and committed, %d at a time: the floor | %,.0f a second | |%n", THREADS, floor);
        System.out.printf("| orders checked and shown, %d at a time | %,.0f a second | |%n", THREADS, published);
        if (market.vitals().taken() != 2 * PUBLISHED) {
            throw new IllegalStateException(
                    "only %d orders were taken".formatted(market.vitals().taken()));
        }
    }

    private interface Step {
        void take() throws Exception;
    }

    private static double perSecond(int times, Step step) throws Exception {
        var left = new AtomicInteger(times);
        var start = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<java.util.concurrent.Future<?>>();
            for (int i = 0; i < THREADS; i++) {
                all.add(threads.submit(() -> {
                    while (left.getAndDecrement() > 0) {
                        step.take();
                    }
                    return true;
                }));
            }
            for (var one : all) {
                one.get();
            }
        }
        return times / ((System.nanoTime() - start) / 1e9);
    }

    private static void delete(Path home) throws java.io.IOException {
        try (var files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
