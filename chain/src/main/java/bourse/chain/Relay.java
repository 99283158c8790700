package bourse.chain;

import bourse.protocol.Asset;
import bourse.protocol.Bytes32;
import bourse.protocol.Chain;
import bourse.protocol.Event;
import bourse.protocol.Malformed;
import bourse.protocol.News;
import bourse.protocol.Order;
import bourse.protocol.OrderBook;
import bourse.protocol.OrderRefused;
import bourse.protocol.Query;
import bourse.protocol.Refused;
import bourse.protocol.Signature;
import bourse.protocol.Signed;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The order book that needs no server: pools' orders stand in the chain's own log, as broadcasts.
///
/// Anyone may broadcast anything, so an order counts for what can be checked: its owner's signature, its
/// category, what is left of its volume. An owner who signs without a key (by a transaction, or as a contract)
/// is not served here.
public final class Relay implements OrderBook {
    private final Chain chain;
    /// And when each was first heard of.
    private final Map<Signed<Order.Workerpool>, Instant> broadcast = new LinkedHashMap<>();
    private News.Cursor cursor = News.Cursor.START;

    public Relay(Chain chain) {
        this.chain = chain;
    }

    @Override
    public Bytes32 publish(Wallet owner, Signed<? extends Order> order) throws Refused, InterruptedException {
        if (!(order.order() instanceof Order.Workerpool pool)) {
            throw new OrderRefused(
                    "order", "only pools show their orders in the chain's log; publish this one at a market's server");
        }
        var offer = new Signed<>(pool, order.signature());
        var asset = chain.workerpool(pool.workerpool());
        if (asset.isEmpty() || !isSigned(offer, asset.get())) {
            throw new OrderRefused(
                    "sign",
                    "the workerpool's owner has not signed this order for this market, so that it would never match;"
                            + " sign it with his wallet");
        }
        chain.submit(owner, new Transaction.Broadcast(offer));
        return chain.domain().hash(pool);
    }

    @Override
    public List<Bytes32> unpublish(Wallet owner, Withdrawal which) {
        throw new OrderRefused("order", "what stands in the chain's log stays there; close the order on chain instead");
    }

    @Override
    public Optional<Published<?>> find(Bytes32 hash) throws InterruptedException {
        for (var published : published()) {
            if (published.hash().equals(hash)) {
                return Optional.of(published);
            }
        }
        return Optional.empty();
    }

    /// The log has pools' orders and no others.
    @Override
    public <O extends Order> Page<O> query(Query<O> query) throws InterruptedException {
        var found = new ArrayList<Published<O>>();
        if (query instanceof Query.Workerpools) {
            for (var published : published()) {
                @SuppressWarnings("unchecked")
                var offer = (Published<O>) published;
                if (query.admits(offer)) {
                    found.add(offer);
                }
            }
        }
        found.sort(query.byPrice());
        var slice = query.slice();
        return new Page<>(
                found.stream().skip(slice.offset()).limit(slice.limit()).toList(),
                found.size(),
                found.size() > slice.offset() + slice.limit());
    }

    private synchronized List<Published<Order.Workerpool>> published() throws InterruptedException {
        readOn();
        var offers = new ArrayList<Published<Order.Workerpool>>();
        for (var shown : List.copyOf(broadcast.entrySet())) {
            var order = shown.getKey();
            long remaining = order.order().volume() - chain.consumed(order.order());
            var pool = chain.workerpool(order.order().workerpool());
            if (remaining <= 0 || pool.isEmpty() || !isSigned(order, pool.get())) {
                broadcast.remove(order);
            } else {
                offers.add(new Published<>(
                        chain.domain().hash(order.order()),
                        order,
                        remaining,
                        Status.OPEN,
                        shown.getValue(),
                        pool.get().owner()));
            }
        }
        return offers;
    }

    private void readOn() throws InterruptedException {
        var head = chain.head();
        long categories = chain.categories().size();
        while (cursor.block() < head.number()) {
            var news = chain.news(cursor, Duration.ZERO);
            if (news.cursor().equals(cursor)) {
                return;
            }
            cursor = news.cursor();
            for (var event : news.events()) {
                if (event instanceof Event.Broadcast(var order) && order.order().category() < categories) {
                    broadcast.putIfAbsent(order, head.time());
                }
            }
        }
    }

    private boolean isSigned(Signed<Order.Workerpool> order, Asset.Workerpool pool) {
        try {
            var signer =
                    Signature.parse(order.signature()).signer(chain.domain().hash(order.order()));
            return pool.owner().equals(signer);
        } catch (Malformed _) {
            return false;
        }
    }
}
