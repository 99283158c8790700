package bourse.scheduler.simulation;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Runs of one setup. The same seed gives the same runs.
public final class Simulation {
    private Simulation() {}

    public static Outcome run(Setup setup, Method method, long seed) {
        var random = new SplittableRandom(seed);
        return switch (method) {
            case Method.Bourse _ -> new Pooled(setup, true, random).run();
            case Method.Held _ -> new Pooled(setup, false, random).run();
            case Method.First _, Method.Adaptive _, Method.Poco _ -> new Rivals(setup, random).run(method);
        };
    }

    public static List<Outcome> runs(Setup setup, Method method, int runs, long seed) {
        return IntStream.range(0, runs)
                .mapToObj(run -> run(setup, method, seed + run))
                .toList();
    }
}
