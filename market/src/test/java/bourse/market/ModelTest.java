package bourse.market;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Event;
import bourse.protocol.Order;
import bourse.protocol.OrderBook;
import bourse.protocol.OrderBook.Kind;
import bourse.protocol.OrderBook.Slice;
import bourse.protocol.OrderBook.Withdrawal;
import bourse.protocol.OrderRefused;
import bourse.protocol.Query;
import bourse.protocol.Query.Party;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import bourse.testing.MemoryOrderBook;
import bourse.testing.Model;
import bourse.wire.Listening;
import bourse.wire.MarketClient;
import bourse.wire.MarketServer;
import bourse.wire.Vitals;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The market's tables beside a book in memory that asks the chain anew whenever it is asked: whatever happens, both
/// must show the same. One that speaks HTTP with the market must, too.
class ModelTest {
    private static final int STEPS = 150;
    private static final int QUERIES = 12;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whateverHappensBothBooksShowTheSame(long seed) throws Exception {
        try (var stand = new Stand(seed);
                var server = new MarketServer(stand.market, Listening.onLoopback(0), Vitals.UP, _ -> Optional.empty());
                var client = new MarketClient(server.uri(), stand.market.domain(), Optional.empty())) {
            new Story(stand, client).play();
        }
    }

    private static final class Story {
        private final Stand stand;
        private final MarketClient client;
        private final MemoryOrderBook model;
        private final List<Wallet> people;
        private final List<Address> apps = new ArrayList<>();
        private final List<Address> datasets = new ArrayList<>();
        private final List<Address> pools = new ArrayList<>();
        private final List<Signed<Order.App>> appOrders = new ArrayList<>();
        private final List<Signed<Order.Dataset>> datasetOrders = new ArrayList<>();
        private final List<Signed<Order.Workerpool>> poolOrders = new ArrayList<>();
        private final List<Signed<Order.Request>> requests = new ArrayList<>();
        private int published;
        private int matched;

        Story(Stand stand, MarketClient client) throws Exception {
            this.stand = stand;
            this.client = client;
            this.model = new MemoryOrderBook(stand.scene.chain());
            var scene = stand.scene;
            this.people = List.of(scene.developer(), scene.scheduler(), scene.requester(), scene.worker(0));
            apps.add(scene.app());
            pools.add(scene.workerpool());
            for (var person : people.subList(0, 2)) {
                datasets.add(asset(person, new Transaction.CreateDataset("d", Bytes.utf8("/ipfs/x"), Bytes32.ZERO)));
                pools.add(asset(person, new Transaction.CreateWorkerpool("another")));
            }
            stand.settle();
        }

        private Address asset(Wallet owner, Transaction creation) throws Exception {
            return stand.scene
                    .chain()
                    .submit(owner, creation)
                    .event(Event.Registered.class)
                    .asset();
        }

        void play() throws Exception {
            for (int i = 0; i < STEPS; i++) {
                step();
                if (i % 10 == 9) {
                    stand.settle();
                    for (int j = 0; j < QUERIES; j++) {
                        compare(query());
                    }
                }
            }
            assertThat(published).isGreaterThan(20);
            assertThat(matched).isGreaterThan(5);
        }

        private void step() throws Exception {
            switch (random(14)) {
                case 0, 1 -> publish(appOrder());
                case 2 -> publish(datasetOrder());
                case 3, 4, 5 -> publish(poolOrder());
                case 6, 7 -> publish(request());
                case 8, 9 -> match();
                case 10 -> money();
                case 11 -> passOn();
                case 12 -> close();
                default -> {
                    if (random(2) == 0) {
                        unpublish();
                    } else {
                        reorg();
                    }
                }
            }
        }

        /* WHAT HAPPENS */

        private void publish(Signed<? extends Order> order) throws Exception {
            stand.settle(); // both judge by the same block
            var owner = owner(order);
            boolean taken = succeeds(() -> stand.market.publish(owner.address(), order));
            // Who has no money is refused by the market, and only hidden in the model.
            if (taken) {
                model.publish(owner, order);
                published++;
            }
        }

