package bourse.testing;

import static bourse.testing.Draft.refusal;
import static bourse.testing.Draft.require;

import bourse.protocol.Address;
import bourse.protocol.Authorization;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Category;
import bourse.protocol.Contribution;
import bourse.protocol.Contribution.Status;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Digest;
import bourse.protocol.Event;
import bourse.protocol.Keccak;
import bourse.protocol.Refused;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;

/// The life of a task: initialize, contribute, reveal, then finalize, reopen, claim or decline.
final class Tasks {
    /// Few enough that settling them fits any block.
    private static final int MOST_CONTRIBUTORS = 32;

    private static final long MAX_WEIGHT = 0xffffff;
    private static final BigInteger MAX_GROUP = BigInteger.TWO.pow(128).subtract(BigInteger.ONE);

    private Tasks() {}

    /* ANYONE */

    static void initialize(Draft draft, DealId id, long index) throws Refused {
        var deal = draft.deals.get(id);
        if (deal == null) {
            throw refusal("UnknownDeal", "dealid", id);
        }
        require(
                index >= deal.first() && index < deal.first() + deal.volume(),
                "IndexOutOfDeal",
                "index",
                index,
                "first",
                deal.first(),
                "size",
                deal.volume());
        var task = deal.task(index);
        var known = draft.tasks.get(task);
        if (known != null) {
            throw wrongStatus(task, known);
        }
        put(draft, new Task.Active(task, id, index, List.of()));
        draft.say(
                new Event.Initialized(task),
                "TaskInitialize",
                task,
                deal.workerpool().asset());
    }

    static void initialize(Draft draft, Act.InitializeArray t) throws Refused {
        require(
                t.deals().size() == t.indexes().size(),
                "LengthMismatch",
                "first",
                t.deals().size(),
                "second",
                t.indexes().size());
        for (int i = 0; i < t.deals().size(); i++) {
            initialize(draft, t.deals().get(i), t.indexes().get(i));
            if (t.claims()) {
                claim(draft, t.deals().get(i).task(t.indexes().get(i)));
            }
        }
    }

    /// Ends a task that nobody finished in time.
    static void claim(Draft draft, TaskId id) throws Refused {
        var task = task(draft, id);
        if (task.ended()) {
            throw wrongStatus(id, task);
        }
        var deal = deal(draft, task);
        var deadline = deal.finalDeadline();
        require(!draft.now.isBefore(deadline), "TooEarly", "taskid", id, "from", deadline);
        Settlement.fail(draft, deal, task);
        put(draft, new Task.Failed(id, deal.id(), task.index(), task.contributors()));
        draft.say(new Event.Claimed(id), "TaskClaimed", id);
    }

    /* A WORKER WHO HAS THE SCHEDULER'S AUTHORIZATION */

    static void contribute(Draft draft, Transaction.Contribute t, Bytes enclaveSignature) throws Refused {
        var id = t.authorization().task();
        var task = active(draft, id);
        var deal = open(draft, task);
        authorized(draft, deal, t.authorization(), t.hash(), t.seal(), enclaveSignature);
        for (var contribution : task.contributions()) {
            require(
                    !contribution.worker().equals(draft.sender),
                    "AlreadyContributed",
                    "taskid",
                    id,
                    "worker",
                    draft.sender);
        }
        require(
                task.contributions().size() < MOST_CONTRIBUTORS,
                "TooManyContributors",
                "taskid",
                id,
                "max",
                MOST_CONTRIBUTORS);

        var contributions = new ArrayList<>(task.contributions());
        contributions.add(new Contribution(draft.sender, Status.CONTRIBUTED, t.hash(), t.seal(), weight(draft)));
        draft.lock(draft.sender, deal.workerStake());
        draft.votes = draft.votes.plus(id, draft.vote(id).in(t.authorization().enclave(), draft.sender));
        draft.say(new Event.Contributed(id, draft.sender, t.hash()), "TaskContribute", id, draft.sender, t.hash());
        if (decided(contributions, t.hash(), deal.trust())) {
            var revealing = revealing(task, t.hash(), revealDeadline(draft, deal), contributions);
            put(draft, revealing);
            won(draft, id, t.hash(), deal, Audits.draw(draft, deal.trust(), revealing));
            draft.say(new Event.ConsensusReached(id, t.hash()), "TaskConsensus", id, t.hash());
        } else {
            put(draft, new Task.Active(id, deal.id(), task.index(), contributions));
        }
    }

