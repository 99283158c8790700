@NullMarked
package bourse.testing.simulation;

import org.jspecify.annotations.NullMarked;
