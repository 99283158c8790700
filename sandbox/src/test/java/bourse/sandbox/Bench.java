package bourse.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Prints how long programs take in the sandbox, and under node with the same file: `bench/wasm`.
///
/// "first" has the start of the process and the program's compilation in it; "then" is the median of the
/// others, which find a warm process.
final class Bench {
    private static final int RUNS = 7;
    private static final Map<String, String> ENVIRONMENT = Map.of("IEXEC_IN", "/iexec_in", "IEXEC_OUT", "/iexec_out");

    private Bench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var directory = Files.createTempDirectory("bench");
        try (var sandbox = new WarmSandbox(directory.resolve("scratch"), 1, Duration.ofMinutes(5))) {
            System.out.println("isolation: " + sandbox.isolation().description());
            System.out.printf("%-26s %10s %10s %10s %7s%n", "ms", "first", "then", "node", "ratio");
            for (var program : List.of("mandelbrot 1200 800", "sha256 64", "nbody 2000000", "primes 2000000")) {
                var words = List.of(program.split(" ", -1));
                var file = Programs.example(words.getFirst());
                var ours = measure(sandbox, file, words.subList(1, words.size()), directory);
                var node = node(file, words.subList(1, words.size()));
                System.out.printf(
                        "%-26s %10.0f %10.0f %10.0f %7.1f%n",
                        program, ours.getFirst(), median(ours), median(node), median(ours) / median(node));
            }
            var nothing = measure(sandbox, Programs.test("count"), List.of(), directory);
            System.out.printf(
                    "%-26s %10.0f %10.1f%n", "a task of 56 instructions", nothing.getFirst(), median(nothing));
        } finally {
            Trees.empty(directory);
        }
    }

    /// Milliseconds of each run.
    private static List<Double> measure(Sandbox sandbox, Path program, List<String> arguments, Path directory)
            throws IOException, InterruptedException {
        var input = Files.createDirectories(directory.resolve("in"));
        var output = Files.createDirectories(directory.resolve("out"));
        var times = new ArrayList<Double>();
        for (int run = 0; run < RUNS; run++) {
            long start = System.nanoTime();
            var outcome = sandbox.run(new Job(program, arguments, ENVIRONMENT, input, output, Limits.DEFAULT));
            times.add((System.nanoTime() - start) / 1e6);
            if (outcome instanceof Outcome.Failed failed) {
                throw new IllegalStateException(failed.message());
            }
            Trees.empty(output);
        }
        return times;
    }

    private static List<Double> node(Path program, List<String> arguments) throws IOException {
        var command = new ArrayList<>(
                List.of("node", "--no-warnings", "../bench/wasm.mjs", Integer.toString(RUNS), program.toString()));
        command.addAll(arguments);
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var lines = process.inputReader()) {
            return Stream.of(lines.readLine().replaceAll("[\\[\\]]", "").split(",", -1))
                    .map(Double::valueOf)
                    .toList();
        }
    }

    /// Of all but the first.
    private static double median(List<Double> times) {
        var rest = times.stream().skip(1).sorted().toList();
        return (rest.get((rest.size() - 1) / 2) + rest.get(rest.size() / 2)) / 2;
    }
}
