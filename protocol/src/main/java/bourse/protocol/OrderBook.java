package bourse.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The door to the market's offers, of all four kinds.
public interface OrderBook {

    /// Shows a signed order to everyone, for as long as it can be matched. An order that is there already stays
    /// as it is.
    ///
    /// @param owner the order's: who owns the asset, or the requester
    /// @return the order's hash
    /// @throws OrderRefused if it could not be matched as it is, or is more than its owner may show
    /// @throws Refused if the chain refuses it, where the book is the chain's own log
    Bytes32 publish(Wallet owner, Signed<? extends Order> order) throws Refused, InterruptedException;

    /// Takes orders back from the book. On chain they stay good: whoever has seen one may match it, until it is
    /// closed there.
    ///
    /// @return the hashes of those that were there
    /// @throws OrderRefused if the book can not forget
    List<Bytes32> unpublish(Wallet owner, Withdrawal which) throws InterruptedException;

    /// An order that was published, whatever has become of it.
    Optional<Published<?>> find(Bytes32 hash) throws InterruptedException;

    /// Open orders that `query` admits: its page of them, in its order.
    <O extends Order> Page<O> query(Query<O> query) throws InterruptedException;

    /// Pools' orders that are open to everyone, for `category` and at least `trust`; the cheapest first, at most
    /// [Slice#MOST].
    default List<Offer> workerpools(long category, long trust) throws InterruptedException {
        return query(Query.Workerpools.of(category, trust, Slice.WHOLE)).orders().stream()
                .map(found -> new Offer(found.order(), found.remaining()))
                .toList();
    }

    /// An open order of a pool.
    ///
    /// @param remaining what is left of its volume, at least 1
    record Offer(Signed<Order.Workerpool> order, long remaining) {}

    /// What has become of an order.
    enum Status {
        /// It can be matched.
        OPEN,
        /// Nothing is left of its volume, or it was closed on chain.
        FILLED,
        /// Who has to pay for it, or to stake, has not enough; it is open again when he has.
        UNFUNDED,
        /// Its signer does not own the asset any more.
        ORPHANED
    }

    /// An order in the book.
    ///
    /// @param hash its name, see [Domain#hash(Order)]
    /// @param remaining what is left of its volume
    /// @param published when it was first shown
    /// @param signer who owned the asset then, or the requester
    record Published<O extends Order>(
            Bytes32 hash, Signed<O> order, long remaining, Status status, Instant published, Address signer) {}

    /// Some of the orders that were asked for.
    ///
    /// @param orders one slice, in the query's order
    /// @param count how many there are in all; where that is far more than the slice's end, a lower bound
    /// @param more whether there are some behind the slice
    record Page<O extends Order>(List<Published<O>> orders, long count, boolean more) {
        public Page {
            orders = List.copyOf(orders);
        }
    }

    /// Which part of an answer.
    ///
    /// @param offset how many are left out at the beginning, 0 to [#DEEPEST]
    /// @param limit how many come at most, 1 to [#MOST]
    record Slice(int offset, int limit) {
        public static final int MOST = 1000;
        public static final int DEEPEST = 10_000;
        public static final Slice WHOLE = new Slice(0, MOST);

        /// @throws Malformed if it is out of range
        public Slice {
            if (limit < 1 || limit > MOST || offset < 0 || offset > DEEPEST) {
                throw new Malformed(
                        "a page has 1 to %,d entries and begins among the first %,d; ask with more filters instead"
                                .formatted(MOST, DEEPEST));
            }
        }
    }

    /// Which of his orders somebody takes back.
    sealed interface Withdrawal {
        /// One.
        record One(Bytes32 hash) implements Withdrawal {}

        /// The one of `kind` for `asset` that was published last.
        ///
        /// @param asset the app, dataset or workerpool; of a request, the requester
        record Last(Kind kind, Address asset) implements Withdrawal {}

        /// All of `kind` for `asset`, which is as in [Last].
        record All(Kind kind, Address asset) implements Withdrawal {}
    }

    /// The kinds of orders.
    enum Kind {
        APP,
        DATASET,
        WORKERPOOL,
        REQUEST;

        public static Kind of(Order order) {
            return switch (order) {
                case Order.App _ -> APP;
                case Order.Dataset _ -> DATASET;
                case Order.Workerpool _ -> WORKERPOOL;
                case Order.Request _ -> REQUEST;
            };
        }
    }
}
