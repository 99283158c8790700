package bourse.testing;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Contribution;
import bourse.protocol.Draw;
import bourse.protocol.Event;
import bourse.protocol.Keccak;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Task;
import bourse.protocol.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.pcollections.HashTreePMap;

/// What must hold after any calls, tried with many random ones.
class TrafficTest {
    private static final Market MARKET = Market.anywhere(new Draw(40));
    private static final int CALLS = 60;

    private final Map<String, Integer> outcomes = new TreeMap<>();

    @Test
    void keepsTheMarketsPromisesWhateverPeopleDo() {
        for (long seed = 0; seed < 160; seed++) {
            run(seed);
        }
        // The calls are worth nothing if they are all refused, or leave parts of the law alone.
        assertThat(outcomes)
                .containsKeys("Match", "Contribute", "Reveal", "Finalize", "Reopen", "Decline", "Claim", "Close")
                .containsKeys("ContributeAndFinalize", "SetPolicy", "Withdraw", "Transfer", "Audit", "Sponsor")
                .containsKeys("TooLate", "TooEarly", "NoVolumeLeft", "BadSignature", "InsufficientFree", "Restricted")
                .containsKeys("AlreadyContributed", "RevealsMissing", "NotScheduler", "CallbackMismatch")
                .containsKeys("AuditDue", "NothingToAudit", "DrawTooEarly", "NotTheSponsor", "TooManyContributors");
    }

    @Test
    void replaysASeed() {
        assertThat(run(7)).isEqualTo(run(7));
    }

    private State run(long seed) {
        var generators = new Generators(seed);
        var people = new ArrayList<Person>(
                generators.list(6, generators::wallet).stream().map(Person::of).toList());
        var state = State.genesis(MARKET, Map.of());
        for (int i = 0; i < 2; i++) {
            var contract = generators.address();
            state = state.withOutsider(contract, new State.Outsider(true, Set.of()));
            people.add(Person.contract(contract));
        }
        var group = generators.address();
        state = state.withOutsider(
                        group,
                        new State.Outsider(false, Set.of(people.getFirst().address())))
                .withOwner(people.getFirst().address());
        var traffic = new Traffic(seed, MARKET, people, List.of(group));
        state = furnished(state, people, generators);
        var now = VirtualClock.NOON;
        long block = 1;
        for (int i = 0; i < CALLS; i++) {
            // In the block of the last call, or in a later one.
            if (!traffic.hurries()) {
                now = now.plus(traffic.pause(state, now));
                block += traffic.dawdles() ? Draw.MEMORY : 1;
            }
            var moment = moment(now, block);
            var call = traffic.next(state, moment);
            try {
                var outcome = Rules.apply(state, call.sender(), call.act(), moment);
                check(state, outcome, moment);
                state = outcome.state();
                count(call.act());
            } catch (Refused refused) {
                outcomes.merge(refused.error(), 1, Integer::sum);
            }
        }
        return state;
    }

    private void count(Act act) {
        var kind = act instanceof Act.Common(var transaction) ? transaction : act;
        outcomes.merge(kind.getClass().getSimpleName(), 1, Integer::sum);
    }

    /// Everyone has tokens, free money, and each kind of asset; half of them have a past.
    private static State furnished(State state, List<Person> people, Generators generators) {
        var tokens = new HashMap<Address, Rlc>();
        people.forEach(person -> tokens.put(person.address(), Rlc.parse("400")));
        var furnished = new State(
                state.market(),
                HashTreePMap.from(tokens),
                state.accounts(),
                state.scores(),
                state.assets(),
                state.consumed(),
                state.deals(),
                state.tasks(),
                state.digests(),
                state.votes(),
                state.callbacks(),
                state.settings(),
                state.permissions(),
                state.outsiders());
        for (var person : people) {
            for (var transaction : List.of(
                    new Transaction.Deposit(Rlc.parse("200")),
                    new Transaction.CreateApp("a", "WASM", Bytes.EMPTY, Bytes32.ZERO),
                    new Transaction.CreateDataset("d", Bytes.EMPTY, Bytes32.ZERO),
                    new Transaction.CreateWorkerpool("w"))) {
                furnished = done(furnished, person.address(), transaction);
            }
            furnished = furnished.withScore(person.address(), generators.chance(0.5) ? 0 : generators.size(400));
        }
        return furnished;
    }

    private static State done(State state, Address sender, Transaction transaction) {
        try {
            return Rules.apply(state, sender, transaction, moment(VirtualClock.NOON, 1))
                    .state();
        } catch (Refused refused) {
            throw new AssertionError(refused);
        }
    }

    private static Rules.Moment moment(Instant now, long block) {
        return new Rules.Moment(
                now, block, number -> Optional.of(Keccak.of(new Bytes32("%064x".formatted(number)).bytes())));
    }

    private static void check(State before, Rules.Outcome outcome, Rules.Moment moment) {
        var after = outcome.state();
        assertThat(after.wallet(MARKET.hub())).isGreaterThanOrEqualTo(after.supply());
        assertThat(sum(after.tokens())).isEqualTo(sum(before.tokens()));
        assertThat(locked(after)).isEqualTo(owed(after));
        assertThat(after.deals()).containsAllEntriesOf(before.deals());
        assertThat(after.consumed().values()).allMatch(volume -> volume >= 0);
        assertThat(after.tasks().keySet()).containsAll(before.tasks().keySet());
        for (var task : after.tasks().values()) {
            var old = before.tasks().getOrDefault(task.id(), new Task.Unset(task.id(), task.deal(), task.index()));
            assertThat(mayFollow(old, task, outcome.events()))
                    .as("%s after %s at %s", task, old, moment)
                    .isTrue();
            checkAudits(before, old, after, task, outcome.events());
        }
        after.scores().forEach((worker, score) -> assertThat(score).isLessThanOrEqualTo(before.score(worker) + 1));
    }

    private static void checkAudits(State before, Task old, State after, Task task, List<Event> events) {
        var vote = after.vote(task.id());
        if (events.contains(new Event.Audited(task.id()))) {
            // What is checked was one worker's result, and nobody has seen it.
            assertThat(old.contributors()).noneMatch(each -> each.status() == Contribution.Status.PROVED);
            assertThat(task.contributors()).filteredOn(Contribution::audited).isNotEmpty();
            assertThat(after.digests()).doesNotContainKey(task.id());
        }
        // Audits cost nobody anything before they end.
        assertThat(before.vote(task.id()).audited() && !vote.audited()).isFalse();
        for (var contribution : task.contributors()) {
            assertThat(contribution.power()).isLessThanOrEqualTo(contribution.weight());
            var blamed = events.contains(new Event.Judged(task.id(), contribution.worker(), false));
            if (blamed && task instanceof Task.Completed done && vote.audited()) {
                var outvoted = !contribution.hash().equals(done.digest().hash(task.id()));
                assertThat(after.score(contribution.worker()))
                        .isEqualTo(outvoted ? 0 : before.score(contribution.worker()) * 2 / 3);
            }
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
            case Task.Unset _ -> after instanceof Task.Active || after instanceof Task.Failed || after.equals(before);
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
