package bourse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import bourse.classad.ClassAd;
import bourse.classad.Match;
import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Category;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Rlc;
import bourse.protocol.Tag;
import bourse.scheduler.View.Candidate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What `docs/scheduling.md` says is so.
class SchedulingPageTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final String PAGE = read();
    private static final Pattern NAME = Pattern.compile("\\w+");
    private static final List<Machine> MACHINES = machines();

    private static String read() {
        try {
            return Files.readString(Path.of("../docs/scheduling.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Machine(String name, Candidate candidate) {}

    private static List<Machine> machines() {
        var machines = new ArrayList<Machine>();
        Pattern.compile("```classad (\\w+)\n(.*?)```", Pattern.DOTALL)
                .matcher(PAGE)
                .results()
                .forEach(block -> machines.add(new Machine(
                        block.group(1),
                        new Candidate(
                                new Address("%040x".formatted(machines.size() + 1)),
                                1,
                                1,
                                Ads.machine(block.group(2), 1)))));
        return machines;
    }

    /// @param chosen names of machines, the best first
    /// @param ranks theirs
    record Example(String params, long seconds, Rlc price, List<String> chosen, List<Double> ranks) {
        static Example of(MatchResult row) {
            var expected = Pattern.compile("(\\w+) (-?[\\d.]+)")
                    .matcher(row.group(4))
                    .results()
                    .toList();
            return new Example(
                    row.group(1),
                    Long.parseLong(row.group(2)),
                    Rlc.parse(row.group(3)),
                    expected.stream().map(one -> one.group(1)).toList(),
                    expected.stream()
                            .map(one -> Double.parseDouble(one.group(2)))
                            .toList());
        }
    }

    static List<Example> examples() {
        return Pattern.compile("^\\| `(\\{.*})` \\| (\\d+) s \\| (\\S+) RLC \\| (.*) \\|$", Pattern.MULTILINE)
                .matcher(PAGE)
                .results()
                .map(Example::of)
                .toList();
    }

    private static ClassAd task(String params, long seconds, Rlc price, Address dataset) {
        var nobody = new Address("%040x".formatted(9));
        var deal = new Deal(
                new DealId(Bytes32.ZERO),
                new Deal.Share(nobody, nobody, Rlc.ZERO),
                new Deal.Share(dataset, nobody, Rlc.ZERO),
                new Deal.Share(nobody, nobody, price),
                1,
                new Category(0, "XS", "", Duration.ofSeconds(seconds)),
                Tag.NONE,
                nobody,
                nobody,
                Address.ZERO,
                params,
                NOON,
                0,
                1,
                Rlc.ZERO,
                1,
                nobody);
        var app = new Asset.App(nobody, nobody, "primes", Asset.App.WASM, Bytes.EMPTY, Bytes32.ZERO);
        return Ads.of(deal, app, Ads.expression("pool.rank", Terms.RANK));
    }

    @Test
    void hasExamples() {
        assertThat(MACHINES).hasSize(3);
        assertThat(examples()).hasSizeGreaterThanOrEqualTo(10);
        assertThat(examples().stream().filter(example -> example.chosen().isEmpty()))
                .as("nobody")
                .hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void tellsWhoIsChosen(Example example) {
        var evaluator = Ads.evaluator(InstantSource.fixed(NOON));
        var task = task(example.params(), example.seconds(), example.price(), Address.ZERO);
        var idle = Idle.of(evaluator, MACHINES.stream().map(Machine::candidate).toList());

        var chosen = new ArrayList<Candidate>();
        idle.offer(task, new Idle.Taker() {
            @Override
            public boolean isDone() {
                return false;
            }

            @Override
            public boolean takes(Candidate candidate) {
                return chosen.add(candidate);
            }
        });

        assertThat(chosen.stream().map(SchedulingPageTest::name)).containsExactlyElementsOf(example.chosen());
        assertThat(chosen.stream()
                        .mapToDouble(one -> new Match(task, one.ad(), evaluator).leftRank())
                        .toArray())
                .containsExactly(
                        example.ranks().stream()
                                .mapToDouble(Double::doubleValue)
                                .toArray(),
                        within(0.005));
    }

    private static String name(Candidate candidate) {
        return MACHINES.stream()
                .filter(machine -> machine.candidate().worker().equals(candidate.worker()))
                .findFirst()
                .orElseThrow()
                .name();
    }

    @Test
    void tellsWhoseTurnItIs() {
        var rows = Pattern.compile("^\\| (\\d+) min \\| (\\d+) \\| (\\d+) \\| (\\w+) \\|$", Pattern.MULTILINE)
                .matcher(PAGE)
                .results()
                .toList();
        var ann = new Address("%040x".formatted(1));
        var bob = new Address("%040x".formatted(2));
        var uses = new Uses(Fairness.DEFAULT.halfLife());
        uses.add(ann, 2400, NOON);
        long minute = 0;
        for (var row : rows) {
            for (; minute < Long.parseLong(row.group(1)); minute += 5) {
                var next = uses.of(ann) < uses.of(bob) ? ann : bob;
                uses.add(next, 300, NOON.plus(Duration.ofMinutes(minute)));
            }
            var now = NOON.plus(Duration.ofMinutes(minute));
            assertThat(List.of(
                            "%.0f".formatted(uses.amount(uses.of(ann), now)),
                            "%.0f".formatted(uses.amount(uses.of(bob), now)),
                            uses.of(ann) < uses.of(bob) ? "Ann" : "Bob"))
                    .as(row.group())
                    .containsExactly(row.group(2), row.group(3), row.group(4));
        }
        assertThat(rows).hasSizeGreaterThan(3);
    }

    @Test
    void namesEveryAttributeOfATask() {
        int table = PAGE.indexOf("## What a task says");
        var documented = Pattern.compile("^\\| (`\\w+`(?: `\\w+`)*) \\|", Pattern.MULTILINE)
                .matcher(PAGE.substring(table, PAGE.indexOf("\n## ", table + 1)))
                .results()
                .flatMap(row -> NAME.matcher(row.group(1)).results().map(MatchResult::group))
                .toList();
        var full = task(
                "{\"rank\": \"1\", \"resources\": {\"memory\": 1}}", 300, Rlc.ZERO, new Address("%040x".formatted(3)));

        assertThat(full.attributes().stream().map(ClassAd.Attribute::name))
                .containsExactlyInAnyOrderElementsOf(documented);
    }

    @Test
    void quotesThePoolsRank() {
        assertThat(PAGE).contains("    " + Terms.RANK + "\n");
    }
}
