/// One pass over a module's bytes that makes it count what it does.
///
/// [bourse.sandbox.metering.Metered#of] checks what is imported and which features are used, and rewrites each
/// function in two steps: `Analysis` reads it, `Rewriter` writes it again.
@NullMarked
package bourse.sandbox.metering;

import org.jspecify.annotations.NullMarked;