        /// Orders that fit each other; of old ones hardly any do.
        private void match() throws Exception {
            var app = any(apps);
            var pool = any(pools);
            var appOrder = keep(appOrders, stand.sign(Order.App.open(app, Rlc.ofNano(1), volume()), ownerOf(app)));
            var poolOrder =
                    keep(poolOrders, stand.sign(Order.Workerpool.open(pool, price(), volume(), 0, 10), ownerOf(pool)));
            var requester = any(people);
            var wanted = stand.scene.request(trust() == 0 ? 0 : 10, volume());
            var request = keep(
                    requests,
                    stand.sign(
                            new Order.Request(
                                    app,
                                    Rlc.ofNano(1),
                                    Address.ZERO,
                                    Rlc.ZERO,
                                    pool,
                                    poolOrder.order().workerpoolprice(),
                                    requester.address(),
                                    wanted.volume(),
                                    wanted.tag(),
                                    0,
                                    wanted.trust(),
                                    requester.address(),
                                    Address.ZERO,
                                    "",
                                    salt()),
                            requester));
            for (var order : List.<Signed<?>>of(appOrder, poolOrder, request)) {
                publish(order);
            }
            for (int i = 0; i <= random(2); i++) {
                var none = new Signed<>(Order.Dataset.NONE, Bytes.EMPTY);
                if (chain(requester, new Transaction.Match(appOrder, none, poolOrder, request))) {
                    matched++;
                }
            }
        }

        private void money() {
            var amount = stand.scene.generators().rlc(Rlc.parse("900"));
            chain(any(people), random(2) == 0 ? new Transaction.Withdraw(amount) : new Transaction.Deposit(amount));
        }

        private void passOn() throws Exception {
            var from = any(people);
            var to = any(people).address();
            succeeds(() -> {
                stand.passOn(any(apps), from, to);
                return true;
            });
        }

        private void close() {
            var all = new ArrayList<Signed<?>>(appOrders);
            all.addAll(datasetOrders);
            all.addAll(poolOrders);
            all.addAll(requests);
            if (!all.isEmpty()) {
                var order = any(all);
                chain(owner(order), new Transaction.Close(order.order()));
            }
        }

        private void unpublish() throws Exception {
            var owner = any(people);
            var kind = any(List.of(Kind.values()));
            var asset = switch (kind) {
                case APP -> any(apps);
                case DATASET -> any(datasets);
                case WORKERPOOL -> any(pools);
                case REQUEST -> owner.address();
            };
            var which = random(4) == 0 ? new Withdrawal.All(kind, asset) : new Withdrawal.Last(kind, asset);
            assertThat(stand.market.unpublish(owner.address(), which))
                    .containsExactlyInAnyOrderElementsOf(model.unpublish(owner, which));
        }

        private void reorg() {
            stand.scene.chain().reorg(1 + random(4), random(2) == 0 ? Model.Lost.DROPPED : Model.Lost.MINED_AGAIN);
        }

        private boolean chain(Wallet sender, Transaction transaction) {
            return succeeds(() -> stand.scene.chain().submit(sender, transaction));
        }

        private interface Attempt {
            Object make() throws Exception;
        }

