package bourse.sandbox.child;

import bourse.sandbox.Cause;
import bourse.sandbox.metering.Metered;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import run.endive.runtime.GlobalInstance;
import run.endive.wasm.types.MutabilityType;
import run.endive.wasm.types.ValType;

/// The three globals that the metering pass added, as the host fills and reads them.
final class Gauges {
    /// How a program ends that is refused memory and can not go on.
    private static final Set<Cause> WITHOUT_MEMORY = EnumSet.of(Cause.TRAP, Cause.EXIT_CODE);

    private final Metered metered;
    private final Request request;
    private final Map<Integer, GlobalInstance> gauges = new HashMap<>();
    private int made;

    Gauges(Metered metered, Request request) {
        this.metered = metered;
        this.request = request;
    }

    /// Called by the engine for each global in order, before any code runs.
    GlobalInstance global(long value, long high, ValType type, MutabilityType mutability) {
        int index = made++;
        long start = index == metered.fuelGlobal()
                ? request.limits().fuel()
                : index == metered.depthGlobal() ? request.limits().callDepth() : value;
        var global = GlobalInstance.builder()
                .valueLow(start)
                .valueHigh(high)
                .valType(type)
                .mutabilityType(mutability)
                .build();
        if (index >= metered.fuelGlobal()) {
            gauges.put(index, global);
        }
        return global;
    }

    /// Instructions executed, at most the limit.
    long fuelUsed() {
        return request.limits().fuel()
                - Math.max(0, read(metered.fuelGlobal(), request.limits().fuel()));
    }

    /// The limit that made a program fail; its own failure where it was none.
    Stop blame(Stop end) {
        if (read(metered.fuelGlobal(), 0) < 0) {
            return Stop.because(
                    Cause.OUT_OF_FUEL,
                    "The program executed more than " + request.limits().fuel() + " instructions.");
        } else if (read(metered.depthGlobal(), 0) < 0) {
            return Stop.because(
                    Cause.CALL_DEPTH,
                    "The program called more than " + request.limits().callDepth() + " functions deep.");
        } else if (read(metered.refusedGlobal(), 0) != 0
                && end.reason().filter(WITHOUT_MEMORY::contains).isPresent()) {
            return Stop.because(
                    Cause.OUT_OF_MEMORY,
                    "The program asked for more than " + request.limits().memoryBytes() + " bytes of memory. "
                            + end.text());
        }
        return end;
    }

    private long read(int index, long otherwise) {
        var gauge = gauges.get(index);
        return gauge == null ? otherwise : gauge.getValue();
    }
}
