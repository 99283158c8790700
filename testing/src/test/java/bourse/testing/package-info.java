@NullMarked
package bourse.testing;

import org.jspecify.annotations.NullMarked;
