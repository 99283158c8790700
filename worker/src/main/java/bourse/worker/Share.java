package bourse.worker;

import bourse.protocol.Deal;
import bourse.protocol.Malformed;
import bourse.protocol.Params;
import bourse.sandbox.Limits;

/// A part of a machine: what a task takes of it, or what is left.
///
/// @param cores whole ones
/// @param memory in MiB
/// @param disk in MiB
record Share(int cores, long memory, long disk) {
    static final Share NOTHING = new Share(0, 0, 0);
    static final long MEBIBYTE = 1 << 20;

    /// What a deal's tasks ask for.
    ///
    /// @param limits what a task gets that does not say
    static Share of(Deal deal, Limits limits) {
        Params.Needs needs;
        try {
            needs = Params.parse(deal.params()).needs();
        } catch (Malformed _) {
            needs = Params.Needs.NONE; // the task will fail, and says so itself
        }
        return new Share(
                needs.cores(), needs.memory() > 0 ? needs.memory() : limits.memoryBytes() / MEBIBYTE, needs.disk());
    }

    Share plus(Share other) {
        return new Share(cores + other.cores, memory + other.memory, disk + other.disk);
    }

    /// Never less than nothing.
    Share minus(Share other) {
        return new Share(
                Math.max(0, cores - other.cores), Math.max(0, memory - other.memory), Math.max(0, disk - other.disk));
    }
}
