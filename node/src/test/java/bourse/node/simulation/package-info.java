/// Whole markets, played from a seed until every task has ended: [bourse.node.simulation.Scenario] says who takes
/// part and what goes wrong, [bourse.node.simulation.WholeMarket] plays it, and [bourse.node.simulation.Witness]
/// says what must hold all the same.
@NullMarked
package bourse.node.simulation;

import org.jspecify.annotations.NullMarked;
