package bourse.scheduler.trust;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.scheduler.trust.Standing.Caught;
import bourse.scheduler.trust.Standing.Good;
import bourse.scheduler.trust.Standing.Reason;
import bourse.scheduler.trust.Tally.Group;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a pool knows about its workers and its undecided tasks, and whom it asks next.
///
/// It is told what happened, and changes what that touches and nothing else: a worker that passes a check, the
/// tasks that wait for him. It has no clock and no dice: `draw` comes in. Used by one thread.
///
/// Of one task only one worker is asked at a time, unless every way in which several may vote is safe
/// ([Foresight]): who is asked first can not know who will be asked to confirm him, so that whoever would lie
/// in company must begin alone.
///
/// @param <T> what tasks are named by
public final class Book<T> {
    /// On the [Shelf], under [Law.Chain]: what was begun is finished first.
    private static final int BEGUN = 0;

    private static final int NEW = 1;

    private final Policy policy;
    private Kinship kinship;
    private final Map<Address, Standing> standings = new HashMap<>();
    private final Experience experience;
    private final Map<T, Ballot<T>> open = new HashMap<>();
    private final Map<Address, Set<Ballot<T>>> trails = new HashMap<>();
    private final Shelf<T> shelf = new Shelf<>();
    private final Conflicts conflicts = new Conflicts();
    private final Set<Address> letAlone = new HashSet<>();
    /// Who was given a check because nothing else was left.
    private final Set<Address> examined = new HashSet<>();

    private final Deque<Ballot<T>> changed = new ArrayDeque<>();
    private final List<Decided<T>> decisions = new ArrayList<>();
    private long decided;
    private int atWork;
    /// How many tasks nobody was ever asked to work on.
    private int untouched;

    public Book(Policy policy, Kinship kinship) {
        this.policy = policy;
        this.kinship = kinship;
        this.experience = new Experience(policy);
    }

    /// What a worker has shown with one app.
    ///
    /// @param passed checks, older ones counting less
    public record Shown(Address worker, Address app, double passed) {}

    /// A worker that asks.
    ///
    /// @param weight what his vote counts on chain
    public record Candidate(Address worker, double weight) {}

    /* WHAT IS KNOWN */

    public Standing standing(Address worker) {
        return standings.getOrDefault(worker, Standing.NEW);
    }

    /// How a worker stands with the tasks of one app. What he is remembered for are checks in this app, where it is
    /// known well enough ([Experience]).
    Standing standing(Address worker, Address app) {
        return switch (standing(worker)) {
            case Good good -> new Good(good.epoch(), good.passed(), experience.of(worker, app, good.remembered()));
            case Caught caught -> caught;
        };
    }

    /// What a worker is believed who votes now on a task of this app.
    public Credibility credibility(Address worker, Address app) {
        return switch (standing(worker, app)) {
            case Good good -> policy.assumption().after(good.behind(good.epoch(), policy));
            case Caught _ -> new Credibility(0.5);
        };
    }

    private double odds(Vote vote, Address app) {
        return switch (standing(vote.worker(), app)) {
            case Good good ->
                policy.assumption().after(good.behind(vote.epoch(), policy)).odds();
            case Caught _ -> 1; // as likely right as wrong: he says nothing
        };
    }

    /// Whom it lets vote on what, now and as it learns more. For the thread that uses the book.
    public Gate gate() {
        return new Beliefs(policy.assumption(), this::standing, () -> kinship);
    }

    /// Who belongs together, from now on.
    public void relate(Kinship latest) {
        kinship = latest;
    }

    /// How a worker stood when the book was closed last.
    public void recall(Address worker, Standing standing) {
        standings.put(worker, standing);
    }

    /// What he had shown then.
    public void recall(Shown shown) {
        experience.recall(shown);
    }

    /// What workers have shown with apps, as far as it has changed since the last call.
    public List<Shown> takeShown() {
        return experience.takeChanges();
    }

    public Tally tally(T task) {
        var ballot = open.get(task);
        return ballot == null ? new Tally(List.of()) : tally(ballot);
    }

    private Tally tally(Ballot<T> ballot) {
        return tally(ballot.app, ballot.votes());
    }

