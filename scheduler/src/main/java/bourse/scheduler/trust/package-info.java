/// Whom a pool believes, whom it asks next, and how sure a result is before the chain decides it.
///
/// [bourse.scheduler.trust.Assumption] says what is believed of somebody unknown, and what each passed check adds;
/// [bourse.scheduler.trust.Credibility] joins what several say. docs/trust.md has the formulas.
@NullMarked
package bourse.scheduler.trust;

import org.jspecify.annotations.NullMarked;
