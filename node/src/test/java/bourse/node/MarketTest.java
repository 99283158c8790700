package bourse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import bourse.chain.JsonRpc;
import bourse.chain.Relay;
import bourse.node.Laptop.Crew;
import bourse.node.Purchase.Bought;
import bourse.node.Purchase.Wish;
import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Cid;
import bourse.protocol.Deal;
import bourse.protocol.Event;
import bourse.protocol.Failure;
import bourse.protocol.News;
import bourse.protocol.Order;
import bourse.protocol.OrderBook.Published;
import bourse.protocol.OrderBook.Status;
import bourse.protocol.Params;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Tag;
import bourse.protocol.Task;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import bourse.sandbox.Program;
import bourse.wire.Listening;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A whole market in this process, on a real chain, with a real database and real sandboxes.
class MarketTest {
    @TempDir
    static Path directory;

    private static Home home;
    private static Laptop market;
    private static Wallet requester;
    private static URI book;

    @TempDir
    Path output;

    @BeforeAll
    static void start() throws Exception {
        home = new Home(directory);
        market = Laptop.start(home, Programs.settings(), new Crew(4, 0));
        requester = home.wallet("requester");
        book = market.trade(Programs.settings());
        assertThat(market.book().workerpools(0, 1))
                .as("who comes first finds the pool's offers")
                .isNotEmpty();
    }

    @AfterAll
    static void stop() {
        market.close();
    }

    @Test
    void buysComputesAndPaysOneRun() throws Exception {
        var statement = run(wish("index", 1, 1));

        assertThat(statement.ok()).isTrue();
        assertThat(output.resolve("0/stdout.txt")).hasContent("0");
        assertThat(statement.spent()).isEqualTo(Rlc.parse("1"));
        assertThat(statement.accounts().stream().map(Statement.OfAccount::paid).reduce(Rlc.ZERO, Rlc::plus))
                .as("what the requester paid is what the others got")
                .isEqualTo(Rlc.parse("1"));
        assertThat(statement.gas()).extracting(Statement.OfStep::step).contains("matchOrders", "contributeAndFinalize");
    }

    @Test
    void tellsEveryTaskOfABagItsIndex() throws Exception {
        var statement = run(wish("index", 12, 1));

        assertThat(statement.ok()).isTrue();
        IntStream.range(0, 12)
                .forEach(i -> assertThat(output.resolve(i + "/stdout.txt")).hasContent(Integer.toString(i)));
    }

    @Test
    void givesAProgramItsInputs() throws Exception {
        var text = Files.writeString(output.resolve("some big text.txt"), "the cat and the dog and the bird");
        var program = Programs.example("wordfreq");
        var wish = new Wish(program, List.of(), List.of(text), 1, 1, "XS", Optional.empty(), Address.ZERO);

        var statement = run(wish);

        assertThat(statement.ok()).isTrue();
        var result = Path.of(statement.tasks().getFirst().directory().orElseThrow());
        try (var files = Files.walk(result)) {
            assertThat(files.filter(Files::isRegularFile).map(MarketTest::read))
                    .anyMatch(content -> content.contains("the") && content.contains("3"));
        }
    }

    @Test
    void callsAContractBackWithTheResult() throws Exception {
        var receiver = Address.parse("0x00000000000000000000000000000000000ca11b");
        try (var rpc = new JsonRpc(market.rpc(), Duration.ofSeconds(10))) {
            // Stores the task's id at 0, and the first word of the result at 1.
            rpc.call("anvil_setCode", receiver.toString(), "0x60043560005560643560015500");
            var wish = new Wish(
                    Programs.example("oracle"), List.of("6"), List.of(), 1, 1, "XS", Optional.empty(), receiver);

            var statement = run(wish);

            assertThat(statement.ok()).isTrue();
            var task = statement.tasks().getFirst();
            assertThat(stored(rpc, receiver, 0)).isEqualTo(task.id().value());
            assertThat(task.callbackData().orElseThrow())
                    .startsWith(stored(rpc, receiver, 1).toString());
        }
    }

