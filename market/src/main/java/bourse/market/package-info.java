/// The role that keeps the order book: what is offered, and what was traded.
///
/// Whoever publishes an order has signed it, and could match it by himself: the book believes nobody, and keeps
/// nobody's money. It is there so that others find the order. So it holds what it is told against the chain
/// ([bourse.market.Desk]), keeps it in PostgreSQL ([bourse.market.Shelf]), finds it by any filter
/// ([bourse.market.Selection]), and takes it away when it can not be matched any more, which the chain tells
/// ([bourse.market.Market], the one loop). What it knows of the chain is never computed from events: they only say
/// what to read again, so that a block that did not stand, or an event heard twice, needs no code of its own.
@org.jspecify.annotations.NullMarked
package bourse.market;
