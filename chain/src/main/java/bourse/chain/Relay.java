package bourse.chain;

import bourse.protocol.Chain;
import bourse.protocol.Event;
import bourse.protocol.Malformed;
import bourse.protocol.News;
import bourse.protocol.Order;
import bourse.protocol.OrderBook;
import bourse.protocol.Refused;
import bourse.protocol.Signature;
import bourse.protocol.Signed;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The order book that needs no server: pools' orders stand in the chain's own log, as broadcasts.
///
/// Anyone may broadcast anything, so an order counts for what can be checked: its owner's signature, its
/// category, what is left of its volume. An owner who signs without a key (by a transaction, or as a contract)
/// is not served here.
public final class Relay implements OrderBook {
    private final Chain chain;
    private final Set<Signed<Order.Workerpool>> broadcast = new LinkedHashSet<>();
    private News.Cursor cursor = News.Cursor.START;

    public Relay(Chain chain) {
        this.chain = chain;
    }

    @Override
    public void publish(Wallet owner, Signed<Order.Workerpool> order) throws Refused, InterruptedException {
        if (!isSigned(order)) {
            throw new Malformed(
                    "the workerpool's owner has not signed this order for this market; it would never match");
        }
        chain.submit(owner, new Transaction.Broadcast(order));
    }

    @Override
    public synchronized List<Offer> workerpools(long category, long trust) throws InterruptedException {
        readOn();
        var offers = new ArrayList<Offer>();
        for (var order : List.copyOf(broadcast)) {
            long remaining = order.order().volume() - chain.consumed(order.order());
            if (remaining <= 0 || !isSigned(order)) {
                broadcast.remove(order);
            } else if (order.order().category() == category && order.order().trust() >= trust) {
                offers.add(new Offer(order, remaining));
            }
        }
        offers.sort(Comparator.comparing(offer -> offer.order().order().workerpoolprice()));
        return offers;
    }

    private void readOn() throws InterruptedException {
        long head = chain.head().number();
        long categories = chain.categories().size();
        while (cursor.block() < head) {
            var news = chain.news(cursor, Duration.ZERO);
            if (news.cursor().equals(cursor)) {
                return;
            }
            cursor = news.cursor();
            for (var event : news.events()) {
                if (event instanceof Event.Broadcast(var order) && order.order().category() < categories) {
                    broadcast.add(order);
                }
            }
        }
    }

    private boolean isSigned(Signed<Order.Workerpool> order) throws InterruptedException {
        var pool = chain.workerpool(order.order().workerpool());
        try {
            var signer =
                    Signature.parse(order.signature()).signer(chain.domain().hash(order.order()));
            return pool.isPresent() && pool.get().owner().equals(signer);
        } catch (Malformed _) {
            return false;
        }
    }
}