    private static Bytes32 stored(JsonRpc rpc, Address contract, int slot) throws InterruptedException {
        return Bytes32.parse(rpc.call("eth_getStorageAt", contract.toString(), "0x" + slot, "latest")
                .asString());
    }

    /* THE ORDER BOOK */

    @Test
    void everyOfferOfThePoolIsInTheBookAsOnChain() throws Exception {
        var chain = market.chain();
        var log = new Relay(chain);
        for (var category : chain.categories()) {
            await().untilAsserted(() -> assertThat(market.book().workerpools(category.id(), 1))
                    .isNotEmpty()
                    .isEqualTo(log.workerpools(category.id(), 1)));
        }
    }

    /// As another process buys: over the wire, where a book is known.
    @Test
    void theCheapestOrderThatSufficesIsBoughtFromTheBookAndUsedUp() throws Exception {
        var owner = home.wallet("scheduler");
        var chain = market.chain();
        var pool = market.pool().workerpool();
        var cheap = chain.domain().sign(Order.Workerpool.open(pool, Rlc.parse("0.5"), 2, 0, 1), owner);
        var offered = chain.domain().hash(cheap.order());
        try (var server = market.serve(Listening.onLoopback(0));
                var elsewhere = new Remote(
                        home,
                        new Home.Running(
                                1,
                                market.rpc(),
                                market.hub(),
                                server.uri(),
                                Optional.of(server.uri()),
                                Optional.of(book)))) {
            elsewhere.book().publish(owner, cheap);
            var purchase = new Purchase(elsewhere, requester, Progress.SILENT);

            assertThat(purchase.buy(wish("index", 1, 10)).deal().workerpool().price())
                    .as("the cheap one serves no trust above 1")
                    .isEqualTo(Rlc.parse("1"));
            assertThat(purchase.buy(wish("index", 3, 1)).deal().workerpool().price())
                    .as("the cheap one has not enough left")
                    .isEqualTo(Rlc.parse("1"));
            var before = chain.head();
            var bought = purchase.buy(wish("index", 2, 1));
            assertThat(bought.deal().workerpool().price()).isEqualTo(Rlc.parse("0.5"));
            await().untilAsserted(() -> assertThat(elsewhere.book().find(offered))
                    .get()
                    .satisfies(order -> {
                        assertThat(order.status()).isEqualTo(Status.FILLED);
                        assertThat(order.remaining()).isZero();
                    }));
            assertThat(elsewhere.book().workerpools(0, 1))
                    .noneMatch(offer -> offer.order().equals(cheap));

            var statement = follow(bought.deal(), bought.app(), new News.Cursor(before.number(), before.hash()));
            assertThat(statement.ok()).isTrue();
            assertThat(statement.spent()).isEqualTo(Rlc.parse("1"));
        }
    }

    @Test
    void whatABookMakesUpIsPassedOver() throws Exception {
        var chain = market.chain();
        var owner = home.wallet("scheduler");
        var pool = market.pool().workerpool();
        var unsigned = chain.domain().sign(Order.Workerpool.open(pool, Rlc.parse("0.1"), 9, 0, 1), requester);
        var closed = chain.domain().sign(Order.Workerpool.open(pool, Rlc.parse("0.1"), 9, 0, 1), owner);
        var weak = chain.domain().sign(Order.Workerpool.open(pool, Rlc.parse("0.1"), 9, 0, 0), owner);
        chain.submit(owner, new Transaction.Close(closed.order()));
        var forged = Stream.of(unsigned, closed, weak)
                .map(order -> new Published<>(
                        chain.domain().hash(order.order()), order, 9, Status.OPEN, Instant.EPOCH, owner.address()))
                .toList();

        var bought =
                new Purchase(new ForgingMarket(market, forged), requester, Progress.SILENT).buy(wish("index", 1, 1));

        assertThat(bought.deal().workerpool().price()).isEqualTo(Rlc.parse("1"));
    }

    @Test
    void aTagThatNoPoolHasIsNotBought() {
        var gpu = Tag.parse("0x" + "00".repeat(30) + "0100");
        var wish = new Wish(
                new Program.Wasm(Programs.test("index")),
                List.of(),
                List.of(),
                1,
                1,
                "XS",
                Optional.empty(),
                Address.ZERO,
                gpu,
                Params.Needs.NONE);

        assertThatThrownBy(() -> buy(wish)).isInstanceOf(Problem.class).hasMessageContaining("bourse order book");
    }

