package bourse.sandbox;

import bourse.sandbox.child.Engine;
import bourse.sandbox.metering.Refused;
import java.util.Optional;
import java.util.Set;

/// Runs programs that nobody trusts. Shared by any number of threads.
public interface Sandbox extends AutoCloseable {
    /// Why this WASI program can not run here; empty when it can. Looks at the bytes only.
    ///
    /// A module of some MB takes a second and some hundred MB of heap: don't ask for many at once.
    static Optional<Refusal> inspect(byte[] program) {
        try {
            Engine.parse(program);
            return Optional.empty();
        } catch (Refused e) {
            return Optional.of(e.refusal());
        }
    }

    /// Runs a job and waits for its end. May wait for a free process first.
    ///
    /// @throws InterruptedException when the thread is interrupted; the run is killed
    /// @throws java.io.UncheckedIOException when the program or input can't be read, or the output not written
    Outcome run(Job job) throws InterruptedException;

    /// Lets all programs stand still that run, and none begin, until [#resume]. Their time does not pass
    /// meanwhile. To pause twice is to pause once.
    void pause();

    /// Lets them go on.
    void resume();

    /// The kinds of programs that it runs.
    default Set<Class<? extends Program>> kinds() {
        return Set.of(Program.Wasm.class);
    }

    /// What programs are held by.
    Isolation isolation();

    /// Ends every run and its process.
    @Override
    void close();
}
