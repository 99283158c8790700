package bourse.chain;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Chain;
import bourse.protocol.Draw;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import bourse.testing.Generators;
import bourse.testing.Market;
import bourse.testing.Rules;
import bourse.testing.State;
import bourse.testing.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The contracts and their model get the same random calls: each must be taken or refused by both, for the same
/// reason, with the same events, and leave the same behind.
///
/// `-Dtwin.seeds=100 -Dtwin.calls=400` tries more; `-Dtwin.first=7` begins at a seed that failed.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwinTest {
    private static final int SEEDS = Integer.getInteger("twin.seeds", 2);
    private static final int FIRST = Integer.getInteger("twin.first", 0);
    private static final int CALLS = Integer.getInteger("twin.calls", 120);
    /// After so many calls, everything is compared.
    private static final int STRIDE = 20;

    private static final Logger LOG = LoggerFactory.getLogger(TwinTest.class);

    private final Map<String, Integer> outcomes = new TreeMap<>();
    private Anvil anvil;
    private RpcChain chain;
    private Wallet bank;
    private Market market;

    @BeforeAll
    void openTheMarket() throws Exception {
        anvil = Anvil.temporary();
        bank = new Generators(0).wallet();
        anvil.fund(bank.address(), Faucet.COIN);
        var deployment = Deployment.deploy(anvil.uri(), bank, new Draw(0), Deployment.CATEGORIES);
        chain = RpcChain.connect(anvil.uri(), deployment);
        market = new Market(chain.domain(), deployment.apps(), deployment.datasets(), deployment.workerpools());
    }

    @AfterAll
    void closeTheMarket() {
        chain.close();
        anvil.close();
    }

    @Test
    void theContractsDoWhatTheModelSays() throws Exception {
        var supply = chain.wallet(bank.address());
        var state = State.genesis(market, Map.of(bank.address(), supply));
        for (int seed = FIRST; seed < FIRST + SEEDS; seed++) {
            state = run(seed, state);
        }
        LOG.info("calls taken, and refused: {}", outcomes);
    }

    /// One market sees all seeds, each with people of its own, so that the model's state goes on.
    private State run(int seed, State start) throws Exception {
        var generators = new Generators(seed + 1);
        var people = generators.list(6, generators::wallet);
        var traffic = new Traffic(seed, market, people);
        var calls = new ArrayDeque<Traffic.Call>();
        for (var person : people) {
            anvil.fund(person.address(), Faucet.COIN);
            calls.add(new Traffic.Call(bank, new Transaction.Transfer(person.address(), Rlc.parse("300"))));
        }
        var state = start;
        var opened = false;
        for (int i = 0; i < CALLS; i++) {
            if (calls.isEmpty() && !opened) {
                calls.addAll(traffic.opening(state));
                opened = true;
            }
            var now = chain.head().time();
            if (calls.isEmpty()) {
                anvil.advance(traffic.pause(state, now));
                now = chain.head().time();
            }
            var call = calls.isEmpty() ? traffic.next(state, now) : calls.pop();
            state = both(state, call, "seed %d, call %d, %s".formatted(seed, i, call));
            if (i % STRIDE == STRIDE - 1) {
                compare(state, people, "seed %d, after call %d".formatted(seed, i));
            }
        }
        return state;
    }

    private State both(State before, Traffic.Call call, String which) throws Exception {
        var sender = call.sender().address();
        var earliest = chain.head().time();
        try {
            var receipt = chain.submit(call.sender(), call.transaction());
            var outcome = Rules.apply(before, sender, call.transaction(), timeOf(receipt.block()));
            assertThat(receipt.events()).as(which).isEqualTo(outcome.events());
            count(call.transaction().getClass().getSimpleName());
            return outcome.state();
        } catch (Refused refused) {
            // The contracts were asked at some time around now.
            var latest = chain.head().time().plusSeconds(2);
            var reasons = new ArrayList<String>();
            for (var time = earliest; !time.isAfter(latest); time = time.plusSeconds(1)) {
                reasons.add(refusal(before, sender, call.transaction(), time));
            }
            assertThat(reasons).as(which + ": " + refused.getMessage()).contains(refused.error());
            count(refused.error());
            return before;
        }
    }

    private void count(String outcome) {
        outcomes.merge(outcome, 1, Integer::sum);
    }

    private static String refusal(State before, Address sender, Transaction transaction, Instant time) {
        try {
            Rules.apply(before, sender, transaction, time);
            return "taken";
        } catch (Refused refused) {
            return refused.error();
        }
    }

    private void compare(State state, List<Wallet> people, String when) throws Exception {
        var accounts = new ArrayList<>(people.stream().map(Wallet::address).toList());
        accounts.addAll(List.of(Market.KITTY, bank.address(), market.domain().hub()));
        for (var account : accounts) {
            assertThat(chain.account(account)).as(when).isEqualTo(state.account(account));
            assertThat(chain.wallet(account)).as(when).isEqualTo(state.wallet(account));
            assertThat(chain.score(account)).as(when).isEqualTo(state.score(account));
        }
        for (var deal : state.deals().values()) {
            assertThat(chain.deal(deal.id())).as(when).contains(deal);
        }
        for (var task : state.tasks().values()) {
            assertThat(chain.tasks(List.of(new Chain.Index(task.deal(), task.index()))))
                    .as(when)
                    .containsExactly(task);
        }
        for (var asset : state.assets()) {
            assertThat(read(asset)).as(when).contains(asset);
        }
    }

    private Optional<Asset> read(Asset asset) throws InterruptedException {
        return switch (asset) {
            case Asset.App app -> chain.app(app.address()).map(found -> found);
            case Asset.Dataset dataset -> chain.dataset(dataset.address()).map(found -> found);
            case Asset.Workerpool pool -> chain.workerpool(pool.address()).map(found -> found);
        };
    }

    private Instant timeOf(long block) throws InterruptedException {
        try (var rpc = new JsonRpc(anvil.uri(), Duration.ofSeconds(10))) {
            var header = rpc.call("eth_getBlockByNumber", "0x" + Long.toHexString(block), false);
            return Instant.ofEpochSecond(Quantity.number(header.path("timestamp")));
        }
    }
}
