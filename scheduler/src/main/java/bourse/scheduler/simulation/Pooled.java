package bourse.scheduler.simulation;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.protocol.Draw;
import bourse.protocol.Voting;
import bourse.scheduler.simulation.Crowd.Sight;
import bourse.scheduler.trust.Assumption;
import bourse.scheduler.trust.Book;
import bourse.scheduler.trust.Book.Candidate;
import bourse.scheduler.trust.Kinship;
import bourse.scheduler.trust.Law;
import bourse.scheduler.trust.Policy;
import bourse.scheduler.trust.Promise;
import bourse.scheduler.trust.Standing;
import bourse.scheduler.trust.Step;
import bourse.scheduler.trust.Tally;
import bourse.scheduler.trust.Vote;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// A pool that is led by its planner, on chain or by itself. In a step every worker asks once, in random order;
/// at its end all results come in.
final class Pooled {
    private static final double NEW = (double) Voting.weight(0);

    private final Setup setup;
    private final Policy policy;
    private final SplittableRandom random;
    private final Crowd crowd;
    private final Book<Integer> book;
    private final List<Address> addresses;
    private final Map<Integer, OnChain> tasks = new HashMap<>();
    private final long[] scores;
    private final boolean[] trusted;

    private int wrong;
    private long results;
    private long checks;

    /// A task as the contracts have it.
    private static final class OnChain {
        private final List<Ballot> votes = new ArrayList<>();
        private boolean audited;
    }

    private record Ballot(int worker, Bytes32 answer, double weight, boolean audited) {
        double power() {
            return audited ? NEW : weight;
        }
    }

    private record Given(int task, int worker) {}

    Pooled(Setup setup, boolean chain, SplittableRandom random) {
        this.setup = setup;
        this.random = random;
        this.policy = new Policy(
                new Promise(setup.trust()),
                new Assumption(setup.assumed()),
                chain ? new Law.Chain(new Draw(setup.audit())) : new Law.Held(),
                setup.checks());
        this.crowd = new Crowd(setup, random);
        this.book = new Book<>(policy, Kinship.NONE);
        this.addresses = Crowd.addresses(setup.workers());
        this.scores = new long[setup.workers()];
        this.trusted = new boolean[setup.workers()];
        Arrays.fill(scores, setup.score());
    }

    Outcome run() {
        for (int task = 0; task < setup.tasks(); task++) {
            book.open(task, Crowd.APP);
        }
        long most = 100L + 200L * (1 + setup.tasks() / setup.workers());
        long steps = 0;
        boolean goesOn = true;
        while (goesOn && book.undecided() > 0 && steps < most) {
            goesOn = step();
            steps++;
        }
        int caught = 0;
        int wronged = 0;
        for (int worker = 0; worker < setup.workers(); worker++) {
            if (book.standing(addresses.get(worker)) instanceof Standing.Caught) {
                if (crowd.isFaulty(worker)) {
                    caught++;
                } else {
                    wronged++;
                }
            }
        }
        return new Outcome(setup.tasks(), wrong, book.undecided(), results, checks, steps, caught, wronged);
    }

    /// @return whether anybody had something to do
    private boolean step() {
        var given = new ArrayList<Given>();
        var checked = new ArrayList<Integer>();
        for (int worker : crowd.shuffled()) {
            var candidate = new Candidate(addresses.get(worker), weight(worker));
            switch (book.next(candidate, random.nextDouble())) {
                case Step.Check<Integer> _ -> checked.add(worker);
                case Step.Work<Integer> work -> given.add(new Given(work.task(), worker));
                case Step.Rest<Integer> _ -> {}
            }
        }
        for (int worker : checked) {
            results++;
            checks++;
            book.checked(addresses.get(worker), Crowd.APP, !crowd.lies(worker, new Sight(isTrusted(worker), 0, 0)));
        }
        for (var one : given) {
            results++;
            vote(one.task(), one.worker());
        }
        return !checked.isEmpty() || !given.isEmpty();
    }

    private void vote(int task, int worker) {
        int lies = 0;
        int truths = 0;
        var state = tasks.computeIfAbsent(task, _ -> new OnChain());
        for (var vote : state.votes) {
            if (vote.answer().equals(Crowd.WRONG)) {
                lies++;
            } else {
                truths++;
            }
        }
        boolean lie = crowd.lies(worker, new Sight(isTrusted(worker), lies, truths));
        var answer = lie ? Crowd.WRONG : Crowd.RIGHT;
        var ballot = new Ballot(worker, answer, weight(worker), false);
        state.votes.add(ballot);
        book.voted(task, addresses.get(worker), answer, ballot.power());
        switch (policy.law()) {
            case Law.Held _ -> book.takeDecisions().forEach(decided -> accept(decided.task(), decided.answer()));
            case Law.Chain chain -> count(task, state, chain.draw());
        }
    }

    private double weight(int worker) {
        return (double) Voting.weight(scores[worker]);
    }

    /// Whether his result is accepted alone, by what he can know.
    private boolean isTrusted(int worker) {
        return switch (policy.law()) {
            case Law.Held _ -> trusted[worker];
            case Law.Chain _ -> policy.promise().consensus(weight(worker), 0);
        };
    }

    private void accept(int task, Bytes32 answer) {
        var state = tasks.remove(task);
        if (state != null && state.votes.size() == 1) {
            trusted[state.votes.getFirst().worker()] = true;
        }
        if (answer.equals(Crowd.WRONG)) {
            wrong++;
        }
    }

    /* THE CONTRACTS */

    private void count(int task, OnChain state, Draw draw) {
        var votes = state.votes.stream()
                .map(vote -> new Vote(addresses.get(vote.worker()), vote.answer(), vote.power(), 0))
                .toList();
        var consensus = Tally.of(votes, _ -> 1).consensus(policy.promise());
        if (consensus.isEmpty()) {
            return;
        }
        var answer = consensus.get().answer();
        if (consensus.get().members() == 1 && setup.trust() > 1 && random.nextInt(100) < draw.ratio()) {
            audit(task, state, answer);
            return;
        }
        settle(state, answer);
        accept(task, answer);
        book.ended(task, answer);
    }

    private void audit(int task, OnChain state, Bytes32 answer) {
        state.audited = true;
        state.votes.replaceAll(
                vote -> vote.answer().equals(answer) ? new Ballot(vote.worker(), answer, vote.weight(), true) : vote);
        for (var vote : state.votes) {
            book.weighed(task, addresses.get(vote.worker()), vote.power());
        }
    }

    private void settle(OnChain state, Bytes32 answer) {
        for (var vote : state.votes) {
            if (!vote.answer().equals(answer)) {
                scores[vote.worker()] = state.audited ? 0 : Voting.outvoted(scores[vote.worker()]);
            } else if (state.votes.size() > 1) {
                scores[vote.worker()]++;
            }
        }
    }
}
