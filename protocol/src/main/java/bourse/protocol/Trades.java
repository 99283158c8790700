package bourse.protocol;

import bourse.protocol.OrderBook.Slice;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The door to what was traded: the market's deals, and the prices that they made.
public interface Trades {

    /// The newest first.
    Found deals(Which which, Slice slice) throws InterruptedException;

    /// What the category's tasks cost now.
    Quote quote(long category) throws InterruptedException;

    /// What pools were paid for a task of the category, one candle for each time in which there was a deal; the
    /// oldest first, at most [#MOST_CANDLES], of which the last are the newest before `until`.
    List<Candle> history(long category, Grain grain, Instant until) throws InterruptedException;

    int MOST_CANDLES = 1000;

    /// A deal, and the orders that it was made of.
    ///
    /// @param block where it stands on chain
    record Trade(Deal deal, Event.Orders orders, long block) {}

    /// Some of the deals that were asked for; as in [OrderBook.Page].
    record Found(List<Trade> deals, long count, boolean more) {
        public Found {
            deals = List.copyOf(deals);
        }
    }

    /// Which deals: all that say the same as what is given here.
    ///
    /// @param order the hash of any of the four orders
    record Which(
            Optional<Address> requester,
            Optional<Address> app,
            Optional<Address> dataset,
            Optional<Address> workerpool,
            Optional<Bytes32> order) {
        public static final Which ALL =
                new Which(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// Prices of one task's computing, the app's and the dataset's left aside.
    ///
    /// @param last what a pool was paid last
    /// @param ask what the cheapest pool wants that serves everyone
    /// @param bid what the best request offers to any pool
    record Quote(long category, Optional<Rlc> last, Optional<Rlc> ask, Optional<Rlc> bid) {}

    /// The prices of a time.
    ///
    /// @param start when it begins (UTC)
    /// @param open of the first deal, likewise close of the last
    /// @param volume how many tasks
    record Candle(Instant start, Rlc open, Rlc high, Rlc low, Rlc close, long volume) {}

    /// How long the times are.
    enum Grain {
        HOUR,
        DAY
    }
}
