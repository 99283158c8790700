package bourse.chain;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Event;
import bourse.protocol.News;
import bourse.protocol.Order;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FollowerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private TestMarket market;
    private Wallet wallet;

    @BeforeEach
    void open() throws Exception {
        market = TestMarket.open();
        wallet = market.rich();
    }

    @AfterEach
    void close() {
        market.close();
    }

    @Test
    void tellsEverythingOnceFromTheStartAndFromTheMemory() throws Exception {
        var registered = new ArrayList<Event>();
        for (int i = 0; i < 5; i++) {
            registered.add(create("pool " + i));
        }
        assertThat(events(all(News.Cursor.START))).containsSubsequence(registered);
        var cursor = all(News.Cursor.START).getLast().cursor();
        registered.clear();
        for (int i = 0; i < 5; i++) {
            registered.add(create("more " + i));
        }
        assertThat(events(all(cursor))).isEqualTo(registered);
        try (var other = RpcChain.connect(market.anvil().uri(), market.deployment())) {
            // It remembers nothing, and reads a range.
            assertThat(other.news(cursor, PATIENCE).events()).isEqualTo(registered);
        }
    }

    @Test
    void waitsForABlockAndNoLonger() throws Exception {
        var cursor = all(News.Cursor.START).getLast().cursor();
        var start = Instant.now();
        var news = market.chain().news(cursor, Duration.ofMillis(100));
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(2));
        assertThat(news.entries()).isEmpty();
        market.anvil().mine();
        assertThat(market.chain().news(news.cursor(), PATIENCE).cursor().block())
                .isGreaterThan(news.cursor().block());
    }

    @Test
    void aReorganisationRewindsToABlockThatStands() throws Exception {
        var before = all(News.Cursor.START).getLast().cursor();
        create("lost");
        market.anvil().mine();
        var cursor = before;
        while (cursor.block() < market.chain().head().number()) {
            cursor = market.chain().news(cursor, PATIENCE).cursor();
        }
        market.anvil().reorg((int) (cursor.block() - before.block()));

        var news = market.chain().news(cursor, PATIENCE);
        while (!news.rewound()) {
            news = market.chain().news(news.cursor(), PATIENCE);
        }
        assertThat(news.entries()).isEmpty();
        assertThat(news.cursor().block()).isLessThanOrEqualTo(before.block());
        // The sender submits it again, and the news tell it again.
        var found = Optional.<Event>empty();
        while (found.isEmpty()) {
            news = market.chain().news(news.cursor(), PATIENCE);
            found = news.events().stream()
                    .filter(event -> event instanceof Event.Registered)
                    .findFirst();
        }
    }

    @Test
    void aCursorOfAnotherChainRewinds() throws Exception {
        var foreign = new News.Cursor(3, Bytes32.random());
        assertThat(market.chain().news(foreign, PATIENCE)).isEqualTo(new News(News.Cursor.START, List.of(), true));
        var future = new News.Cursor(1_000_000, Bytes32.random());
        assertThat(market.chain().news(future, PATIENCE).rewound()).isTrue();
    }

    @Test
    void offersAreBroadcastCheckedAndSortedByPrice() throws Exception {
        var pool = create("ours").asset();
        var domain = market.chain().domain();
        var relay = new Relay(market.chain());
        var dear = domain.sign(Order.Workerpool.open(pool, Rlc.parse("2"), 5, 0, 10), wallet);
        var cheap = domain.sign(Order.Workerpool.open(pool, Rlc.parse("1"), 5, 0, 100), wallet);
        relay.publish(wallet, dear);
        relay.publish(wallet, cheap);
        var forged = domain.sign(Order.Workerpool.open(pool, Rlc.ZERO, 5, 0, 100), market.bank());
        market.chain().submit(wallet, new Transaction.Broadcast(forged));

        assertThat(relay.workerpools(0, 10))
                .containsExactly(
                        new bourse.protocol.OrderBook.Offer(cheap, 5), new bourse.protocol.OrderBook.Offer(dear, 5));
        assertThat(relay.workerpools(0, 11)).hasSize(1);
        assertThat(relay.workerpools(1, 1)).isEmpty();
        market.chain().submit(wallet, new Transaction.Close(cheap.order()));
        assertThat(relay.workerpools(0, 11)).isEmpty();
    }

    @Test
    void anOrderBeyondAllReasonIsPassedOver() throws Exception {
        var pool = create("ours").asset();
        var order = new Signed<>(Order.Workerpool.open(pool, Rlc.ZERO, 5, 0, 1), Bytes.EMPTY);
        var data = Calls.of(new Transaction.Broadcast(order), wallet.address(), market.deployment())
                .data()
                .hex();
        var volume = "%064x".formatted(BigInteger.valueOf(5));
        var endless = data.replaceFirst(volume, "f".repeat(64));
        var rpc = new JsonRpc(market.anvil().uri(), PATIENCE);
        try (rpc;
                var head = new Head(rpc, Duration.ofMillis(25));
                var sender = new Sender(rpc, head, market.anvil().chainId())) {
            sender.submit(wallet, Sender.Call.to(market.deployment().hub(), Bytes.parse(endless)));
        }
        assertThat(endless).isNotEqualTo(data);
        assertThat(events(all(News.Cursor.START))).noneMatch(event -> event instanceof Event.Broadcast);
    }

    private Event.Registered create(String name) throws Exception {
        return market.chain()
                .submit(wallet, new Transaction.CreateWorkerpool(name))
                .event(Event.Registered.class);
    }

    /// The news up to the head.
    private List<News> all(News.Cursor cursor) throws InterruptedException {
        var head = market.chain().head().number();
        var all = new ArrayList<News>();
        for (var at = cursor; at.block() < head; at = all.getLast().cursor()) {
            all.add(market.chain().news(at, PATIENCE));
        }
        return all;
    }

    private static List<Event> events(List<News> all) {
        return all.stream().flatMap(news -> news.events().stream()).toList();
    }
}
