package bourse.scheduler;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Chain.Index;
import bourse.protocol.ResultLink;
import bourse.protocol.TaskId;

/// What the pool should do about one task.
sealed interface Action {
    TaskId task();

    /// Makes it active.
    record Initialize(Index index) implements Action {
        @Override
        public TaskId task() {
            return index.task();
        }
    }

    /// Asks `worker` to work on it.
    record Assign(TaskId task, Address worker) implements Action {}

    /// Pays those who were right, and shows where the result is.
    record Finalize(TaskId task, ResultLink link, Bytes callbackData) implements Action {}

    /// Opens it to others, who check a result that one worker gave alone.
    record Audit(TaskId task) implements Action {}

    /// Opens it again, for nobody revealed.
    record Reopen(TaskId task) implements Action {}

    /// Refunds it: its time is over.
    record Claim(TaskId task) implements Action {}

    /// Gives it back: its program can not run.
    record Decline(TaskId task) implements Action {}
}
