/// Runs a program that nobody trusts; a WASI program with the same result everywhere.
///
/// A [bourse.sandbox.Job] names a program, its input and its [bourse.sandbox.Limits]; a
/// [bourse.sandbox.Sandbox] runs it and answers with an [bourse.sandbox.Outcome]. Three walls stand between a WASI
/// program and this machine:
///
/// 1. WebAssembly itself. The module is validated, and `metering` rewrites it so that it counts its
/// instructions and calls and has only one NaN.
/// 2. A child process ([bourse.sandbox.child]) that holds the engine and no secret. It shows the program two
///    directories that live in memory, a clock that counts instructions, and random numbers that are not random.
/// 3. [bourse.sandbox.Isolation]: bubblewrap around that process.
///
/// [bourse.sandbox.WarmSandbox] keeps the processes of recent programs, so that a small task does not pay for a
/// start. It believes nothing that a child says: all it reads is bounded, and files are written under names it
/// has checked.
///
/// Programs that come as container images run in [bourse.sandbox.oci], and not with the same result everywhere.
@NullMarked
package bourse.sandbox;

import org.jspecify.annotations.NullMarked;
