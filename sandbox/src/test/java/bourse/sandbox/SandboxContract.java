package bourse.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What every sandbox does, whatever its programs are made of. Real programs, good and bad, in real processes.
public abstract class SandboxContract {
    protected static final Limits LIMITS =
            new Limits(32 << 20, 3_000_000_000L, 10_000, 4 << 20, 100, 1 << 16, Duration.ofSeconds(60));

    @TempDir
    protected Path directory;

    protected Path input;
    protected Path output;

    protected abstract Sandbox sandbox();

    /// A program that does what its first argument says: `behaviour`.
    protected abstract Program behaviour();

    /// The names of the variables that a program sees beside those of its job.
    protected abstract Set<String> environment();

    @BeforeEach
    void prepare() throws IOException {
        input = Files.createDirectories(directory.resolve("in"));
        output = Files.createDirectories(directory.resolve("out"));
        Files.createDirectory(input.resolve("sub"));
        Files.writeString(input.resolve("sub/deep.txt"), "deep down");
        Files.writeString(input.resolve("hello.txt"), "hello");
    }

    @Test
    void readsItsInputAndDeliversItsFiles() throws Exception {
        var outcome = behave("files-work");

        assertThat(outcome).isInstanceOf(Outcome.Finished.class);
        assertThat(outcome.stdout()).asString(UTF_8).contains("hello.txt", "sub", "deep down");
        assertThat(tree()).containsExactly("a", "a/d.txt");
        assertThat(output.resolve("a/d.txt")).hasContent("hello, file, more");
    }

    @Test
    void passesArgumentsAndNoEnvironmentOfOurs() throws Exception {
        var outcome = behave("echo", "two words", "", "é");

        var said = new String(outcome.stdout(), UTF_8);
        var variables = said.substring(said.indexOf('{') + 1, said.length() - 1).split("}\\{", -1);
        assertThat(said).startsWith("[echo][two words][][é]{");
        assertThat(variables).contains("IEXEC_TASK_ID=0x17");
        assertThat(Arrays.stream(variables).map(variable -> variable.replaceAll("=.*", "")))
                .filteredOn(name -> !name.equals("IEXEC_TASK_ID"))
                .isSubsetOf(environment());
        assertThat(outcome.stderr()).asString(UTF_8).isEqualTo("to stderr");
    }

    @Test
    void hasNothingOnStandardInput() throws Exception {
        assertThat(behave("stdin").stdout()).asString(UTF_8).isEqualTo("-1\n");
    }

    @Test
    void leavesTheInputAsItIsAndNoLinkInTheOutput() throws Exception {
        var outcome = behave("escape");

        assertThat(outcome.stdout())
                .asString(UTF_8)
                .contains(
                        "/iexec_in/new.txt: Read-only file system",
                        "unlink input: Read-only file system",
                        "rename input: Read-only file system");
        assertThat(input)
                .isDirectoryRecursivelyContaining("glob:**hello.txt")
                .isDirectoryNotContaining("glob:**new.txt");
        assertThat(tree()).doesNotContain("link", "up"); // it looks that nothing is a link, too
    }

    @Test
    void leavesLinksInTheInputBehind() throws Exception {
        Files.createSymbolicLink(input.resolve("secret"), Path.of("/etc/passwd"));

        var outcome = behave("files-work");

        assertThat(outcome.stdout()).asString(UTF_8).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            exit 3             | EXIT_CODE        | The program ended with exit code 3.
            hog                | OUT_OF_MEMORY    |
            flood-file         | OUTPUT_TOO_LARGE | The program wrote more than 4194304 bytes to its files.
            flood-sparse       | OUTPUT_TOO_LARGE | The program wrote more than 4194304 bytes to its files.
            flood-stdout       | OUTPUT_TOO_LARGE | The program wrote more than 65536 bytes to standard output.
            files 5000         | TOO_MANY_FILES   | The program made more than 100 files.
            """)
    void tellsAProgramsFault(String what, Cause cause, String message) throws Exception {
        var outcome = behave(what.split(" ", -1));

        assertFailed(outcome, cause);
        assertThat(((Outcome.Failed) outcome).message()).startsWith(message == null ? "The program" : message);
        assertThat(cause.programsFault()).isTrue();
        assertThat(outcome.stdout()).hasSizeLessThanOrEqualTo(LIMITS.streamBytes());
        assertThat(tree()).isEmpty();
    }

    @Test
    void runsAFileOverAndOverWithoutAddingUp() throws Exception {
        var outcome = behave("rewrite", "50");

        assertThat(outcome).isInstanceOf(Outcome.Finished.class);
        assertThat(Files.size(output.resolve("same"))).isEqualTo(1 << 20);
    }

    @Test
    void endsAProgramThatTakesTooLong() throws Exception {
        var outcome = behave(LIMITS.withFuel(1L << 60).withWallTime(Duration.ofSeconds(3)), Map.of(), "spin");

        assertFailed(outcome, Cause.TIMED_OUT);
        assertThat(Cause.TIMED_OUT.programsFault()).isFalse();
        assertThat(outcome.elapsed()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(10));
    }

    @Test
    void endsWithItsCallerAndServesTheNext() throws Exception {
        var run = new FutureTask<>(() -> behave(LIMITS.withFuel(1L << 60), Map.of(), "spin"));
        var thread = Thread.ofVirtual().start(run);
        Thread.sleep(1000);

        thread.interrupt();

        assertThatThrownBy(run::get).hasCauseInstanceOf(InterruptedException.class);
        assertThat(tree()).isEmpty();
        assertThat(behave("rewrite", "1")).isInstanceOf(Outcome.Finished.class);
    }

    protected static void assertFailed(Outcome outcome, Cause cause) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed ->
                                assertThat(failed.cause()).as(failed.message()).isEqualTo(cause));
    }

    protected Outcome behave(String... arguments) throws InterruptedException {
        return behave(LIMITS, Map.of("IEXEC_TASK_ID", "0x17"), arguments);
    }

    protected Outcome behave(Limits limits, Map<String, String> environment, String... arguments)
            throws InterruptedException {
        return run(behaviour(), limits, environment, arguments);
    }

    protected Outcome run(Program program, Limits limits, Map<String, String> environment, String... arguments)
            throws InterruptedException {
        return sandbox().run(new Job(program, List.of(arguments), environment, input, output, limits));
    }

    /// What was delivered, which is never a link.
    protected List<String> tree() throws IOException {
        try (var paths = Files.walk(output)) {
            return paths.skip(1)
                    .peek(path -> assertThat(Files.isSymbolicLink(path)).isFalse())
                    .map(path -> output.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }
}
