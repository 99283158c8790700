/// The roof: knows every room, and introduces them.
///
/// [bourse.node.Laptop] is a whole market in one process; [bourse.node.Market] is what a command needs of a
/// market, whoever runs it. [bourse.node.Purchase], [bourse.node.Watch] and [bourse.node.Statement] are a
/// requester's way: buy, follow, check.
@NullMarked
package bourse.node;

import org.jspecify.annotations.NullMarked;
