package bourse.sandbox;

import java.time.Duration;

/// How much a run may use. For a WASI program, all but `wallTime` are counted the same on every machine. A container
/// counts neither instructions nor calls, and its files take memory: `memoryBytes` and `outputBytes` are one account.
///
/// @param memoryBytes linear memory, 64 KiB to 2 GiB - 64 KiB; rounded down to whole pages of 64 KiB
/// @param fuel instructions, at least 1; host calls, `memory.grow` and bulk operations cost by their length
/// @param callDepth nested calls, 1 to 100,000; a function counts one more for every 32 values in its frame
/// @param outputBytes in all output files together, at most 1 GiB
/// @param outputFiles files and directories in the output, at most 100,000
/// @param streamBytes on standard output, and as many on standard error, at most 64 MiB
/// @param wallTime from the start of the program's process, or from the hand-over to a warm one, to the last byte
public record Limits(
        long memoryBytes,
        long fuel,
        int callDepth,
        long outputBytes,
        int outputFiles,
        int streamBytes,
        Duration wallTime) {

    /// For a task of minutes: 512 MiB, 10^12 instructions, 20,000 calls deep, 256 MiB in 1,000 files, 5 minutes.
    public static final Limits DEFAULT =
            new Limits(512L << 20, 1_000_000_000_000L, 20_000, 256L << 20, 1_000, 1 << 20, Duration.ofMinutes(5));

    static final int PAGE = 1 << 16;

    public Limits {
        check(memoryBytes >= PAGE && memoryBytes < 1L << 31, "memoryBytes", memoryBytes);
        check(fuel > 0 && fuel < 1L << 62, "fuel", fuel);
        check(callDepth > 0 && callDepth <= 100_000, "callDepth", callDepth);
        check(outputBytes >= 0 && outputBytes <= 1L << 30, "outputBytes", outputBytes);
        check(outputFiles >= 0 && outputFiles <= 100_000, "outputFiles", outputFiles);
        check(streamBytes >= 0 && streamBytes <= 64 << 20, "streamBytes", streamBytes);
        check(wallTime.isPositive(), "wallTime", wallTime);
    }

    /// The same, for `fuel` instructions.
    public Limits withFuel(long fuel) {
        return new Limits(memoryBytes, fuel, callDepth, outputBytes, outputFiles, streamBytes, wallTime);
    }

    /// The same, for `wallTime`.
    public Limits withWallTime(Duration wallTime) {
        return new Limits(memoryBytes, fuel, callDepth, outputBytes, outputFiles, streamBytes, wallTime);
    }

    /// The same, with `memoryBytes` of linear memory.
    public Limits withMemory(long memoryBytes) {
        return new Limits(memoryBytes, fuel, callDepth, outputBytes, outputFiles, streamBytes, wallTime);
    }

    /// Whole pages of linear memory.
    public int pages() {
        return (int) (memoryBytes / PAGE);
    }

    private static void check(boolean holds, String name, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is out of range: " + value);
        }
    }
}
