package bourse.node;

import bourse.protocol.Blobs;
import bourse.protocol.Bytes32;
import bourse.protocol.Chain;
import bourse.protocol.Order;
import bourse.protocol.OrderBook;
import bourse.protocol.PoolInfo;
import bourse.protocol.Query;
import bourse.protocol.Refused;
import bourse.protocol.Signed;
import bourse.protocol.Wallet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A market whose book shows, before what is true, orders of pools that it has made up.
record ForgingMarket(Market real, List<OrderBook.Published<Order.Workerpool>> forged) implements Market, OrderBook {
    @Override
    public OrderBook book() {
        return this;
    }

    @Override
    public <O extends Order> Page<O> query(Query<O> query) throws InterruptedException {
        var page = real.book().query(query);
        @SuppressWarnings("unchecked")
        var first = (List<Published<O>>) (List<?>) forged;
        return new Page<>(Stream.concat(first.stream(), page.orders().stream()).toList(), page.count(), page.more());
    }

    @Override
    public Bytes32 publish(Wallet owner, Signed<? extends Order> order) throws Refused, InterruptedException {
        return real.book().publish(owner, order);
    }

    @Override
    public List<Bytes32> unpublish(Wallet owner, Withdrawal which) throws InterruptedException {
        return real.book().unpublish(owner, which);
    }

    @Override
    public Optional<Published<?>> find(Bytes32 hash) throws InterruptedException {
        return real.book().find(hash);
    }

    @Override
    public Chain chain() {
        return real.chain();
    }

    @Override
    public Blobs blobs() {
        return real.blobs();
    }

    @Override
    public PoolInfo pool() {
        return real.pool();
    }

    @Override
    public boolean endsWithThisProcess() {
        return real.endsWithThisProcess();
    }

    @Override
    public void close() {}
}
