package bourse.protocol;

import bourse.protocol.OrderBook.Published;
import bourse.protocol.OrderBook.Slice;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.Optional;

/// What is asked of an [OrderBook], by the filters that iExec's market API has. Sellers' orders come the cheapest
/// first, requests the best paying pool's price first; of the same price, the oldest.
public sealed interface Query<O extends Order> {

    Fit fit();

    Slice slice();

    /// Whether the order belongs into the answer.
    boolean admits(Published<O> published);

    /// What is sorted by: of a seller's order the price, of a request the most that it pays a pool.
    static Rlc price(Order order) {
        return switch (order) {
            case Order.App o -> o.appprice();
            case Order.Dataset o -> o.datasetprice();
            case Order.Workerpool o -> o.workerpoolprice();
            case Order.Request o -> o.workerpoolmaxprice();
        };
    }

    /// The order of an answer, but for those of one price.
    default Comparator<Published<O>> byPrice() {
        var cheapest = Comparator.comparing(
                (Published<O> published) -> price(published.order().order()));
        return this instanceof Requests ? cheapest.reversed() : cheapest;
    }

    /// What all orders have.
    ///
    /// @param minTag bits that the order's tag must have
    /// @param maxTag the only bits that it may have
    /// @param minVolume what must be left of it, at least 1
    record Fit(Tag minTag, Optional<Tag> maxTag, long minVolume) {
        public static final Fit ANY = new Fit(Tag.NONE, Optional.empty(), 1);

        public Fit {
            if (minVolume < 1) {
                throw new Malformed("minVolume is at least 1, this is " + minVolume);
            }
        }

        boolean admits(Tag tag, long remaining) {
            return tag.covers(minTag) && maxTag.map(most -> most.covers(tag)).orElse(true) && remaining >= minVolume;
        }
    }

    /// Which restrictions of an order are welcome.
    sealed interface Party {
        boolean admits(Address restriction);

        /// Only orders that leave it open.
        record Everyone() implements Party {
            @Override
            public boolean admits(Address restriction) {
                return restriction.isZero();
            }
        }

        /// Whatever the order says.
        record Whoever() implements Party {
            @Override
            public boolean admits(Address restriction) {
                return true;
            }
        }

        /// Only orders that are restricted, to whomever.
        record Restricted() implements Party {
            @Override
            public boolean admits(Address restriction) {
                return !restriction.isZero();
            }
        }

        /// Orders that serve `address`, be it that they leave it open, if not `strict`.
        record One(Address address, boolean strict) implements Party {
            @Override
            public boolean admits(Address restriction) {
                return restriction.equals(address) || (!strict && restriction.isZero());
            }
        }

        Party EVERYONE = new Everyone();
        Party WHOEVER = new Whoever();
        Party RESTRICTED = new Restricted();
    }

    /// Orders of one app, of all apps of an owner, or of all.
    record Apps(
            Optional<Address> app,
            Optional<Address> owner,
            Party dataset,
            Party workerpool,
            Party requester,
            Fit fit,
            Slice slice)
            implements Query<Order.App> {
        @Override
        public boolean admits(Published<Order.App> published) {
            var order = published.order().order();
            return same(app, order.app())
                    && same(owner, published.signer())
                    && dataset.admits(order.datasetrestrict())
                    && workerpool.admits(order.workerpoolrestrict())
                    && requester.admits(order.requesterrestrict())
                    && fit.admits(order.tag(), published.remaining());
        }
    }

    /// Likewise.
    ///
    /// @param bulkOnly only those that are made for many datasets in one task: free, and of a volume without end
    record Datasets(
            Optional<Address> dataset,
            Optional<Address> owner,
            Party app,
            Party workerpool,
            Party requester,
            boolean bulkOnly,
            Fit fit,
            Slice slice)
            implements Query<Order.Dataset> {
        /// From this volume on an order has none: what numbers of JavaScript hold, less one (iExec's SDK,
        /// `DATASET_INFINITE_VOLUME`).
        public static final long ENDLESS = (1L << 53) - 2;

        @Override
        public boolean admits(Published<Order.Dataset> published) {
            var order = published.order().order();
            return same(dataset, order.dataset())
                    && same(owner, published.signer())
                    && app.admits(order.apprestrict())
                    && workerpool.admits(order.workerpoolrestrict())
                    && requester.admits(order.requesterrestrict())
                    && (!bulkOnly || isBulk(order))
                    && fit.admits(order.tag(), published.remaining());
        }

        public static boolean isBulk(Order.Dataset order) {
            return order.datasetprice().isZero() && order.volume() >= ENDLESS;
        }
    }

    /// @param minTrust the least that the order must serve
    record Workerpools(
            Optional<Long> category,
            Optional<Address> workerpool,
            Optional<Address> owner,
            long minTrust,
            Party app,
            Party dataset,
            Party requester,
            Fit fit,
            Slice slice)
            implements Query<Order.Workerpool> {
        /// Orders that are open to everyone.
        public static Workerpools of(long category, long trust, Slice slice) {
            return new Workerpools(
                    Optional.of(category),
                    Optional.empty(),
                    Optional.empty(),
                    trust,
                    Party.EVERYONE,
                    Party.EVERYONE,
                    Party.EVERYONE,
                    Fit.ANY,
                    slice);
        }

        @Override
        public boolean admits(Published<Order.Workerpool> published) {
            var order = published.order().order();
            return same(category, order.category())
                    && same(workerpool, order.workerpool())
                    && same(owner, published.signer())
                    && order.trust() >= minTrust
                    && app.admits(order.apprestrict())
                    && dataset.admits(order.datasetrestrict())
                    && requester.admits(order.requesterrestrict())
                    && fit.admits(order.tag(), published.remaining());
        }
    }

    /// @param workerpool whom the request may name as the only pool
    /// @param maxTrust the most that it may ask for
    record Requests(
            Optional<Long> category,
            Optional<Address> requester,
            Optional<Address> beneficiary,
            Optional<Address> app,
            Optional<Address> dataset,
            Party workerpool,
            long maxTrust,
            Fit fit,
            Slice slice)
            implements Query<Order.Request> {
        /// Requests that leave open which pool serves them.
        public static Requests of(long category, long trust, Slice slice) {
            return new Requests(
                    Optional.of(category),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Party.EVERYONE,
                    trust,
                    Fit.ANY,
                    slice);
        }

        @Override
        public boolean admits(Published<Order.Request> published) {
            var order = published.order().order();
            return same(category, order.category())
                    && same(requester, order.requester())
                    && same(beneficiary, order.beneficiary())
                    && same(app, order.app())
                    && same(dataset, order.dataset())
                    && workerpool.admits(order.workerpool())
                    && order.trust() <= maxTrust
                    && fit.admits(order.tag(), published.remaining());
        }
    }

    private static <T> boolean same(Optional<T> wanted, T is) {
        return wanted.map(is::equals).orElse(true);
    }

    /// How many times two a trust is, rounded down: orders of one class lie together in an index.
    static int trustClass(long trust) {
        return BigInteger.valueOf(Math.max(1, trust)).bitLength() - 1;
    }
}
