package bourse.node.command;

import bourse.node.Plot;
import bourse.node.Problem;
import bourse.scheduler.simulation.Estimate;
import bourse.scheduler.simulation.Method;
import bourse.scheduler.simulation.Outcome;
import bourse.scheduler.simulation.Setup;
import bourse.scheduler.simulation.Simulation;
import bourse.scheduler.simulation.Strategy;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `bourse simulate`: what a pool's trust is worth.
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = {
            "How many wrong results liars bring into a pool, and what keeping them out costs. Runs the pool's own planner against"
                    + " simulated workers, on chain (bourse) and deciding by itself (held), beside the contracts alone (poco),"
                    + " voting without memory (first 2, first 3) and BOINC's adaptive replication."
        })
final class Simulate implements Callable<Integer> {
    @Option(names = "--workers", paramLabel = "W", defaultValue = "100", description = "How many workers. Default: 100")
    private int workers;

    @Option(names = "--tasks", paramLabel = "N", defaultValue = "10000", description = "How many tasks. Default: 10000")
    private int tasks;

    @Option(names = "--faulty", paramLabel = "F", defaultValue = "0.2", description = "Part that lies. Default: 0.2")
    private double faulty;

    @Option(
            names = "--sabotage",
            paramLabel = "S",
            description = "How often they lie when they would. Default: 0.1, and 1 for sleeper and step")
    private @Nullable Double sabotage;

    @Option(
            names = "--strategy",
            paramLabel = "WHEN",
            defaultValue = "constant",
            description = "When they would: constant, sleeper (once they are believed alone), step (after a while),"
                    + " collude (when they are the majority). Default: constant")
    private String strategy = "constant";

    @Option(
            names = "--honest",
            paramLabel = "N",
            description = "For so many results a step is honest. Default: half of a worker's share")
    private @Nullable Integer honest;

    @Option(
            names = "--trust",
            paramLabel = "T",
            defaultValue = "100",
            description = "At most one result in T may be wrong. Default: 100")
    private long trust;

    @Option(
            names = "--assumed-faulty",
            paramLabel = "F",
            description = "What the pool takes the faulty part to be. Default: 0.2, or what it is if that is more")
    private @Nullable Double assumed;

    @Option(
            names = "--spot-checks",
            paramLabel = "Q",
            defaultValue = "0.1",
            description = "Part of all requests that gets a task whose result is known. Default: 0.1")
    private double checks;

    @Option(
            names = "--audit",
            paramLabel = "PERCENT",
            defaultValue = "10",
            description = "Results of one worker alone that the chain has checked. Default: 10")
    private int audit;

    @Option(
            names = "--score",
            paramLabel = "N",
            defaultValue = "0",
            description = "Everyone's score on chain at the beginning. Default: 0")
    private long score;

    @Option(names = "--runs", paramLabel = "N", defaultValue = "10", description = "Default: 10")
    private int runs;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Of the first run. Default: 1")
    private long seed;

    @Option(names = "--json", description = "Answer as one JSON document.")
    private boolean json;

    @Option(names = "--plot", paramLabel = "FILE", description = "Draws it, as SVG.")
    private @Nullable Path plot;

    /// One line of the table.
    ///
    /// @param error wrong results to accepted ones
    /// @param slowdown results computed to tasks
    /// @param cost results computed to right ones accepted
    /// @param undone tasks that nobody could decide, in all runs
    /// @param keeps whether the promise was kept, with its confidence interval
    record Line(String method, Estimate error, Estimate slowdown, Estimate cost, int undone, boolean keeps) {
        static Line of(Method method, List<Outcome> outcomes, double promised) {
            var error = Estimate.of(outcomes, Outcome::error);
            return new Line(
                    method.name(),
                    error,
                    Estimate.of(outcomes, Outcome::slowdown),
                    Estimate.of(outcomes, Outcome::cost),
                    outcomes.stream().mapToInt(Outcome::undone).sum(),
                    (Double.isFinite(error.margin()) ? error.atMost() : error.mean()) <= promised);
        }
    }

    record Answer(Setup setup, int runs, long seed, double promised, List<Line> lines) {}

