/// When may this machine work? It belongs to somebody, who comes first.
///
/// ```
///  Gauge ──Condition──▶ Rules.next(Standing before) ──▶ Standing(Permit: Work | Pause | Leave)
/// ```
///
/// A [bourse.worker.machine.Gauge] measures, [bourse.worker.machine.Rules] decide, a
/// [bourse.worker.machine.Machine] remembers for all workers on it, and each worker's loop does.
@NullMarked
package bourse.worker.machine;

import org.jspecify.annotations.NullMarked;
