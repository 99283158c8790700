package bourse.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What only WASI programs do, or do to the last byte.
final class WarmSandboxTest extends SandboxContract {
    @TempDir
    static Path scratch;

    private static Sandbox sandbox;

    @BeforeAll
    static void open() {
        sandbox = new WarmSandbox(scratch, 2, Duration.ofMinutes(5));
    }

    @AfterAll
    static void close() {
        sandbox.close();
    }

    @Override
    protected Sandbox sandbox() {
        return sandbox;
    }

    @Override
    protected Program behaviour() {
        return new Program.Wasm(Programs.test("behaviour"));
    }

    @Override
    protected Set<String> environment() {
        return Set.of();
    }

    @Test
    void deliversOutputFilesAndStreams() throws Exception {
        var outcome = behave("files-work");

        assertThat(outcome).isInstanceOf(Outcome.Finished.class);
        assertThat(outcome.stdout()).asString(UTF_8).isEqualTo("""
                . 3
                .. 3
                hello.txt 4
                sub 3
                deep down
                seek: done
                own
                /iexec_out/a/b/c.txt: done
                /iexec_out/gone.txt: done
                rename: done
                unlink: done
                rmdir full: Directory not empty
                rmdir: done
                rename into itself: Invalid argument
                stat: done
                17 bytes, directory 0
                . 3
                .. 3
                d.txt 4
                """);
        assertThat(tree()).containsExactly("a", "a/d.txt");
        assertThat(output.resolve("a/d.txt")).hasContent("hello, file, more");
    }

    @Test
    void letsNoPathLeadOutOfTheTwoDirectories() throws Exception {
        var outcome = behave("escape");

        assertThat(outcome.stdout()).asString(UTF_8).isEqualTo("""
                /etc/passwd: Capabilities insufficient
                /iexec_out/../../etc/passwd: Capabilities insufficient
                /iexec_in/../iexec_out/x: Capabilities insufficient
                ../../../etc/passwd: Capabilities insufficient
                symlink: Not supported
                symlink in: Not supported
                link: Not supported
                /iexec_in/new.txt: Read-only file system
                unlink input: Read-only file system
                rename input: Read-only file system
                rename out: Capabilities insufficient
                /iexec_out/caf\u00e9: Illegal byte sequence
                /iexec_out/.hidden: done
                """);
        assertThat(tree()).containsExactly(".hidden");
    }

    @Test
    void showsAClockThatCountsInstructions() throws Exception {
        var first = behave("clock");
        var second = behave("clock");

        assertThat(first.stdout()).asString(UTF_8).startsWith("946684800.").contains("slept 3600 s");
        assertThat(second.stdout()).isEqualTo(first.stdout());
        assertThat(second.fuel()).isEqualTo(first.fuel());
    }

