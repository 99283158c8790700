package bourse.sandbox.oci;

import bourse.sandbox.Job;
import bourse.sandbox.Limits;
import bourse.sandbox.Outcome;
import bourse.sandbox.Program;
import bourse.sandbox.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Prints how long a container takes whose program does nothing: `bench/containers`.
final class ContainersBench {
    private static final int RUNS = 20;

    private ContainersBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var directory = Files.createTempDirectory("oci");
        try (var registry = new Registry();
                var podman = Podman.start(directory, registry.host());
                var containers = new Containers(podman.socket(), directory.resolve("home"), Terms.DEFAULT)) {
            var image = new Program.Image(registry.offer("behaviour", Registry.Recipe.PLAIN), Optional.empty(), false);
            var input = Files.createDirectory(directory.resolve("in"));
            var output = Files.createDirectory(directory.resolve("out"));
            var all = new ArrayList<Double>();
            var inside = new ArrayList<Double>();
            long before = System.nanoTime();
            for (int run = 0; run <= RUNS; run++) {
                var job = new Job(image, List.of("rewrite", "1"), Map.of(), input, output, Limits.DEFAULT);
                long start = System.nanoTime();
                var outcome = containers.run(job);
                double took = millis(Duration.ofNanos(System.nanoTime() - start));
                if (outcome instanceof Outcome.Failed failed) {
                    throw new IllegalStateException(failed.message());
                }
                if (run == 0) {
                    System.out.printf("first, with the pull of 2 MB: %.0f ms%n", took);
                } else {
                    all.add(took);
                    inside.add(millis(outcome.elapsed()));
                }
                Trees.empty(output);
            }
            System.out.printf(
                    "median of %d: %.0f ms, of which the program ran %.0f ms; %d to %d ms; %.0f s in all%n",
                    RUNS,
                    median(all),
                    median(inside),
                    Math.round(
                            all.stream().mapToDouble(Double::doubleValue).min().orElse(0)),
                    Math.round(
                            all.stream().mapToDouble(Double::doubleValue).max().orElse(0)),
                    (System.nanoTime() - before) / 1e9);
        }
        Trees.empty(directory);
        Files.delete(directory);
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    private static double median(List<Double> times) {
        var sorted = times.stream().sorted().toList();
        return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }
}
