package bourse.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Authorization;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Contribution;
import bourse.protocol.Deal;
import bourse.protocol.Digest;
import bourse.protocol.Domain;
import bourse.protocol.Draw;
import bourse.protocol.Event;
import bourse.protocol.Order;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Results of one worker stage.alone(), on a real chain: at trust 2 whoever is new is believed.
class AuditTest {
    private static final Rlc PRICE = Rlc.parse("1");
    private static final int TASKS = 12;
    /// No block comes but when somebody sends, so that they can be counted.
    private static final Anvil.Options QUIET = new Anvil.Options(
            0,
            65535,
            Optional.empty(),
            Anvil.Options.DEFAULT.soon(),
            Duration.ofHours(1),
            Duration.ofHours(1),
            Anvil.Options.DEFAULT.checkpoint());

    private final List<TestMarket> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(TestMarket::close);
    }

    /// The worker reveals in the block after the consensus, or is audited: what is read says which.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoIsSparedRevealsAtOnceAndWhoIsDrawnIsChecked(boolean automine) throws Exception {
        var stage = open(Anvil.Options.DEFAULT, new Draw(50));
        if (automine) {
            try (var rpc = new JsonRpc(stage.market().anvil().uri(), Duration.ofSeconds(5))) {
                rpc.call("evm_setAutomine", true);
            }
        }
        var seen = new ArrayList<Class<?>>();
        for (int i = 0; i < TASKS; i++) {
            var task = stage.deal().task(i);
            var digest = new Digest(Bytes32.random());
            stage.chain().submit(stage.alone(), stage.contribute(stage.alone(), task, digest));
            var state = stage.chain().task(task).orElseThrow();
            seen.add(state.getClass());
            if (state instanceof Task.AuditDue) {
                isChecked(stage, task, digest);
            } else {
                assertThat(state).isInstanceOf(Task.Revealing.class);
                stage.assertRefused("NothingToAudit", new Transaction.Audit(task));
                stage.chain().submit(stage.alone(), new Transaction.Reveal(task, digest));
            }
            stage.chain().submit(stage.scheduler(), new Transaction.Finalize(task, Bytes.utf8("{}"), Bytes.EMPTY));
            assertThat(stage.chain().task(task).orElseThrow()).isInstanceOf(Task.Completed.class);
        }
        assertThat(seen).contains(Task.AuditDue.class, Task.Revealing.class);
    }

    private void isChecked(Stage stage, TaskId task, Digest digest) throws Exception {
        stage.assertRefused("AuditDue", stage.alone(), new Transaction.Reveal(task, digest));
        var receipt = stage.chain().submit(stage.scheduler(), new Transaction.Audit(task));
        assertThat(receipt.events()).containsExactly(new Event.Reopened(task), new Event.Audited(task));
        var open = (Task.Active) stage.chain().task(task).orElseThrow();
        assertThat(open.contributions()).singleElement().matches(Contribution::audited);
        stage.assertRefused("NothingToAudit", new Transaction.Audit(task));

        stage.chain().submit(stage.auditor(), stage.contribute(stage.auditor(), task, digest));
        var revealing = (Task.Revealing) stage.chain().task(task).orElseThrow();
        assertThat(revealing.winners()).isEqualTo(2);
        stage.chain().submit(stage.alone(), new Transaction.Reveal(task, digest));
        stage.chain().submit(stage.auditor(), new Transaction.Reveal(task, digest));
    }

    @Test
    void nobodyIsCheckedWhereTheMarketSaysSo() throws Exception {
        var stage = open(Anvil.Options.DEFAULT, new Draw(0));
        for (int i = 0; i < TASKS; i++) {
            var digest = new Digest(Bytes32.random());
            stage.chain()
                    .submit(
                            stage.alone(),
                            stage.contribute(stage.alone(), stage.deal().task(i), digest));
            stage.chain()
                    .submit(stage.alone(), new Transaction.Reveal(stage.deal().task(i), digest));
        }
    }

    /// The chain's hashes of older blocks are others for its contracts then, and so are their draws.
    @Test
    void whatIsReadIsWhatTheContractsSayAfterARestart() throws Exception {
        var stage = open(Anvil.Options.DEFAULT, new Draw(50));
        var digests = new ArrayList<Digest>();
        for (int i = 0; i < TASKS; i++) {
            digests.add(new Digest(Bytes32.random()));
            stage.chain()
                    .submit(
                            stage.alone(),
                            stage.contribute(stage.alone(), stage.deal().task(i), digests.get(i)));
        }
        stage.market().anvil().kill();
        for (int i = 0; i < TASKS; i++) {
            var task = stage.deal().task(i);
            if (stage.chain().task(task).orElseThrow() instanceof Task.AuditDue) {
                stage.assertRefused("AuditDue", stage.alone(), new Transaction.Reveal(task, digests.get(i)));
                stage.chain().submit(stage.scheduler(), new Transaction.Audit(task));
            } else {
                stage.chain().submit(stage.alone(), new Transaction.Reveal(task, digests.get(i)));
            }
        }
    }

    @Test
    void whoDoesNotRevealInTimeIsChecked() throws Exception {
        var stage = open(QUIET, new Draw(50));
        var spared = stage.deal().task(0);
        var digest = new Digest(Bytes32.ZERO);
        long won = 0;
        for (int i = 0; i < TASKS && won == 0; i++) {
            spared = stage.deal().task(i);
            var receipt = stage.chain().submit(stage.alone(), stage.contribute(stage.alone(), spared, digest));
            won = stage.chain().task(spared).orElseThrow() instanceof Task.Revealing ? receipt.block() : 0;
        }
        while (stage.chain().head().number() < won + Draw.MEMORY - 1) {
            stage.market().anvil().mine();
        }
        assertThat(stage.chain().task(spared).orElseThrow())
                .as("the next block still knows the hash")
                .isInstanceOf(Task.Revealing.class);
        stage.assertRefused("NothingToAudit", new Transaction.Audit(spared));
        stage.market().anvil().mine();
        assertThat(stage.chain().task(spared).orElseThrow()).isInstanceOf(Task.AuditDue.class);
        stage.assertRefused("AuditDue", stage.alone(), new Transaction.Reveal(spared, digest));
        stage.chain().submit(stage.scheduler(), new Transaction.Audit(spared));
    }

    @Test
    void aLieIsOutvotedAndCostsItsStake() throws Exception {
        var stage = open(Anvil.Options.DEFAULT, new Draw(100));
        var task = stage.deal().task(0);
        var lie = new Digest(Bytes32.random());
        var truth = new Digest(Bytes32.random());
        var third = member(stage.market());

        stage.chain().submit(stage.alone(), stage.contribute(stage.alone(), task, lie));
        stage.chain().submit(stage.auditor(), new Transaction.Audit(task));
        stage.chain().submit(stage.auditor(), stage.contribute(stage.auditor(), task, truth));
        assertThat(stage.chain().task(task).orElseThrow()).isInstanceOf(Task.Active.class);
        stage.chain().submit(third, stage.contribute(third, task, truth));
        stage.chain().submit(stage.auditor(), new Transaction.Reveal(task, truth));
        stage.chain().submit(third, new Transaction.Reveal(task, truth));
        var paid =
                stage.chain().submit(stage.scheduler(), new Transaction.Finalize(task, Bytes.utf8("{}"), Bytes.EMPTY));

        assertThat(paid.events())
                .anyMatch(event -> event instanceof Event.Seized seized
                        && seized.owner().equals(stage.alone().address()));
        assertThat(stage.chain().task(task).orElseThrow().contributors())
                .filteredOn(Contribution::audited)
                .singleElement()
                .matches(vote -> vote.worker().equals(stage.alone().address())
                        && vote.status() == Contribution.Status.CONTRIBUTED
                        && vote.hash().equals(lie.hash(task)));
    }

    private Stage open(Anvil.Options options, Draw draw) throws Exception {
        var market = TestMarket.open(options, draw);
        opened.add(market);
        var chain = market.chain();
        var requester = member(market);
        var scheduler = member(market);
        var app = chain.submit(
                        requester,
                        new Transaction.CreateApp("hello", Asset.App.WASM, Bytes.utf8("/ipfs/x"), Bytes32.random()))
                .event(Event.Registered.class)
                .asset();
        var pool = chain.submit(scheduler, new Transaction.CreateWorkerpool("ours"))
                .event(Event.Registered.class)
                .asset();
        var matched = chain.submit(requester, match(chain.domain(), requester, app, scheduler, pool))
                .event(Event.Matched.class);
        var deal = chain.deal(matched.deal()).orElseThrow();
        chain.submit(
                scheduler,
                new Transaction.Initialize(
                        deal.id(), LongStream.range(0, TASKS).boxed().toList()));
        return new Stage(market, scheduler, member(market), member(market), deal);
    }

    private static Wallet member(TestMarket market) throws Exception {
        var wallet = market.rich();
        market.chain().submit(wallet, new Transaction.Deposit(Rlc.parse("500")));
        return wallet;
    }

    /// A deal of many tasks, all of them open.
    private record Stage(TestMarket market, Wallet scheduler, Wallet alone, Wallet auditor, Deal deal) {
        RpcChain chain() {
            return market.chain();
        }

        void assertRefused(String error, Transaction transaction) {
            assertRefused(error, auditor, transaction);
        }

        void assertRefused(String error, Wallet wallet, Transaction transaction) {
            assertThatThrownBy(() -> chain().submit(wallet, transaction))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.error()).isEqualTo(error));
        }

        Transaction.Contribute contribute(Wallet worker, TaskId task, Digest digest) {
            return new Transaction.Contribute(
                    Authorization.sign(worker.address(), task, Address.ZERO, scheduler),
                    digest.hash(task),
                    digest.seal(worker.address(), task));
        }
    }

    private static Transaction.Match match(
            Domain domain, Wallet requester, Address app, Wallet scheduler, Address pool) {
        var offer = Order.Workerpool.open(pool, PRICE, TASKS, 0, 10);
        return new Transaction.Match(
                domain.sign(Order.App.open(app, Rlc.ZERO, TASKS), requester),
                new Signed<>(Order.Dataset.NONE, Bytes.EMPTY),
                domain.sign(offer, scheduler),
                domain.sign(
                        Order.Request.of(
                                app, offer, requester.address(), TASKS, 2, Address.ZERO, "{}", Bytes32.random()),
                        requester));
    }
}