    private Tally tally(Address app, List<Vote> votes) {
        return Tally.of(votes, vote -> odds(vote, app));
    }

    public boolean isOpen(T task) {
        return open.containsKey(task);
    }

    public int undecided() {
        return open.size();
    }

    /* WHOM TO ASK */

    public void open(T task, Address app) {
        var ballot = new Ballot<>(task, app);
        experience.meet(app);
        open.put(task, ballot);
        untouched++;
        shelve(ballot);
    }

    /// What this worker should do; a task that he is given counts on him from now on.
    ///
    /// @param draw evenly from 0 to less than 1, unknown to everyone
    public Step<T> next(Candidate candidate, double draw) {
        if (!(standings.computeIfAbsent(candidate.worker(), _ -> Standing.NEW) instanceof Good good)) {
            return new Step.Rest<>();
        }
        if (draw < checks(candidate, good)) {
            return new Step.Check<>();
        }
        var found = find(candidate);
        if (found.isPresent()) {
            var ballot = found.get();
            touch(ballot);
            ballot.ask(candidate.worker());
            atWork++;
            if (decidesAlone(candidate.weight())) {
                letAlone.add(candidate.worker());
            }
            return new Step.Work<>(ballot.task);
        }
        if (atWork == 0 && examined.size() < open.size() && wouldHelp(candidate.worker(), good)) {
            examined.add(candidate.worker());
            return new Step.Check<>();
        }
        return new Step.Rest<>();
    }

    /// Where nobody could be given anything, something must be learnt of somebody, or nothing goes on: of one
    /// whose results wait, or of the one who is nearest to being believed alone.
    private boolean wouldHelp(Address worker, Good good) {
        return switch (policy.law()) {
            case Law.Held _ -> !trails.getOrDefault(worker, Set.of()).isEmpty();
            case Law.Chain _ ->
                !isProven(good)
                        && standings.values().stream()
                                .noneMatch(other -> other instanceof Good better
                                        && !isProven(better)
                                        && better.remembered() > good.remembered());
        };
    }

    private Optional<Ballot<T>> find(Candidate candidate) {
        return switch (policy.law()) {
            case Law.Held _ -> shelf.take(ballot -> mayJoin(candidate, ballot));
            // All of an app that nobody has voted on are alike: who may not begin one may begin none.
            case Law.Chain _ -> shelf.take(mayBeginSome(candidate) ? NEW : BEGUN, ballot -> mayJoin(candidate, ballot));
        };
    }

    private boolean mayBeginSome(Candidate candidate) {
        return experience.apps().stream().anyMatch(app -> isSafe(candidate, app, List.of()));
    }

    private void touch(Ballot<T> ballot) {
        if (!ballot.touched) {
            ballot.touched = true;
            untouched--;
            if (untouched == 0 && policy.law() instanceof Law.Held) {
                changed.addAll(open.values());
            }
        }
    }

    private double checks(Candidate candidate, Good good) {
        return switch (policy.law()) {
            case Law.Chain chain
            when decidesAlone(candidate.weight()) && isProven(good) -> {
                int alone = letAlone.size() + (letAlone.contains(candidate.worker()) ? 0 : 1);
                yield new Exposure(decided, alone).checks(policy, chain);
            }
            // The chain lets nobody of them decide alone: enough that the pool believes him what the chain does.
            case Law.Chain _ ->
                policy.assumption().after(good.remembered()).odds() < candidate.weight() ? policy.checks() : 0;
            case Law.Held _ -> policy.checks();
        };
    }

    private boolean isProven(Good good) {
        return good.remembered() >= policy.checksForOne();
    }

    private boolean decidesAlone(double weight) {
        return policy.law() instanceof Law.Chain && policy.promise().consensus(weight, 0);
    }

    private boolean mayJoin(Candidate candidate, Ballot<T> ballot) {
        for (var vote : ballot.votes()) {
            if (kinship.related(vote.worker(), candidate.worker())) {
                return false;
            }
        }
        return isSafe(candidate, ballot.app, ballot.votes());
    }

