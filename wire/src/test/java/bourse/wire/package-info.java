@NullMarked
package bourse.wire;

import org.jspecify.annotations.NullMarked;
