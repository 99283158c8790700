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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What `docs/scheduling.md` says is so.
class SchedulingPageTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final String PAGE = read();
    private static final Map<String, ClassAd> MACHINES = machines();

    private static String read() {
        try {
            return Files.readString(Path.of("../docs/scheduling.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, ClassAd> machines() {
        var machines = new LinkedHashMap<String, ClassAd>();
        Pattern.compile("```classad (\\w+)\n(.*?)```", Pattern.DOTALL)
                .matcher(PAGE)
                .results()
                .forEach(block -> machines.put(block.group(1), Ads.machine(block.group(2), 1)));
        return machines;
    }

    /// @param expected `nobody`, or names and Ranks
    private record Example(String params, long seconds, Rlc price, String expected) {
        static Example of(MatchResult row) {
            return new Example(row.group(1), Long.parseLong(row.group(2)), Rlc.parse(row.group(3)), row.group(4));
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
    }

    @ParameterizedTest
    @MethodSource("examples")
    void tellsWhoIsChosen(Example example) {
        var evaluator = Ads.evaluator(InstantSource.fixed(NOON));
        var task = task(example.params(), example.seconds(), example.price(), Address.ZERO);
        var names = new LinkedHashMap<Address, String>();
        MACHINES.keySet().forEach(name -> names.put(new Address("%040x".formatted(names.size() + 1)), name));
        var idle = Idle.of(
                evaluator,
                names.entrySet().stream()
                        .map(entry -> new Candidate(entry.getKey(), 1, 1, MACHINES.get(entry.getValue())))
                        .toList());

        var chosen = new ArrayList<String>();
        idle.offer(task, new Idle.Taker() {
            @Override
            public boolean isDone() {
                return false;
            }

            @Override
            public boolean takes(Candidate candidate) {
                chosen.add(names.get(candidate.worker()));
                return true;
            }
        });

        if (example.expected().equals("nobody")) {
            assertThat(chosen).isEmpty();
            return;
        }
        var expected = List.of(example.expected().split(", "));
        assertThat(chosen)
                .containsExactlyElementsOf(
                        expected.stream().map(one -> one.split(" ")[0]).toList());
        for (var one : expected) {
            var machine = MACHINES.get(one.split(" ")[0]);
            assertThat(new Match(task, machine, evaluator).leftRank())
                    .isCloseTo(Double.parseDouble(one.split(" ")[1]), within(1e-9));
        }
    }

    @Test
    void namesEveryAttributeOfATask() {
        int table = PAGE.indexOf("## What a task says");
        var documented = Pattern.compile("^\\| (`\\w+`(?: `\\w+`)*) \\|", Pattern.MULTILINE)
                .matcher(PAGE.substring(table, PAGE.indexOf("\n## ", table + 1)))
                .results()
                .flatMap(row -> List.of(row.group(1).replace("`", "").split(" ")).stream())
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
