/// The process that runs one program: the engine, and all that the program sees of the world.
@NullMarked
package bourse.sandbox.child;

import org.jspecify.annotations.NullMarked;
