/// The market's nouns, how they are hashed and signed, and the doors between its rooms.
@NullMarked
package bourse.protocol;

import org.jspecify.annotations.NullMarked;
