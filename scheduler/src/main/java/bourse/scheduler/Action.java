package bourse.scheduler;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Chain.Index;
import bourse.protocol.ResultLink;
import bourse.protocol.TaskId;

/// What the pool should do about one task.
sealed interface Action {
    TaskId task();

    /// What takes a transaction.
    sealed interface OnChain extends Action {}

    /// Makes it active.
    record Initialize(Index index) implements OnChain {
        @Override
        public TaskId task() {
            return index.task();
        }
    }

    /// Asks `worker` to work on it.
    record Assign(TaskId task, Address worker) implements Action {}

    /// Pays those who were right, and shows where the result is.
    record Finalize(TaskId task, ResultLink link, Bytes callbackData) implements OnChain {}

    /// Opens it to others, who check a result that one worker gave alone.
    record Audit(TaskId task) implements OnChain {}

    /// Opens it again, for nobody revealed.
    record Reopen(TaskId task) implements OnChain {}

    /// Refunds it: its time is over.
    record Claim(TaskId task) implements OnChain {}

    /// Gives it back: its program can not run.
    record Decline(TaskId task) implements OnChain {}
}
