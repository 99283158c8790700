package bourse.scheduler;

import bourse.protocol.Account;
import java.time.Duration;
import java.util.Map;

/// What an operator asks of his pool.
///
/// @param leads whether this scheduler sends the pool's transactions
/// @param tasks how many are open, by their state on chain
/// @param unread tasks of the pool that wait outside of its memory
/// @param wanting how many wait for workers
/// @param oldestWait how long the first of them has waited
/// @param idle workers that wait here for something to do
/// @param members workers that were heard of lately, by any scheduler
/// @param purse what the pool's owner could stake, and has at stake
/// @param block the newest that it knows
public record Vitals(
        boolean leads,
        Map<String, Integer> tasks,
        long unread,
        int wanting,
        Duration oldestWait,
        int idle,
        int members,
        Counted counted,
        Account purse,
        long block) {

    /// What has happened since the start.
    ///
    /// @param assigned leases given
    /// @param lost leases that ran out
    /// @param gaveUp times that workers gave up
    /// @param completed tasks that ended well
    /// @param failed tasks that were refunded
    /// @param votes on the tasks that ended well
    /// @param transactions sent
    /// @param gas that they used
    /// @param refused transactions that the contracts did not take
    /// @param unsure leases given by the chain's weights alone, since nobody was there whom the pool trusts more
    /// @param checks bought
    /// @param passed right answers to them
    /// @param caught wrong ones
    public record Counted(
            long assigned,
            long lost,
            long gaveUp,
            long completed,
            long failed,
            long votes,
            long transactions,
            long gas,
            long refused,
            long unsure,
            long checks,
            long passed,
            long caught) {}
}
