package bourse.node.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Bytes32;
import bourse.protocol.Draw;
import bourse.testing.simulation.Blocks;
import bourse.testing.simulation.Weather.Climate;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Markets in which everything goes wrong that may. `-Dsimulation.first=7 -Dsimulation.scenarios=1` replays the
/// failure of seed 7.
class WholeMarketTest {
    private static final long FIRST = Long.getLong("simulation.first", 0);
    private static final int SCENARIOS = Integer.getInteger("simulation.scenarios", 500);

    /// Thousands of failures a second are what these tests are about.
    @BeforeAll
    static void keepQuiet() {
        log().setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        log().setLevel(Level.DEBUG);
    }

    private static Logger log() {
        return (Logger) LoggerFactory.getLogger("bourse");
    }

    @Test
    void everyTaskEndsAndNobodyIsWrongedWhateverHappens() throws Exception {
        var next = new AtomicLong(FIRST);
        var tasks = new AtomicLong();
        var paid = new AtomicLong();
        Callable<Void> player = () -> {
            for (long seed = next.getAndIncrement(); seed < FIRST + SCENARIOS; seed = next.getAndIncrement()) {
                var outcome = WholeMarket.play(Scenario.of(seed));
                tasks.addAndGet(outcome.tasks());
                paid.addAndGet(outcome.paid());
            }
            return null;
        };
        try (var players = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            var all = LongStream.range(0, Runtime.getRuntime().availableProcessors())
                    .mapToObj(_ -> players.submit(player))
                    .toList();
            for (var one : all) {
                try {
                    one.get();
                } catch (ExecutionException e) {
                    next.set(FIRST + SCENARIOS); // one failure is enough
                    throw new AssertionError(e.getCause());
                }
            }
        }
        if (SCENARIOS >= 100) {
            assertThat(paid.doubleValue()).as("of %s tasks", tasks).isGreaterThan(0.5 * tasks.get());
        }
    }

    @Test
    void aSeedReplaysAndAnotherOneDoesOtherwise() throws Exception {
        var here = chronicles(0, 5);

        assertThat(chronicles(0, 5)).isEqualTo(here);
        assertThat(here).doesNotHaveDuplicates();
        // What another process orders by addresses or by its own salt, would show there.
        assertThat(elsewhere(0, 5))
                .isEqualTo(here.stream().map(Bytes32::toString).toList());
    }

    @Test
    void workersWhoseClocksAreWrongArePaid() {
        var late = new Scenario.Hand(Nature.HONEST, 1, Duration.ofMinutes(-10), 0);
        var early = new Scenario.Hand(Nature.HONEST, 1, Duration.ofMinutes(10), 0);
        var right = new Scenario.Hand(Nature.HONEST, 1, Duration.ZERO, 0);
        var calm = new Scenario(
                1,
                List.of(late, early),
                List.of(right),
                List.of(new Scenario.Wish(Duration.ZERO, Mind.Kind.STEADY, 2, 10)),
                new Draw(100),
                0,
                new Blocks.Pace(Duration.ofSeconds(2), 0, 1),
                Climate.CALM,
                Climate.CALM,
                Climate.CALM,
                false,
                false,
                Duration.ofSeconds(1));

        assertThat(WholeMarket.play(calm).paid()).isEqualTo(10);
    }

    private static List<Bytes32> chronicles(long first, long end) {
        return LongStream.range(first, end)
                .mapToObj(seed -> WholeMarket.play(Scenario.of(seed)).chronicle())
                .toList();
    }

    private static List<String> elsewhere(long first, long end) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(WholeMarketTest.class.getName(), Long.toString(first), Long.toString(end)));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed.lines().filter(line -> line.startsWith("0x")).toList();
    }

    /// Prints the hashes of chronicles.
    public static void main(String[] range) {
        keepQuiet();
        chronicles(Long.parseLong(range[0]), Long.parseLong(range[1])).forEach(System.out::println);
    }
}
