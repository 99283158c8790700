@NullMarked
package bourse.classad.pool;

import org.jspecify.annotations.NullMarked;
