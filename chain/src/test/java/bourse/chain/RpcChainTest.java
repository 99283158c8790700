package bourse.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.protocol.Account;
import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Authorization;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Chain;
import bourse.protocol.Contribution;
import bourse.protocol.DealId;
import bourse.protocol.Digest;
import bourse.protocol.Event;
import bourse.protocol.Keccak;
import bourse.protocol.News;
import bourse.protocol.Order;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Tag;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RpcChainTest {
    private static final Rlc PRICE = Rlc.parse("20");
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Wallet bank = Wallet.random();
    private final Wallet requester = Wallet.random();
    private final Wallet scheduler = Wallet.random();
    private final List<Wallet> workers = List.of(Wallet.random(), Wallet.random(), Wallet.random());

    private Anvil anvil;
    private Deployment deployment;
    private RpcChain chain;
    private Asset.App app;
    private Address pool;

    @BeforeAll
    void openTheMarket() throws Exception {
        anvil = Anvil.temporary();
        anvil.fund(bank.address(), Faucet.COIN);
        deployment = Deployment.deploy(anvil.uri(), bank);
        chain = RpcChain.connect(anvil.uri(), deployment);
        var faucet = new Faucet(anvil, chain, bank);
        for (var wallet : List.of(requester, scheduler, workers.get(0), workers.get(1), workers.get(2))) {
            faucet.give(wallet.address(), Rlc.parse("10000"));
            chain.submit(wallet, new Transaction.Deposit(Rlc.parse("5000")));
        }
        var created = chain.submit(
                requester, new Transaction.CreateApp("hello", Asset.App.WASM, Bytes.utf8("/ipfs/x"), Bytes32.random()));
        app = chain.app(created.event(Event.Registered.class).asset()).orElseThrow();
        pool = chain.submit(scheduler, new Transaction.CreateWorkerpool("ours"))
                .event(Event.Registered.class)
                .asset();
    }

    @Test
    void knowsWhoAgreedToAnOrderInTheOneFormThatCounts() throws Exception {
        var order = Order.Workerpool.open(pool, Rlc.ZERO, 1, 0, 1);
        var hash = chain.domain().hash(order);
        var signature = scheduler.sign(hash).bytes();

        assertThat(chain.agreed(scheduler.address(), hash, signature)).isTrue();
        assertThat(chain.agreed(requester.address(), hash, signature)).isFalse();
        assertThat(chain.agreed(scheduler.address(), hash, Bytes.EMPTY)).isFalse();
        var other = signature.hex().endsWith("1b") ? "00" : "01";
        assertThat(chain.agreed(
                        scheduler.address(), hash, new Bytes(signature.hex().substring(0, 128) + other)))
                .isFalse();
    }

    @Test
    void hearsOfMoneyOwnersAndClosedOrders() throws Exception {
        var order = Order.Workerpool.open(pool, Rlc.ZERO, 1, 0, 1);
        var closed = chain.submit(scheduler, new Transaction.Close(order));
        var withdrawn = chain.submit(scheduler, new Transaction.Withdraw(Rlc.parse("1")));

        assertThat(closed.events())
                .containsExactly(new Event.Closed(chain.domain().hash(order)));
        assertThat(withdrawn.events())
                .containsExactly(new Event.Moved(scheduler.address(), Address.ZERO, Rlc.parse("1")));
    }

    @AfterAll
    void closeTheMarket() {
        chain.close();
        anvil.close();
    }

    @Test
    void tellsWhoHasSentTokensToWhomButNotWhoMadeThem() throws Exception {
        var between = workers.get(0);
        var last = workers.get(1);
        assertThat(chain.funders(last.address())).as("the bank made them").isEmpty();

        chain.submit(between, new Transaction.Transfer(last.address(), Rlc.ofNano(1)));

        assertThat(chain.funders(last.address())).containsExactly(between.address());
        assertThat(chain.funders(between.address())).isEmpty();
    }

    @Test
    void aWholeTaskIsMatchedVotedRevealedAndPaid() throws Exception {
        var before = chain.account(scheduler.address());
        var start = chain.head();
        var cursor = new News.Cursor(start.number(), start.hash());
        var matched = chain.submit(requester, match(1, 5)).event(Event.Matched.class);
        var deal = chain.deal(matched.deal()).orElseThrow();
        assertThat(deal.requester()).isEqualTo(requester.address());
        assertThat(deal.workerpool().price()).isEqualTo(PRICE);
        assertThat(deal.category().name()).isEqualTo("XS");
        var task = deal.task(0);
        var index = new Chain.Index(deal.id(), 0);
        assertThat(chain.task(task)).isEmpty();
        assertThat(chain.tasks(List.of(index))).containsExactly(new Task.Unset(task, deal.id(), 0));

        chain.submit(scheduler, new Transaction.Initialize(deal.id(), List.of(0L)));
        var digest = new Digest(Bytes32.random());
        for (var worker : workers) {
            if (chain.task(task).orElseThrow() instanceof Task.Active) {
                chain.submit(worker, contribute(worker, task, digest));
            }
        }
        var revealing = (Task.Revealing) chain.task(task).orElseThrow();
        assertThat(revealing.consensus()).isEqualTo(digest.hash(task));
        assertThat(revealing.contributions()).allMatch(vote -> vote.weight() == 2);
        for (var vote : revealing.contributions()) {
            var worker = workers.stream()
                    .filter(w -> w.address().equals(vote.worker()))
                    .findFirst()
                    .orElseThrow();
            chain.submit(worker, new Transaction.Reveal(task, digest));
        }
        var paid = chain.submit(scheduler, new Transaction.Finalize(task, Bytes.utf8("{}"), Bytes.EMPTY));

        assertThat(paid.events()).contains(new Event.Finalized(task, Bytes.utf8("{}")));
        assertThat(paid.events()).anyMatch(event -> event instanceof Event.Rewarded);
        var completed = (Task.Completed) chain.tasks(List.of(index)).getFirst();
        assertThat(completed.digest()).isEqualTo(digest);
        assertThat(completed.contributions())
                .allMatch(vote -> vote.status() == Contribution.Status.PROVED)
                .hasSize(revealing.winners());
        assertThat(chain.account(scheduler.address()).free()).isGreaterThan(before.free());
        assertThat(chain.score(workers.getFirst().address())).isEqualTo(1);

        assertThat(read(cursor))
                .contains(matched, new Event.Initialized(task), new Event.ConsensusReached(task, digest.hash(task)));
    }

    @Test
    void oneWorkerMayContributeAndFinalizeAtOnce() throws Exception {
        var deal =
                chain.submit(requester, match(2, 1)).event(Event.Matched.class).deal();
        chain.submit(scheduler, new Transaction.Initialize(deal, List.of(0L, 1L)));
        var worker = workers.getFirst();
        var authorization = Authorization.sign(worker.address(), deal.task(1), Address.ZERO, scheduler);
        var digest = new Digest(Bytes32.random());
        chain.submit(
                worker, new Transaction.ContributeAndFinalize(authorization, digest, Bytes.utf8("{}"), Bytes.EMPTY));
        chain.submit(scheduler, new Transaction.Decline(deal.task(0)));

        var tasks = chain.tasks(List.of(new Chain.Index(deal, 0), new Chain.Index(deal, 1)));
        assertThat(tasks.get(0)).isInstanceOf(Task.Failed.class);
        assertThat(tasks.get(1)).isInstanceOf(Task.Completed.class);
    }

    @Test
    void aTaskOutOfTimeIsClaimedBack() throws Exception {
        var free = chain.account(requester.address()).free();
        var deal =
                chain.submit(requester, match(1, 10)).event(Event.Matched.class).deal();
        chain.submit(scheduler, new Transaction.Initialize(deal, List.of(0L)));
        assertRefused(
                () -> chain.submit(requester, new Transaction.Claim(List.of(deal.task(0)))), "TooEarly", "before 20");
        anvil.advance(Duration.ofMinutes(51));
        chain.submit(requester, new Transaction.Claim(List.of(deal.task(0))));
        assertThat(chain.account(requester.address()).free()).isEqualTo(free);
    }

    @Test
    void aRefusalSaysWhatIsWrongAndWhatToDo() throws Exception {
        var poor = Wallet.random();
        var faucet = new Faucet(anvil, chain, bank);
        assertRefused(
                () -> chain.submit(poor, new Transaction.Withdraw(Rlc.parse("1"))),
                "InsufficientFree",
                poor.address() + " has 0 RLC free in the market and needs 1 RLC; deposit at least 1 RLC");
        faucet.give(poor.address(), Rlc.ZERO);
        assertRefused(
                () -> chain.submit(poor, new Transaction.Deposit(Rlc.parse("1.5"))),
                "ERC20InsufficientBalance",
                "get at least 1.5 RLC first");
        assertRefused(() -> chain.submit(requester, match(1, 11)), "TrustNotOffered", "at most 10");
        var deal =
                chain.submit(requester, match(1, 10)).event(Event.Matched.class).deal();
        assertRefused(
                () -> chain.submit(scheduler, new Transaction.Initialize(deal, List.of(7L))),
                "IndexOutOfDeal",
                "index 7 is none of them");
        chain.submit(scheduler, new Transaction.Initialize(deal, List.of(0L)));
        assertRefused(
                () -> chain.submit(scheduler, new Transaction.Initialize(deal, List.of(0L))),
                "WrongStatus",
                "is ACTIVE");
        assertRefused(
                () -> chain.submit(requester, new Transaction.Decline(deal.task(0))),
                "NotScheduler",
                "only the scheduler " + scheduler.address());
        var forged = Authorization.sign(workers.getFirst().address(), deal.task(0), Address.ZERO, requester);
        assertRefused(
                () -> chain.submit(
                        workers.getFirst(), new Transaction.Contribute(forged, Bytes32.random(), Bytes32.random())),
                "BadSignature",
                scheduler.address() + " has not signed this");
        assertRefused(
                () -> chain.submit(scheduler, new Transaction.Initialize(new DealId(Bytes32.ZERO), List.of(0L))),
                "UnknownDeal",
                "there is no deal");
    }

    @Test
    void aWalletWithoutCoinIsToldSo() {
        var poor = Wallet.random();
        assertRefused(
                () -> chain.submit(poor, new Transaction.CreateWorkerpool("poor")),
                "NodeRefusal",
                "can not pay for gas");
    }

    @Test
    void anOrderClosesAndItsVolumeIsUsedUp() throws Exception {
        var order = Order.App.open(app.address(), Rlc.ZERO, 3);
        assertThat(chain.consumed(order)).isZero();
        chain.submit(requester, new Transaction.Close(order));
        assertThat(chain.consumed(order)).isGreaterThanOrEqualTo(3);
    }

    @Test
    void whatIsNotRegisteredIsNotFound() throws Exception {
        assertThat(chain.app(pool)).isEmpty();
        assertThat(chain.dataset(Address.ZERO)).isEmpty();
        assertThat(chain.workerpool(requester.address())).isEmpty();
        assertThat(chain.deal(new DealId(Bytes32.ZERO))).isEmpty();
        assertThat(chain.receipt(Bytes32.random())).isEmpty();
        assertThat(chain.account(Wallet.random().address())).isEqualTo(Account.EMPTY);
    }

    @Test
    void assetsAreReadAsTheyWereRegistered() throws Exception {
        chain.submit(scheduler, new Transaction.SetPolicy(pool, 35, 5));
        assertThat(chain.workerpool(pool)).contains(new Asset.Workerpool(pool, scheduler.address(), "ours", 35, 5));
        var data = chain.submit(requester, new Transaction.CreateDataset("d", Bytes.utf8("/ipfs/y"), Bytes32.ZERO))
                .event(Event.Registered.class)
                .asset();
        assertThat(chain.dataset(data))
                .contains(new Asset.Dataset(data, requester.address(), "d", Bytes.utf8("/ipfs/y"), Bytes32.ZERO));
        assertThat(chain.apps(10)).contains(app).hasSize(1);
        assertThat(chain.categories()).isEqualTo(Deployment.CATEGORIES);
        assertThat(chain.wallet(Address.ZERO)).isEqualTo(Rlc.ZERO);
    }

    @Test
    void aDeploymentIsFoundByItsFileAndByItsHub(@TempDir Path directory) throws Exception {
        var file = directory.resolve("deployment.json");
        deployment.write(file);
        assertThat(Deployment.at(file, anvil.uri(), bank, Deployment.DRAW, Deployment.Money.TOKEN))
                .isEqualTo(deployment);
        assertThatThrownBy(() -> RpcChain.connect(anvil.uri(), Address.ZERO))
                .hasMessageContaining("no contract at 0x0000000000000000000000000000000000000000");
        assertThatThrownBy(() -> RpcChain.connect(anvil.uri(), deployment.token()))
                .hasMessageContaining("is not a market's hub");
    }

    /// A hub without `viewVoting` says so in the way in which any hub answers an unknown function.
    @Test
    void aMarketOfAnotherVersionIsToldSoInASentence(@TempDir Path directory) throws Exception {
        try (var market = TestMarket.open();
                var rpc = new JsonRpc(market.anvil().uri(), PATIENCE)) {
            var file = directory.resolve("deployment.json");
            market.deployment().write(file);
            var desk = created(market.bank(), 4).toString();
            var code = rpc.call("eth_getCode", desk, "latest").asString("");
            var selector = Contracts.HUB
                    .call("viewVoting", (Object) new byte[32])
                    .hex()
                    .substring(0, 8);
            rpc.call("anvil_setCode", desk, code.replace("63" + selector, "63ffffffff"));

            assertThatThrownBy(() -> RpcChain.connect(
                            market.anvil().uri(), market.deployment().hub()))
                    .isInstanceOf(Deployment.Foreign.class)
                    .hasMessageContaining("another version of the contracts")
                    .hasMessageContaining("or make a new market");
            assertThatThrownBy(() -> Deployment.at(
                            file, market.anvil().uri(), market.bank(), Deployment.DRAW, Deployment.Money.TOKEN))
                    .isInstanceOf(Deployment.Foreign.class);
        }
    }

    /// What a wallet creates by its transaction of this number.
    private static Address created(Wallet wallet, int nonce) {
        var preimage = Bytes.parse("0xd694" + wallet.address().toString().substring(2) + "%02x".formatted(nonce));
        return Address.of(Arrays.copyOfRange(Keccak.of(preimage.bytes()).bytes(), 12, 32));
    }

    @Test
    void aMarketIsThereAgainAfterARestart(@TempDir Path home) throws Exception {
        var file = home.resolve("deployment.json");
        Deployment before;
        try (var first = Anvil.at(home.resolve("chain"))) {
            first.fund(bank.address(), Faucet.COIN);
            before = Deployment.at(file, first.uri(), bank, Deployment.DRAW, Deployment.Money.TOKEN);
        }
        try (var second = Anvil.at(home.resolve("chain"))) {
            assertThat(Deployment.at(file, second.uri(), bank, Deployment.DRAW, Deployment.Money.TOKEN))
                    .isEqualTo(before);
            try (var again = RpcChain.connect(second.uri(), before)) {
                assertThat(again.wallet(bank.address())).isEqualTo(Rlc.parse("87000000"));
                again.submit(bank, new Transaction.Deposit(Rlc.parse("1")));
            }
        }
    }

    private Transaction.Match match(long volume, long trust) {
        var domain = chain.domain();
        return new Transaction.Match(
                domain.sign(Order.App.open(app.address(), Rlc.ZERO, volume), requester),
                new Signed<>(Order.Dataset.NONE, Bytes.EMPTY),
                domain.sign(Order.Workerpool.open(pool, PRICE, volume, 0, 10), scheduler),
                domain.sign(
                        new Order.Request(
                                app.address(),
                                Rlc.ZERO,
                                Address.ZERO,
                                Rlc.ZERO,
                                pool,
                                PRICE,
                                requester.address(),
                                volume,
                                Tag.NONE,
                                0,
                                trust,
                                requester.address(),
                                Address.ZERO,
                                "{}",
                                Bytes32.random()),
                        requester));
    }

    private Transaction.Contribute contribute(Wallet worker, TaskId task, Digest digest) {
        return new Transaction.Contribute(
                Authorization.sign(worker.address(), task, Address.ZERO, scheduler),
                digest.hash(task),
                digest.seal(worker.address(), task));
    }

    /// Everything after `cursor`, up to the head.
    private List<Event> read(News.Cursor cursor) throws InterruptedException {
        var events = new ArrayList<Event>();
        var head = chain.head();
        while (cursor.block() < head.number()) {
            var news = chain.news(cursor, PATIENCE);
            assertThat(news.rewound()).isFalse();
            events.addAll(news.events());
            cursor = news.cursor();
        }
        return events;
    }

    private static void assertRefused(ThrowingCallable call, String error, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.error()).isEqualTo(error))
                .hasMessageContaining(message);
    }
}
