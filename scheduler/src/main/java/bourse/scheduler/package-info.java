/// Leads a workerpool.
///
/// [bourse.scheduler.Projection] is what the chain says, [bourse.scheduler.Replicates] what only the pool
/// knows: who was asked, and until when it counts on them. Both make a [bourse.scheduler.View];
/// [bourse.scheduler.Planner] decides what to do about it, with those whom [bourse.scheduler.Admission] lets; the
/// loop in [bourse.scheduler.Scheduler] does it, by leases and by transactions in its [bourse.scheduler.Outbox], and
/// looks again.
@NullMarked
package bourse.scheduler;

import org.jspecify.annotations.NullMarked;
