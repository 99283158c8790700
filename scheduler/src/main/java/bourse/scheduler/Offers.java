package bourse.scheduler;

import bourse.protocol.Address;
import bourse.protocol.Category;
import bourse.protocol.Chain;
import bourse.protocol.Order;
import bourse.protocol.OrderBook;
import bourse.protocol.OrderBook.Published;
import bourse.protocol.OrderBook.Slice;
import bourse.protocol.Query;
import bourse.protocol.Query.Party;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Tag;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The pool's standing offers: one order for each category, open to everyone.
///
/// They stand in the chain's log, and in a market's book beside it: the same orders, so that what is bought from one is
/// gone from the other. What its owner offers by hand, with another volume or to somebody alone, is left as it is.
///
/// @param perMinute the price of a minute of reference time, for one task
/// @param trust the highest trust that the pool serves
public record Offers(Address workerpool, Rlc perMinute, long trust) {
    /// As much as any deal may take. By it a standing offer is known again.
    private static final long VOLUME = Integer.MAX_VALUE;

    /// What is done to the offers on chain.
    sealed interface Step {
        /// A new one is signed and shown.
        record Open(Order.Workerpool order) implements Step {}

        /// One is withdrawn for good, from all books.
        record Close(Order.Workerpool order) implements Step {}
    }

    /// Closes what stands at other terms than these, and opens what is missing.
    ///
    /// @param open the pool's orders that are open to everyone, with something left of each
    List<Step> steps(List<Category> categories, Collection<Order.Workerpool> open) {
        var steps = new ArrayList<Step>();
        open.stream()
                .filter(order -> stands(order) && !isWanted(order, categories))
                .forEach(order -> steps.add(new Step.Close(order)));
        for (var category : categories) {
            if (open.stream().noneMatch(order -> order.category() == category.id() && isWanted(order, categories))) {
                steps.add(new Step.Open(
                        Order.Workerpool.open(workerpool, price(category), VOLUME, category.id(), trust)));
            }
        }
        return List.copyOf(steps);
    }

    /// The offers that a market's book lacks. It takes none for which the owner has not the stake of one task.
    ///
    /// @param open likewise
    /// @param listed those in the book
    /// @param free what the owner has free
    List<Signed<Order.Workerpool>> unlisted(
            Collection<Signed<Order.Workerpool>> open, Collection<Order.Workerpool> listed, Rlc free) {
        return open.stream()
                .filter(offer -> stands(offer.order())
                        && !listed.contains(offer.order())
                        && free.covers(offer.order().stake()))
                .toList();
    }

    private static boolean stands(Order.Workerpool order) {
        return order.volume() == VOLUME && order.tag().equals(Tag.NONE);
    }

    private boolean isWanted(Order.Workerpool order, List<Category> categories) {
        return order.trust() == trust
                && order.tag().equals(Tag.NONE)
                && categories.stream()
                        .anyMatch(category -> category.id() == order.category()
                                && price(category).equals(order.workerpoolprice()));
    }

    private Rlc price(Category category) {
        return perMinute.times(category.reference().toMinutes());
    }

    /* DOING */

    /// Sees to it that the offers on chain are these.
    ///
    /// @param log the book that the chain's log is
    public void publish(Chain chain, OrderBook log, Wallet owner) throws Refused, InterruptedException {
        var open = open(log).stream().map(Signed::order).toList();
        for (var step : steps(chain.categories(), open)) {
            switch (step) {
                case Step.Open(var order) -> log.publish(owner, chain.domain().sign(order, owner));
                case Step.Close(var order) -> chain.submit(owner, new Transaction.Close(order));
            }
        }
    }

    /// The pool's orders in a book that are open to everyone.
    List<Signed<Order.Workerpool>> open(OrderBook book) throws InterruptedException {
        var query = new Query.Workerpools(
                Optional.empty(),
                Optional.of(workerpool),
                Optional.empty(),
                0,
                Party.EVERYONE,
                Party.EVERYONE,
                Party.EVERYONE,
                Query.Fit.ANY,
                Slice.WHOLE);
        return book.query(query).orders().stream().map(Published::order).toList();
    }
}
