package bourse.testing;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import bourse.protocol.Event;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Task;
import bourse.protocol.Wallet;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What must hold after any calls, tried with many random ones.
class TrafficTest {
    private static final Market MARKET = Market.anywhere();
    private static final int CALLS = 400;

    private final Map<String, Integer> outcomes = new TreeMap<>();

    @Test
    void keepsTheMarketsPromisesWhateverPeopleDo() {
        for (long seed = 0; seed < 15; seed++) {
            run(seed);
        }
        // The calls are worth nothing if they are all refused, or leave parts of the law alone.
        assertThat(outcomes)
                .containsKeys("Match", "Contribute", "Reveal", "Finalize", "Reopen", "Decline", "Claim", "Close")
                .containsKeys("ContributeAndFinalize", "SetPolicy", "Withdraw", "Transfer")
                .containsKeys("TooLate", "TooEarly", "NoVolumeLeft", "BadSignature", "InsufficientFree", "Restricted")
                .containsKeys("AlreadyContributed", "RevealsMissing", "NotScheduler", "CallbackMismatch");
    }

    @Test
    void replaysASeed() {
        assertThat(run(7)).isEqualTo(run(7));
    }

    private State run(long seed) {
        var generators = new Generators(seed);
        var people = generators.list(8, generators::wallet);
        var tokens = new HashMap<Address, Rlc>();
        people.forEach(wallet -> tokens.put(wallet.address(), Rlc.parse("400")));
        var traffic = new Traffic(seed, MARKET, people);
        var state = State.genesis(MARKET, tokens);
        var now = VirtualClock.NOON;
        var calls = new ArrayDeque<>(traffic.opening(state));
        for (int i = 0; i < CALLS; i++) {
            now = now.plus(traffic.pause(state, now));
            var call = calls.isEmpty() ? traffic.next(state, now) : calls.pop();
            try {
                var outcome = Rules.apply(state, call.sender().address(), call.transaction(), now);
                check(state, outcome, people, now);
                state = outcome.state();
                outcomes.merge(call.transaction().getClass().getSimpleName(), 1, Integer::sum);
            } catch (Refused refused) {
                outcomes.merge(refused.error(), 1, Integer::sum);
            }
        }
        return state;
    }

    private static void check(State before, Rules.Outcome outcome, List<Wallet> people, Instant now) {
        var after = outcome.state();
        assertThat(after.wallet(MARKET.hub())).isEqualTo(after.supply());
        assertThat(sum(after.tokens())).isEqualTo(sum(before.tokens()));
        assertThat(locked(after)).isEqualTo(owed(after));
        assertThat(after.deals()).containsAllEntriesOf(before.deals());
        assertThat(after.consumed().values()).allMatch(volume -> volume >= 0);
        assertThat(after.tasks().keySet()).containsAll(before.tasks().keySet());
        for (var task : after.tasks().values()) {
            var old = before.tasks().getOrDefault(task.id(), new Task.Unset(task.id(), task.deal(), task.index()));
            assertThat(mayFollow(old, task, outcome.events()))
                    .as("%s after %s at %s", task, old, now)
                    .isTrue();
        }
        for (var wallet : people) {
            var worker = wallet.address();
            assertThat(after.score(worker)).isLessThanOrEqualTo(before.score(worker) + 1);
        }
    }

    /// What is locked comes back exactly once, because it always is what open tasks will give back or away.
    private static Map<Address, Rlc> owed(State state) {
        var owed = new TreeMap<Address, Rlc>();
        for (var deal : state.deals().values()) {
            for (var index = deal.first(); index < deal.first() + deal.volume(); index++) {
                var task = state.task(deal, index);
                if (!task.ended()) {
                    owed.merge(deal.sponsor(), deal.price(), Rlc::plus);
                    owed.merge(
                            deal.workerpool().owner(), deal.workerpool().price().percent(30), Rlc::plus);
                    for (var contribution : task.contributors()) {
                        owed.merge(contribution.worker(), deal.workerStake(), Rlc::plus);
                    }
                }
            }
        }
        owed.put(Market.KITTY, state.account(Market.KITTY).locked());
        owed.values().removeIf(Rlc::isZero);
        return owed;
    }

    private static Map<Address, Rlc> locked(State state) {
        var locked = new TreeMap<Address, Rlc>();
        state.accounts().forEach((owner, account) -> locked.put(owner, account.locked()));
        locked.values().removeIf(Rlc::isZero);
        return locked;
    }

    private static boolean mayFollow(Task before, Task after, List<Event> events) {
        return switch (before) {
            case Task.Unset _ -> after instanceof Task.Active || after.equals(before);
            case Task.Active _ -> !(after instanceof Task.Unset);
            case Task.Revealing _ ->
                after instanceof Task.Revealing || after.ended() || events.contains(new Event.Reopened(before.id()));
            case Task.AuditDue _ ->
                after.equals(before) || after.ended() || events.contains(new Event.Reopened(before.id()));
            case Task.Completed _, Task.Failed _ -> after.equals(before);
        };
    }

    private static Rlc sum(Map<Address, Rlc> amounts) {
        return amounts.values().stream().reduce(Rlc.ZERO, Rlc::plus);
    }
}
