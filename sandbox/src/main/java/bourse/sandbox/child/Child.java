package bourse.sandbox.child;

import bourse.sandbox.metering.Refused;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.SynchronousQueue;

/// The process that runs one program, again and again, for a parent that talks to it over standard input and
/// output.
///
/// ```
/// parent                          child
///   program (bytes)          ───▶
///                            ◀───   "" when ready, or cause, message when refused
///   request, again and again ───▶
///                            ◀───   cause or "" when finished, exit code or 0, message, stdout, stderr, fuel,
///                                   then (FILE path bytes | DIRECTORY path)* DONE
/// ```
///
/// It knows no secret, and trusts the parent. The parent trusts nothing that comes from here.
public final class Child {
    public static final int FILE = 1;
    public static final int DIRECTORY = 2;
    public static final int DONE = 0;

    private static final long LARGE_HEAP = 512 << 20;

    private final Engine engine;
    private final Path input;
    private final DataOutputStream out;

    private Child(Engine engine, Path input, DataOutputStream out) {
        this.engine = engine;
        this.input = input;
        this.out = out;
    }

    /// Serves until standard input ends.
    ///
    /// @param arguments the directory with the input files
    public static void main(String[] arguments) throws IOException, InterruptedException {
        var in = new DataInputStream(new BufferedInputStream(System.in));
        var out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16));
        // Nothing but messages may come out of standard output.
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        var requests = new SynchronousQueue<Request>();
        var program = Wire.readBytes(in, Integer.MAX_VALUE);
        Thread.ofPlatform().daemon().start(() -> listen(in, requests));
        try {
            var engine = Engine.compiled(program);
            Wire.writeText(out, "");
            out.flush();
            var child = new Child(engine, Path.of(arguments[0]), out);
            while (true) {
                child.serve(requests.take());
                // The next task may be long in coming: a large one's memory goes back to the machine meanwhile.
                if (Runtime.getRuntime().totalMemory() > LARGE_HEAP) {
                    System.gc();
                }
            }
        } catch (Refused e) {
            Wire.writeText(out, e.refusal().cause().name());
            Wire.writeText(out, e.refusal().message());
            out.flush();
        }
    }

    /// Also while a program runs: when the parent is gone, so is the child.
    private static void listen(DataInputStream in, SynchronousQueue<Request> requests) {
        try {
            while (true) {
                requests.put(Request.read(in));
            }
        } catch (EOFException e) {
            Runtime.getRuntime().halt(0);
        } catch (IOException | InterruptedException e) {
            Runtime.getRuntime().halt(1);
        }
    }

    private void serve(Request request) throws IOException, InterruptedException {
        var report = engine.run(request, input);
        Wire.writeText(out, report.cause().map(Enum::name).orElse(""));
        out.writeLong(report.status().orElse(0));
        Wire.writeText(out, report.message());
        Wire.writeBytes(out, report.stdout());
        Wire.writeBytes(out, report.stderr());
        out.writeLong(report.fuel());
        if (report.cause().isEmpty()) {
            write("", report.volume().output());
        }
        out.writeByte(DONE);
        out.flush();
    }

    private void write(String path, Volume.Directory directory) throws IOException {
        for (var entry : directory.entries().entrySet()) {
            var name = path + entry.getKey();
            switch (entry.getValue()) {
                case Volume.Directory child -> {
                    out.writeByte(DIRECTORY);
                    Wire.writeText(out, name);
                    write(name + "/", child);
                }
                case Volume.File file -> {
                    out.writeByte(FILE);
                    Wire.writeText(out, name);
                    Wire.writeBytes(out, file.read(0, (int) file.size()));
                }
            }
        }
    }
}
