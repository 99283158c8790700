/// iExec's own clients, the npm package `iexec` as it is published, on a market as `bourse up` has it.
///
/// [Stand] is the market, one for all tests, and runs clients as processes: the library by the scripts in
/// `src/test/scripts`, the command by itself. Tests look at what a client printed, and at what the chain has.
@NullMarked
package bourse.clients;

import org.jspecify.annotations.NullMarked;
