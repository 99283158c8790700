package bourse.worker;

import bourse.protocol.Account;
import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Chain;
import bourse.protocol.Deal;
import bourse.protocol.Malformed;
import bourse.protocol.Pool.Assignment;
import bourse.protocol.Task;
import java.util.List;
import java.util.Optional;

/// Whether a pool's assignment is worth the work. The pool is believed nothing that the chain knows.
final class AssignmentCheck {
    private final Chain chain;
    private final Address me;

    AssignmentCheck(Chain chain, Address me) {
        this.chain = chain;
        this.me = me;
    }

    /// Passes if a contribution to the task would be accepted now.
    void check(Assignment assignment) throws GaveUp, InterruptedException {
        checkDeal(assignment);
        checkAuthorization(assignment);
        checkAssets(assignment);
        checkTask(assignment);
    }

    private void checkDeal(Assignment assignment) throws GaveUp, InterruptedException {
        var deal = assignment.deal();
        expect(
                chain.deal(deal.id()).equals(Optional.of(deal)),
                "the chain has no such deal as the pool tells: " + deal.id());
        long place = assignment.index() - deal.first();
        expect(
                place >= 0
                        && place < deal.volume()
                        && deal.task(assignment.index()).equals(assignment.task()),
                "the task is not the one at index %d of its deal".formatted(assignment.index()));
    }

    private void checkAuthorization(Assignment assignment) throws GaveUp {
        var authorization = assignment.authorization();
        expect(authorization.worker().equals(me), "the authorization is for another worker");
        expect(
                authorization.enclave().isZero() && !assignment.deal().tag().wantsEnclave(),
                "the task wants an enclave, which this worker does not have");
        try {
            expect(
                    authorization.signer().equals(assignment.deal().workerpool().owner()),
                    "the authorization is not signed by the workerpool's owner");
        } catch (Malformed e) {
            throw GaveUp.worker("the authorization is not signed: " + e.getMessage());
        }
    }

    private void checkAssets(Assignment assignment) throws GaveUp, InterruptedException {
        var deal = assignment.deal();
        var app = chain.app(deal.app().asset())
                .orElseThrow(() -> GaveUp.program(
                        "the app is in no registry: " + deal.app().asset()));
        expect(sameProgram(app, assignment.app()), "the pool tells another program than the app's registry");
        if (!app.type().equals(Asset.App.WASM) && !app.type().equals(Asset.App.DOCKER)) {
            throw GaveUp.program("the app's type is %s, workers run %s and %s"
                    .formatted(Text.brief(app.type()), Asset.App.WASM, Asset.App.DOCKER));
        }
        expect(
                deal.hasDataset() == assignment.dataset().isPresent(),
                "the pool tells of a dataset where the deal has none, or of none where it has one");
        if (assignment.dataset().isPresent()) {
            var told = assignment.dataset().get();
            var dataset = chain.dataset(deal.dataset().asset())
                    .orElseThrow(() -> GaveUp.program(
                            "the dataset is in no registry: " + deal.dataset().asset()));
            expect(sameFile(dataset, told), "the pool tells another file than the dataset's registry");
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

    private void checkTask(Assignment assignment) throws GaveUp, InterruptedException {
        var deal = assignment.deal();
        var task = chain.tasks(List.of(new Chain.Index(deal.id(), assignment.index())))
                .getFirst();
        expect(task instanceof Task.Active, "the task takes no contributions now");
        expect(
                chain.head().time().isBefore(deal.contributionDeadline()),
                "the time for contributions ended at " + deal.contributionDeadline());
        expect(
                task.contributors().stream().noneMatch(vote -> vote.worker().equals(me)),
                "this worker has voted on the task already");
        boolean alone = deal.trust() == 1 && task.contributors().isEmpty();
        if (!alone) {
            checkStake(deal, chain.account(me));
        }
    }

    private void checkStake(Deal deal, Account account) throws GaveUp {
        expect(
                account.free().covers(deal.workerStake()),
                "the stake is %s, the worker %s has %s free in the market: deposit more, or wait for what is locked"
                        .formatted(deal.workerStake(), me, account.free()));
    }

    private static void expect(boolean holds, String otherwise) throws GaveUp {
        if (!holds) {
            throw GaveUp.worker(otherwise);
        }
    }
}
