@NullMarked
package bourse.protocol;

import org.jspecify.annotations.NullMarked;
