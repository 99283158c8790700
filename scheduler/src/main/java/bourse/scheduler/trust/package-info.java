/// Whom a pool believes, whom it asks next, and how sure a result is before anything decides it.
///
/// [bourse.scheduler.trust.Assumption] says what is believed of somebody unknown, and what each passed check
/// adds; [bourse.scheduler.trust.Tally] joins what several say; [bourse.scheduler.trust.Foresight] looks at
/// what the chain could decide before somebody is asked; [bourse.scheduler.trust.Exposure] says how often those
/// must be checked whom the chain believes alone. [bourse.scheduler.trust.Book] remembers, and chooses.
/// docs/trust.md has the formulas, and why they hold.
@NullMarked
package bourse.scheduler.trust;

import org.jspecify.annotations.NullMarked;
