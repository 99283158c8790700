package bourse.worker;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.protocol.Contribution;
import bourse.protocol.Task;
import bourse.protocol.Transaction;
import java.util.Optional;

/// What does a worker owe?
///
/// [#next] is a pure function of the task on chain and the promise on disk. So after a crash, a missed event or a
/// reorganised chain there is nothing to be repaired: look again, and do what it says.
final class Duties {
    private Duties() {}

    static Duty next(Task task, Promise promise, Address me) {
        var mine = task.contributors().stream()
                .filter(vote -> vote.worker().equals(me))
                .findFirst();
        if (task.ended() || mine.filter(vote -> !stands(vote, promise)).isPresent()) {
            return new Duty.Forget();
        }
        return switch (task) {
            case Task.Active active when mine.isEmpty() -> contribute(active, promise);
            case Task.Revealing revealing when isWinner(mine, revealing.consensus()) -> disclose(mine.get(), promise);
            case Task.AuditDue due
            when isWinner(mine, due.consensus()) -> new Duty.Audit(new Transaction.Audit(promise.task()));
            // To be initialized, to be decided, another's to be checked, or decided against him; it may still be
            // reopened.
            case Task.Unset _, Task.Active _, Task.Revealing _, Task.AuditDue _ -> new Duty.Rest();
            case Task.Completed _, Task.Failed _ -> new Duty.Forget();
        };
    }

    /// A vote that was rejected, or given from elsewhere with another result, can not be revealed from here.
    private static boolean stands(Contribution mine, Promise promise) {
        return mine.status() != Contribution.Status.REJECTED
                && mine.hash().equals(promise.digest().hash(promise.task()));
    }

    /// Alone, and where one vote decides, he takes the short way: it is one transaction, and asks for no stake.
    private static Duty contribute(Task.Active task, Promise promise) {
        var authorization = promise.authorization();
        if (promise.trust() == 1 && task.contributions().isEmpty()) {
            return new Duty.Contribute(new Transaction.ContributeAndFinalize(
                    authorization, promise.digest(), promise.result().results(), promise.callbackData()));
        }
        var digest = promise.digest();
        return new Duty.Contribute(new Transaction.Contribute(
                authorization, digest.hash(promise.task()), digest.seal(authorization.worker(), promise.task())));
    }

    private static boolean isWinner(Optional<Contribution> mine, Bytes32 consensus) {
        return mine.isPresent() && mine.get().hash().equals(consensus);
    }

    private static Duty disclose(Contribution mine, Promise promise) {
        return switch (mine.status()) {
            case CONTRIBUTED -> new Duty.Reveal(new Transaction.Reveal(promise.task(), promise.digest()));
            case PROVED -> new Duty.Deliver(promise.delivered());
            case REJECTED -> new Duty.Forget();
        };
    }
}
