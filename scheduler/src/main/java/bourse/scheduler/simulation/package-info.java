/// What a pool's trust is worth: its planner, [bourse.scheduler.trust.Book], against simulated workers that
/// lie, beside ways that have no memory or no checks.
///
/// Nothing here runs in a market.
@NullMarked
package bourse.scheduler.simulation;

import org.jspecify.annotations.NullMarked;
