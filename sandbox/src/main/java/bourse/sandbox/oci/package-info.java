/// Runs programs that come as container images, over Docker's API: for all that is not compiled to WebAssembly.
///
/// [bourse.sandbox.oci.Containers] is the [bourse.sandbox.Sandbox] for [bourse.sandbox.Program.Image]. A run has
/// two phases. [bourse.sandbox.oci.Images] brings the image, in its own time and size, and keeps it for the next
/// run. Then a container runs it, with nothing but its image, its input and its [bourse.sandbox.oci.Outbox]: a file
/// system of a fixed size in memory, which the daemon reads back when the program has ended. So this process never
/// opens a path that the program could have laid out.
@NullMarked
package bourse.sandbox.oci;

import org.jspecify.annotations.NullMarked;
