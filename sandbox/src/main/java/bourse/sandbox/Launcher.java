package bourse.sandbox;

import bourse.sandbox.child.Child;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.util.CheckClassAdapter;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.Instance;
import run.endive.wasm.WasmModule;

/// Starts child processes: the right JVM options, no environment, and bubblewrap where it works.
final class Launcher implements AutoCloseable {
    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));
    private static final Path BUBBLEWRAP = Path.of("/usr/bin/bwrap");
    private static final Path RLIMITS = Path.of("/usr/bin/prlimit");

    /// What the engine itself needs to compile a large module.
    private static final long ENGINE_HEAP = 384L << 20;

    /// Where the C library lives, on Linux.
    private static final List<String> LIBRARIES =
            List.of("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/java-25-openjdk");

    /// One class of each library: their jars are all that a child can load.
    private static final List<Class<?>> NEEDED = List.of(
            Child.class,
            WasmModule.class,
            Instance.class,
            MachineFactoryCompiler.class,
            ClassWriter.class,
            ClassRemapper.class,
            ClassNode.class,
            Analyzer.class,
            CheckClassAdapter.class);

    // The kernel ends a sandbox when the thread that started it ends, not only the process. Virtual threads run on
    // threads that come and go, so one thread that stays does all the starting.
    private final ExecutorService starter = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("sandbox-starter").factory());
    private final List<Path> classpath;
    private final Isolation isolation;

    Launcher() {
        classpath = NEEDED.stream().map(Launcher::origin).distinct().toList();
        isolation = bubblewrapWorks() ? Isolation.BUBBLEWRAP : Isolation.PROCESS;
    }

    Isolation isolation() {
        return isolation;
    }

    /// @param input the directory that the child may read, in which each run finds its input
    /// @param limits of the runs to come, for the size of the heap
    Process start(Path input, Limits limits) {
        var command = new ArrayList<>(isolation == Isolation.BUBBLEWRAP ? bubblewrap(input) : List.of());
        if (Files.isExecutable(RLIMITS)) {
            command.addAll(List.of(RLIMITS.toString(), "--core=0", "--nofile=1024", "--fsize=0", "--"));
        }
        command.addAll(java(limits));
        command.addAll(List.of(Child.class.getName(), isolation == Isolation.BUBBLEWRAP ? "/input" : input.toString()));
        return start(command);
    }

    @Override
    public void close() {
        starter.shutdown();
    }

    private List<String> java(Limits limits) {
        // Memory grows page by page and files by doubling, with both copies alive for a moment.
        long heap = ENGINE_HEAP + 2 * limits.memoryBytes() + 4 * limits.outputBytes() + 8L * limits.streamBytes();
        return List.of(
                JAVA_HOME.resolve("bin/java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx" + (heap >> 20) + "m",
                "-XX:MinHeapFreeRatio=10",
                "-XX:MaxHeapFreeRatio=30",
                "-XX:MaxMetaspaceSize=512m",
                "-XX:+ExitOnOutOfMemoryError",
                // Large functions are compiled, and memory accesses inlined into them, or a main with all in it crawls.
                "-XX:-DontCompileHugeMethods",
                "-XX:-ClipInlining",
                "-XX:-UsePerfData",
                "-XX:+DisableAttachMechanism",
                "-XX:ErrorFile=/dev/null",
                "-Xshare:auto",
                "-cp",
                String.join(
                        File.pathSeparator,
                        classpath.stream().map(Path::toString).toList()));
    }

    private List<String> bubblewrap(Path input) {
        var command = new ArrayList<>(List.of(
                BUBBLEWRAP.toString(),
                "--unshare-all",
                "--die-with-parent",
                "--new-session",
                "--cap-drop",
                "ALL",
                "--clearenv",
                "--setenv",
                "LC_ALL",
                "C.UTF-8",
                "--proc",
                "/proc",
                "--dev",
                "/dev"));
        for (var directory : LIBRARIES) {
            command.addAll(List.of("--ro-bind-try", directory, directory));
        }
        bind(command, JAVA_HOME);
        bind(command, RLIMITS);
        classpath.forEach(entry -> bind(command, entry));
        command.addAll(List.of("--ro-bind", input.toString(), "/input", "--chdir", "/", "--"));
        return command;
    }

    private static void bind(List<String> command, Path path) {
        command.addAll(List.of("--ro-bind-try", path.toString(), path.toString()));
    }

    private static Path origin(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean bubblewrapWorks() {
        if (!Files.isExecutable(BUBBLEWRAP)) {
            return false;
        }
        var command = bubblewrap(Path.of("/dev"));
        command.addAll(List.of(JAVA_HOME.resolve("bin/java").toString(), "-XX:TieredStopAtLevel=1", "--version"));
        try {
            return start(command).waitFor() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Process start(List<String> command) {
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().put("LC_ALL", "C.UTF-8");
        try {
            return starter.submit(builder::start).get();
        } catch (ExecutionException e) {
            throw new UncheckedIOException("can not start " + command.getFirst(), new IOException(e.getCause()));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
