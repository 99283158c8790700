package bourse.worker;

import bourse.protocol.Account;
import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Chain;
import bourse.protocol.Deal;
import bourse.protocol.Failure;
import bourse.protocol.Malformed;
import bourse.protocol.News;
import bourse.protocol.Params;
import bourse.protocol.Pool.Assignment;
import bourse.protocol.Pool.Cause;
import bourse.protocol.Task;
import bourse.protocol.Time;
import bourse.sandbox.Program;
import bourse.sandbox.Sandbox;
import java.time.Duration;
import java.util.List;

/// Whether a pool's assignment is worth the work. The pool is believed nothing that the chain knows, and
/// nothing is fetched before all of it holds.
final class AssignmentCheck {
    /// How long a worker waits for his node to see what the pool has seen.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Chain chain;
    private final Address me;
    private final Time time;
    private final Sandbox sandbox;
    private final Disk disk;
    private final Settings settings;

    AssignmentCheck(Chain chain, Address me, Time time, Sandbox sandbox, Disk disk, Settings settings) {
        this.chain = chain;
        this.me = me;
        this.time = time;
        this.sandbox = sandbox;
        this.disk = disk;
        this.settings = settings;
    }

    /// Passes if a contribution to the task would be accepted now, and this worker can compute it.
    ///
    /// The order matters: a node that is behind knows neither the task nor the money that came in lately, and
    /// stake and task can be asked for only once it is sure which they are.
    void check(Assignment assignment) throws ProgramFailed, GaveUp, InterruptedException {
        awaitBlock(assignment.block());
        checkDeal(assignment);
        checkTask(assignment);
        checkAuthorization(assignment);
        checkAssets(assignment);
        checkRuntime(assignment);
        checkNeeds(Inputs.params(assignment.deal()).needs());
    }

    private void awaitBlock(long block) throws GaveUp, InterruptedException {
        var head = chain.head();
        var cursor = new News.Cursor(head.number(), head.hash());
        var end = time.instant().plus(PATIENCE);
        while (cursor.block() < block) {
            var left = Duration.between(time.instant(), end);
            expect(
                    left.isPositive(),
                    Cause.CHAIN_BEHIND,
                    "this worker's node is at block %d, the pool saw the task at %d: is the node synchronised?"
                            .formatted(cursor.block(), block));
            cursor = chain.news(cursor, left).cursor();
        }
    }

    private void checkDeal(Assignment assignment) throws GaveUp, InterruptedException {
        var told = assignment.deal();
        var deal = chain.deal(told.id())
                .orElseThrow(
                        () -> new GaveUp(Cause.CHAIN_BEHIND, "this worker's node knows no such deal: " + told.id()));
        expect(deal.equals(told), Cause.ASSIGNMENT_WRONG, "the chain has no such deal as the pool tells: " + told.id());
        long place = assignment.index() - deal.first();
        expect(
                place >= 0
                        && place < deal.volume()
                        && deal.task(assignment.index()).equals(assignment.task()),
                Cause.ASSIGNMENT_WRONG,
                "the task is not the one at index %d of its deal".formatted(assignment.index()));
    }

    private void checkTask(Assignment assignment) throws GaveUp, InterruptedException {
        var deal = assignment.deal();
        var task = chain.tasks(List.of(new Chain.Index(deal.id(), assignment.index())))
                .getFirst();
        expect(!(task instanceof Task.Unset), Cause.CHAIN_BEHIND, "this worker's node has not seen the task begin");
        boolean alone = deal.trust() == 1 && task.contributors().isEmpty();
        if (!alone) {
            checkStake(deal, chain.account(me));
        }
        expect(task instanceof Task.Active, Cause.TOO_LATE, "the task takes no contributions any more");
        expect(
                chain.head().time().isBefore(deal.contributionDeadline()),
                Cause.TOO_LATE,
                "the time for contributions ended at " + deal.contributionDeadline());
        expect(
                task.contributors().stream().noneMatch(vote -> vote.worker().equals(me)),
                Cause.TOO_LATE,
                "this worker has voted on the task already");
    }