    /// The short way of a task that one result decides: everything in one call, without a stake.
    static void contributeAndFinalize(Draft draft, Transaction.ContributeAndFinalize t, Bytes enclaveSignature)
            throws Refused {
        var id = t.authorization().task();
        var task = active(draft, id);
        var deal = open(draft, task);
        untouched(task);
        require(deal.trust() == 1, "TrustNotOne", "taskid", id, "trust", deal.trust());
        requireCallback(id, deal, t.digest(), t.callbackData());
        var hash = t.digest().hash(id);
        var seal = t.digest().seal(draft.sender, id);
        authorized(draft, deal, t.authorization(), hash, seal, enclaveSignature);

        var vote = new Contribution(draft.sender, Status.PROVED, hash, seal, weight(draft));
        Settlement.payOwners(draft, deal, id);
        Settlement.payAlone(draft, deal, id, draft.sender);
        draft.votes = draft.votes.plus(id, draft.vote(id).in(t.authorization().enclave(), draft.sender));
        won(draft, id, hash, deal, OptionalLong.empty());
        draft.digests = draft.digests.plus(id, t.digest());
        draft.say(new Event.Contributed(id, draft.sender, hash), "TaskContribute", id, draft.sender, hash);
        draft.say(new Event.ConsensusReached(id, hash), "TaskConsensus", id, hash);
        draft.say(new Event.Revealed(id, draft.sender, t.digest()), "TaskReveal", id, draft.sender, t.digest());
        complete(draft, deal, task, t.digest(), t.results(), t.callbackData(), List.of(vote));
    }

    /// A winner shows the digest he had committed to.
    static void reveal(Draft draft, Transaction.Reveal t) throws Refused {
        var id = t.task();
        var task = revealing(draft, id);
        require(draft.now.isBefore(task.revealDeadline()), "TooLate", "taskid", id, "deadline", task.revealDeadline());
        Predicate<Contribution> his = contribution -> contribution.worker().equals(draft.sender);
        var vote = task.contributions().stream()
                .filter(his)
                .filter(contribution -> contribution.status() == Status.CONTRIBUTED)
                .filter(contribution -> contribution.hash().equals(task.consensus()))
                .findFirst()
                .orElseThrow(() -> refusal("NotAWinner", "taskid", id, "worker", draft.sender));
        if (task.reveals() == 0) {
            Audits.requireSpared(draft, id);
        }
        var revealed = t.digest().hash(id);
        require(
                task.consensus().equals(revealed),
                "ResultHashMismatch",
                "taskid",
                id,
                "won",
                task.consensus(),
                "revealed",
                revealed);
        var seal = t.digest().seal(draft.sender, id);
        require(vote.seal().equals(seal), "SealMismatch", "taskid", id, "contributed", vote.seal(), "revealed", seal);

        draft.digests = draft.digests.plus(id, t.digest());
        put(
                draft,
                revealing(
                        task, task.consensus(), task.revealDeadline(), with(task.contributions(), his, Status.PROVED)));
        draft.say(new Event.Revealed(id, draft.sender, t.digest()), "TaskReveal", id, draft.sender, t.digest());
    }

    /* THE DEAL'S SCHEDULER */

    /// Ends a task whose result is shown.
    static void finish(Draft draft, Transaction.Finalize t) throws Refused {
        var id = t.task();
        var task = revealing(draft, id);
        var deal = scheduled(draft, task);
        inTime(draft, deal, task);
        var mayStillReveal = draft.now.isBefore(task.revealDeadline());
        require(
                task.everyWinnerRevealed() || (task.reveals() > 0 && !mayStillReveal),
                "RevealsMissing",
                "taskid",
                id,
                "reveals",
                task.reveals(),
                "winners",
                task.winners(),
                "deadline",
                task.revealDeadline());
        var digest = draft.digests.get(id);
        if (digest == null) {
            throw new IllegalStateException("somebody has revealed " + id);
        }
        requireCallback(id, deal, digest, t.callbackData());
        Settlement.payOwners(draft, deal, id);
        Settlement.payWorkers(draft, deal, task);
        complete(draft, deal, task, digest, t.results(), t.callbackData(), task.contributions());
    }