    /// Whether nothing that he may say could make the chain decide too early.
    private boolean isSafe(Candidate candidate, Address app, List<Vote> votes) {
        return switch (policy.law()) {
            case Law.Held _ -> true;
            case Law.Chain _ -> {
                double odds = credibility(candidate.worker(), app).odds();
                boolean proven = standing(candidate.worker(), app) instanceof Good good && isProven(good);
                yield Foresight.holds(
                        policy.promise(),
                        tally(app, votes),
                        List.of(new Foresight.Voter(candidate.weight(), odds, proven)));
            }
        };
    }

    private void shelve(Ballot<T> ballot) {
        switch (policy.law()) {
            case Law.Held _ -> {
                var tally = tally(ballot);
                var best = tally.best();
                shelf.put(
                        ballot,
                        best.map(group -> group.odds() / (1 + tally.against(group)))
                                .orElse(1.0));
            }
            case Law.Chain _ -> shelf.put(ballot, ballot.votes().isEmpty() ? NEW : BEGUN);
        }
    }

    /* WHAT HAPPENED */

    /// A worker has voted. One that was caught meanwhile has wasted his time, except on chain, where his vote
    /// stands.
    ///
    /// @param power what his vote counts on chain
    public void voted(T task, Address worker, Bytes32 answer, double power) {
        var ballot = open.get(task);
        if (ballot == null) {
            return;
        }
        if (ballot.pending().contains(worker)) {
            atWork--;
        }
        switch (standing(worker)) {
            case Caught _ when policy.law() instanceof Law.Held -> ballot.forget(worker);
            case Caught _ -> ballot.vote(new Vote(worker, answer, power, 0));
            case Good good -> {
                ballot.vote(new Vote(worker, answer, power, good.epoch()));
                trails.computeIfAbsent(worker, _ -> new LinkedHashSet<>()).add(ballot);
                compare(ballot, worker, answer);
            }
        }
        changed.add(ballot);
        settle();
    }

    /// A worker that was asked will not vote.
    public void lost(T task, Address worker) {
        var ballot = open.get(task);
        if (ballot != null && ballot.pending().contains(worker)) {
            atWork--;
            ballot.forget(worker);
            changed.add(ballot);
            settle();
        }
    }

    /// A vote counts differently on chain, as one does that is audited.
    public void weighed(T task, Address worker, double power) {
        var ballot = open.get(task);
        if (ballot != null) {
            ballot.weigh(worker, power);
        }
    }

    /// A worker has given a result for a task whose result was known.
    public void checked(Address worker, Address app, boolean right) {
        examined.remove(worker);
        if (!(standing(worker) instanceof Good good)) {
            return;
        }
        if (right) {
            var better = pass(worker, good, app);
            if (policy.law() instanceof Law.Held && mayClose(better)) {
                changed.addAll(trails.getOrDefault(worker, Set.of()));
            }
        } else {
            exclude(worker, Reason.CHECK);
        }
        settle();
    }

    private Good pass(Address worker, Good good, Address app) {
        var better = good.pass(policy);
        standings.put(worker, better);
        experience.passed(worker, app);
        return better;
    }

    /// The chain has decided.
    public void ended(T task, Bytes32 answer) {
        var ballot = open.get(task);
        if (ballot == null) {
            return;
        }
        close(ballot);
        learn(ballot, answer);
        settle();
    }

    /// It will not be decided: nothing is learnt of it.
    public void drop(T task) {
        var ballot = open.get(task);
        if (ballot != null) {
            close(ballot);
        }
    }

    /// What was decided since the last call.
    public List<Decided<T>> takeDecisions() {
        var taken = List.copyOf(decisions);
        decisions.clear();
        return taken;
    }

    /* WHAT FOLLOWS */

    /// Who is caught changes the tasks that he has voted on, which may convict others: until nothing changes.
    private void settle() {
        for (var ballot = changed.poll(); ballot != null; ballot = changed.poll()) {
            if (open.get(ballot.task) != ballot || !ballot.pending().isEmpty()) {
                continue;
            }
            var believed = policy.law() instanceof Law.Held ? decidable(ballot) : Optional.<Group>empty();
            if (believed.isPresent()) {
                close(ballot);
                decisions.add(new Decided<>(ballot.task, believed.get().answer()));
                learn(ballot, believed.get().answer());
            } else {
                shelve(ballot);
            }
        }
    }

