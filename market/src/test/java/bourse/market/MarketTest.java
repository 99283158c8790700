package bourse.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Domain;
import bourse.protocol.Event;
import bourse.protocol.Order;
import bourse.protocol.OrderBook.Kind;
import bourse.protocol.OrderBook.Published;
import bourse.protocol.OrderBook.Slice;
import bourse.protocol.OrderBook.Status;
import bourse.protocol.OrderBook.Withdrawal;
import bourse.protocol.OrderRefused;
import bourse.protocol.PublicMarket.Change;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Trades;
import bourse.protocol.Transaction;
import bourse.testing.Act;
import bourse.testing.Model;
import bourse.testing.Scene;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MarketTest {
    private Stand stand;
    private Market market;

    @BeforeEach
    void open() throws Exception {
        stand = new Stand(1);
        market = stand.market;
    }

    @AfterEach
    void close() {
        stand.close();
    }

    /* PUBLISHING */

    @Test
    void showsOrdersOfAllKindsAsTheyWerePublished() throws Exception {
        var scene = stand.scene;
        var data = scene.chain()
                .submit(scene.developer(), new Transaction.CreateDataset("data", Bytes.utf8("/ipfs/x"), Bytes32.ZERO))
                .event(Event.Registered.class)
                .asset();
        var dataset = stand.sign(
                new Order.Dataset(
                        data,
                        Rlc.parse("3"),
                        7,
                        scene.generators().tag(),
                        scene.app(),
                        Address.ZERO,
                        Address.ZERO,
                        scene.generators().word()),
                scene.developer());
        for (var order : List.<Signed<?>>of(stand.app("1", 5), dataset, stand.pool("2", 9, 10), stand.request(10, 4))) {
            var hash = publish(order);

            var found = market.find(hash).orElseThrow();
            assertThat(found.order()).isEqualTo(order);
            assertThat(found.status()).isEqualTo(Status.OPEN);
            assertThat(found.remaining()).isEqualTo(order.order().volume());
        }
        assertThat(market.workerpools(0, 10)).hasSize(1);
        assertThat(market.workerpools(0, 11)).isEmpty();
        assertThat(market.workerpools(1, 1)).isEmpty();
    }

    @Test
    void publishingTwiceIsPublishingOnce() throws Exception {
        var order = stand.pool("1", 5, 1);

        assertThat(publish(order)).isEqualTo(publish(order));

        assertThat(market.workerpools(0, 1)).hasSize(1);
        assertThat(market.vitals().taken()).isEqualTo(1);
    }

    @Test
    void refusesForgedSignatures() {
        var order = stand.pool("1", 5, 1).order();
        var byAnother = stand.sign(order, stand.scene.requester());
        var empty = new Signed<>(order, Bytes.EMPTY);
        var short1 = new Signed<>(order, Bytes.of(new byte[64]));
        var zeros = new Signed<>(order, Bytes.of(new byte[65]));
        var ofAnotherOrder = new Signed<>(order, stand.pool("1", 5, 1).signature());

        for (var forged : List.of(byAnother, empty, short1, zeros, ofAnotherOrder)) {
            assertRefused("sign", () -> publish(forged));
        }
        assertRefused("sign", () -> publish(new Signed<>(order, Bytes.of(new byte[3000]))));
    }

    /// (r, n−s) with the other v verifies, too; and v may be 0 or 1 elsewhere, but not for the contracts.
    @Test
    void refusesOtherFormsOfAGoodSignature() {
        var order = stand.pool("1", 5, 1);
        var hex = order.signature().hex();
        var n = new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
        var upper = "%064x".formatted(n.subtract(new BigInteger(hex.substring(64, 128), 16)));
        boolean odd = hex.endsWith("1c");

        assertRefused(
                "sign",
                () -> publish(
                        new Signed<>(order.order(), new Bytes(hex.substring(0, 64) + upper + (odd ? "1b" : "1c")))));
        assertRefused(
                "sign",
                () -> publish(new Signed<>(order.order(), new Bytes(hex.substring(0, 128) + (odd ? "01" : "00")))));
    }

    @Test
    void refusesSignaturesForAnotherMarket() {
        var here = stand.scene.chain().domain();
        var order = stand.pool("1", 5, 1).order();

        for (var elsewhere :
                List.of(new Domain(here.chainId() + 1, here.hub()), new Domain(here.chainId(), stand.scene.app()))) {
            assertThatThrownBy(() -> publish(elsewhere.sign(order, stand.scene.scheduler())))
                    .isInstanceOf(OrderRefused.class)
                    .hasMessageContaining("on chain 31337")
                    .hasMessageContaining(here.hub().toString());
        }
    }

    @Test
    void refusesWhoPublishesForAnother() {
        var order = stand.pool("1", 5, 1);

        assertRefused("workerpool", () -> market.publish(stand.scene.worker(0).address(), order));
    }

    @Test
    void takesAnOrderThatItsOwnerSignedOnChain() throws Exception {
        var order = stand.app("1", 5).order();
        var hash = stand.scene.chain().domain().hash(order);
        var _ = stand.scene.chain().send(stand.scene.developer(), new Act.Manage(order, false, Bytes.EMPTY));

        assertThat(publish(new Signed<>(order, Bytes.EMPTY))).isEqualTo(hash);
    }

    @Test
    void refusesAssetsThatNobodyHasRegistered() {
        var order = Order.App.open(stand.scene.generators().address(), Rlc.ZERO, 1);
        var pool = Order.Workerpool.open(stand.scene.app(), Rlc.ZERO, 1, 0, 1);

        assertRefused("app", () -> publish(stand.sign(order, stand.scene.developer())));
        assertRefused("workerpool", () -> publish(stand.sign(pool, stand.scene.developer())));
    }

    @Test
    void refusesPricesThatNobodyCanPay() {
        var huge = new Rlc(BigInteger.TWO.pow(96));
        var app = Order.App.open(stand.scene.app(), huge, 1);
        var pool = Order.Workerpool.open(stand.scene.workerpool(), huge, 1, 0, 1);

        assertRefused("appprice", () -> publish(stand.sign(app, stand.scene.developer())));
        assertRefused("workerpoolprice", () -> publish(stand.sign(pool, stand.scene.scheduler())));
    }

    @Test
    void refusesWhatItsOwnerCannotPay() throws Exception {
        // A pool stakes 30 % of a price, and everyone has 1000 RLC.
        publish(stand.pool("3333.333333333", 5, 1));
        assertThatThrownBy(() -> publish(stand.pool("3333.4", 5, 1)))
                .isInstanceOf(OrderRefused.class)
                .hasMessageContaining("deposit 0.02 RLC first");
        var request = stand.scene.request(1, 1);
        assertRefused(
                "workerpoolmaxprice",
                () -> publish(stand.sign(priced(request, "1000.000000001"), stand.scene.requester())));
    }

    @Test
    void aRequestThatNamesItsSponsorIsPaidByHim() throws Exception {
        var poor = stand.scene.generators().wallet();
        var request = stand.scene.request(1, 1);
        var sponsor = stand.scene.requester().address();
        var salt = new Bytes32("dbd46d7dad44" + "0".repeat(12) + sponsor.hex());

        assertRefused(
                "workerpoolmaxprice",
                () -> market.publish(poor.address(), stand.sign(asked(request, poor.address(), request.salt()), poor)));
        var sponsored = stand.sign(asked(request, poor.address(), salt), poor);
        assertThat(market.publish(poor.address(), sponsored)).isEqualTo(stand.hash(sponsored));

        stand.scene.chain().submit(stand.scene.requester(), new Transaction.Withdraw(Scene.RICHES));
        stand.settle();
        assertThat(market.find(stand.hash(sponsored)).map(Published::status)).contains(Status.UNFUNDED);
    }

    @Test
    void refusesUnknownCategoriesAndParamsThatNoDealHolds() {
        var pool = Order.Workerpool.open(stand.scene.workerpool(), Rlc.ZERO, 1, 5, 1);
        assertRefused("category", () -> publish(stand.sign(pool, stand.scene.scheduler())));
        for (var params : List.of("x".repeat(24_232), "\0")) {
            assertRefused(
                    "params", () -> publish(stand.sign(stand.scene.request(1, 1, params), stand.scene.requester())));
        }
    }

    @Test
    void refusesWhatWasClosedBeforeItCame() throws Exception {
        var order = stand.pool("1", 5, 1);
        stand.scene.chain().submit(stand.scene.scheduler(), new Transaction.Close(order.order()));
        stand.settle();

        assertRefused("volume", () -> publish(order));
    }

    @Test
    void nobodyFillsTheBookAlone() throws Exception {
        stand.close();
        stand = new Stand(1, new Terms(3, 5, 1, 10, Duration.ofDays(1)));
        market = stand.market;
        for (int i = 0; i < 3; i++) {
            publish(stand.pool("1", 5, 1));
        }

        assertThatThrownBy(() -> publish(stand.pool("1", 5, 1))).hasMessageContaining("take some back first");
        publish(stand.app("1", 1));
        assertThatThrownBy(() -> publish(stand.pool("1", 5, 1))).hasMessageContaining("take some back first");
        assertThatThrownBy(() -> publish(stand.pool("1", 5, 1))).hasMessageContaining("go on in the next");
        stand.scene.clock().advance(Duration.ofMinutes(1));
        assertThatThrownBy(() -> publish(stand.pool("1", 5, 1))).hasMessageContaining("take some back first");
    }

    /* TAKING BACK */

    @Test
    void ownersTakeTheirOrdersBack() throws Exception {
        var orders =
                List.of(stand.pool("1", 5, 1), stand.pool("2", 5, 1), stand.pool("3", 5, 1), stand.pool("4", 5, 1));
        var hashes = new ArrayList<Bytes32>();
        for (var order : orders) {
            hashes.add(publish(order));
        }
        var owner = stand.scene.scheduler().address();
        var pool = stand.scene.workerpool();

        assertThat(market.unpublish(stand.scene.worker(0).address(), new Withdrawal.One(hashes.get(0))))
                .isEmpty();
        assertThat(market.unpublish(owner, new Withdrawal.Last(Kind.WORKERPOOL, pool)))
                .containsExactly(hashes.get(3));
        assertThat(market.unpublish(owner, new Withdrawal.One(hashes.get(0)))).containsExactly(hashes.get(0));
        assertThat(market.unpublish(owner, new Withdrawal.All(Kind.APP, pool))).isEmpty();
        assertThat(market.unpublish(owner, new Withdrawal.All(Kind.WORKERPOOL, pool)))
                .containsExactlyInAnyOrder(hashes.get(1), hashes.get(2));
        assertThat(market.workerpools(0, 1)).isEmpty();
        assertThat(publish(orders.get(0))).isEqualTo(hashes.get(0));
    }

    /* THE CHAIN */

    @Test
    void aMatchTakesFromAllOrdersAndWhatIsUsedUpLeaves() throws Exception {
        var app = stand.app("0", 5);
        var pool = stand.pool("1", 3, 10);
        var request = stand.request(10, 4);
        for (var order : List.<Signed<?>>of(app, pool, request)) {
            publish(order);
        }

        match(app, pool, request);

        assertThat(remaining(app)).isEqualTo(2);
        assertThat(remaining(request)).isEqualTo(1);
        assertThat(market.find(stand.hash(pool)).map(Published::status)).contains(Status.FILLED);
        assertThat(market.workerpools(0, 1)).isEmpty();
    }

    @Test
    void aMatchThatIsTakenBackBringsTheVolumeBack() throws Exception {
        var app = stand.app("0", 5);
        var pool = stand.pool("1", 3, 10);
        var request = stand.request(10, 4);
        for (var order : List.<Signed<?>>of(app, pool, request)) {
            publish(order);
        }
        match(app, pool, request);
        assertThat(market.deals(Trades.Which.ALL, Slice.WHOLE).deals()).hasSize(1);

        stand.scene.chain().reorg(1, Model.Lost.DROPPED);
        stand.settle();

        assertThat(remaining(app)).isEqualTo(5);
        assertThat(remaining(pool)).isEqualTo(3);
        assertThat(remaining(request)).isEqualTo(4);
        assertThat(market.workerpools(0, 1)).hasSize(1);
        assertThat(market.deals(Trades.Which.ALL, Slice.WHOLE).deals()).isEmpty();
    }

    @Test
    void aMatchThatAnotherBlockTakesAgainCountsOnce() throws Exception {
        var app = stand.app("0", 5);
        var pool = stand.pool("1", 3, 10);
        var request = stand.request(10, 2);
        for (var order : List.<Signed<?>>of(app, pool, request)) {
            publish(order);
        }
        match(app, pool, request);
        var before = market.deals(Trades.Which.ALL, Slice.WHOLE);

        stand.scene.chain().reorg(1, Model.Lost.MINED_AGAIN);
        stand.settle();

        assertThat(remaining(pool)).isEqualTo(1);
        assertThat(market.deals(Trades.Which.ALL, Slice.WHOLE)).isEqualTo(before);
    }

    @Test
    void aClosedOrderLeavesAndComesBackWithItsBlock() throws Exception {
        var pool = stand.pool("1", 3, 10);
        publish(pool);

        stand.scene.chain().submit(stand.scene.scheduler(), new Transaction.Close(pool.order()));
        stand.settle();
        assertThat(market.workerpools(0, 1)).isEmpty();

        stand.scene.chain().reorg(1, Model.Lost.DROPPED);
        stand.settle();
        assertThat(market.workerpools(0, 1)).hasSize(1);
    }

    @Test
    void whoCannotPayAnyMoreLeavesUntilHeCan() throws Exception {
        var pool = stand.pool("1000", 3, 10);
        publish(pool);
        var scheduler = stand.scene.scheduler();

        stand.scene.chain().submit(scheduler, new Transaction.Withdraw(Rlc.parse("701")));
        stand.settle();
        assertThat(market.find(stand.hash(pool)).map(Published::status)).contains(Status.UNFUNDED);
        assertThat(market.workerpools(0, 1)).isEmpty();

        stand.scene.chain().submit(scheduler, new Transaction.Deposit(Rlc.parse("1")));
        stand.settle();
        assertThat(market.workerpools(0, 1)).hasSize(1);
    }

    @Test
    void theFormerOwnersOrdersLeaveWithTheAsset() throws Exception {
        var app = stand.app("0", 5);
        publish(app);

        stand.passOn(
                stand.scene.app(),
                stand.scene.developer(),
                stand.scene.worker(0).address());
        stand.settle();

        assertThat(market.find(stand.hash(app)).map(Published::status)).contains(Status.ORPHANED);
        assertRefused("sign", () -> publish(stand.app("0", 5)));
        var new1 = stand.sign(Order.App.open(stand.scene.app(), Rlc.ZERO, 1), stand.scene.worker(0));
        assertThat(market.publish(stand.scene.worker(0).address(), new1)).isEqualTo(stand.hash(new1));

        stand.passOn(
                stand.scene.app(),
                stand.scene.worker(0),
                stand.scene.developer().address());
        stand.settle();
        assertThat(market.find(stand.hash(app)).map(Published::status)).contains(Status.OPEN);
        assertThat(market.find(stand.hash(new1)).map(Published::status)).contains(Status.ORPHANED);
    }

    @Test
    void hearsAfterARestartWhatHappenedMeanwhile() throws Exception {
        var pool = stand.pool("1", 3, 10);
        publish(pool);
        market.close();
        stand.scene.chain().submit(stand.scene.scheduler(), new Transaction.Close(pool.order()));

        stand.restart();

        assertThat(stand.market.workerpools(0, 1)).isEmpty();
    }

    @Test
    void whatHappenedWhileBlocksWereTakenBackAndNobodyLookedIsReadAgain() throws Exception {
        var app = stand.app("0", 5);
        var pool = stand.pool("1", 3, 10);
        var request = stand.request(10, 4);
        for (var order : List.<Signed<?>>of(app, pool, request)) {
            publish(order);
        }
        match(app, pool, request);
        market.close();
        stand.scene.chain().reorg(1, Model.Lost.DROPPED);

        stand.restart();
        market = stand.market;

        assertThat(remaining(pool)).isEqualTo(3);
        assertThat(market.deals(Trades.Which.ALL, Slice.WHOLE).deals()).isEmpty();
    }

    @Test
    void aNodeThatIsAwayIsComplainedOfUntilItIsBack() throws Exception {
        stand.scene.chain().cut();
        org.awaitility.Awaitility.await()
                .until(() -> market.vitals().complaint().isPresent());
        stand.scene.chain().mend();
        stand.scene.chain().mine(); // it is heard of with the next block

        stand.settle();
    }

    /* WHAT WAS TRADED */

    @Test
    void tellsDealsAndPrices() throws Exception {
        var prices = List.of("2", "5", "1", "3");
        for (var price : prices) {
            var app = stand.app("0", 5);
            var pool = stand.pool(price, 3, 10);
            var request = stand.sign(priced(stand.scene.request(10, 2), price), stand.scene.requester());
            match(app, pool, request);
            stand.scene.clock().advance(Duration.ofMinutes(20));
        }
        publish(stand.pool("4", 1, 1));
        publish(stand.pool("6", 1, 1));
        publish(stand.sign(openTo(priced(stand.scene.request(10, 2), "0.5")), stand.scene.requester()));

        assertThat(market.quote(0))
                .isEqualTo(new Trades.Quote(
                        0, Optional.of(Rlc.parse("3")), Optional.of(Rlc.parse("4")), Optional.of(Rlc.parse("0.5"))));
        assertThat(market.quote(1))
                .isEqualTo(new Trades.Quote(1, Optional.empty(), Optional.empty(), Optional.empty()));
        var hours = market.history(0, Trades.Grain.HOUR, Instant.parse("2020-02-03T00:00:00Z"));
        assertThat(hours)
                .containsExactly(
                        candle("2020-02-02T12:00:00Z", "2", "5", "1", "1", 6),
                        candle("2020-02-02T13:00:00Z", "3", "3", "3", "3", 2));
        assertThat(market.history(0, Trades.Grain.DAY, Instant.parse("2020-02-03T00:00:00Z")))
                .containsExactly(candle("2020-02-02T00:00:00Z", "2", "5", "1", "3", 8));
        assertThat(market.history(0, Trades.Grain.DAY, Instant.parse("2020-02-02T00:00:00Z")))
                .isEmpty();
        var deals = market.deals(Trades.Which.ALL, new Slice(1, 2));
        assertThat(deals.deals())
                .extracting(trade -> trade.deal().workerpool().price().decimal())
                .containsExactly("1", "5");
        assertThat(deals.count()).isEqualTo(4);
        assertThat(deals.more()).isTrue();
        var order = deals.deals().getFirst().orders().workerpool();
        assertThat(market.deals(
                                new Trades.Which(
                                        Optional.of(stand.scene.requester().address()),
                                        Optional.of(stand.scene.app()),
                                        Optional.of(Address.ZERO),
                                        Optional.of(stand.scene.workerpool()),
                                        Optional.of(order)),
                                Slice.WHOLE)
                        .deals())
                .containsExactly(deals.deals().getFirst());
        var deal = deals.deals().getFirst().deal();
        assertThat(stand.scene.chain().deal(deal.id())).contains(deal);
    }

    @Test
    void listenersHearWhatChanges() throws Exception {
        try (var feed = market.listen()) {
            var pool = stand.pool("1", 3, 10);
            publish(pool);
            stand.scene.chain().submit(stand.scene.scheduler(), new Transaction.Close(pool.order()));
            stand.settle();

            assertThat(feed.next(Duration.ofSeconds(5)).orElseThrow())
                    .isInstanceOfSatisfying(
                            Change.Shown.class,
                            shown -> assertThat(shown.order().order()).isEqualTo(pool));
            assertThat(feed.next(Duration.ofSeconds(5))).contains(new Change.Left(Kind.WORKERPOOL, stand.hash(pool)));
            assertThat(feed.next(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void aSlowListenerIsCutOffAndNobodyElse() throws Exception {
        stand.close();
        stand = new Stand(1, new Terms(100, 100, 2, 10, Duration.ofDays(1)));
        market = stand.market;
        try (var slow = market.listen();
                var quick = market.listen()) {
            assertThatThrownBy(() -> market.listen()).hasMessageContaining("listen to this market already");
            for (int i = 0; i < 11; i++) {
                publish(stand.pool("1", 3, 10));
                assertThat(quick.next(Duration.ofSeconds(5)).orElseThrow()).isInstanceOf(Change.Shown.class);
            }

            assertThat(slow.next(Duration.ZERO)).contains(new Change.CutOff());
            assertThat(slow.next(Duration.ZERO)).isEmpty();
            assertThat(market.vitals().listeners()).isEqualTo(1);
        }
    }

    /* BITS */

    private static Trades.Candle candle(String start, String open, String high, String low, String close, long volume) {
        return new Trades.Candle(
                Instant.parse(start), Rlc.parse(open), Rlc.parse(high), Rlc.parse(low), Rlc.parse(close), volume);
    }

    private static Order.Request priced(Order.Request r, String price) {
        return new Order.Request(
                r.app(),
                r.appmaxprice(),
                r.dataset(),
                r.datasetmaxprice(),
                r.workerpool(),
                Rlc.parse(price),
                r.requester(),
                r.volume(),
                r.tag(),
                r.category(),
                r.trust(),
                r.beneficiary(),
                r.callback(),
                r.params(),
                r.salt());
    }

    private static Order.Request asked(Order.Request r, Address requester, Bytes32 salt) {
        return new Order.Request(
                r.app(),
                r.appmaxprice(),
                r.dataset(),
                r.datasetmaxprice(),
                r.workerpool(),
                r.workerpoolmaxprice(),
                requester,
                r.volume(),
                r.tag(),
                r.category(),
                r.trust(),
                r.beneficiary(),
                r.callback(),
                r.params(),
                salt);
    }

    private static Order.Request openTo(Order.Request r) {
        return new Order.Request(
                r.app(),
                r.appmaxprice(),
                r.dataset(),
                r.datasetmaxprice(),
                Address.ZERO,
                r.workerpoolmaxprice(),
                r.requester(),
                r.volume(),
                r.tag(),
                r.category(),
                r.trust(),
                r.beneficiary(),
                r.callback(),
                r.params(),
                r.salt());
    }

    private Bytes32 publish(Signed<?> order) throws InterruptedException {
        var owner = switch (order.order()) {
            case Order.App _, Order.Dataset _ -> stand.scene.developer();
            case Order.Workerpool _ -> stand.scene.scheduler();
            case Order.Request _ -> stand.scene.requester();
        };
        return market.publish(owner.address(), order);
    }

    private void match(Signed<Order.App> app, Signed<Order.Workerpool> pool, Signed<Order.Request> request)
            throws Exception {
        stand.scene
                .chain()
                .submit(
                        stand.scene.requester(),
                        new Transaction.Match(app, new Signed<>(Order.Dataset.NONE, Bytes.EMPTY), pool, request));
        stand.settle();
    }

    private long remaining(Signed<?> order) {
        return market.find(stand.hash(order)).orElseThrow().remaining();
    }

    private static void assertRefused(String field, ThrowingCallable publishing) {
        assertThatThrownBy(publishing)
                .isInstanceOfSatisfying(
                        OrderRefused.class,
                        e -> assertThat(e.field()).as(e.getMessage()).isEqualTo(field));
    }
}
