package bourse.sandbox.child;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bourse.sandbox.Cause;
import bourse.sandbox.Limits;
import bourse.sandbox.Modules;
import bourse.sandbox.Programs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The metered engine in this process, where it can be compared with an interpreter.
final class EngineTest {
    private static final Limits LIMITS = Limits.DEFAULT.withFuel(2_000_000_000L).withMemory(64 << 20);
    private static final long CANONICAL = 0x7ff8000000000000L;
    private static final long PAYLOAD = 0xfff4000000000001L;

    @TempDir
    Path input;

    @Test
    void countsInstructionsOfEachStretchOfCode() throws InterruptedException {
        var report = run(Programs.test("count"), LIMITS);

        assertThat(report.cause()).isEmpty();
        assertThat(report.fuel()).isEqualTo(3 + 10 * 5 + 1 + 1 + 1);
    }

    @Test
    void countsTheSameOnEveryWayThroughAFunction() throws InterruptedException {
        var program = Programs.test("paths");
        var results = ByteBuffer.wrap(run(program, LIMITS).stdout()).order(ByteOrder.LITTLE_ENDIAN);
        var values = new long[20];
        results.asLongBuffer().get(values);

        agree(program, LIMITS);
        // double and switch, swap_add and switch, early and switch, and again with larger numbers.
        assertThat(values)
                .startsWith(10, 41 + 11, 100 + 12, 6 + 13, 44 + 13, 100 + 13, 12 + 13, 47 + 13, 24 + 13, 18 + 13)
                .containsSubsequence(2_432_902_008_176_640_000L, 4, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "mandelbrot, 60 40",
        "primes, 20000",
        "pi, 64",
        "sha256, 0",
        "nbody, 2000",
        "oracle, 20",
    })
    void anExampleIsTheSameInterpreted(String name, String arguments) throws InterruptedException {
        agree(Programs.example(name), LIMITS, arguments.split(" ", -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo", "files-work", "escape", "clock", "random", "stdin", "exit 3", "abort", "divide 0"})
    void aProgramMeetsTheSameWorldInterpreted(String arguments) throws Exception {
        Files.createDirectory(input.resolve("sub"));
        Files.writeString(input.resolve("sub/deep.txt"), "deep down");
        Files.writeString(input.resolve("hello.txt"), "hello");

        agree(Programs.test("behaviour"), LIMITS, arguments.split(" ", -1));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 100, 12_345, 200_000})
    void runsOutOfFuelAtTheSamePlaceInterpreted(long fuel) throws InterruptedException {
        var report = agree(Programs.example("primes"), LIMITS.withFuel(fuel), "50000");

        assertThat(report.cause()).contains(Cause.OUT_OF_FUEL);
        assertThat(report.fuel()).isEqualTo(fuel);
    }

    @Test
    void hasNoNanButTheCanonicalOne() throws InterruptedException {
        var bits = ByteBuffer.wrap(agree(Programs.test("nan"), LIMITS).stdout()).order(ByteOrder.LITTLE_ENDIAN);
        var values = new long[bits.remaining() / 8];
        bits.asLongBuffer().get(values);

        assertThat(values).hasSize(28);
        assertThat(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16))
                .allSatisfy(i -> assertThat(values[i]).isEqualTo(CANONICAL));
        assertThat(values[17]).as("1 with the sign of a NaN").isEqualTo(Double.doubleToRawLongBits(1));
        assertThat(values[18]).as("a negated NaN").isEqualTo(CANONICAL | Long.MIN_VALUE);
        assertThat(values[19]).as("a loaded NaN").isEqualTo(PAYLOAD);
        assertThat(values[20]).as("in a local").isEqualTo(PAYLOAD);
        assertThat(values[21]).as("negated").isEqualTo(PAYLOAD & Long.MAX_VALUE);
        assertThat(values[22]).as("halved").isEqualTo(CANONICAL);
        assertThat(values[23]).as("a constant NaN").isEqualTo(0x7ff4000000000123L);
        assertThat(values[24]).isEqualTo(0x7fc00000L);
        assertThat(values[25]).isEqualTo(0x7fc00000L);
        assertThat(values[26]).as("a loaded NaN of 32 bits").isEqualTo(0xffa00001L);
        assertThat(values[27]).isEqualTo(0x7fc00000L);
    }

    @Test
    void startsFromNothingEachTime() throws InterruptedException {
        var engine = Engine.compiled(Programs.bytes(Programs.test("paths")));

        var first = engine.run(request(LIMITS), input);
        var second = engine.run(request(LIMITS), input);

        assertThat(second.stdout()).isEqualTo(first.stdout());
        assertThat(second.fuel()).isEqualTo(first.fuel());
    }

    @Test
    void callsAsDeepAsAllowedWithFramesOfAnySize() throws InterruptedException {
        var limits = LIMITS.withFuel(1_000_000_000L);

        var deep = run(Programs.test("behaviour"), limits, "deep", "9000");
        var tooDeep = run(Programs.test("behaviour"), limits, "deep", "30000");
        var wide = Engine.compiled(Modules.recursive(5_000)).run(request(limits), input);

        assertThat(deep.cause()).isEmpty();
        assertThat(tooDeep.cause()).contains(Cause.CALL_DEPTH);
        assertThat(wide.cause()).contains(Cause.CALL_DEPTH);
    }

    private Engine.Report agree(Path program, Limits limits, String... arguments) throws InterruptedException {
        var compiled = run(program, limits, arguments);
        var interpreted = Engine.interpreted(Programs.bytes(program)).run(request(limits, arguments), input);
        assertThat(interpreted.cause()).isEqualTo(compiled.cause());
        assertThat(interpreted.message()).isEqualTo(compiled.message());
        assertThat(interpreted.stdout()).asString(UTF_8).isEqualTo(new String(compiled.stdout(), UTF_8));
        assertThat(interpreted.stderr()).isEqualTo(compiled.stderr());
        assertThat(interpreted.fuel()).isEqualTo(compiled.fuel());
        assertThat(files(interpreted)).isEqualTo(files(compiled));
        return compiled;
    }

    private Engine.Report run(Path program, Limits limits, String... arguments) throws InterruptedException {
        return Engine.compiled(Programs.bytes(program)).run(request(limits, arguments), input);
    }

    private static Request request(Limits limits, String... arguments) {
        return new Request(List.of(arguments), Map.of("A", "1", "B", "two words"), limits, new byte[32]);
    }

    private static Map<String, String> files(Engine.Report report) {
        var files = new HashMap<String, String>();
        collect("", report.volume().output(), files);
        return files;
    }

    private static void collect(String path, Volume.Directory directory, Map<String, String> files) {
        directory.entries().forEach((name, node) -> {
            switch (node) {
                case Volume.Directory child -> collect(path + name + "/", child, files);
                case Volume.File file ->
                    files.put(path + name, new String(file.read(0, (int) file.size()), ISO_8859_1));
            }
        });
    }
}
