package bourse.node.simulation;

import static java.util.stream.Collectors.toMap;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.protocol.Deal;
import bourse.protocol.Event;
import bourse.protocol.News;
import bourse.protocol.Params;
import bourse.protocol.Rlc;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import bourse.testing.Model;
import bourse.testing.Scene;
import bourse.testing.State;
import bourse.testing.simulation.Simulator;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Sees everything, and protests.
///
/// INVARIANTS
/// - Money is neither made nor lost, and what the market holds is what its accounts have.
/// - Every task has ended, paid or refunded, soon after its final deadline; then nobody's money is locked for it.
/// - No worker computes more at once than he has slots, or one task twice at once.
/// - Nobody votes for two results of one task, however often he dies.
/// - An honest worker loses no stake, unless those who lie together won.
/// - Who pays for a result can read it.
final class Witness {
    /// After a deadline, or after the storm: until everything that is due has been done.
    static final Duration SLACK = Duration.ofMinutes(5);

    /// To compute a task, however often one has to begin anew: longer than a pool shuns those who failed in a storm
    /// that left so much time.
    private static final Duration ENOUGH = Duration.ofMinutes(20);

    private final Simulator simulator;
    private final Scene scene;
    private final Model chain;
    private final Map<Address, Nature> characters = new HashMap<>();
    private final Map<Vote, Bytes32> votes = new HashMap<>();
    private final Rlc wealth;

    private record Vote(Address worker, TaskId task) {}

    Witness(Simulator simulator, Scene scene, List<Nature> characters) {
        this.simulator = simulator;
        this.scene = scene;
        this.chain = scene.chain();
        for (int i = 0; i < characters.size(); i++) {
            this.characters.put(scene.worker(i).address(), characters.get(i));
        }
        this.wealth = wealth(chain.state());
    }

    void protest(String what) {
        simulator.fail(new AssertionError(what));
    }

    /* ON THE WAY */

    void signs(Wallet wallet, Transaction transaction) {
        switch (transaction) {
            case Transaction.Contribute t -> votes(wallet, t.authorization().task(), t.hash());
            case Transaction.ContributeAndFinalize t -> {
                var task = t.authorization().task();
                votes(wallet, task, t.digest().hash(task));
            }
            case Transaction.Reveal t -> votes(wallet, t.task(), t.digest().hash(t.task()));
            default -> {}
        }
    }

    private void votes(Wallet wallet, TaskId task, Bytes32 hash) {
        var first = votes.putIfAbsent(new Vote(wallet.address(), task), hash);
        if (first != null && !first.equals(hash)) {
            protest("%s voted for two results of task %s".formatted(wallet.address(), task));
        }
    }

    void looks() {
        var state = chain.state();
        require(wealth(state).equals(wealth), "there is %s, and was %s".formatted(wealth(state), wealth));
        require(
                state.wallet(state.market().domain().hub()).equals(state.supply()),
                "the market holds other than its accounts have");
    }

    private static Rlc wealth(State state) {
        return state.tokens().values().stream().reduce(Rlc.ZERO, Rlc::plus);
    }

    /* THE END */

    /// Tasks that have not ended.
    List<Task> open() {
        return tasks().filter(task -> !task.ended()).toList();
    }

    private Stream<Task> tasks() {
        var state = chain.state();
        return state.deals().values().stream()
                .flatMap(deal -> LongStream.range(deal.first(), deal.first() + deal.volume())
                        .mapToObj(index -> state.task(deal, index)));
    }

    void requireInTime(Instant clears) {
        var now = chain.head().time();
        for (var task : open()) {
            var deadline = deal(task).finalDeadline();
            var end = deadline.isAfter(clears) ? deadline : clears;
            require(now.isBefore(end.plus(SLACK)), "it is %s, and %s has not ended".formatted(now, task));
        }
    }

    void requireJustice() throws InterruptedException {
        looks();
        Stream.concat(
                        characters.keySet().stream(),
                        Stream.of(scene.requester().address(), scene.scheduler().address()))
                .forEach(this::requireFree);
        var tasks = tasks().collect(toMap(task -> task.id().value(), task -> task));
        for (var event : chain.news(News.Cursor.START, Duration.ZERO).events()) {
            if (event instanceof Event.Seized seized && characters.get(seized.owner()) == Nature.HONEST) {
                Optional.ofNullable(tasks.get(seized.reference())).ifPresent(task -> requireGuilt(seized, task));
            }
        }
    }

    private void requireFree(Address person) {
        var locked = chain.account(person).locked();
        require(locked.isZero(), "%s of %s are locked for nothing".formatted(locked, person));
    }

    /// Of those who are honest, because others won who lie; of a program that answers otherwise each time, anyone.
    private void requireGuilt(Event.Seized seized, Task task) {
        var shown = Optional.ofNullable(chain.state().digests().get(task.id()));
        require(
                kind(task) == Mind.Kind.DICE
                        || shown.filter(digest -> !digest.equals(Mind.truth(kind(task), task.id())))
                                .isPresent(),
                "%s is honest, and lost %s: %s".formatted(seized.owner(), seized.amount(), task));
    }

    /// Where nobody lies, and the weather is good for long enough, a program that does not fail gives a result that
    /// is paid.
    void requireSuccess(Scenario scenario, Instant clears) {
        tasks().filter(task -> (kind(task) == Mind.Kind.STEADY || kind(task) == Mind.Kind.PLAIN)
                        && scenario.isFavourable(deal(task).trust())
                        && clears.plus(ENOUGH).isBefore(deal(task).contributionDeadline()))
                .forEach(task -> require(task instanceof Task.Completed, "nothing spoke against " + task));
    }

    /// How many tasks were paid.
    long paid() {
        return tasks().filter(Task.Completed.class::isInstance).count();
    }

    long count() {
        return tasks().count();
    }

    private Deal deal(Task task) {
        return chain.deal(task.deal()).orElseThrow();
    }

    private Mind.Kind kind(Task task) {
        return Mind.Kind.valueOf(Params.parse(deal(task).params()).arguments().getFirst());
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            protest(otherwise);
        }
    }
}