    @Test
    void drawsRandomNumbersFromTheTask() throws Exception {
        var mine = behave(LIMITS, Map.of("IEXEC_TASK_ID", "0x1"), "random");
        var sameTask = behave(LIMITS, Map.of("IEXEC_TASK_ID", "0x1", "OTHER", "2"), "random");
        var otherTask = behave(LIMITS, Map.of("IEXEC_TASK_ID", "0x2"), "random");

        assertThat(mine.stdout()).hasSize(80).isEqualTo(sameTask.stdout()).isNotEqualTo(otherTask.stdout());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            abort              | TRAP             | The program trapped: unreachable.
            divide 0           | TRAP             | The program trapped: integer divide by zero.
            wild               | TRAP             | The program trapped: out of bounds memory access.
            spin               | OUT_OF_FUEL      | The program executed more than 3000000000 instructions.
            deep 100000        | CALL_DEPTH       | The program called more than 10000 functions deep.
            hog                | OUT_OF_MEMORY    | The program asked for more than 33554432 bytes of memory. The program ended with exit code 7.
            flood-unlinked     | OUTPUT_TOO_LARGE | The program wrote more than 4194304 bytes to its files.
            """)
    void saysWhyAProgramFailed(String what, Cause cause, String message) throws Exception {
        var outcome = behave(what.split(" ", -1));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.cause()).isEqualTo(cause);
            assertThat(failed.message()).isEqualTo(message);
            assertThat(failed.cause().programsFault()).isTrue();
        });
        assertThat(tree()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "unknown_import, IMPORT_NOT_OFFERED",
        "unknown_wasi, IMPORT_NOT_OFFERED",
        "wrong_wasi_type, IMPORT_NOT_OFFERED",
        "no_start, NOT_WASM",
        "simd, FEATURE_NOT_OFFERED",
        "threads, FEATURE_NOT_OFFERED",
        "exceptions, FEATURE_NOT_OFFERED",
        "tail_call, FEATURE_NOT_OFFERED",
        "big_table, TOO_COMPLEX",
        "big_memory, OUT_OF_MEMORY",
        "data_outside, TRAP",
        "start_section, OUT_OF_FUEL",
        "fill, OUT_OF_FUEL",
        "table_grow, TRAP",
    })
    void endsABadModuleWithItsCause(String name, Cause cause) throws Exception {
        var outcome = run(new Program.Wasm(Programs.test(name)), LIMITS, Map.of());

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed ->
                                assertThat(failed.cause()).as(failed.message()).isEqualTo(cause));
    }

    @Test
    void stopsAtTheDeepestDirectory() throws Exception {
        var outcome = behave("directories", "100");

        assertThat(outcome.stdout()).asString(UTF_8).isEqualTo("mkdir: Filename too long\n");
        assertThat(tree()).hasSize(32);
    }

    @Test
    void endsAModuleThatTakesTooLongToCompile() throws Exception {
        var bomb = Files.write(directory.resolve("bomb.wasm"), Modules.many(99_000, 20));

        var outcome = run(new Program.Wasm(bomb), LIMITS.withWallTime(Duration.ofSeconds(2)), Map.of());

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.cause()).isIn(Cause.TIMED_OUT, Cause.CRASHED));
    }

    @Test
    void survivesTheDeathOfAChildInMidTask() throws Exception {
        var before = children();
        var run = start(LIMITS.withFuel(1L << 60).withMemory(33 << 20));
        var child =
                await().until(() -> newChild(before), found -> !found.isEmpty()).getFirst();

        await().until(() -> tree(child).stream().anyMatch(WarmSandboxTest::isJava)); // before, it could be orphaned

        child.destroyForcibly();

        assertThat(run.get()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.cause()).isEqualTo(Cause.CRASHED);
            assertThat(failed.cause().programsFault()).isFalse();
        });
        assertThat(behave("echo")).isInstanceOf(Outcome.Finished.class);
    }

    @Test
    void killsTheProgramWhenItsCallerIsInterrupted() throws Exception {
        var before = children();
        var run = new FutureTask<>(() -> behave(LIMITS.withFuel(1L << 60).withMemory(34 << 20), Map.of(), "spin"));
        var thread = Thread.ofVirtual().start(run);
        var child =
                await().until(() -> newChild(before), found -> !found.isEmpty()).getFirst();

        thread.interrupt();

        assertThatThrownBy(run::get).hasCauseInstanceOf(InterruptedException.class);
        await().until(() -> !child.isAlive());
        assertThat(child.descendants()).isEmpty();
    }

    @Test
    void givesTheChildNoSecrets() throws Exception {
        var before = children();
        var run = start(LIMITS.withFuel(1L << 60).withMemory(35 << 20));
        var child =
                await().until(() -> newChild(before), found -> !found.isEmpty()).getFirst();
        await().until(() -> tree(child).stream().anyMatch(WarmSandboxTest::isJava));
        var java =
                tree(child).stream().filter(WarmSandboxTest::isJava).findFirst().orElseThrow();

        var variables =
                Files.readString(Path.of("/proc/" + java.pid() + "/environ")).split("\0");

        assertThat(variables).allMatch(variable -> variable.startsWith("LC_ALL=") || variable.startsWith("PWD="));
        if (sandbox.isolation() == Isolation.BUBBLEWRAP) {
            assertThat(Path.of("/proc/" + java.pid() + "/root/etc/passwd")).doesNotExist();
            assertThat(Path.of("/proc/" + java.pid() + "/root/var")).doesNotExist();
            assertThat(Files.readString(Path.of("/proc/" + java.pid() + "/net/dev"))
                            .lines()
                            .count())
                    .as("only a header and the loopback")
                    .isLessThanOrEqualTo(3);
        }
        child.destroyForcibly();
        run.get();
    }

    @Test
    void standsStillWhileItIsPausedAndItsTimeDoesNotPass() throws Exception {
        var before = children();
        var all = new Stopwatch();
        var run = start(LIMITS.withMemory(36 << 20)); // a loop that ends by its fuel, after some seconds
        var child =
                await().until(() -> newChild(before), found -> !found.isEmpty()).getFirst();
        await().until(() -> cpuTime(child).compareTo(Duration.ofSeconds(1)) > 0);

        sandbox.pause();
        FutureTask<Outcome> second;
        Stopwatch pause;
        try {
            sandbox.pause();
            await().until(() -> tree(child).stream().allMatch(one -> state(one) == 'T'));
            pause = new Stopwatch();
            var used = cpuTime(child);
            second = start(LIMITS.withMemory(36 << 20));
            await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
            assertThat(cpuTime(child)).as("it makes no progress").isEqualTo(used);
            assertThat(tree(child)).allMatch(one -> state(one) == 'T');
            assertThat(run.isDone() || second.isDone()).isFalse();
            pause.pause();
        } finally {
            sandbox.resume(); // who takes a paused sandbox waits for ever
        }

        assertThat(run.get()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.cause()).isEqualTo(Cause.OUT_OF_FUEL);
            assertThat(failed.elapsed()).isLessThan(all.elapsed().minus(pause.elapsed()));
        });
        assertThat(second.get())
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.cause()).isEqualTo(Cause.OUT_OF_FUEL));
    }

    @Test
    void endsAProgramThatIsPaused() throws Exception {
        var before = children();
        var run = new FutureTask<>(() -> behave(LIMITS.withFuel(1L << 60).withMemory(37 << 20), Map.of(), "spin"));
        var thread = Thread.ofVirtual().start(run);
        var child =
                await().until(() -> newChild(before), found -> !found.isEmpty()).getFirst();
        sandbox.pause();
        try {
            thread.interrupt();

            assertThatThrownBy(run::get).hasCauseInstanceOf(InterruptedException.class);
            await().atMost(Duration.ofSeconds(20)).until(() -> !child.isAlive());
        } finally {
            sandbox.resume();
        }
    }

    private static List<ProcessHandle> tree(ProcessHandle child) {
        return Stream.concat(Stream.of(child), child.descendants()).toList();
    }

    private static Duration cpuTime(ProcessHandle child) {
        return tree(child).stream()
                .map(one -> one.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /// As the kernel calls it: `R` runs, `S` sleeps, `T` is stopped.
    private static char state(ProcessHandle process) {
        try {
            var stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FutureTask<Outcome> start(Limits limits) {
        var run = new FutureTask<>(() -> behave(limits, Map.of(), "spin"));
        Thread.ofVirtual().start(run);
        return run;
    }

    private static List<ProcessHandle> children() {
        return ProcessHandle.current().children().toList();
    }

    /// Only a job of a kind that no other test has starts a new process.
    private static List<ProcessHandle> newChild(List<ProcessHandle> before) {
        return children().stream().filter(child -> !before.contains(child)).toList();
    }

    private static boolean isJava(ProcessHandle process) {
        return process.info().command().orElse("").endsWith("/java");
    }
}
