/// What tests of the other rooms stand on: the market's contracts as a plain Java model, the doors in memory, a
/// clock that a test turns by hand, and generators that a seed replays.
///
/// [bourse.testing.Rules] is the market's law as one pure function, to be read as its specification;
/// [bourse.testing.Model] makes a chain of it. [bourse.testing.Scene] sets the stage for a test that needs a
/// market with people in it, [bourse.testing.Traffic] fills it with calls, good and bad.
@NullMarked
package bourse.testing;

import org.jspecify.annotations.NullMarked;