        private static boolean succeeds(Attempt attempt) {
            try {
                attempt.make();
                return true;
            } catch (Refused | OrderRefused _) {
                return false;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        /* WHAT IS SEEN */

        private <O extends Order> void compare(Query<O> query) throws Exception {
            OrderBook.Page<O> expected = model.query(query);

            assertThat(summary(stand.market.query(query))).isEqualTo(summary(expected));
            assertThat(summary(client.query(query))).isEqualTo(summary(expected));
        }

        private static String summary(OrderBook.Page<?> page) {
            var lines = new StringBuilder("%d, more: %s".formatted(page.count(), page.more()));
            for (var order : page.orders()) {
                lines.append("\n").append(order.hash()).append(" ").append(order.remaining());
            }
            return lines.toString();
        }

        private Query<?> query() {
            int limit = 1 + random(6);
            var slice = random(3) == 0 ? Slice.WHOLE : new Slice(limit * random(3), limit);
            var g = stand.scene.generators();
            var fit = random(2) == 0
                    ? Query.Fit.ANY
                    : new Query.Fit(g.tag(), random(2) == 0 ? Optional.empty() : Optional.of(g.tag()), 1 + random(4));
            return switch (random(4)) {
                case 0 ->
                    new Query.Apps(
                            maybe(apps), person(), party(datasets), party(pools), party(addresses()), fit, slice);
                case 1 ->
                    new Query.Datasets(
                            maybe(datasets),
                            person(),
                            party(apps),
                            party(pools),
                            party(addresses()),
                            random(4) == 0,
                            fit,
                            slice);
                case 2 ->
                    new Query.Workerpools(
                            maybe(List.of(0L, 1L)),
                            maybe(pools),
                            person(),
                            trust(),
                            party(apps),
                            party(datasets),
                            party(addresses()),
                            fit,
                            slice);
                default ->
                    new Query.Requests(
                            maybe(List.of(0L, 1L)),
                            person(),
                            person(),
                            maybe(apps),
                            maybe(datasets),
                            party(pools),
                            random(2) == 0 ? Long.MAX_VALUE : trust(),
                            fit,
                            slice);
            };
        }

        private Party party(List<Address> all) {
            return switch (random(5)) {
                case 0 -> Party.EVERYONE;
                case 1 -> Party.RESTRICTED;
                case 2 -> new Party.One(any(all), random(2) == 0);
                default -> Party.WHOEVER;
            };
        }

        private List<Address> addresses() {
            return people.stream().map(Wallet::address).toList();
        }

        private Optional<Address> person() {
            return maybe(addresses());
        }

        private <T> Optional<T> maybe(List<T> all) {
            return random(4) == 0 ? Optional.of(any(all)) : Optional.empty();
        }

        /* ORDERS */

        private Signed<Order.App> appOrder() {
            var app = any(apps);
            var order = new Order.App(
                    app,
                    price(),
                    volume(),
                    stand.scene.generators().tag(),
                    restrict(datasets),
                    restrict(pools),
                    restrict(addresses()),
                    salt());
            return keep(appOrders, stand.sign(order, ownerOf(app)));
        }

        private Signed<Order.Dataset> datasetOrder() {
            var dataset = any(datasets);
            var order = new Order.Dataset(
                    dataset,
                    price(),
                    random(4) == 0 ? Query.Datasets.ENDLESS : volume(),
                    stand.scene.generators().tag(),
                    restrict(apps),
                    restrict(pools),
                    restrict(addresses()),
                    salt());
            return keep(datasetOrders, stand.sign(order, ownerOf(dataset)));
        }

        private Signed<Order.Workerpool> poolOrder() {
            var pool = any(pools);
            var order = new Order.Workerpool(
                    pool,
                    price(),
                    volume(),
                    stand.scene.generators().tag(),
                    random(2),
                    trust(),
                    restrict(apps),
                    restrict(datasets),
                    restrict(addresses()),
                    salt());
            return keep(poolOrders, stand.sign(order, ownerOf(pool)));
        }

        private Signed<Order.Request> request() {
            var requester = random(3) == 0 ? any(people) : people.get(2);
            var order = new Order.Request(
                    any(apps),
                    price(),
                    random(3) == 0 ? any(datasets) : Address.ZERO,
                    price(),
                    restrict(pools),
                    price(),
                    requester.address(),
                    volume(),
                    stand.scene.generators().tag(),
                    random(2),
                    trust(),
                    any(people).address(),
                    Address.ZERO,
                    "{}",
                    salt());
            return keep(requests, stand.sign(order, requester));
        }

        private <O extends Order> Signed<O> keep(List<Signed<O>> list, Signed<O> order) {
            list.add(order);
            return order;
        }

        private Wallet owner(Signed<?> order) {
            return order.order() instanceof Order.Request request
                    ? wallet(request.requester())
                    : ownerOf(Row.asset(order.order()));
        }

        private Wallet ownerOf(Address asset) {
            return stand.scene.chain().state().assets().stream()
                    .filter(one -> one.address().equals(asset))
                    .findFirst()
                    .map(one -> wallet(one.owner()))
                    .orElse(people.getFirst());
        }

        private Wallet wallet(Address address) {
            return people.stream()
                    .filter(wallet -> wallet.address().equals(address))
                    .findFirst()
                    .orElseThrow();
        }

        /// Few, so that some are the same.
        private Rlc price() {
            return random(8) == 0 ? Rlc.parse("400") : Rlc.ofNano(random(5));
        }

        private long volume() {
            return 1L + random(5);
        }

        private long trust() {
            return List.of(0L, 1L, 2L, 3L, 10L, 100L, Long.MAX_VALUE).get(random(7));
        }

        private Bytes32 salt() {
            return stand.scene.generators().word();
        }

        private Address restrict(List<Address> all) {
            return random(4) == 0 ? any(all) : Address.ZERO;
        }

        private int random(int bound) {
            return stand.scene.generators().random().nextInt(bound);
        }

        private <T> T any(List<T> all) {
            return stand.scene.generators().oneOf(all);
        }
    }
}
