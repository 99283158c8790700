@NullMarked
package bourse.storage;

import org.jspecify.annotations.NullMarked;
