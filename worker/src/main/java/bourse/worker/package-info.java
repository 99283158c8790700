/// Computes for a pool.
///
/// ```
///           ask ──▶ check ──▶ fetch ──▶ run ──▶ store ──▶ PROMISE      (Attempt)
///                                                            │
///     forget ◀── deliver ◀── reveal ◀── contribute ◀─────────┘         (Keeper)
/// ```
///
/// Everything before the promise may be lost: it is computed again. A promise is on disk before anything of it is
/// signed, and from there the chain alone says what is to be done about it: [bourse.worker.Duties] reads it off,
/// [bourse.worker.Keeper] does it, however often the worker dies in between.
///
/// [bourse.worker.Shift] watches over the first line where the machine has an owner who comes first.
@NullMarked
package bourse.worker;

import org.jspecify.annotations.NullMarked;
