package bourse.worker;

import bourse.protocol.Category;
import bourse.protocol.Params;
import bourse.sandbox.Limits;
import bourse.worker.machine.Rules;
import java.math.BigInteger;

/// What a worker lends.
///
/// @param slots how many tasks it computes at once
/// @param cores that it lends to all tasks together. Where there are more slots than cores, tasks share them; one task
///     gets no more than there are
/// @param memoryBytes that it lends to all tasks together, in the same way
/// @param limits what a task may use that asks for nothing else, and whose category's reference time is
///     [Limits#wallTime]; with that time grows its fuel. Workers of one pool need the same, or they fail differently
/// @param inputBytes what the input files of one task may take together, and so may its dataset; like the
///     limits, the same for all workers of one pool
/// @param reach which input files may be fetched over http(s)
/// @param diskBytes what must be free on the disk of its home before a task begins, for inputs and output
/// @param machine when it works
/// @param policy whom it works for
public record Settings(
        int slots,
        int cores,
        long memoryBytes,
        Limits limits,
        long inputBytes,
        Reach reach,
        long diskBytes,
        Rules machine,
        Policy policy) {
    private static final BigInteger MOST_FUEL = BigInteger.TWO.pow(62).subtract(BigInteger.ONE);

    public static final Settings DEFAULT = new Settings(1, 1, Limits.DEFAULT, 1L << 30, Reach.PUBLIC);

    /// With the memory that its slots need and 1 GiB of disk, at any time, for everyone.
    public Settings(int slots, int cores, Limits limits, long inputBytes, Reach reach) {
        this(
                slots,
                cores,
                slots * limits.memoryBytes(),
                limits,
                inputBytes,
                reach,
                1L << 30,
                Rules.ALWAYS,
                Policy.OPEN);
    }

    public Settings {
        if (slots < 1 || cores < 1 || inputBytes < 0 || diskBytes < 0) {
            throw new IllegalArgumentException(
                    "a worker has at least one slot and one core, and room for inputs: %d, %d, %d, %d"
                            .formatted(slots, cores, inputBytes, diskBytes));
        }
        if (memoryBytes < limits.memoryBytes()) {
            throw new IllegalArgumentException("a worker lends at least the memory of one task: %d of %d bytes"
                    .formatted(memoryBytes, limits.memoryBytes()));
        }
    }

    public Settings withMemory(long memoryBytes) {
        return new Settings(slots, cores, memoryBytes, limits, inputBytes, reach, diskBytes, machine, policy);
    }

    public Settings withPolicy(Policy policy) {
        return new Settings(slots, cores, memoryBytes, limits, inputBytes, reach, diskBytes, machine, policy);
    }

    public Settings withDisk(long diskBytes) {
        return new Settings(slots, cores, memoryBytes, limits, inputBytes, reach, diskBytes, machine, policy);
    }

    public Settings withMachine(Rules machine) {
        return new Settings(slots, cores, memoryBytes, limits, inputBytes, reach, diskBytes, machine, policy);
    }

    /// What a task may use: what its deal says, so that it is the same on all machines.
    Limits limitsOf(Category category, Params.Needs needs) {
        var time = category.reference();
        var fuel = BigInteger.valueOf(limits.fuel())
                .multiply(BigInteger.valueOf(time.toMillis()))
                .divide(BigInteger.valueOf(limits.wallTime().toMillis()))
                .max(BigInteger.ONE)
                .min(MOST_FUEL);
        var memory = needs.memory() > 0 ? needs.memory() * Share.MEBIBYTE : limits.memoryBytes();
        return limits.withWallTime(time)
                .withFuel(fuel.longValueExact())
                .withMemory(memory)
                .withCores(needs.cores());
    }
}
