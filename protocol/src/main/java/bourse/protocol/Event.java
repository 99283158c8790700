package bourse.protocol;

/// What the contracts say has happened. A hint to read the state again, and the way to know who was paid.
public sealed interface Event {

    /// An asset came into being in `registry`.
    record Registered(Address registry, Address asset, Address owner) implements Event {}

    /// An asset has another owner (`Transfer` of a registry).
    record PassedOn(Address registry, Address asset, Address from, Address to) implements Event {}

    /// Free money in the market changed hands (`Transfer` of the hub). From [Address#ZERO] it was deposited, to it
    /// withdrawn; to the hub it was locked, from it unlocked or paid.
    record Moved(Address from, Address to, Rlc amount) implements Event {}

    /// Orders became a deal (`OrdersMatched`, `SchedulerNotice`).
    record Matched(
            DealId deal,
            Address app,
            Address dataset,
            Address workerpool,
            Address requester,
            long volume,
            Orders orders)
            implements Event {}

    /// The hashes of a deal's orders.
    ///
    /// @param dataset [Bytes32#ZERO] where there is none
    record Orders(Bytes32 app, Bytes32 dataset, Bytes32 workerpool, Bytes32 request) {}

    /// An order was closed for good (`ClosedAppOrder` …).
    record Closed(Bytes32 order) implements Event {}

    /// A workerpool shows its order (`BroadcastWorkerpoolOrder`).
    record Broadcast(Signed<Order.Workerpool> order) implements Event {}

    /// Something happened to one task.
    sealed interface OfTask extends Event {
        TaskId task();
    }

    record Initialized(TaskId task) implements OfTask {}

    record Contributed(TaskId task, Address worker, Bytes32 hash) implements OfTask {}

    record ConsensusReached(TaskId task, Bytes32 consensus) implements OfTask {}

    record Revealed(TaskId task, Address worker, Digest digest) implements OfTask {}

    record Reopened(TaskId task) implements OfTask {}

    /// Opened again because its result, which one worker gave alone, is to be checked; [Reopened] is said too.
    record Audited(TaskId task) implements OfTask {}

    record Finalized(TaskId task, Bytes results) implements OfTask {}

    /// Failed, and refunded.
    record Claimed(TaskId task) implements OfTask {}

    /// Failed because its pool gave it back; [Claimed] is said too.
    record Declined(TaskId task) implements OfTask {}

    /// A worker's score has risen (`accurate`) or fallen.
    record Judged(TaskId task, Address worker, boolean accurate) implements OfTask {}

    /// `amount` became free money of `owner` because of `reference`, a task (or a deal).
    record Rewarded(Address owner, Rlc amount, Bytes32 reference) implements Event {}

    /// `amount` of `owner`'s locked money was taken because of `reference`, a task (or a deal).
    record Seized(Address owner, Rlc amount, Bytes32 reference) implements Event {}
}
