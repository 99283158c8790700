package bourse.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples, as a user would run them. Their bytes and their fuel are the same everywhere and for ever: a
/// change of the engine that changes them would split the votes of old and new workers.
final class ExamplesTest {
    @TempDir
    static Path scratch;

    private static Sandbox sandbox;

    @TempDir
    Path directory;

    private Path input;
    private Path output;

    @BeforeAll
    static void open() {
        sandbox = new WarmSandbox(scratch, 1, Duration.ofMinutes(5));
    }

    @AfterAll
    static void close() {
        sandbox.close();
    }

    @BeforeEach
    void prepare() throws IOException {
        input = Files.createDirectory(directory.resolve("in"));
        output = Files.createDirectory(directory.resolve("out"));
    }

    @Test
    void mandelbrotDrawsAPicture() throws Exception {
        run("mandelbrot", Map.of(), "120", "80");

        var picture = ImageIO.read(output.resolve("mandelbrot.png").toFile());
        assertThat(picture.getWidth()).isEqualTo(120);
        assertThat(picture.getHeight()).isEqualTo(80);
        assertThat(picture.getRGB(80, 40)).as("in the set").isEqualTo(0xff000000);
        assertThat(output.resolve("computed.json"))
                .hasContent("{\"deterministic-output-path\":\"/iexec_out/mandelbrot.png\"}");
        assertDigest("mandelbrot.png", "ba379261bba852afdaf63be404b967fe5387b68c263159920f2c8509bf01c4ca");
    }

    @Test
    void primesCountsThem() throws Exception {
        var outcome = run("primes", Map.of(), "2000000");

        assertThat(outcome.stdout()).asString(UTF_8).isEqualTo("148933 primes up to 2000000\n");
        assertThat(outcome.fuel()).isEqualTo(44_448_937);
        assertDigest("primes.txt", "f1fd0c3cfafb0c59326666fdd86860f725004d2f85c22748e8538822b61eff23");
    }

    @Test
    void sharesOfPiAddUp() throws Exception {
        double sum = 0;
        for (int index = 5; index < 8; index++) {
            run(
                    "pi",
                    Map.of(
                            "IEXEC_BOT_SIZE", "3",
                            "IEXEC_BOT_FIRST_INDEX", "5",
                            "IEXEC_BOT_TASK_INDEX", Integer.toString(index)),
                    "1000");
            sum += Double.parseDouble(Files.readString(output.resolve("pi.txt")));
            Trees.empty(output);
        }

        assertThat(sum).isCloseTo(Math.PI, within(1 / (6.0 * 1000 * 1000)));
    }

    @Test
    void wordfreqCountsTheWordsOfItsInput() throws Exception {
        Files.writeString(input.resolve("text.txt"), "The cat, the dog & the CAT.\nÉtude étude");

        run("wordfreq", Map.of("IEXEC_INPUT_FILE_NAME_1", "text.txt"));

        assertThat(output.resolve("words.txt")).hasContent("""
                       3 the
                       2 cat
                       1 dog
                       1 Étude
                       1 étude
                """);
    }

    @Test
    void wordfreqSaysThatItsInputIsMissing() throws Exception {
        var outcome = sandbox.run(job("wordfreq", Map.of("IEXEC_INPUT_FILE_NAME_1", "text.txt")));

        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        assertThat(outcome.stderr()).asString(UTF_8).isEqualTo("can not open a file\n");
    }

    @Test
    void oracleEncodesItsAnswerForAContract() throws Exception {
        var outcome = run("oracle", Map.of("IEXEC_TASK_ID", "0x2a"), "6");

        var json = Files.readString(output.resolve("computed.json"));
        var data = json.substring("{\"callback-data\":\"0x".length(), json.length() - 2);
        var words = HexFormat.of().parseHex(data);
        assertThat(words).hasSize(4 * 32);
        assertThat(words[31]).isBetween((byte) 1, (byte) 6);
        assertThat(words[63]).isEqualTo((byte) 64);
        assertThat(new String(words, 96, words[95], UTF_8))
                .isEqualTo("rolled " + words[31] + " of 6")
                .isEqualTo(new String(outcome.stdout(), UTF_8).strip());
    }

    @Test
    void sha256AgreesWithTheJdk() throws Exception {
        var text = "All that is in the input file.".repeat(5_000);
        Files.writeString(input.resolve("a"), text);

        run("sha256", Map.of("IEXEC_INPUT_FILE_NAME_1", "a"));

        var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        assertThat(output.resolve("sha256.txt")).hasContent(HexFormat.of().formatHex(digest) + "\n");
    }

    @Test
    void nbodyKeepsTheEnergy() throws Exception {
        run("nbody", Map.of(), "5000000");

        assertThat(output.resolve("nbody.txt")).content().startsWith("energy -0.169075164, then -0.169083134\n");
        assertDigest("nbody.txt", "40a076d7ab620150ecbbbac491f9c72408cc71226801db5a1818359ee87f3dd6");
    }

    private Outcome run(String name, Map<String, String> environment, String... arguments) throws InterruptedException {
        var outcome = sandbox.run(job(name, environment, arguments));
        assertThat(outcome).isInstanceOf(Outcome.Finished.class);
        return outcome;
    }

    private Job job(String name, Map<String, String> environment, String... arguments) {
        var all = new HashMap<>(environment);
        all.put("IEXEC_IN", "/iexec_in");
        all.put("IEXEC_OUT", "/iexec_out");
        return new Job(Programs.example(name), List.of(arguments), all, input, output, Limits.DEFAULT);
    }

    private void assertDigest(String file, String expected) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(output.resolve(file)));
        assertThat(HexFormat.of().formatHex(digest)).isEqualTo(expected);
    }
}