    /// Lets others try where a result won and nobody showed it in time. Its votes count no more.
    static void reopen(Draft draft, TaskId id) throws Refused {
        var task = revealing(draft, id);
        var deal = scheduled(draft, task);
        inTime(draft, deal, task);
        require(!draft.now.isBefore(task.revealDeadline()), "TooEarly", "taskid", id, "from", task.revealDeadline());
        require(task.reveals() == 0, "AlreadyRevealed", "taskid", id, "reveals", task.reveals());
        var rejected = with(task.contributions(), vote -> vote.hash().equals(task.consensus()), Status.REJECTED);
        put(draft, new Task.Active(id, deal.id(), task.index(), rejected));
        // Who was alone and kept silent fares as if he had been audited.
        var vote = draft.vote(id);
        draft.votes = draft.votes.plus(id, vote.undone(vote.drawBlock().isPresent()));
        draft.say(new Event.Reopened(id), "TaskReopen", id);
    }

    /// Gives a task back that the pool cannot run, before anyone worked on it and while others could.
    static void decline(Draft draft, TaskId id) throws Refused {
        var task = active(draft, id);
        scheduled(draft, task);
        var deal = open(draft, task);
        untouched(task);
        Settlement.undo(draft, deal);
        put(draft, new Task.Failed(id, deal.id(), task.index(), List.of()));
        draft.say(new Event.Claimed(id), "TaskClaimed", id);
        draft.say(new Event.Declined(id), "TaskDeclined", id);
    }

    /* THE VOTE */

    /// Does `hash` carry enough of the weight? The weights of those who agree multiply to their group's, the
    /// total is one more than the sum of the groups, and an error that is as likely as `1 / trust` is left.
    static boolean decided(List<Contribution> contributions, Bytes32 hash, long trust) {
        var groups = new HashMap<Bytes32, BigInteger>();
        for (var contribution : contributions) {
            if (contribution.status() != Status.REJECTED) {
                groups.merge(
                        contribution.hash(),
                        BigInteger.valueOf(contribution.power()),
                        (group, weight) -> group.multiply(weight).min(MAX_GROUP));
            }
        }
        var group = groups.getOrDefault(hash, BigInteger.ZERO);
        var total = groups.values().stream().reduce(BigInteger.ONE, BigInteger::add);
        return group.multiply(BigInteger.valueOf(trust)).compareTo(total.multiply(BigInteger.valueOf(trust - 1))) > 0;
    }

    /// `max(score / 3, 3) - 1`, rounded down: 2 for whoever is new.
    private static long weight(Draft draft) {
        return Math.min(Math.max(draft.score(draft.sender) / 3, 3) - 1, MAX_WEIGHT);
    }

    /* CHECKS */

    private static Deal open(Draft draft, Task.Active task) throws Refused {
        var deal = deal(draft, task);
        var deadline = deal.contributionDeadline();
        require(draft.now.isBefore(deadline), "TooLate", "taskid", task.id(), "deadline", deadline);
        return deal;
    }

    private static Deal scheduled(Draft draft, Task task) throws Refused {
        var deal = deal(draft, task);
        var scheduler = deal.workerpool().owner();
        require(draft.sender.equals(scheduler), "NotScheduler", "caller", draft.sender, "scheduler", scheduler);
        return deal;
    }

    private static void inTime(Draft draft, Deal deal, Task task) throws Refused {
        var deadline = deal.finalDeadline();
        require(draft.now.isBefore(deadline), "TooLate", "taskid", task.id(), "deadline", deadline);
    }

    private static void untouched(Task.Active task) throws Refused {
        require(
                task.contributions().isEmpty(),
                "HasContributors",
                "taskid",
                task.id(),
                "contributors",
                task.contributions().size());
    }

    /// The scheduler chooses who works: his signature is for whoever sends it. A task that needs an enclave takes no
    /// result without one. An enclave that is named has to sign, and then the market's broker chooses, if there was
    /// one when the deal was made.
    private static void authorized(
            Draft draft,
            Deal deal,
            Authorization authorization,
            Bytes32 resultHash,
            Bytes32 resultSeal,
            Bytes enclaveSignature)
            throws Refused {
        var enclave = authorization.enclave();
        var task = authorization.task();
        var signer = deal.workerpool().owner();
        if (enclave.isZero()) {
            require(!deal.tag().wantsEnclave(), "EnclaveRequired", "taskid", task);
        } else {
            requireMessage(draft, enclave, Keccak.of(resultHash.bytes(), resultSeal.bytes()), enclaveSignature);
            var settings = draft.settings;
            if (!settings.broker().isZero() && deal.start().isAfter(settings.brokerSince())) {
                signer = settings.broker();
            }
        }
        var message = Keccak.of(draft.sender.bytes(), task.value().bytes(), enclave.bytes());
        requireMessage(draft, signer, message, authorization.signature());
    }

