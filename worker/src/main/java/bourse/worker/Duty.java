package bourse.worker;

import bourse.protocol.Pool.Progress.Delivered;
import bourse.protocol.Transaction;

/// What a worker has to do about a promise.
sealed interface Duty {
    /// Nothing, until the task changes.
    record Rest() implements Duty {}

    /// Tell the chain that he has a result.
    record Contribute(Transaction transaction) implements Duty {}

    record Reveal(Transaction.Reveal transaction) implements Duty {}

    /// See to it that he is audited, if the scheduler does not: who lets the time to reveal pass counts as silent.
    record Audit(Transaction.Audit transaction) implements Duty {}

    /// Tell the pool where the result is.
    record Deliver(Delivered progress) implements Duty {}

    /// Nothing any more: the task has ended, or counts him out.
    record Forget() implements Duty {}
}
