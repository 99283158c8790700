/// A whole market played from a seed: [bourse.testing.simulation.Simulator] runs everyone's threads one at a time,
/// on a clock that jumps; the doors here lose, delay and double what goes through them, as the
/// [bourse.testing.simulation.Weather] is.
@NullMarked
package bourse.testing.simulation;

import org.jspecify.annotations.NullMarked;
