package bourse.sandbox.metering;

import bourse.sandbox.Cause;

/// A module that counts what it does.
///
/// Behind its own globals it has three more: fuel left, call depth left (both go below 0 when there is none
/// left), and whether a `memory.grow` was refused. The host sets the first two before anything runs and reads
/// them afterwards.
///
/// @param bytes the rewritten module
/// @param fuelGlobal the index of the first of the three
/// @param initialPages of 64 KiB, that the memory begins with
/// @param maximumPages that the program allows itself
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record Metered(byte[] bytes, int fuelGlobal, int initialPages, int maximumPages) {
    static final int GLOBALS = 3;

    /// Adds the counting to a module.
    ///
    /// @throws Refused when it can not run here. Its types are checked by the engine, afterwards
    public static Metered of(byte[] module) {
        try {
            return Module.metered(module);
        } catch (IndexOutOfBoundsException e) {
            throw new Refused(Cause.NOT_WASM, "The module is malformed: " + e.getMessage());
        }
    }

    public int depthGlobal() {
        return fuelGlobal + 1;
    }

    public int refusedGlobal() {
        return fuelGlobal + 2;
    }
}
