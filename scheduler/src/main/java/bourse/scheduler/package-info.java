/// Leads a workerpool.
///
/// [bourse.scheduler.Projection] is what the chain says, [bourse.scheduler.Replicates] what only the pool
/// knows: who was asked, and until when it counts on them. Both make a [bourse.scheduler.View];
/// [bourse.scheduler.Planner] decides what to do about it; the loop in [bourse.scheduler.Scheduler] does it,
/// and looks again.
@NullMarked
package bourse.scheduler;

import org.jspecify.annotations.NullMarked;
