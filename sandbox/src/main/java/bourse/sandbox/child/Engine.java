package bourse.sandbox.child;

import bourse.sandbox.Cause;
import bourse.sandbox.metering.Metered;
import bourse.sandbox.metering.Refused;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.internal.Compiler;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.MemoryLimits;

/// A program, metered and compiled once, to be run any number of times; each time it starts from nothing.
public final class Engine {
    /// A function's frames take less of the machine's stack than this for each unit of call depth.
    private static final int STACK_BYTES_PER_CALL = 4096;

    private static final long STACK_BYTES = 16 << 20;

    private final Metered metered;
    private final WasmModule module;
    private final Optional<Function<Instance, Machine>> machine;

    private Engine(Metered metered, WasmModule module, Optional<Function<Instance, Machine>> machine) {
        this.metered = metered;
        this.module = module;
        this.machine = machine;
    }

    /// How a run ended, and what it left.
    ///
    /// @param cause empty when it finished
    /// @param status the exit code, where that is the cause
    @SuppressWarnings("ArrayRecordComponent") // passed on at once, never compared
    record Report(
            Optional<Cause> cause,
            OptionalLong status,
            String message,
            byte[] stdout,
            byte[] stderr,
            long fuel,
            Volume volume) {}

    /// Checks and meters a program.
    ///
    /// @throws Refused when it can not run here
    public static WasmModule parse(byte[] program) {
        return validate(Metered.of(program));
    }

    private static WasmModule validate(Metered metered) {
        try {
            return Parser.parse(metered.bytes());
        } catch (WasmEngineException e) {
            throw new Refused(Cause.NOT_WASM, "The module is not valid: " + e.getMessage());
        } catch (IndexOutOfBoundsException | ArithmeticException | ClassCastException e) {
            throw new Refused(Cause.NOT_WASM, "The module is malformed.");
        }
    }

    /// For work.
    ///
    /// @throws Refused when the program can not run here
    static Engine compiled(byte[] program) {
        var metered = Metered.of(program);
        var module = validate(metered);
        // A function that is too long for the JVM is interpreted: slow, but with the same result.
        var classes = (Classes) Compiler.builder(module)
                .withInterpreterFallback(InterpreterFallback.SILENT)
                .withClassCollectorFactory(Classes::new)
                .build()
                .compile()
                .collector();
        return new Engine(metered, module, Optional.of(classes.machineFactory()));
    }

    /// A hundred times slower; the reference that the compiled engine is tested against.
    static Engine interpreted(byte[] program) {
        var metered = Metered.of(program);
        return new Engine(metered, validate(metered), Optional.empty());
    }

    /// Runs the program on a thread of its own, with a stack that is deep enough.
    Report run(Request request, Path input) throws InterruptedException {
        var report = new AtomicReference<Optional<Report>>(Optional.empty());
        long stack =
                STACK_BYTES + (long) STACK_BYTES_PER_CALL * request.limits().callDepth();
        var thread = new Thread(null, () -> report.set(Optional.of(execute(request, input))), "program", stack);
        thread.start();
        thread.join();
        return report.get().orElseThrow(() -> new IllegalStateException("the engine failed"));
    }

    private Report execute(Request request, Path input) {
        var volume = new Volume(input, request.limits());
        var host = new Host(request, volume, metered.fuelGlobal());
        var gauges = new Gauges(metered, request);
        var end = Stop.exit(0);
        try {
            start(request, host, gauges);
        } catch (Stop e) {
            end = e;
        } catch (WasmEngineException | ArithmeticException | IndexOutOfBoundsException | ClassCastException e) {
            end = Stop.because(Cause.TRAP, "The program trapped: " + trap(e) + ".");
        } finally {
            host.close();
        }
        var last = end.reason().isEmpty() ? end : gauges.blame(end);
        return new Report(
                last.reason(), last.status(), last.text(), host.stdout(), host.stderr(), gauges.fuelUsed(), volume);
    }

    /// The same words for the same fault, whatever the engine says about it.
    private static String trap(RuntimeException e) {
        // The memory's own check, which has other words.
        var said =
                e instanceof IndexOutOfBoundsException ? "out of bounds memory access" : String.valueOf(e.getMessage());
        return Stream.of(
                        "unreachable",
                        "out of bounds memory access",
                        "out of bounds table access",
                        "integer divide by zero",
                        "integer overflow",
                        "invalid conversion to integer",
                        "indirect call type mismatch")
                .filter(said::contains)
                .findFirst()
                .orElse("an invalid operation");
    }

    private void start(Request request, Host host, Gauges gauges) {
        int pages = request.limits().pages();
        if (metered.initialPages() > pages) {
            throw Stop.because(
                    Cause.OUT_OF_MEMORY,
                    "The program begins with more than " + request.limits().memoryBytes() + " bytes of memory.");
        }
        var builder = Instance.builder(module)
                .withImportValues(
                        ImportValues.builder().addFunction(host.functions()).build())
                .withMemoryLimits(new MemoryLimits(metered.initialPages(), Math.min(pages, metered.maximumPages())))
                .withMemoryFactory(FlatMemory::new)
                .withGlobalFactory(gauges::global)
                .withStart(false);
        machine.ifPresent(builder::withMachineFactory);
        builder.build().export("_start").apply();
    }
}
