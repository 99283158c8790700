package bourse.protocol;

import java.util.List;

/// What one can ask of the market's contracts. Each is one call, sent by one wallet; [Chain#submit] says what
/// came of it.
public sealed interface Transaction {

    /* ANYONE */

    /// Registers an app, dataset or workerpool of the sender; the receipt's [Event.Registered] has its address.
    record CreateApp(String name, String type, Bytes location, Bytes32 checksum) implements Transaction {
        /// Whether an app is the same program, by whatever name.
        public boolean describes(Asset.App app) {
            return app.type().equals(type)
                    && app.location().equals(location)
                    && app.checksum().equals(checksum);
        }
    }

    record CreateDataset(String name, Bytes location, Bytes32 checksum) implements Transaction {}

    record CreateWorkerpool(String description) implements Transaction {}

    /// From the sender's tokens, or coins where they are the market's money, into his account in the market.
    record Deposit(Rlc amount) implements Transaction {}

    /// From the sender's account in the market to his tokens.
    record Withdraw(Rlc amount) implements Transaction {}

    /// Sends tokens to somebody, outside of the market.
    record Transfer(Address to, Rlc amount) implements Transaction {}

    /// Matches orders to a deal; the receipt's [Event.Matched] names it.
    ///
    /// @param dataset [Order.Dataset#NONE], unsigned, for a deal without one
    record Match(
            Signed<Order.App> app,
            Signed<Order.Dataset> dataset,
            Signed<Order.Workerpool> workerpool,
            Signed<Order.Request> request)
            implements Transaction {}

    /// Matches orders to a deal that the sender pays, whoever asked for it. Nobody else can match a request that names
    /// him ([Order.Request#sponsoredBy]).
    record Sponsor(Match orders) implements Transaction {}

    /// Makes tasks active. One transaction for all; those that are already active are an error.
    record Initialize(DealId deal, List<Long> indexes) implements Transaction {
        public Initialize {
            indexes = List.copyOf(indexes);
        }
    }

    /// Ends tasks that are past their final deadline, and refunds them.
    record Claim(List<TaskId> tasks) implements Transaction {
        public Claim {
            tasks = List.copyOf(tasks);
        }
    }

    /// Opens a task again whose result one worker gave alone, and that was drawn to be checked ([Task.AuditDue]).
    record Audit(TaskId task) implements Transaction {}

    /* AN ORDER'S OWNER */

    /// Shows a signed order to everyone, as an event.
    record Broadcast(Signed<Order.Workerpool> order) implements Transaction {}

    /// Withdraws an order for good, whatever is left of its volume.
    record Close(Order order) implements Transaction {}

    /* A WORKERPOOL'S OWNER */

    /// Sets what workers stake and what the scheduler keeps, both in percent.
    record SetPolicy(Address workerpool, int workerStakeRatio, int schedulerRatio) implements Transaction {}

    /// Pays a task whose winners revealed.
    ///
    /// @param callbackData empty in a deal without a callback
    record Finalize(TaskId task, Bytes results, Bytes callbackData) implements Transaction {}

    /// Opens a task again of which nobody revealed the consensus.
    record Reopen(TaskId task) implements Transaction {}

    /// Gives back a task to which nobody contributed: it fails, and everyone has his money back.
    record Decline(TaskId task) implements Transaction {}

    /* A WORKER */

    record Contribute(Authorization authorization, Bytes32 hash, Bytes32 seal) implements Transaction {}

    record Reveal(TaskId task, Digest digest) implements Transaction {}

    /// Contributes, reveals and finalizes in one step, where the deal's trust is 1.
    record ContributeAndFinalize(Authorization authorization, Digest digest, Bytes results, Bytes callbackData)
            implements Transaction {}
}
