/// The command line: one class a command. Each says what it needs, and leaves the doing to [bourse.node].
@NullMarked
package bourse.node.command;

import org.jspecify.annotations.NullMarked;
