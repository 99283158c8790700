package bourse.protocol;

/// One worker's vote on a task.
///
/// @param hash what he voted for: [Digest#hash], equal for all who found the same result
/// @param seal [Digest#seal], which binds the vote to him
/// @param weight his weight when he voted, at least 1, by which he is paid; see [Voting]
/// @param audited whether he won alone and was drawn to be checked: then he counts no more than a new worker
public record Contribution(Address worker, Status status, Bytes32 hash, Bytes32 seal, long weight, boolean audited) {
    /// One that is not audited.
    public Contribution(Address worker, Status status, Bytes32 hash, Bytes32 seal, long weight) {
        this(worker, status, hash, seal, weight, false);
    }

    /// What it counts in the vote.
    public long power() {
        return audited ? Voting.weight(0) : weight;
    }

    /// Where a vote stands.
    public enum Status {
        /// Given, sealed. In a completed task: outvoted, or not revealed in time.
        CONTRIBUTED,
        /// Revealed, and equal to the consensus.
        PROVED,
        /// Not revealed in time, in a task that was opened again.
        REJECTED
    }
}
