package bourse.scheduler.trust;

import bourse.protocol.Address;
import bourse.protocol.Contribution;
import java.util.List;

/// Who may be asked to vote on a task, as far as trust goes.
@FunctionalInterface
public interface Gate {
    /// Of a pool that believes what the chain does.
    Gate OPEN = (_, _, _, _, _) -> true;

    /// A worker, and what his vote would weigh on chain.
    record Asked(Address worker, long weight) {}

    /// @param app of the task
    /// @param trust as in the deal
    /// @param votes that the chain has
    /// @param pending who is at the task and has not voted
    boolean lets(Asked candidate, Address app, long trust, List<Contribution> votes, List<Asked> pending);
}
