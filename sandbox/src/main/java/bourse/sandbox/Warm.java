package bourse.sandbox;

import bourse.sandbox.child.Request;
import bourse.sandbox.child.Wire;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A child process that holds one program, and the parent's side of the talk with it.
///
/// The program may have broken out and speak for the child. So everything read here is bounded, and what breaks
/// the rules is an [IOException], after which the process is good for nothing.
final class Warm {
    private static final int LONGEST_MESSAGE = 4096;

    private final Process process;
    private final Path input;
    private final DataInputStream in;
    private final DataOutputStream out;
    private volatile boolean ready;
    private Stopwatch time = new Stopwatch();
    private boolean paused;

    /// What the child says of a run, before its files.
    ///
    /// @param cause empty when the program finished
    /// @param status the exit code, where that is the cause
    @SuppressWarnings("ArrayRecordComponent") // passed on at once, never compared
    record Answer(
            Optional<Cause> cause, OptionalLong status, String message, byte[] stdout, byte[] stderr, long fuel) {}

    private Warm(Process process, Path input) {
        this.process = process;
        this.input = input;
        in = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
        out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 16));
    }

    /// @param input a directory to be made, in which the process finds the input of each run
    static Warm start(Launcher launcher, Path input, Limits limits) {
        try {
            Files.createDirectories(input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Warm(launcher.start(input, limits), input);
    }

    /// Copies what the next run reads. What is neither a file nor a directory is left out.
    void provide(Path from) {
        Trees.empty(input);
        Trees.copy(from, input);
    }

    /// Runs a request, the first time together with handing over the program. Blocks; [#kill] ends it.
    Answer run(byte[] program, Request request, Harvest harvest) throws IOException {
        if (!ready) {
            Wire.writeBytes(out, program);
            out.flush();
            var refusal = cause();
            if (refusal.isPresent()) {
                var message = Wire.readText(in, LONGEST_MESSAGE);
                return new Answer(refusal, OptionalLong.empty(), message, new byte[0], new byte[0], 0);
            }
            ready = true;
        }
        request.write(out);
        out.flush();
        var cause = cause();
        var status = status(cause);
        var message = Wire.readText(in, LONGEST_MESSAGE);
        int most = request.limits().streamBytes();
        var stdout = Wire.readBytes(in, most);
        var stderr = Wire.readBytes(in, most);
        long fuel = Math.clamp(in.readLong(), 0, request.limits().fuel());
        harvest.read(in);
        return new Answer(cause, status, message, stdout, stderr, fuel);
    }

    /// The time of the run that begins, without pauses.
    synchronized Stopwatch beginRun() {
        time = new Stopwatch();
        if (paused) {
            time.pause();
        }
        return time;
    }

    /// Lets it stand still, with all that it started.
    synchronized void pause() {
        if (!paused) {
            paused = true;
            time.pause();
            signal("STOP");
        }
    }

    synchronized void resume() {
        if (paused) {
            paused = false;
            signal("CONT");
            time.resume();
        }
    }

    /// Also to those that begin meanwhile: bubblewrap may be about to start the JVM.
    private void signal(String name) {
        var told = new HashSet<Long>();
        while (true) {
            var others = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                    .filter(ProcessHandle::isAlive)
                    .map(ProcessHandle::pid)
                    .filter(told::add)
                    .map(Object::toString)
                    .toList();
            if (others.isEmpty()) {
                return;
            }
            try {
                // Java has no call for it, and every shell has.
                new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + String.join(" ", others))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
            } catch (IOException e) {
                throw new UncheckedIOException("can not signal a child", e);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    boolean alive() {
        return process.isAlive();
    }

    /// Ends it, whatever it does. Returns at once.
    ///
    /// One that never spoke has not run the program yet, and can be asked: it ends when its input does. To kill it
    /// could hit bubblewrap between the start of its second process and the moment from which the two die together.
    void kill() {
        if (ready) {
            process.destroyForcibly();
        } else {
            resume(); // who stands still hears nothing
            Thread.ofVirtual().start(this::hangUp);
            var _ = process.onExit()
                    .completeOnTimeout(process, 10, TimeUnit.SECONDS)
                    .thenAccept(Process::destroyForcibly);
        }
    }

    private void hangUp() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It is gone already.
        }
    }

    /// Kills it and takes its directory away.
    void end() {
        kill();
        Trees.empty(input);
        try {
            Files.deleteIfExists(input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<Cause> cause() throws IOException {
        var name = Wire.readText(in, 100);
        var cause =
                Stream.of(Cause.values()).filter(one -> one.name().equals(name)).findFirst();
        if (cause.isEmpty() && !name.isEmpty()) {
            throw new IOException("names a cause that is not there");
        }
        return cause;
    }

    private OptionalLong status(Optional<Cause> cause) throws IOException {
        long status = in.readLong();
        if (cause.filter(Cause.EXIT_CODE::equals).isEmpty()) {
            return OptionalLong.empty();
        }
        if (status < 1 || status > Outcome.MOST_STATUS) {
            throw new IOException("names an exit code that is none");
        }
        return OptionalLong.of(status);
    }
}
