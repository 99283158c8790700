package bourse.protocol;

import java.time.Instant;
import java.util.List;

/// One index of a deal, in the state that the chain has it.
///
/// ```
/// Unset ──initialize──▶ Active ──consensus──▶ Revealing ──finalize──▶ Completed
///                        │ ▲ ▲                │  │
///                        │ │ └─────reopen─────┘  │
///                        │ └─audit── AuditDue ───┤   a consensus of one, drawn to be checked
///                        └─────claim, decline────┴──▶ Failed
/// ```
public sealed interface Task {
    TaskId id();

    DealId deal();

    /// Where it stands in the deal's bag.
    long index();

    /// Nobody has initialized it: the chain knows only its deal.
    record Unset(TaskId id, DealId deal, long index) implements Task {}

    /// Workers may contribute, until the deal's contribution deadline.
    record Active(TaskId id, DealId deal, long index, List<Contribution> contributions) implements Task {
        public Active {
            contributions = List.copyOf(contributions);
        }
    }

    /// Enough weight agrees on `consensus`; its contributors show their digest until `revealDeadline`.
    ///
    /// @param winners how many contributed the consensus
    /// @param reveals how many of them have shown their digest
    record Revealing(
            TaskId id,
            DealId deal,
            long index,
            Bytes32 consensus,
            Instant revealDeadline,
            int winners,
            int reveals,
            List<Contribution> contributions)
            implements Task {
        public Revealing {
            contributions = List.copyOf(contributions);
        }

        public boolean everyWinnerRevealed() {
            return reveals == winners;
        }
    }

    /// One worker's result has won alone, and was drawn to be checked by others. Until somebody audits it, it waits
    /// and nothing is revealed. On chain it is REVEALING, and fails like a task that nobody reveals.
    record AuditDue(
            TaskId id,
            DealId deal,
            long index,
            Bytes32 consensus,
            Instant revealDeadline,
            List<Contribution> contributions)
            implements Task {
        public AuditDue {
            contributions = List.copyOf(contributions);
        }
    }

    /// Paid. The result stands on chain.
    ///
    /// @param results where the result is, as a [ResultLink] in JSON
    /// @param callbackData what the deal's callback was told, empty without one
    record Completed(
            TaskId id,
            DealId deal,
            long index,
            Digest digest,
            Bytes results,
            Bytes callbackData,
            List<Contribution> contributions)
            implements Task {
        public Completed {
            contributions = List.copyOf(contributions);
        }
    }

    /// Refunded, by a claim after the final deadline or because the pool declined it.
    record Failed(TaskId id, DealId deal, long index, List<Contribution> contributions) implements Task {
        public Failed {
            contributions = List.copyOf(contributions);
        }
    }

    /// Everyone who contributed, in the order of the chain, with what became of it.
    default List<Contribution> contributors() {
        return switch (this) {
            case Unset _ -> List.of();
            case Active task -> task.contributions();
            case Revealing task -> task.contributions();
            case AuditDue task -> task.contributions();
            case Completed task -> task.contributions();
            case Failed task -> task.contributions();
        };
    }

    /// Whether nothing can happen to it any more.
    default boolean ended() {
        return switch (this) {
            case Unset _, Active _, Revealing _, AuditDue _ -> false;
            case Completed _, Failed _ -> true;
        };
    }
}
