/// Doors as HTTP: a role can not tell the object next to it from a client for one on another machine.
@NullMarked
package bourse.wire;

import org.jspecify.annotations.NullMarked;