    /* WHAT CAN BE REFUSED BEFOREHAND */

    @Test
    void refusesWhatIsNoProgram() throws Exception {
        var text = Files.writeString(output.resolve("no.wasm"), "hello");

        assertThatThrownBy(() -> Purchase.check(wish(text)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("can not run here");
    }

    @Test
    void refusesAProgramThatImportsWhatIsNotOffered() {
        assertThatThrownBy(() -> Purchase.check(wish(Programs.test("foreign"))))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("launch_missiles");
    }

    @Test
    void refusesFilesThatAreNotThere() {
        var missing = output.resolve("missing");
        var wish = new Wish(
                Programs.test("index"), List.of(), List.of(missing), 1, 1, "XS", Optional.empty(), Address.ZERO);

        assertThatThrownBy(() -> Purchase.check(wish)).hasMessageContaining("there is no input file");
        assertThatThrownBy(() -> Purchase.check(wish(missing))).hasMessageContaining("there is no program");
    }

    @Test
    void buysNothingThatTheAccountDoesNotCover() throws Exception {
        var before = market.chain().account(requester.address());

        assertThatThrownBy(() -> buy(wish("index", 1_000_000, 1)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("cost 1000000 RLC")
                .hasMessageContaining("more");
        assertThat(market.chain().account(requester.address())).isEqualTo(before);
    }

    @Test
    void buysNothingAboveTheMaximumPrice() {
        var wish = new Wish(
                Programs.test("index"), List.of(), List.of(), 1, 1, "XS", Optional.of(Rlc.parse("0.5")), Address.ZERO);

        assertThatThrownBy(() -> buy(wish)).hasMessageContaining("more than --max-price 0.5");
    }

    /* WHAT ONLY RUNNING SHOWS */

    /// Where one result is enough, the first worker that finds that a program fails gives up, and the second is paid
    /// for finding the same.
    @ParameterizedTest
    @CsvSource({
        "exit,    EXIT_CODE",
        "loop,    OUT_OF_FUEL",
        "hog,     OUT_OF_MEMORY",
        "flood,   OUTPUT_TOO_LARGE",
        "badjson, NO_RESULT",
        "foreign, IMPORT_NOT_OFFERED"
    })
    void paysTheSecondWorkerThatFindsThatAProgramFails(String program, Failure.Cause cause) throws Exception {
        var statement = follow(dealFor(Files.readAllBytes(Programs.test(program)), Params.NONE));

        assertThat(statement.ok()).isFalse();
        var task = statement.tasks().getFirst();
        assertThat(task.status()).isEqualTo("COMPLETED");
        assertThat(task.verified()).isTrue();
        assertThat(task.failure()).map(Failure::cause).contains(cause);
        assertThat(statement.spent()).isEqualTo(Rlc.parse("1"));
    }

    /// `(module (memory (export "memory") 1) (func (export "_start") unreachable))`
    private static final Bytes TRAP = Bytes.parse("0x0061736d01000000" + "010401600000" + "03020100" + "0503010001"
            + "071302066d656d6f72790200065f73746172740000" + "0a05010300000b");

    @Test
    void paysForFindingThatAProgramTraps() throws Exception {
        var program = Files.write(output.resolve("trap.wasm"), TRAP.bytes());
        var wish = new Wish(program, List.of(), List.of(), 1, 10, "XS", Optional.empty(), Address.ZERO);

        var statement = run(wish);

        assertThat(statement.ok()).isFalse();
        var task = statement.tasks().getFirst();
        assertThat(task.status()).isEqualTo("COMPLETED");
        assertThat(task.verified()).isTrue();
        assertThat(task.failure()).contains(new Failure(Failure.Cause.TRAP));
        assertThat(task.files()).containsExactly("error.json", "stderr.txt", "stdout.txt");
        assertThat(task.votes()).hasSizeGreaterThan(1).allMatch(Statement.Vote::right);
        assertThat(statement.spent()).isEqualTo(Rlc.parse("1"));
        assertThat(statement.text())
                .contains(
                        "FAILED: the program trapped; found by " + task.votes().size() + " workers alike")
                .contains("paid         worker-1");
    }

    @Test
    void givesTheMoneyBackForAnInputThatNobodyStored() throws Exception {
        var nowhere = new Params(List.of(), List.of("ipfs://" + new Cid(Bytes32.random()) + "?filename=x"));
        var before = fortune();
        var locked = market.chain().account(requester.address()).locked();

        var statement = follow(dealFor(Files.readAllBytes(Programs.test("index")), nowhere));

        assertThat(statement.tasks().getFirst().status()).isEqualTo("FAILED");
        assertThat(statement.tasks().getFirst().reason().orElseThrow()).contains("bafkrei");
        assertThat(statement.spent()).isEqualTo(Rlc.ZERO);
        assertThat(fortune()).isEqualTo(before);
        assertThat(market.chain().account(requester.address()).locked()).isEqualTo(locked);
    }

    /* HELPERS */

    private static Rlc fortune() throws InterruptedException {
        var account = market.chain().account(requester.address());
        return account.free().plus(account.locked()).plus(market.chain().wallet(requester.address()));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (java.io.IOException e) {
            return "";
        }
    }

    private Statement run(Wish wish) throws Exception {
        Purchase.check(wish);
        var before = market.chain().head();
        var bought = buy(wish);
        return follow(bought.deal(), bought.app(), new News.Cursor(before.number(), before.hash()));
    }

    private static Bought buy(Wish wish) throws Problem, InterruptedException {
        return new Purchase(market, requester, Progress.SILENT).buy(wish);
    }

    private Statement follow(Deal deal) throws Exception {
        var app = market.chain().app(deal.app().asset()).orElseThrow();
        return follow(deal, app, News.Cursor.START);
    }

    private Statement follow(Deal deal, Asset.App app, News.Cursor from) throws Exception {
        var outcome = new Watch(market, deal, Progress.SILENT, home.names(), InstantSource.system()).untilEnded(from);
        assertThat(outcome.tasks()).allMatch(Task::ended);
        return Statement.of(market, outcome, app, output, home.names(), Map.of());
    }

    private static Wish wish(String program, long volume, long trust) {
        return new Wish(
                Programs.test(program), List.of(), List.of(), volume, trust, "XS", Optional.empty(), Address.ZERO);
    }

    private static Wish wish(Path program) {
        return new Wish(program, List.of(), List.of(), 1, 1, "XS", Optional.empty(), Address.ZERO);
    }

    /// What a client does that checks nothing beforehand.
    private Deal dealFor(byte[] program, Params params) throws Exception {
        var chain = market.chain();
        var file = Files.write(output.resolve("program"), program);
        var cid = market.blobs().put(file);
        var app = chain.submit(
                        requester,
                        new Transaction.CreateApp(
                                "bad " + Bytes32.random(), Asset.App.WASM, Bytes.utf8(cid.path()), cid.sha256()))
                .event(Event.Registered.class)
                .asset();
        var offer = market.book().workerpools(0, 1).getFirst().order();
        if (!chain.account(requester.address()).free().covers(offer.order().workerpoolprice())) {
            chain.submit(requester, new Transaction.Deposit(offer.order().workerpoolprice()));
        }
        var request = new Order.Request(
                app,
                Rlc.ZERO,
                Address.ZERO,
                Rlc.ZERO,
                offer.order().workerpool(),
                offer.order().workerpoolprice(),
                requester.address(),
                1,
                Tag.NONE,
                0,
                1,
                requester.address(),
                Address.ZERO,
                params.json(),
                Bytes32.random());
        var receipt = chain.submit(
                requester,
                new Transaction.Match(
                        chain.domain().sign(Order.App.open(app, Rlc.ZERO, 1), requester),
                        new Signed<>(Order.Dataset.NONE, Bytes.EMPTY),
                        offer,
                        chain.domain().sign(request, requester)));
        return chain.deal(receipt.event(Event.Matched.class).deal()).orElseThrow();
    }
}
