package bourse.worker;

import bourse.protocol.Category;
import bourse.sandbox.Limits;
import bourse.worker.machine.Rules;
import java.math.BigInteger;

/// What a worker lends.
///
/// @param slots how many tasks it computes at once
/// @param cores how many it offers
/// @param limits what a task may use whose category's reference time is [Limits#wallTime]; with that time grows
///     its fuel. Workers of one pool need the same, or they fail differently
/// @param inputBytes what the input files of one task may take together, and so may its dataset; like the
///     limits, the same for all workers of one pool
/// @param reach which input files may be fetched over http(s)
/// @param diskBytes what must be free on the disk of its home before a task begins, for inputs and output
/// @param machine when it works
public record Settings(
        int slots, int cores, Limits limits, long inputBytes, Reach reach, long diskBytes, Rules machine) {
    private static final BigInteger MOST_FUEL = BigInteger.TWO.pow(62).subtract(BigInteger.ONE);

    public static final Settings DEFAULT = new Settings(1, 1, Limits.DEFAULT, 1L << 30, Reach.PUBLIC);

    /// With 1 GiB of disk, at any time.
    public Settings(int slots, int cores, Limits limits, long inputBytes, Reach reach) {
        this(slots, cores, limits, inputBytes, reach, 1L << 30, Rules.ALWAYS);
    }

    public Settings {
        if (slots < 1 || cores < 1 || inputBytes < 0 || diskBytes < 0) {
            throw new IllegalArgumentException(
                    "a worker has at least one slot and one core, and room for inputs: %d, %d, %d, %d"
                            .formatted(slots, cores, inputBytes, diskBytes));
        }
    }

    public Settings withDisk(long diskBytes) {
        return new Settings(slots, cores, limits, inputBytes, reach, diskBytes, machine);
    }

    public Settings withMachine(Rules machine) {
        return new Settings(slots, cores, limits, inputBytes, reach, diskBytes, machine);
    }

    /// What a task of `category` may use.
    Limits limitsOf(Category category) {
        var time = category.reference();
        var fuel = BigInteger.valueOf(limits.fuel())
                .multiply(BigInteger.valueOf(time.toMillis()))
                .divide(BigInteger.valueOf(limits.wallTime().toMillis()))
                .max(BigInteger.ONE)
                .min(MOST_FUEL);
        return limits.withWallTime(time).withFuel(fuel.longValueExact());
    }
}
