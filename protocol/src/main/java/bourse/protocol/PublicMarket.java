package bourse.protocol;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// An order book that serves strangers, and what it knows of the market. Who serves it to them has found out who
/// they are.
public interface PublicMarket extends OrderBook, Trades {

    /// The market, in which orders are signed.
    Domain domain();

    /// Like [OrderBook#publish], for somebody who has proved who he is.
    Bytes32 publish(Address caller, Signed<? extends Order> order) throws InterruptedException;

    /// Like [OrderBook#unpublish].
    List<Bytes32> unpublish(Address caller, Withdrawal which) throws InterruptedException;

    @Override
    default Bytes32 publish(Wallet owner, Signed<? extends Order> order) throws InterruptedException {
        return publish(owner.address(), order);
    }

    @Override
    default List<Bytes32> unpublish(Wallet owner, Withdrawal which) throws InterruptedException {
        return unpublish(owner.address(), which);
    }

    /// From now on, everything that changes.
    ///
    /// @throws Away if too many listen already
    Feed listen();

    /// What one listener hears. He must keep up.
    interface Feed extends AutoCloseable {
        /// The next change; waits for at most `patience`. After [Change.CutOff] comes nothing more.
        Optional<Change> next(Duration patience) throws InterruptedException;

        @Override
        void close();
    }

    /// Something happened in the market.
    sealed interface Change {
        /// An order came into the book.
        record Shown(Kind kind, Published<?> order) implements Change {}

        /// Of an order less is left, or more, or it is open again.
        record Moved(Kind kind, Bytes32 hash, long remaining) implements Change {}

        /// An order is not open any more.
        record Left(Kind kind, Bytes32 hash) implements Change {}

        /// Orders became a deal.
        record Dealt(Trade trade) implements Change {}

        /// Something happened to a task.
        ///
        /// @param what by the name of its event: `Initialized`, `Contributed`, `Finalized` …
        record OfTask(TaskId task, String what) implements Change {}

        /// The chain took a block back, and with it this deal.
        record Undone(DealId deal) implements Change {}

        /// The listener was too slow, and missed something: he has to read the book again, and listen anew.
        record CutOff() implements Change {}
    }
}
