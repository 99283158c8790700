package bourse.testing;

import static bourse.testing.Draft.refusal;
import static bourse.testing.Draft.require;

import bourse.protocol.Chain;
import bourse.protocol.Order;
import bourse.protocol.OrderBook;
import bourse.protocol.Refused;
import bourse.protocol.Signed;
import bourse.protocol.Wallet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The market's offers in memory; how much is left of them, the chain knows.
public final class MemoryOrderBook implements OrderBook {
    private final Chain chain;
    private final Set<Signed<Order.Workerpool>> orders = new LinkedHashSet<>();

    public MemoryOrderBook(Chain chain) {
        this.chain = chain;
    }

    @Override
    public void publish(Wallet owner, Signed<Order.Workerpool> order) throws Refused, InterruptedException {
        var pool = chain.workerpool(order.order().workerpool())
                .orElseThrow(
                        () -> refusal("NotRegistered", "entry", order.order().workerpool()));
        var hash = chain.domain().hash(order.order());
        require(
                Matching.signed(pool.owner(), hash, order.signature()),
                "BadSignature",
                "signer",
                pool.owner(),
                "hash",
                hash);
        synchronized (this) {
            orders.add(order);
        }
    }

    @Override
    public List<Offer> workerpools(long category, long trust) throws InterruptedException {
        var offers = new ArrayList<Offer>();
        for (var order : published()) {
            var remaining = order.order().volume() - chain.consumed(order.order());
            if (order.order().category() == category && order.order().trust() >= trust && remaining > 0) {
                offers.add(new Offer(order, remaining));
            }
        }
        offers.sort(Comparator.comparing(offer -> offer.order().order().workerpoolprice()));
        return List.copyOf(offers);
    }

    private synchronized List<Signed<Order.Workerpool>> published() {
        return List.copyOf(orders);
    }
}
