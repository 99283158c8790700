package bourse.protocol;

import bourse.protocol.OrderBook.Kind;
import bourse.protocol.OrderBook.Published;
import bourse.protocol.OrderBook.Slice;
import bourse.protocol.OrderBook.Status;
import bourse.protocol.Query.Fit;
import bourse.protocol.Query.Party;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Which orders of a book an order could stand in one deal with, and what keeps the others from it.
///
/// @param sides the other kinds of orders that were looked at
public record Fitting(Bytes32 order, Kind kind, Status status, long remaining, List<Side> sides) {
    /// How many orders are named one by one.
    private static final int SHOWN = 20;

    public Fitting {
        sides = List.copyOf(sides);
    }

    /// Orders of one kind.
    ///
    /// @param looked how many were looked at, the cheapest; of requests the best paying
    /// @param more whether the book has others that were not
    /// @param fit how many of them fit
    /// @param best the first of those that fit
    /// @param stoppedBy how many each field stops, some of them several fields
    /// @param stopped the first of those that do not fit
    public record Side(
            Kind kind,
            int looked,
            boolean more,
            int fit,
            List<Bytes32> best,
            Map<String, Integer> stoppedBy,
            List<Stopped> stopped) {
        public Side {
            best = List.copyOf(best);
            stopped = List.copyOf(stopped);
        }
    }

    public record Stopped(Bytes32 order, List<Obstacle> obstacles) {
        public Stopped {
            obstacles = List.copyOf(obstacles);
        }
    }

    /// @param field of which of the two orders, by its name in the ABI
    /// @param why what it says, and what the other says
    public record Obstacle(String field, String why) {}

    /* LOOKING */

    /// Looks at the orders beside `subject` in the book, at most [Slice#MOST] of a kind.
    public static Fitting of(OrderBook book, Published<?> subject) throws InterruptedException {
        var sides = new ArrayList<Side>();
        switch (subject.order().order()) {
            case Order.App o -> {
                sides.add(side(book, o, requests(Optional.of(o.app()), Optional.empty())));
                sides.add(side(book, o, workerpools()));
            }
            case Order.Dataset o -> {
                sides.add(side(book, o, requests(Optional.empty(), Optional.of(o.dataset()))));
                sides.add(side(book, o, workerpools()));
            }
            case Order.Workerpool o -> sides.add(side(book, o, requests(Optional.empty(), Optional.empty())));
            case Order.Request o -> {
                sides.add(side(book, o, workerpools()));
                sides.add(side(book, o, apps(o.app())));
                if (!o.dataset().isZero()) {
                    sides.add(side(book, o, datasets(o.dataset())));
                }
            }
        }
        return new Fitting(
                subject.hash(), Kind.of(subject.order().order()), subject.status(), subject.remaining(), sides);
    }

    private static <O extends Order> Side side(OrderBook book, Order subject, Query<O> query)
            throws InterruptedException {
        var page = book.query(query);
        var best = new ArrayList<Bytes32>();
        var stopped = new ArrayList<Stopped>();
        var stoppedBy = new TreeMap<String, Integer>();
        for (var other : page.orders()) {
            var obstacles = between(subject, other.order().order());
            obstacles.stream()
                    .map(Obstacle::field)
                    .distinct()
                    .forEach(field -> stoppedBy.merge(field, 1, Integer::sum));
            if (obstacles.isEmpty()) {
                best.add(other.hash());
            } else {
                stopped.add(new Stopped(other.hash(), obstacles));
            }
        }
        return new Side(
                kind(query),
                page.orders().size(),
                page.more(),
                best.size(),
                best.stream().limit(SHOWN).toList(),
                stoppedBy,
                stopped.stream().limit(SHOWN).toList());
    }

    private static Kind kind(Query<?> query) {
        return switch (query) {
            case Query.Apps _ -> Kind.APP;
            case Query.Datasets _ -> Kind.DATASET;
            case Query.Workerpools _ -> Kind.WORKERPOOL;
            case Query.Requests _ -> Kind.REQUEST;
        };
    }

    private static Query.Workerpools workerpools() {
        return new Query.Workerpools(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Party.WHOEVER,
                Party.WHOEVER,
                Party.WHOEVER,
                Fit.ANY,
                Slice.WHOLE);
    }

    private static Query.Apps apps(Address app) {
        return new Query.Apps(
                Optional.of(app), Optional.empty(), Party.WHOEVER, Party.WHOEVER, Party.WHOEVER, Fit.ANY, Slice.WHOLE);
    }

    private static Query.Datasets datasets(Address dataset) {
        return new Query.Datasets(
                Optional.of(dataset),
                Optional.empty(),
                Party.WHOEVER,
                Party.WHOEVER,
                Party.WHOEVER,
                false,
                Fit.ANY,
                Slice.WHOLE);
    }

    private static Query.Requests requests(Optional<Address> app, Optional<Address> dataset) {
        return new Query.Requests(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                app,
                dataset,
                Party.WHOEVER,
                Long.MAX_VALUE,
                Fit.ANY,
                Slice.WHOLE);
    }

    /* COMPARING */

