package bourse.node;

import bourse.protocol.Bytes;
import bourse.protocol.Deal;
import bourse.protocol.Event;
import bourse.protocol.Fitting;
import bourse.protocol.Malformed;
import bourse.protocol.Order;
import bourse.protocol.OrderBook.Slice;
import bourse.protocol.Query;
import bourse.protocol.Query.Party;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Tag;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import java.util.Optional;
import java.util.stream.Stream;

/// Pays for what somebody else asks for, who has named this sponsor in his request: finds the cheapest orders of a book
/// that the request lacks, and matches them at the sponsor's cost.
///
/// The sponsor agrees by the transaction that he sends, and signs nothing that others could use again. Prices stand in
/// the orders that he sends, the volume in the request, so no deal can cost more than what was held against his budget,
/// whatever happens in between.
///
/// @param market where
/// @param sponsor who pays
public record Sponsorship(Market market, Wallet sponsor) {
    /// Pays for all that is left of a request.
    ///
    /// @param request as its requester has signed it; what a book says of it is not believed
    /// @param budget the most that the whole request may cost, all its deals together
    /// @throws Problem if it can not be paid so; then no deal was made
    public Deal pay(Signed<Order.Request> request, Rlc budget) throws Problem, InterruptedException {
        var order = request.order();
        if (!order.payer().equals(sponsor.address())) {
            throw new Problem(
                    Problem.REFUSED,
                    "the request is to be paid by %s, not by %s".formatted(order.payer(), sponsor.address()));
        }
        long left = order.volume() - market.chain().consumed(order);
        if (left <= 0) {
            throw new Problem(Problem.REFUSED, "nothing is left of this request: it was paid for, or closed");
        }
        try {
            var app = cheapest(apps(order, left), order, Stream.of());
            var dataset = order.dataset().isZero()
                    ? new Signed<>(Order.Dataset.NONE, Bytes.EMPTY)
                    : cheapest(datasets(order, left), order, Stream.of(app.order()));
            var bought = order.dataset().isZero()
                    ? Stream.<Order>of(app.order())
                    : Stream.<Order>of(app.order(), dataset.order());
            var pool = cheapest(pools(order, left), order, bought);
            var price = app.order()
                    .appprice()
                    .plus(dataset.order().datasetprice())
                    .plus(pool.order().workerpoolprice());
            var cost = price.times(order.volume());
            if (!budget.covers(cost)) {
                throw new Problem(
                        Problem.REFUSED,
                        "%s at %s cost %s, more than --budget %s; nothing was paid"
                                .formatted(Purchase.tasks(order.volume()), price, cost, budget.decimal()));
            }
            var _ = Purchase.cover(market, sponsor, price.times(left), Purchase.tasks(left));
            var receipt = market.chain()
                    .submit(sponsor, new Transaction.Sponsor(new Transaction.Match(app, dataset, pool, request)));
            return market.chain()
                    .deal(receipt.event(Event.Matched.class).deal())
                    .orElseThrow();
        } catch (Refused | Malformed e) {
            throw new Problem(Problem.REFUSED, String.valueOf(e.getMessage()), e);
        }
    }

    /// The first that fits the request, and what was chosen before; what the book says is looked up on chain.
    private <O extends Order> Signed<O> cheapest(Query<O> query, Order.Request request, Stream<Order> chosen)
            throws Problem, InterruptedException {
        var others = Stream.concat(Stream.of(request), chosen).toList();
        for (var found : market.book().query(query).orders()) {
            var order = found.order().order();
            if (query.admits(found)
                    && others.stream()
                            .allMatch(other -> Fitting.between(other, order).isEmpty())
                    && Purchase.stands(
                            market.chain(), found.order(), query.fit().minVolume())) {
                return found.order();
            }
        }
        throw new Problem(
                Problem.REFUSED,
                "the book has no order of %s that serves %s of this request; `bourse match explain` tells what stops each"
                        .formatted(seller(query), Purchase.tasks(query.fit().minVolume())));
    }

    private static String seller(Query<?> query) {
        return switch (query) {
            case Query.Apps _ -> "its app";
            case Query.Datasets _ -> "its dataset";
            case Query.Workerpools _ -> "a pool";
            case Query.Requests _ -> "a requester";
        };
    }

    private static Query.Apps apps(Order.Request request, long left) {
        return new Query.Apps(
                Optional.of(request.app()),
                Optional.empty(),
                Party.WHOEVER,
                Party.WHOEVER,
                new Party.One(request.requester(), false),
                new Query.Fit(Tag.NONE, Optional.empty(), left),
                Slice.WHOLE);
    }

    private static Query.Datasets datasets(Order.Request request, long left) {
        return new Query.Datasets(
                Optional.of(request.dataset()),
                Optional.empty(),
                new Party.One(request.app(), false),
                Party.WHOEVER,
                new Party.One(request.requester(), false),
                false,
                new Query.Fit(Tag.NONE, Optional.empty(), left),
                Slice.WHOLE);
    }

    private static Query.Workerpools pools(Order.Request request, long left) {
        return new Query.Workerpools(
                Optional.of(request.category()),
                Optional.of(request.workerpool()).filter(pool -> !pool.isZero()),
                Optional.empty(),
                request.trust(),
                new Party.One(request.app(), false),
                Party.WHOEVER,
                new Party.One(request.requester(), false),
                new Query.Fit(request.tag(), Optional.empty(), left),
                Slice.WHOLE);
    }
}
