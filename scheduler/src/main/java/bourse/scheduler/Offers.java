package bourse.scheduler;

import bourse.protocol.Address;
import bourse.protocol.Chain;
import bourse.protocol.Order;
import bourse.protocol.OrderBook;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Wallet;

/// The pool's own orders: one for each category, shown to everyone.
///
/// @param perMinute the price of a minute of reference time, for one task
/// @param trust the highest trust that the pool serves
public record Offers(Rlc perMinute, long trust) {
    /// As much as any deal may take.
    private static final long VOLUME = Integer.MAX_VALUE;

    /// Publishes an order for each category that has none open.
    public void publish(Chain chain, OrderBook book, Wallet wallet, Address workerpool)
            throws Refused, InterruptedException {
        for (var category : chain.categories()) {
            boolean open = book.workerpools(category.id(), trust).stream()
                    .anyMatch(offer -> offer.order().order().workerpool().equals(workerpool));
            if (!open) {
                var price = perMinute.times(category.reference().toMinutes());
                var order = Order.Workerpool.open(workerpool, price, VOLUME, category.id(), trust);
                book.publish(wallet, chain.domain().sign(order, wallet));
            }
        }
    }
}
