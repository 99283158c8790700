package bourse.chain;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Transaction;
import bourse.testing.Act;
import com.esaulpaugh.headlong.abi.ContractError;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The contracts and their model get the same random calls: each must be taken or refused by both, for the same
/// reason with the same values, with the same logs, and leave the same behind, wherever one can look.
///
/// Each seed is a story of its own, on a market that is new every time. A story that ends in a disagreement is told
/// again with fewer calls, until each of them matters, and then printed. `-Dtwin.first=7 -Dtwin.seeds=1` replays it.
class TwinTest {
    private static final int SEEDS = Integer.getInteger("twin.seeds", 300);
    private static final int FIRST = Integer.getInteger("twin.first", 0);
    private static final int CALLS = Integer.getInteger("twin.calls", 40);
    private static final int PROGRESS = 500;
    /// So many seeds come to everything that can happen.
    private static final int ENOUGH = 2_000;

    /// What takes a contract that is hostile in a way of its own, or a transaction that starves the callback; and what
    /// libraries say that never comes to that here.
    private static final Set<String> HOSTILE = Set.of(
            "BlobNotCreated",
            "CallbackNeedsGas",
            "TokenFellShort",
            "TransferFailed",
            "AddressEmptyCode",
            "FailedCall",
            "InsufficientBalance");

    /// What the protocol's own types can not even say; see [#refusesWhatTheModelCanNotSay].
    private static final Set<String> UNSPEAKABLE = Set.of("AuditRatioTooHigh", "TrustTooHigh");

    private static final Logger LOG = LoggerFactory.getLogger(TwinTest.class);

    private final Map<String, Integer> outcomes = new TreeMap<>();

    @Test
    void theContractsDoWhatTheModelSays() throws Exception {
        requireAll(Contracts.HUB, Deployment.Money.TOKEN, SEEDS);
    }

    @Test
    void andWhereMoneyIsTheChainsOwnCoin() throws Exception {
        requireAll(Contracts.NATIVE_HUB, Deployment.Money.COIN, SEEDS / 4);
    }

    @Test
    void refusesWhatTheModelCanNotSay() throws Exception {
        try (var world = TwinWorld.open(Deployment.Money.TOKEN)) {
            assertThat(world.refusalOfTrust(BigInteger.TWO.pow(64)).error()).isEqualTo("TrustTooHigh");
            assertThat(world.refusalOfRatio(101).values())
                    .containsEntry("ratio", "101")
                    .containsEntry("max", "100");
        }
    }

    private void requireAll(Artifact hub, Deployment.Money money, int seeds) throws Exception {
        tell(money, seeds);
        var missing = missing(hub, money);
        LOG.info("{}: what did not happen: {}", money, missing);
        if (seeds >= ENOUGH) {
            assertThat(missing).isEmpty();
        }
    }

    private void tell(Deployment.Money money, int seeds) throws Exception {
        var start = Instant.now();
        int calls = 0;
        try (var world = TwinWorld.open(money)) {
            for (int seed = FIRST; seed < FIRST + seeds; seed++) {
                var story = world.tell(seed, CALLS);
                calls += story.steps().size();
                story.outcomes().forEach(outcome -> outcomes.merge(outcome, 1, Integer::sum));
                if ((seed + 1 - FIRST) % PROGRESS == 0) {
                    LOG.info("{}: {} stories", money, seed + 1 - FIRST);
                }
                if (story.disagreement().isPresent()) {
                    throw new AssertionError("seed %d: %s".formatted(seed, world.shrunk(seed, story)));
                }
            }
        }
        var took = Duration.between(start, Instant.now());
        LOG.info(
                "{}: {} stories of {} calls in {} s; came to this: {}",
                money,
                seeds,
                calls,
                took.toMillis() / 1000.0,
                outcomes);
    }

    /// What never happened, of all that can.
    private Set<String> missing(Artifact hub, Deployment.Money money) {
        var missing =
                new TreeSet<String>(hub.errors().map(ContractError::getName).toList());
        missing.removeAll(HOSTILE);
        missing.removeAll(UNSPEAKABLE);
        missing.addAll(kinds(money));
        missing.removeAll(outcomes.keySet());
        return missing;
    }

    private static Collection<String> kinds(Deployment.Money money) {
        var foreign = money == Deployment.Money.TOKEN
                ? Set.of("Pay", "PayFor", "PayForArray", "SendCoins", "Nonsense", "Common")
                : Set.of(
                        "AllowMarket",
                        "Deposit",
                        "DepositAllowed",
                        "DepositFor",
                        "DepositForArray",
                        "DepositAndMatch",
                        "DepositAndCall",
                        "Transfer",
                        "Nonsense",
                        "Common");
        return Stream.concat(
                        Stream.of(Act.class.getPermittedSubclasses()),
                        Stream.of(Transaction.class.getPermittedSubclasses()))
                .map(Class::getSimpleName)
                .filter(kind -> !foreign.contains(kind))
                .toList();
    }
}
