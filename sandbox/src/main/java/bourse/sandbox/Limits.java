package bourse.sandbox;

import java.time.Duration;

/// How much a run may use. For a WASI program, all but `wallTime` are counted the same on every machine. A container
/// counts neither instructions nor calls, and its files take memory: `memoryBytes` and `outputBytes` are one account.
///
/// @param memoryBytes at least 64 KiB; a WASI program's linear memory is that in whole pages of 64 KiB, rounded down,
///     and at most 2 GiB - 64 KiB of it
/// @param fuel instructions, at least 1; host calls, `memory.grow` and bulk operations cost by their length
/// @param callDepth nested calls, 1 to 100,000; a function counts one more for every 32 values in its frame
/// @param outputBytes in all output files together, at most 1 GiB
/// @param outputFiles files and directories in the output, at most 100,000
/// @param streamBytes on standard output, and as many on standard error, at most 64 MiB
/// @param cores of processor time for a container, 1 to 4096; a WASI program has one thread
/// @param wallTime from the start of the program's process, or from the hand-over to a warm one, to the last byte
public record Limits(
        long memoryBytes,
        long fuel,
        int callDepth,
        long outputBytes,
        int outputFiles,
        int streamBytes,
        int cores,
        Duration wallTime) {

    /// For a task of minutes: 512 MiB, 10^12 instructions, 20,000 calls deep, 256 MiB in 1,000 files, 5 minutes.
    public static final Limits DEFAULT =
            new Limits(512L << 20, 1_000_000_000_000L, 20_000, 256L << 20, 1_000, 1 << 20, Duration.ofMinutes(5));

    static final int PAGE = 1 << 16;
    private static final long LARGEST_LINEAR = (1L << 31) - PAGE;

    /// On one core.
    public Limits(
            long memoryBytes,
            long fuel,
            int callDepth,
            long outputBytes,
            int outputFiles,
            int streamBytes,
            Duration wallTime) {
        this(memoryBytes, fuel, callDepth, outputBytes, outputFiles, streamBytes, 1, wallTime);
    }

    public Limits {
        check(memoryBytes >= PAGE && memoryBytes < 1L << 52, "memoryBytes", memoryBytes);
        check(fuel > 0 && fuel < 1L << 62, "fuel", fuel);
        check(callDepth > 0 && callDepth <= 100_000, "callDepth", callDepth);
        check(outputBytes >= 0 && outputBytes <= 1L << 30, "outputBytes", outputBytes);
        check(outputFiles >= 0 && outputFiles <= 100_000, "outputFiles", outputFiles);
        check(streamBytes >= 0 && streamBytes <= 64 << 20, "streamBytes", streamBytes);
        check(cores >= 1 && cores <= 4096, "cores", cores);
        check(wallTime.isPositive(), "wallTime", wallTime);
    }

    /// The same, for `fuel` instructions.
    public Limits withFuel(long fuel) {
        return new Limits(memoryBytes, fuel, callDepth, outputBytes, outputFiles, streamBytes, cores, wallTime);
    }

    /// The same, for `wallTime`.
    public Limits withWallTime(Duration wallTime) {
        return new Limits(memoryBytes, fuel, callDepth, outputBytes, outputFiles, streamBytes, cores, wallTime);
    }

    /// The same, with `memoryBytes`.
    public Limits withMemory(long memoryBytes) {
        return new Limits(memoryBytes, fuel, callDepth, outputBytes, outputFiles, streamBytes, cores, wallTime);
    }

    /// The same, with `cores`.
    public Limits withCores(int cores) {
        return new Limits(memoryBytes, fuel, callDepth, outputBytes, outputFiles, streamBytes, cores, wallTime);
    }

    /// What a WASI program gets of it.
    Limits ofWasi() {
        return withMemory(Math.min(memoryBytes, LARGEST_LINEAR)).withCores(1);
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
