package bourse.worker.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// How fast one core is: the best of some passes of a fixed piece of work, of the kind that compiled WASM is made
/// of. It is made of integers, numbers with a point, and a table that leaves the first cache.
final class Speed {
    /// What a pass takes on a usual laptop of 2026.
    private static final double USUAL_NANOS = 0.3e6;

    /// Short ones, so that Java has compiled the whole of it long before the last.
    private static final int PASSES = 150;

    private static final int STEPS = 200_000;
    private static final int TABLE = 1 << 16;
    private static final double SLOWEST = 0.01;
    private static final double FASTEST = 100;

    private Speed() {}

    /// @param file remembers it, for this processor and this Java
    static double of(Path file) {
        var key = "%s, %s".formatted(Runtime.version(), processor());
        try {
            if (Files.exists(file)) {
                var lines = Files.readAllLines(file);
                if (lines.size() == 2 && lines.getFirst().equals(key)) {
                    return bounded(Double.parseDouble(lines.getLast()));
                }
            }
        } catch (IOException | NumberFormatException _) {
            // It is measured again.
        }
        double speed = measure();
        try {
            var next = file.resolveSibling(file.getFileName() + ".next");
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(next, List.of(key, Double.toString(speed)));
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("how fast this machine is can not be written to " + file, e);
        }
        return speed;
    }

    static double measure() {
        long best = Long.MAX_VALUE;
        var table = new long[TABLE];
        for (int pass = 0; pass < PASSES; pass++) {
            long begin = System.nanoTime();
            table[0] = work(table);
            best = Math.min(best, System.nanoTime() - begin);
        }
        // Who would leave out the work would have nothing to write here.
        return table[0] == 0 ? SLOWEST : bounded(Math.round(100 * USUAL_NANOS / best) / 100.0);
    }

    /// Marsaglia's xorshift64 walks over the table, and a logistic map beside it.
    private static long work(long[] table) {
        long state = 0x9E37_79B9_7F4A_7C15L;
        double x = 0.3;
        for (int i = 0; i < STEPS; i++) {
            state ^= state << 13;
            state ^= state >>> 7;
            state ^= state << 17;
            table[(int) state & (TABLE - 1)] += state;
            x = 3.9 * x * (1 - x);
        }
        return (state ^ table[TABLE / 2] ^ Double.doubleToLongBits(x)) | 1;
    }

    private static double bounded(double speed) {
        return Math.clamp(speed, SLOWEST, FASTEST);
    }

    private static String processor() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .orElse(System.getProperty("os.arch", ""));
        } catch (IOException | UncheckedIOException _) {
            return System.getProperty("os.arch", "");
        }
    }
}
