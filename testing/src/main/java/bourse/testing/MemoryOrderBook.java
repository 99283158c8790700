package bourse.testing;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Bytes32;
import bourse.protocol.Chain;
import bourse.protocol.Order;
import bourse.protocol.OrderBook;
import bourse.protocol.OrderRefused;
import bourse.protocol.Query;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Wallet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The market's offers in memory, which asks the chain anew what is true of each of them whenever it is asked.
public final class MemoryOrderBook implements OrderBook {
    private final Chain chain;
    private final Map<Bytes32, Entry> entries = new LinkedHashMap<>();

    /// An order as it was published.
    private record Entry(Signed<?> order, Address signer, Instant published) {}

    public MemoryOrderBook(Chain chain) {
        this.chain = chain;
    }

    @Override
    public Bytes32 publish(Wallet owner, Signed<? extends Order> order) throws InterruptedException {
        var hash = chain.domain().hash(order.order());
        var signer = owner(order.order());
        if (!chain.agreed(signer, hash, order.signature())) {
            throw new OrderRefused("sign", "%s has not signed order %s".formatted(signer, hash));
        }
        synchronized (this) {
            entries.putIfAbsent(hash, new Entry(order, signer, chain.head().time()));
        }
        return hash;
    }

    @Override
    public synchronized List<Bytes32> unpublish(Wallet owner, Withdrawal which) {
        var mine = new ArrayList<Bytes32>();
        entries.forEach((hash, entry) -> {
            if (entry.signer().equals(owner.address())
                    && concerns(which, hash, entry.order().order())) {
                mine.add(hash);
            }
        });
        var gone = which instanceof Withdrawal.Last && !mine.isEmpty() ? List.of(mine.getLast()) : mine;
        entries.keySet().removeAll(gone);
        return gone;
    }

    private static boolean concerns(Withdrawal which, Bytes32 hash, Order order) {
        return switch (which) {
            case Withdrawal.One one -> hash.equals(one.hash());
            case Withdrawal.Last last ->
                Kind.of(order) == last.kind() && asset(order).equals(last.asset());
            case Withdrawal.All all ->
                Kind.of(order) == all.kind() && asset(order).equals(all.asset());
        };
    }

    @Override
    public Optional<Published<?>> find(Bytes32 hash) throws InterruptedException {
        Entry entry;
        synchronized (this) {
            entry = entries.get(hash);
        }
        return entry == null ? Optional.empty() : Optional.of(published(hash, entry.order(), entry));
    }

    @Override
    public <O extends Order> Page<O> query(Query<O> query) throws InterruptedException {
        var found = new ArrayList<Published<O>>();
        for (var entry : all().entrySet()) {
            this.<O>ofKind(query, entry.getValue().order())
                    .map(order -> published(entry.getKey(), order, entry.getValue()))
                    .filter(published -> published.status() == Status.OPEN && query.admits(published))
                    .ifPresent(found::add);
        }
        found.sort(query.byPrice());
        var slice = query.slice();
        var orders = found.stream().skip(slice.offset()).limit(slice.limit()).toList();
        return new Page<>(orders, found.size(), found.size() > slice.offset() + slice.limit());
    }

    /// Queries are of one kind each, which their type names.
    @SuppressWarnings("unchecked")
    private <O extends Order> Optional<Signed<O>> ofKind(Query<O> query, Signed<?> order) {
        var kind = switch (query) {
            case Query.Apps _ -> Kind.APP;
            case Query.Datasets _ -> Kind.DATASET;
            case Query.Workerpools _ -> Kind.WORKERPOOL;
            case Query.Requests _ -> Kind.REQUEST;
        };
        return Kind.of(order.order()) == kind ? Optional.of((Signed<O>) order) : Optional.empty();
    }

    private synchronized Map<Bytes32, Entry> all() {
        return new LinkedHashMap<>(entries);
    }

    /* WHAT IS TRUE NOW */

    private <O extends Order> Published<O> published(Bytes32 hash, Signed<O> order, Entry entry) {
        try {
            var remaining = Math.max(0, order.order().volume() - chain.consumed(order.order()));
            var status = remaining == 0
                    ? Status.FILLED
                    : !owner(order.order()).equals(entry.signer())
                            ? Status.ORPHANED
                            : isFunded(order.order(), entry.signer()) ? Status.OPEN : Status.UNFUNDED;
            return new Published<>(hash, order, remaining, status, entry.published(), entry.signer());
        } catch (InterruptedException e) {
            throw new IllegalStateException("the chain in memory does not wait", e);
        }
    }

    private boolean isFunded(Order order, Address signer) throws InterruptedException {
        return switch (order) {
            case Order.App _, Order.Dataset _ -> true;
            case Order.Workerpool o -> free(signer).covers(o.workerpoolprice().percent(30));
            case Order.Request o -> free(o.payer()).covers(o.maxPrice());
        };
    }

    private Rlc free(Address owner) throws InterruptedException {
        return chain.account(owner).free();
    }

    private static Address asset(Order order) {
        return switch (order) {
            case Order.App o -> o.app();
            case Order.Dataset o -> o.dataset();
            case Order.Workerpool o -> o.workerpool();
            case Order.Request o -> o.requester();
        };
    }

    private Address owner(Order order) throws InterruptedException {
        return switch (order) {
            case Order.App o -> owner(chain.app(o.app()), "app");
            case Order.Dataset o -> owner(chain.dataset(o.dataset()), "dataset");
            case Order.Workerpool o -> owner(chain.workerpool(o.workerpool()), "workerpool");
            case Order.Request o -> o.requester();
        };
    }

    private static Address owner(Optional<? extends Asset> asset, String field) {
        return asset.orElseThrow(() -> new OrderRefused(field, "there is no such asset"))
                .owner();
    }
}