    /// What keeps two orders of different kinds from standing in one deal, as `matchOrders` of the contracts sees it
    /// (docs/contracts.md). Orders of one kind never meet.
    public static List<Obstacle> between(Order one, Order other) {
        var found = new Obstacles();
        switch (one) {
            case Order.Request r -> found.request(r, other);
            case Order.Workerpool w -> {
                if (other instanceof Order.Request r) {
                    found.request(r, w);
                } else {
                    found.workerpool(w, other);
                }
            }
            case Order.App a -> {
                switch (other) {
                    case Order.Request r -> found.request(r, a);
                    case Order.Workerpool w -> found.workerpool(w, a);
                    case Order.Dataset d -> found.data(a, d);
                    case Order.App _ -> found.sameKind();
                }
            }
            case Order.Dataset d -> {
                switch (other) {
                    case Order.Request r -> found.request(r, d);
                    case Order.Workerpool w -> found.workerpool(w, d);
                    case Order.App a -> found.data(a, d);
                    case Order.Dataset _ -> found.sameKind();
                }
            }
        }
        return List.copyOf(found.all);
    }

    private static final class Obstacles {
        private final List<Obstacle> all = new ArrayList<>();

        void request(Order.Request r, Order other) {
            switch (other) {
                case Order.Workerpool w -> {
                    if (r.category() != w.category()) {
                        add(
                                "category",
                                "the request is of category %d, the pool's order of %d"
                                        .formatted(r.category(), w.category()));
                    }
                    if (r.trust() > w.trust()) {
                        add(
                                "trust",
                                "the request asks for trust %d, the pool serves %d".formatted(r.trust(), w.trust()));
                    }
                    price("workerpoolmaxprice", w.workerpoolprice(), r.workerpoolmaxprice());
                    needs(w, r.tag());
                    admit("workerpool", r.workerpool(), w.workerpool());
                    admit("apprestrict", w.apprestrict(), r.app());
                    admit("datasetrestrict", w.datasetrestrict(), r.dataset());
                    admit("requesterrestrict", w.requesterrestrict(), r.requester());
                }
                case Order.App a -> {
                    same("app", r.app(), a.app());
                    price("appmaxprice", a.appprice(), r.appmaxprice());
                    if (r.tag().wantsEnclave() && !a.tag().wantsEnclave()) {
                        add("tag", "the request asks for an enclave, which the app's order does not bring");
                    }
                    admit("datasetrestrict", a.datasetrestrict(), r.dataset());
                    namedPool("workerpoolrestrict", a.workerpoolrestrict(), r);
                    admit("requesterrestrict", a.requesterrestrict(), r.requester());
                }
                case Order.Dataset d -> {
                    same("dataset", r.dataset(), d.dataset());
                    price("datasetmaxprice", d.datasetprice(), r.datasetmaxprice());
                    admit("apprestrict", d.apprestrict(), r.app());
                    namedPool("workerpoolrestrict", d.workerpoolrestrict(), r);
                    admit("requesterrestrict", d.requesterrestrict(), r.requester());
                }
                case Order.Request _ -> sameKind();
            }
        }

        void workerpool(Order.Workerpool w, Order other) {
            switch (other) {
                case Order.App a -> {
                    needs(w, a.tag());
                    admit("workerpoolrestrict", a.workerpoolrestrict(), w.workerpool());
                    admit("apprestrict", w.apprestrict(), a.app());
                }
                case Order.Dataset d -> {
                    needs(w, d.tag().withoutFrameworks());
                    admit("workerpoolrestrict", d.workerpoolrestrict(), w.workerpool());
                    admit("datasetrestrict", w.datasetrestrict(), d.dataset());
                }
                case Order.Workerpool _ -> sameKind();
                case Order.Request r -> request(r, w);
            }
        }

        void data(Order.App a, Order.Dataset d) {
            if (d.tag().wantsEnclave() && !a.tag().wantsEnclave()) {
                add("tag", "the dataset asks for an enclave, which the app's order does not bring");
            }
            admit("datasetrestrict", a.datasetrestrict(), d.dataset());
            admit("apprestrict", d.apprestrict(), a.app());
        }

        void sameKind() {
            add("kind", "two orders of one kind are never in one deal");
        }

        private void same(String field, Address wanted, Address offered) {
            if (!wanted.equals(offered)) {
                add(field, "the request is for %s, the order for %s".formatted(wanted, offered));
            }
        }

        private void price(String field, Rlc asked, Rlc accepted) {
            if (!accepted.covers(asked)) {
                add(field, "%s is asked, at most %s is paid".formatted(asked, accepted));
            }
        }

        private void needs(Order.Workerpool pool, Tag needed) {
            if (!pool.tag().covers(needed)) {
                add("tag", "%s is needed, the pool offers %s".formatted(needed, pool.tag()));
            }
        }

        /// A request that leaves the pool open leaves it to the pool that comes.
        private void namedPool(String field, Address restriction, Order.Request r) {
            if (!r.workerpool().isZero()) {
                admit(field, restriction, r.workerpool());
            }
        }

        /// A restriction can be a group, whose members the chain alone knows.
        private void admit(String field, Address restriction, Address account) {
            if (!restriction.isZero() && !restriction.equals(account)) {
                add(field, "only %s, or a group of that address; this is %s".formatted(restriction, account));
            }
        }

        private void add(String field, String why) {
            all.add(new Obstacle(field, why));
        }
    }
}
