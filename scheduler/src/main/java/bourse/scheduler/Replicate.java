package bourse.scheduler;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Pool;
import bourse.protocol.ResultLink;
import java.time.Instant;

/// One worker's try at a task, as the pool knows it at one moment.
sealed interface Replicate {
    Address worker();

    /// The pool counts on him.
    record Working(Address worker, long weight) implements Replicate {}

    /// His lease ran out. He may be asked again.
    record Lost(Address worker) implements Replicate {}

    /// He has revealed, and handed over a result that the pool found to be the consensus.
    record Delivered(Address worker, ResultLink link, Bytes callbackData) implements Replicate {}

    /// He has said that he can not.
    record GaveUp(Address worker, Pool.Cause cause, Instant since, String message) implements Replicate {}
}
