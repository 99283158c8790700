package bourse.market;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.protocol.Category;
import bourse.protocol.Chain;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Domain;
import bourse.protocol.Event;
import bourse.protocol.News;
import bourse.protocol.Order;
import bourse.protocol.OrderRefused;
import bourse.protocol.PublicMarket;
import bourse.protocol.Query;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Tag;
import bourse.protocol.Time;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The order book as a service, in the tables of one database. One of them writes there at a time.
public final class Market implements PublicMarket, AutoCloseable {
    /// Where the migrations of its tables lie on the class path.
    public static final String MIGRATIONS = "bourse/market/migrations";

    private static final Logger LOG = LoggerFactory.getLogger(Market.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration TIDYING = Duration.ofMinutes(1);
    /// Blocks that far down stay. Should they not, the whole book is checked again.
    private static final int DEPTH = 1000;

    private final Chain chain;
    private final Time time;
    private final Terms terms;
    private final Shelf shelf;
    private final Ledger ledger;
    private final Desk desk;
    private final Pace pace;
    private final Feeds feeds;
    private final LongAdder taken = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final Thread loop;
    private volatile Optional<String> complaint = Optional.of("the market has not read the chain yet");
    private volatile News.Cursor cursor;
    private Instant tidied = Instant.MIN;

    /// Begins to follow the chain.
    ///
    /// @param database with the tables of [#MIGRATIONS]
    public Market(Chain chain, DataSource database, Time time) {
        this(chain, database, time, Terms.DEFAULT);
    }

    public Market(Chain chain, DataSource database, Time time, Terms terms) {
        this.chain = chain;
        this.time = time;
        this.terms = terms;
        this.shelf = new Shelf(database);
        this.ledger = new Ledger(chain);
        this.desk = new Desk(chain, ledger);
        this.pace = new Pace(terms.perMinute());
        this.feeds = new Feeds(time, terms);
        this.cursor = shelf.cursor();
        this.loop = Thread.ofVirtual().name("market").start(this::follow);
    }

    /// How it does.
    ///
    /// @param complaint why what it shows may not be true now
    /// @param block up to where it has read the chain
    /// @param taken orders that were published since it began; likewise refused
    public record Vitals(Optional<String> complaint, long block, long taken, long refused, int listeners) {}

    public Vitals vitals() {
        return new Vitals(complaint, cursor.block(), taken.sum(), refused.sum(), feeds.size());
    }

    /// Up to where the chain is read.
    News.Cursor cursor() {
        return cursor;
    }

    @Override
    public Domain domain() {
        return chain.domain();
    }

    /* THE BOOK */

    @Override
    public Bytes32 publish(Address caller, Signed<? extends Order> order) throws InterruptedException {
        try {
            pace.step(caller, time.instant());
            Desk.checkForm(order);
            var hash = chain.domain().hash(order.order());
            ledger.onOnePage(() -> take(caller, hash, order)).ifPresent(shown -> {
                taken.increment();
                feeds.tell(List.of(new Change.Shown(Kind.of(order.order()), shown)));
            });
            return hash;
        } catch (OrderRefused e) {
            refused.increment();
            throw e;
        }
    }

    /// Nothing, if it is there already.
    private <O extends Order> Optional<Published<?>> take(Address caller, Bytes32 hash, Signed<O> order)
            throws InterruptedException {
        var signer = desk.signer(caller, hash, order);
        var known = shelf.known(hash, signer, terms.orders());
        if (known.listed()) {
            return Optional.empty();
        }
        if (known.orders() >= terms.orders()) {
            throw new OrderRefused(
                    "order",
                    "the book holds %d orders of %s already, which is all it may; take some back first"
                            .formatted(terms.orders(), signer));
        }
        long remaining =
                known.used() ? ledger.remaining(order.order()) : order.order().volume();
        desk.checkMatchable(order, signer, remaining);
        var now = time.instant();
        return shelf.add(hash, order, signer, remaining, now)
                ? Optional.of(new Published<O>(hash, order, remaining, Status.OPEN, now, signer))
                : Optional.empty();
    }

    @Override
    public List<Bytes32> unpublish(Address caller, Withdrawal which) {
        var gone = shelf.remove(caller, which);
        feeds.tell(gone.stream()
                .<Change>map(order -> new Change.Left(order.kind(), order.hash()))
                .toList());
        return gone.stream().map(Shelf.Gone::hash).toList();
    }

    @Override
    public Optional<Published<?>> find(Bytes32 hash) {
        return shelf.find(hash);
    }

    @Override
    public <O extends Order> Page<O> query(Query<O> query) {
        return shelf.query(query);
    }

    /* WHAT WAS TRADED */

    @Override
    public Found deals(Which which, Slice slice) throws InterruptedException {
        var categories = chain.categories();
        return shelf.deals(which, slice, row -> trade(row, categories));
    }

    private static Trade trade(ResultSet row, List<Category> categories) throws SQLException {
        return new Trade(
                new Deal(
                        new DealId(Row.word(row, "id")),
                        share(row, "app", "app"),
                        share(row, "dataset", "dataset"),
                        share(row, "workerpool", "pool"),
                        row.getLong("trust"),
                        categories.get(row.getInt("category")),
                        new Tag(Row.word(row, "tag")),
                        Row.address(row, "requester"),
                        Row.address(row, "beneficiary"),
                        Row.address(row, "callback"),
                        row.getString("params"),
                        row.getTimestamp("at").toInstant(),
                        row.getLong("first"),
                        row.getLong("volume"),
                        Row.amount(row, "worker_stake"),
                        row.getInt("scheduler_ratio"),
                        Row.address(row, "sponsor")),
                new Event.Orders(
                        Row.word(row, "app_order"),
                        Row.word(row, "dataset_order"),
                        Row.word(row, "pool_order"),
                        Row.word(row, "request_order")),
                row.getLong("block"));
    }

    private static Deal.Share share(ResultSet row, String asset, String prefix) throws SQLException {
        return new Deal.Share(
                Row.address(row, asset), Row.address(row, prefix + "_owner"), Row.amount(row, prefix + "_price"));
    }

    @Override
    public Quote quote(long category) {
        var best = new Slice(0, 1);
        return new Quote(
                category,
                shelf.lastPrice(category),
                shelf.query(Query.Workerpools.of(category, 0, best)).orders().stream()
                        .findFirst()
                        .map(offer -> offer.order().order().workerpoolprice()),
                shelf.query(Query.Requests.of(category, Long.MAX_VALUE, best)).orders().stream()
                        .findFirst()
                        .map(request -> request.order().order().workerpoolmaxprice()));
    }

    @Override
    public List<Candle> history(long category, Grain grain, Instant until) {
        return shelf.history(category, grain, until);
    }

    @Override
    public Feed listen() {
        return feeds.listen();
    }

    /* FOLLOWING THE CHAIN */

    private void follow() {
        try {
            while (true) {
                try {
                    read(chain.news(cursor, PATIENCE));
                    complaint = Optional.empty();
                } catch (RuntimeException e) {
                    // Nothing of it is in the tables, and the same news come again.
                    LOG.warn("the market can not follow the chain from block {}: {}", cursor.block(), e.toString(), e);
                    complaint = Optional.of("the market can not follow the chain: " + e.getMessage());
                    time.sleep(AGAIN);
                }
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    private void read(News news) throws InterruptedException {
        if (news.cursor().equals(cursor)) {
            return;
        }
        ledger.turn();
        var doubtful = new Subjects();
        var undone = new ArrayList<DealId>();
        var spoken = new LinkedHashMap<Long, Subjects>();
        var deals = new ArrayList<Trade>();
        var changes = new ArrayList<Change>();
        if (news.rewound()) {
            LOG.info("the chain took blocks back; reading again what they spoke of");
            doubt(news.cursor().block(), doubtful, undone);
        }
        for (var entry : news.entries()) {
            spoken.computeIfAbsent(entry.block(), _ -> new Subjects()).note(entry.event());
            if (entry.event() instanceof Event.Matched matched) {
                // One that is not there was taken back by a block that the next news tell of.
                chain.deal(matched.deal())
                        .map(deal -> new Trade(deal, matched.orders(), entry.block()))
                        .ifPresent(deals::add);
            } else if (entry.event() instanceof Event.OfTask event) {
                changes.add(new Change.OfTask(event.task(), event.getClass().getSimpleName()));
            }
        }
        spoken.values().forEach(subjects -> {
            subjects.accounts().remove(Address.ZERO);
            subjects.accounts().remove(chain.domain().hub());
            doubtful.addAll(subjects);
        });
        changes.addAll(shelf.apply(news.cursor(), spoken, truth(doubtful), deals, undone, time.instant()));
        undone.forEach(deal -> changes.add(new Change.Undone(deal)));
        deals.forEach(trade -> changes.add(new Change.Dealt(trade)));
        cursor = news.cursor();
        feeds.tell(changes);
        tidy();
    }

    /// Collects what may be otherwise since blocks were taken back. Which ones, the news do not always tell.
    private void doubt(long block, Subjects doubtful, List<DealId> undone) throws InterruptedException {
        long below = Math.min(block, cursor.block() - DEPTH);
        doubtful.addAll(cursor.block() - block > DEPTH ? shelf.everything() : shelf.spokenOfAbove(below));
        for (var deal : shelf.dealsAbove(below)) {
            if (chain.deal(deal).isEmpty()) {
                undone.add(deal);
            }
        }
    }

    /// Reads what matters to the book, and nothing else.
    private Shelf.Truth truth(Subjects doubtful) throws InterruptedException {
        var remaining = new LinkedHashMap<Bytes32, Long>();
        for (var order : shelf.listed(doubtful.orders())) {
            remaining.put(order.hash(), ledger.remaining(order.order().order()));
        }
        var owners = new LinkedHashMap<Address, Address>();
        for (Map.Entry<Address, Kind> asset : shelf.assets(doubtful.assets()).entrySet()) {
            // One that was never registered, where a block did not stand, is nobody's.
            owners.put(
                    asset.getKey(),
                    ledger.owner(asset.getValue(), asset.getKey()).orElse(Address.ZERO));
        }
        var free = new LinkedHashMap<Address, Rlc>();
        for (var account : shelf.payers(doubtful.accounts())) {
            free.put(account, ledger.free(account));
        }
        return new Shelf.Truth(remaining, owners, free);
    }

    private void tidy() {
        var now = time.instant();
        if (tidied.plus(TIDYING).isBefore(now)) {
            tidied = now;
            shelf.tidy(cursor.block() - DEPTH, now.minus(terms.keeps()));
        }
    }

    /// Stops following the chain; afterwards it writes nothing more.
    @Override
    public void close() {
        loop.interrupt();
        try {
            loop.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
