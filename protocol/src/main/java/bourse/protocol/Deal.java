package bourse.protocol;

import java.time.Instant;

/// Four orders matched on chain: a bag of [#volume] tasks on the same terms. It never changes.
///
/// @param trust at least 1; what [Order.Request#trust] asked for
/// @param category how long its tasks may run
/// @param params the request's parameters, to be read by [Params#parse]
/// @param start the time of the block that made it; all deadlines count from here
/// @param first the index of its first task
/// @param volume how many tasks it has, at indexes `first` to `first + volume - 1`
/// @param workerStake what a worker puts at stake for each contribution
/// @param schedulerRatio the scheduler's part of the reward, in percent
/// @param sponsor who pays; refunds are his
public record Deal(
        DealId id,
        Share app,
        Share dataset,
        Share workerpool,
        long trust,
        Category category,
        Tag tag,
        Address requester,
        Address beneficiary,
        Address callback,
        String params,
        Instant start,
        long first,
        long volume,
        Rlc workerStake,
        int schedulerRatio,
        Address sponsor) {

    /// One party of a deal.
    ///
    /// @param asset its registry entry, [Address#ZERO] where there is none (a deal without a dataset)
    /// @param owner who owned the entry when the deal was made, and is paid
    /// @param price for each task
    public record Share(Address asset, Address owner, Rlc price) {}

    public boolean hasDataset() {
        return !dataset.asset().isZero();
    }

    public boolean hasCallback() {
        return !callback.isZero();
    }

    public TaskId task(long index) {
        return id.task(index);
    }

    /// What one task costs its sponsor.
    public Rlc price() {
        return app.price().plus(dataset.price()).plus(workerpool.price());
    }

    public Instant contributionDeadline() {
        return start.plus(category.reference().multipliedBy(Category.CONTRIBUTION_RATIO));
    }

    public Instant finalDeadline() {
        return start.plus(category.reference().multipliedBy(Category.FINAL_RATIO));
    }
}