    private void checkStake(Deal deal, Account account) throws GaveUp {
        expect(
                account.free().covers(deal.workerStake()),
                Cause.STAKE_TOO_LOW,
                "the stake is %s, the worker %s has %s free in the market: deposit more, or wait for what is locked"
                        .formatted(deal.workerStake(), me, account.free()));
    }

    private void checkAuthorization(Assignment assignment) throws GaveUp {
        var authorization = assignment.authorization();
        expect(authorization.worker().equals(me), Cause.ASSIGNMENT_WRONG, "the authorization is for another worker");
        expect(
                authorization.enclave().isZero() && !assignment.deal().tag().wantsEnclave(),
                Cause.NOT_SUPPORTED,
                "the task wants an enclave, which this worker does not have");
        try {
            expect(
                    authorization.signer().equals(assignment.deal().workerpool().owner()),
                    Cause.ASSIGNMENT_WRONG,
                    "the authorization is not signed by the workerpool's owner");
        } catch (Malformed e) {
            throw new GaveUp(Cause.ASSIGNMENT_WRONG, "the authorization is not signed: " + e.getMessage());
        }
    }

    private void checkAssets(Assignment assignment) throws GaveUp, InterruptedException {
        var deal = assignment.deal();
        var app = chain.app(deal.app().asset())
                .orElseThrow(() -> new GaveUp(
                        Cause.CHAIN_BEHIND,
                        "this worker's node knows no such app: " + deal.app().asset()));
        expect(
                sameProgram(app, assignment.app()),
                Cause.ASSIGNMENT_WRONG,
                "the pool tells another program than the app's registry");
        expect(
                deal.hasDataset() == assignment.dataset().isPresent(),
                Cause.ASSIGNMENT_WRONG,
                "the pool tells of a dataset where the deal has none, or of none where it has one");
        if (assignment.dataset().isPresent()) {
            var told = assignment.dataset().get();
            var dataset = chain.dataset(deal.dataset().asset())
                    .orElseThrow(() -> new GaveUp(
                            Cause.CHAIN_BEHIND,
                            "this worker's node knows no such dataset: "
                                    + deal.dataset().asset()));
            expect(
                    sameFile(dataset, told),
                    Cause.ASSIGNMENT_WRONG,
                    "the pool tells another file than the dataset's registry");
        }
    }

    /// The owner and the name may change while a deal runs; the program may not.
    private static boolean sameProgram(Asset.App one, Asset.App other) {
        return one.address().equals(other.address())
                && one.type().equals(other.type())
                && one.location().equals(other.location())
                && one.checksum().equals(other.checksum());
    }

    private static boolean sameFile(Asset.Dataset one, Asset.Dataset other) {
        return one.address().equals(other.address())
                && one.location().equals(other.location())
                && one.checksum().equals(other.checksum());
    }

    private void checkRuntime(Assignment assignment) throws ProgramFailed, GaveUp {
        var type = assignment.app().type();
        var kind = switch (type) {
            case Asset.App.WASM -> Program.Wasm.class;
            case Asset.App.DOCKER -> Program.Image.class;
            default ->
                throw new ProgramFailed(
                        Failure.Cause.DEAL_UNUSABLE,
                        "the app's type is %s, workers run %s and %s"
                                .formatted(Text.brief(type), Asset.App.WASM, Asset.App.DOCKER));
        };
        expect(sandbox.kinds().contains(kind), Cause.NOT_SUPPORTED, "this worker does not run apps of type " + type);
    }

    /// The pool has read what this machine has: more is its mistake.
    private void checkNeeds(Params.Needs needs) throws GaveUp {
        long memory = settings.memoryBytes() / Share.MEBIBYTE;
        expect(
                needs.cores() <= settings.cores() && needs.memory() <= memory && needs.gpus() == 0,
                Cause.NOT_SUPPORTED,
                "the task asks for %d cores, %d MiB and %d GPUs, this worker lends %d cores, %d MiB and no GPU"
                        .formatted(needs.cores(), needs.memory(), needs.gpus(), settings.cores(), memory));
        disk.check(needs.disk() * Share.MEBIBYTE);
    }

    private static void expect(boolean holds, Cause cause, String otherwise) throws GaveUp {
        if (!holds) {
            throw new GaveUp(cause, otherwise);
        }
    }
}