    private static void requireMessage(Draft draft, Address signer, Bytes32 message, Bytes signature) throws Refused {
        var hash = Wallet.messageHash(message);
        require(Matching.signed(draft, signer, hash, signature), "BadSignature", "signer", signer, "hash", hash);
    }

    /// With a callback, the digest is that of the bytes it gets, so that a scheduler can't deliver others.
    private static void requireCallback(TaskId id, Deal deal, Digest digest, Bytes data) throws Refused {
        var actual = Keccak.of(data.bytes());
        require(
                (!deal.hasCallback() && data.length() == 0) || actual.equals(digest.value()),
                "CallbackMismatch",
                "taskid",
                id,
                "digest",
                digest,
                "actual",
                actual);
    }

    /* PARTS */

    private static void complete(
            Draft draft,
            Deal deal,
            Task task,
            Digest digest,
            Bytes results,
            Bytes callbackData,
            List<Contribution> contributions) {
        put(
                draft,
                new Task.Completed(task.id(), deal.id(), task.index(), digest, results, callbackData, contributions));
        draft.say(new Event.Finalized(task.id(), results), "TaskFinalize", task.id(), results);
        if (deal.hasCallback()) {
            draft.callbacks = draft.callbacks.plus(new State.Callback(task.id(), deal.callback(), callbackData));
            // What it does with that is its own affair.
            if (draft.outsider(deal.callback())
                    .filter(State.Outsider::agreeable)
                    .isPresent()) {
                draft.logOf(deal.callback(), "Received", task.id(), callbackData);
            }
        }
    }

    private static void won(Draft draft, TaskId id, Bytes32 hash, Deal deal, OptionalLong draw) {
        var won = new State.Won(hash, revealDeadline(draft, deal));
        draft.votes = draft.votes.plus(id, draft.vote(id).won(won, draw));
    }

    private static Instant revealDeadline(Draft draft, Deal deal) {
        return draft.now.plus(deal.category().reference().multipliedBy(Category.REVEAL_RATIO));
    }

    /// Winners and reveals are counted, never kept.
    private static Task.Revealing revealing(
            Task task, Bytes32 consensus, Instant revealDeadline, List<Contribution> contributions) {
        int winners = 0;
        int reveals = 0;
        for (var contribution : contributions) {
            if (contribution.status() != Status.REJECTED && contribution.hash().equals(consensus)) {
                winners++;
            }
            if (contribution.status() == Status.PROVED) {
                reveals++;
            }
        }
        return new Task.Revealing(
                task.id(), task.deal(), task.index(), consensus, revealDeadline, winners, reveals, contributions);
    }

    private static List<Contribution> with(
            List<Contribution> contributions, Predicate<Contribution> which, Status status) {
        return contributions.stream()
                .map(vote -> which.test(vote) && vote.status() == Status.CONTRIBUTED
                        ? new Contribution(
                                vote.worker(), status, vote.hash(), vote.seal(), vote.weight(), vote.audited())
                        : vote)
                .toList();
    }

    private static void put(Draft draft, Task task) {
        draft.tasks = draft.tasks.plus(task.id(), task);
    }

    private static Task task(Draft draft, TaskId id) throws Refused {
        var task = draft.tasks.get(id);
        if (task == null) {
            throw refusal("WrongStatus", "taskid", id, "actual", 0);
        }
        return task;
    }

    private static Task.Active active(Draft draft, TaskId id) throws Refused {
        var task = task(draft, id);
        if (task instanceof Task.Active active) {
            return active;
        }
        throw wrongStatus(id, task);
    }

    private static Task.Revealing revealing(Draft draft, TaskId id) throws Refused {
        var task = task(draft, id);
        if (task instanceof Task.Revealing revealing) {
            return revealing;
        }
        throw wrongStatus(id, task);
    }

    private static Deal deal(Draft draft, Task task) {
        var deal = draft.deals.get(task.deal());
        if (deal == null) {
            throw new IllegalStateException("no task without its deal: " + task.id());
        }
        return deal;
    }

    private static Refused wrongStatus(TaskId id, Task actual) {
        var number = switch (actual) {
            case Task.Unset _ -> 0;
            case Task.Active _ -> 1;
            case Task.Revealing _, Task.AuditDue _ -> 2;
            case Task.Completed _ -> 3;
            case Task.Failed _ -> 4;
        };
        return refusal("WrongStatus", "taskid", id, "actual", number);
    }
}