    /// The group that is sure enough. Where that is one worker alone, his epoch ends with it.
    private Optional<Group> decidable(Ballot<T> ballot) {
        var believed = tally(ballot).believed(policy.promise());
        if (believed.isPresent() && believed.get().members() == 1) {
            var vote = ballot.votes().stream()
                    .filter(one -> one.answer().equals(believed.get().answer()))
                    .findFirst()
                    .orElseThrow();
            if (standing(vote.worker()) instanceof Good good && vote.epoch() == good.epoch()) {
                if (!mayClose(good)) {
                    return Optional.empty();
                }
                standings.put(vote.worker(), good.close());
                changed.addAll(trails.getOrDefault(vote.worker(), Set.of()));
            }
        }
        return believed;
    }

    /// An epoch that is long enough is kept open while there is new work, so that it covers that, too; but not
    /// for ever.
    private boolean mayClose(Good good) {
        return untouched == 0 || good.passed() >= 2 * policy.checksForOne();
    }

    private void close(Ballot<T> ballot) {
        open.remove(ballot.task);
        shelf.remove(ballot);
        atWork -= ballot.pending().size();
        decided++;
        for (var vote : ballot.votes()) {
            var trail = trails.get(vote.worker());
            if (trail != null) {
                trail.remove(ballot);
            }
        }
    }

    /// From a task that is decided: who was outvoted is caught, if those who outvoted him are believed; and who
    /// is confirmed by others who would be believed without him has passed a check.
    private void learn(Ballot<T> ballot, Bytes32 answer) {
        if (ballot.votes().size() < 2) {
            return;
        }
        var tally = tally(ballot);
        var winners = tally.groups().stream()
                .filter(group -> group.answer().equals(answer))
                .findFirst();
        if (winners.isEmpty() || !policy.promise().kept(winners.get().odds(), tally.against(winners.get()))) {
            return;
        }
        double odds = winners.get().odds();
        double against = tally.against(winners.get());
        for (var vote : ballot.votes()) {
            if (!vote.answer().equals(answer)) {
                exclude(vote.worker(), Reason.VOTE);
            } else if (policy.promise().kept(odds / odds(vote, ballot.app), against)
                    && standing(vote.worker()) instanceof Good good) {
                pass(vote.worker(), good, ballot.app);
                changed.addAll(trails.getOrDefault(vote.worker(), Set.of()));
            }
        }
    }

    private void exclude(Address worker, Reason reason) {
        if (standing(worker) instanceof Caught) {
            return;
        }
        standings.put(worker, new Caught(reason));
        experience.forget(worker);
        for (var accomplice : conflicts.league(worker)) {
            if (standing(accomplice) instanceof Good good) {
                standings.put(accomplice, good.forfeit());
                experience.forget(accomplice);
                changed.addAll(trails.getOrDefault(accomplice, Set.of()));
            }
        }
        var trail = trails.remove(worker);
        if (trail != null) {
            for (var ballot : trail) {
                if (policy.law() instanceof Law.Held) {
                    ballot.withdraw(worker);
                }
                changed.add(ballot);
            }
        }
    }

    /// Notes who contradicts whom.
    private void compare(Ballot<T> ballot, Address worker, Bytes32 answer) {
        boolean contested = false;
        for (var vote : ballot.votes()) {
            if (!vote.answer().equals(answer)) {
                contested = true;
                conflicts.contradict(worker, vote.worker());
                convict(vote.worker());
            }
        }
        if (contested) {
            for (var vote : ballot.votes()) {
                if (vote.answer().equals(answer) && !vote.worker().equals(worker)) {
                    conflicts.ally(worker, vote.worker());
                }
            }
            convict(worker);
        }
    }

    private void convict(Address worker) {
        if (conflicts.convict(worker, standings.size(), policy.assumption())) {
            exclude(worker, Reason.CONFLICTS);
        }
    }
}