    @Override
    public Integer call() throws Problem, IOException {
        var setup = setup();
        double promised = 1.0 / (double) trust;
        var lines = methods().stream()
                .map(method -> Line.of(method, Simulation.runs(setup, method, runs, seed), promised))
                .toList();
        if (plot != null) {
            Files.writeString(plot, Plot.of(title(setup), promised, bars(lines)));
        }
        var common = new Common();
        common.json = json;
        common.print(new Answer(setup, runs, seed, promised, lines), text(setup, promised, lines));
        return 0;
    }

    private Setup setup() throws Problem {
        if (runs < 1 || trust < 1) {
            throw new Problem(Problem.REFUSED, "--runs and --trust are at least 1");
        }
        if (faulty >= 0.5 && assumed == null) {
            throw new Problem(
                    Problem.REFUSED,
                    "where half of all workers lie no vote helps; with --assumed-faulty below 0.5 you can look at it all the same");
        }
        try {
            return new Setup(
                    workers,
                    tasks,
                    faulty,
                    sabotage != null ? sabotage : strategy.equals("sleeper") || strategy.equals("step") ? 1 : 0.1,
                    strategy(),
                    trust,
                    assumed != null ? assumed : Math.max(faulty, 0.2),
                    checks,
                    audit,
                    score);
        } catch (IllegalArgumentException e) {
            throw new Problem(Problem.REFUSED, String.valueOf(e.getMessage()));
        }
    }

    private Strategy strategy() throws Problem {
        return switch (strategy) {
            case "constant" -> new Strategy.Constant();
            case "sleeper" -> new Strategy.Sleeper();
            case "step" -> new Strategy.AfterResults(honest != null ? honest : tasks / workers / 2);
            case "collude" -> new Strategy.Collude();
            default ->
                throw new Problem(Problem.REFUSED, "a strategy is constant, sleeper, step or collude, not " + strategy);
        };
    }

    private List<Method> methods() {
        return List.of(
                new Method.Bourse(),
                new Method.Held(),
                new Method.Poco(0),
                new Method.Poco(audit),
                new Method.First(2),
                new Method.First(3),
                new Method.Adaptive());
    }

    private String title(Setup setup) {
        return "%d workers, %d tasks; %s lie (%s, %s), %s assumed; trust %d, %s spot-checks, %d runs"
                .formatted(
                        setup.workers(),
                        setup.tasks(),
                        percent(setup.faulty()),
                        setup.strategy().name(),
                        percent(setup.sabotage()),
                        percent(setup.assumed()),
                        setup.trust(),
                        percent(setup.checks()),
                        runs);
    }

    private String text(Setup setup, double promised, List<Line> lines) {
        var text = new StringBuilder(title(setup)).append("\n\n");
        text.append("%-18s %19s   %-16s %-16s%n".formatted("", "error", "slowdown", "cost"));
        for (var line : lines) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-18s %8.3f %% ± %-6s   %-16s %-16s %s%s%n",
                    line.method(),
                    100 * line.error().mean(),
                    margin(100 * line.error().margin(), "%.3f"),
                    ratio(line.slowdown()),
                    ratio(line.cost()),
                    line.keeps() ? "" : "breaks the promise of " + percent(promised),
                    line.undone() > 0 ? " %d tasks undone".formatted(line.undone()) : ""));
        }
        return text.append("""

                error: wrong results to accepted ones; slowdown: results computed to tasks; cost: results computed to right ones.
                ± is the 95 % confidence interval of the mean.
                """).toString();
    }

    private static String percent(double part) {
        return new BigDecimal(100 * part)
                        .round(new MathContext(4))
                        .stripTrailingZeros()
                        .toPlainString() + " %";
    }

    private static String ratio(Estimate estimate) {
        return String.format(Locale.ROOT, "%.3f ± %s", estimate.mean(), margin(estimate.margin(), "%.3f"));
    }

    private static String margin(double margin, String format) {
        return Double.isFinite(margin) ? String.format(Locale.ROOT, format, margin) : "?";
    }

    private static List<Plot.Bar> bars(List<Line> lines) {
        return lines.stream()
                .map(line -> new Plot.Bar(line.method(), line.error(), line.slowdown()))
                .toList();
    }
}
