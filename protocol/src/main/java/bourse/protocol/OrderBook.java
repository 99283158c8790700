package bourse.protocol;

import java.util.List;

/// The door to the market's offers.
public interface OrderBook {

    /// Shows a pool's order to everyone.
    void publish(Wallet owner, Signed<Order.Workerpool> order) throws Refused, InterruptedException;

    /// Pools' orders with something left of their volume, for `category` and at least `trust`; the cheapest first.
    List<Offer> workerpools(long category, long trust) throws InterruptedException;

    /// An open order.
    ///
    /// @param remaining what is left of its volume, at least 1
    record Offer(Signed<Order.Workerpool> order, long remaining) {}
}
