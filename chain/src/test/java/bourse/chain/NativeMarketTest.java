package bourse.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.chain.Deployment.Money;
import bourse.protocol.Account;
import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Authorization;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Digest;
import bourse.protocol.Event;
import bourse.protocol.Order;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Task;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Where the market's money is the chain's own coin.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NativeMarketTest {
    private static final Rlc PRICE = Rlc.parse("20");
    private static final Rlc PURSE = Rlc.parse("1000");
    /// More than any of the transactions here costs.
    private static final Rlc GAS = Rlc.parse("0.1");

    private TestMarket market;
    private RpcChain chain;

    @BeforeAll
    void openTheMarket() throws Exception {
        market = TestMarket.open(Anvil.Options.DEFAULT, Deployment.DRAW, Money.COIN);
        chain = market.chain();
    }

    @AfterAll
    void closeTheMarket() {
        market.close();
    }

    @Test
    void itHasNoTokenAndIsFoundByItsFileAndByItsHub(@TempDir Path directory) throws Exception {
        var file = directory.resolve("deployment.json");
        var made = market.deployment();
        made.write(file);

        assertThat(made.token()).isEqualTo(Address.ZERO);
        assertThat(made.isNative()).isTrue();
        assertThat(chain.market()).isEqualTo(made);
        // What a market's money is does not change any more.
        assertThat(Deployment.at(file, market.anvil().uri(), market.bank(), Deployment.DRAW, Money.TOKEN))
                .isEqualTo(made);
    }

    @Test
    void coinsAreDepositedAndWithdrawn() throws Exception {
        var wallet = rich();

        chain.submit(wallet, new Transaction.Deposit(Rlc.parse("5")));
        assertThat(chain.account(wallet.address())).isEqualTo(new Account(Rlc.parse("5"), Rlc.ZERO));
        assertHasAbout(wallet, "995");

        chain.submit(wallet, new Transaction.Withdraw(Rlc.parse("2")));
        assertThat(chain.account(wallet.address()).free()).isEqualTo(Rlc.parse("3"));
        assertHasAbout(wallet, "997");
    }

    @Test
    void aTransferSendsPlainCoinsOfWhichWholeNrlcAreCounted() throws Exception {
        var heir = Wallet.random().address();

        chain.submit(market.bank(), new Transaction.Transfer(heir, Rlc.ofNano(7)));
        chain.pay(market.bank(), heir, BigInteger.valueOf(999_999_999));

        assertThat(chain.wallet(heir)).isEqualTo(Rlc.ofNano(7));
    }

    @Test
    void whoHasTooFewCoinsIsToldSo() throws Exception {
        var wallet = rich();

        assertThatThrownBy(() -> chain.submit(wallet, new Transaction.Deposit(PURSE)))
                .as("nothing is left for gas")
                .isInstanceOf(Refused.class)
                .hasMessageContaining("can not pay for gas and for what it sends");
        assertThatThrownBy(() -> chain.submit(wallet, new Transaction.Withdraw(Rlc.parse("1"))))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("has 0 RLC free in the market and needs 1 RLC");
    }

    @Test
    void ofWhoSentCoinsToWhomNothingIsKnown() throws Exception {
        var from = rich();
        var to = rich();

        chain.submit(from, new Transaction.Transfer(to.address(), Rlc.parse("1")));

        assertThat(chain.funders(to.address())).isEmpty();
    }

    @Test
    void aWholeTaskIsPaidInCoins() throws Exception {
        var requester = rich();
        var scheduler = rich();
        var workers = List.of(rich(), rich(), rich());
        for (var wallet : List.of(requester, scheduler, workers.get(0), workers.get(1), workers.get(2))) {
            chain.submit(wallet, new Transaction.Deposit(Rlc.parse("100")));
        }
        var app = chain.submit(
                        requester,
                        new Transaction.CreateApp("hello", Asset.App.WASM, Bytes.utf8("/ipfs/x"), Bytes32.random()))
                .event(Event.Registered.class)
                .asset();
        var pool = chain.submit(scheduler, new Transaction.CreateWorkerpool("ours"))
                .event(Event.Registered.class)
                .asset();
        var deal = chain.submit(requester, match(requester, app, scheduler, pool))
                .event(Event.Matched.class)
                .deal();
        assertThat(chain.account(requester.address())).isEqualTo(new Account(Rlc.parse("80"), PRICE));
        chain.submit(scheduler, new Transaction.Initialize(deal, List.of(0L)));
        var task = deal.task(0);
        var digest = new Digest(Bytes32.random());
        var voters = new ArrayList<Wallet>();
        for (var worker : workers) {
            if (!(chain.task(task).orElseThrow() instanceof Task.Active)) {
                break;
            }
            voters.add(worker);
            chain.submit(
                    worker,
                    new Transaction.Contribute(
                            Authorization.sign(worker.address(), task, Address.ZERO, scheduler),
                            digest.hash(task),
                            digest.seal(worker.address(), task)));
        }
        for (var worker : voters) {
            chain.submit(worker, new Transaction.Reveal(task, digest));
        }
        assertThat(voters).hasSizeGreaterThan(1);
        chain.submit(scheduler, new Transaction.Finalize(task, Bytes.utf8("{}"), Bytes.EMPTY));

        assertThat(chain.task(task)).get().isInstanceOf(Task.Completed.class);
        assertThat(chain.account(requester.address())).isEqualTo(new Account(Rlc.parse("80"), Rlc.ZERO));
        var earned = Rlc.ZERO;
        for (var wallet : List.of(scheduler, workers.get(0), workers.get(1), workers.get(2))) {
            var free = chain.account(wallet.address()).free();
            earned = earned.plus(free.minus(Rlc.parse("100")));
            chain.submit(wallet, new Transaction.Withdraw(free));
            assertThat(chain.wallet(wallet.address()).plus(GAS))
                    .isGreaterThan(PURSE.minus(Rlc.parse("100")).plus(free));
        }
        assertThat(earned).isEqualTo(PRICE);
    }

    private Wallet rich() throws Exception {
        var wallet = Wallet.random();
        chain.submit(market.bank(), new Transaction.Transfer(wallet.address(), PURSE));
        return wallet;
    }

    private void assertHasAbout(Wallet wallet, String coins) throws InterruptedException {
        assertThat(chain.wallet(wallet.address())).isBetween(Rlc.parse(coins).minus(GAS), Rlc.parse(coins));
    }

    private Transaction.Match match(Wallet requester, Address app, Wallet scheduler, Address pool) {
        var domain = chain.domain();
        var offer = Order.Workerpool.open(pool, PRICE, 1, 0, 10);
        return new Transaction.Match(
                domain.sign(Order.App.open(app, Rlc.ZERO, 1), requester),
                new Signed<>(Order.Dataset.NONE, Bytes.EMPTY),
                domain.sign(offer, scheduler),
                domain.sign(
                        Order.Request.of(app, offer, requester.address(), 1, 5, Address.ZERO, "{}", Bytes32.random()),
                        requester));
    }
}
