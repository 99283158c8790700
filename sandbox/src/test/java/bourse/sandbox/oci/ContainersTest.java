package bourse.sandbox.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bourse.sandbox.Cause;
import bourse.sandbox.Outcome;
import bourse.sandbox.Program;
import bourse.sandbox.Sandbox;
import bourse.sandbox.SandboxContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real containers, in real podman.
@Tag("containers")
final class ContainersTest extends SandboxContract {
    private static final Terms TERMS =
            new Terms(1, 32, false, Duration.ofSeconds(30), 64L << 20, 256L << 20, Optional.empty());

    @TempDir
    static Path scratch;

    private static Registry registry;
    private static Podman podman;
    private static Containers containers;
    private static Daemon daemon;
    private static String image;

    @BeforeAll
    static void open() throws IOException {
        registry = new Registry();
        podman = Podman.start(scratch, registry.host());
        containers = new Containers(podman.socket(), scratch.resolve("home"), TERMS);
        daemon = new Daemon(podman.socket(), Files.createDirectory(scratch.resolve("config")), "a test");
        image = registry.offer("behaviour", Registry.Recipe.PLAIN);
    }

    @AfterAll
    static void close() throws IOException {
        if (containers != null) {
            containers.close();
        }
        if (daemon != null) {
            daemon.close();
        }
        if (podman != null) {
            podman.close();
        }
        registry.close();
    }

    @AfterEach
    void leavesNothingBehind() throws IOException {
        assertThat(daemon.docker().listContainersCmd().withShowAll(true).exec()).isEmpty();
        assertThat(daemon.docker().listVolumesCmd().exec().getVolumes()).isNullOrEmpty();
        assertThat(scratch.resolve("home/inputs")).isEmptyDirectory();
    }

    @Override
    protected Sandbox sandbox() {
        return containers;
    }

    @Override
    protected Program behaviour() {
        return new Program.Image(image, Optional.empty(), true);
    }

    @Override
    protected Set<String> environment() {
        return Set.of("PATH", "HOME", "HOSTNAME", "TERM", "container", "SHLVL", "PWD");
    }

    /* WHAT IT LEAVES */

    @ParameterizedTest
    @ValueSource(strings = {"symlink", "dangling", "fifo", "umlaut", "newline"})
    void deliversOnlyPlainFiles(String what) throws Exception {
        assertFailed(behave("leave", what), Cause.OUTPUT_NOT_PLAIN);
        assertThat(tree()).isEmpty();
    }

    @Test
    void leavesSocketsOut() throws Exception {
        assertThat(behave("leave", "socket")).isInstanceOf(Outcome.Finished.class);
        assertThat(tree()).isEmpty();
    }

    @Test
    void deliversPlainFilesThatLookOdd() throws Exception {
        var outcome = behave("leave-odd");

        assertThat(outcome).isInstanceOf(Outcome.Finished.class);
        assertThat(outcome.stdout()).asString(UTF_8).startsWith("-rwsr-sr-x");
        assertThat(tree()).containsExactly("closed", "closed/first", "root", "second");
        assertThat(output.resolve("closed/first")).hasContent("twice\n");
        assertThat(output.resolve("second")).hasContent("twice\n");
        assertThat(Files.getAttribute(output.resolve("second"), "unix:nlink")).isEqualTo(1);
        assertThat((int) Files.getAttribute(output.resolve("root"), "unix:mode") & 06111)
                .as("neither set-user-id nor executable")
                .isZero();
        assertThat(Files.getPosixFilePermissions(output.resolve("closed/first")))
                .contains(PosixFilePermission.OWNER_READ);
    }

    @Test
    void refusesATreeThatIsTooDeep() throws Exception {
        assertFailed(behave("directories", "40"), Cause.OUTPUT_NOT_PLAIN);
    }

    @Test
    void noticesThatTheOutputWasFullWhoeverHidesIt() throws Exception {
        assertFailed(behave("flood-file-quietly"), Cause.OUTPUT_TOO_LARGE);
    }

    @Test
    void chargesForFilesWithoutAName() throws Exception {
        assertFailed(behave("flood-unlinked"), Cause.EXIT_CODE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"flood-tmp", "volume"})
    void keepsTemporaryFilesInTheMemoryThatIsGranted(String what) throws Exception {
        var program = new Program.Image(
                registry.offer("volume", Registry.Recipe.PLAIN.withVolume("/data")), Optional.empty(), false);
        run(program, LIMITS, Map.of(), "exit", "0");
        long before = podman.stored();

        var outcome = run(program, LIMITS, Map.of(), what);

        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        assertThat(((Outcome.Failed) outcome).cause().programsFault()).isTrue();
        assertThat(podman.stored() - before).isLessThan(1 << 20);
    }

    @Test
    void endsWithItsFirstProcess() throws Exception {
        var outcome = behave("daemon");

        assertThat(outcome).isInstanceOf(Outcome.Finished.class);
        assertThat(outcome.stdout()).asString(UTF_8).isEqualTo("started\n");
    }

    @Test
    void boundsStandardErrorToo() throws Exception {
        var outcome = behave("flood-stderr");

        assertFailed(outcome, Cause.OUTPUT_TOO_LARGE);
        assertThat(outcome.stderr()).hasSize(LIMITS.streamBytes());
    }

    /* WHAT IT CAN NOT DO */

    @Test
    void survivesAForkBomb() throws Exception {
        var outcome = behave(LIMITS.withWallTime(Duration.ofSeconds(10)), Map.of(), "fork-bomb");

        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        assertThat(behave("rewrite", "1")).isInstanceOf(Outcome.Finished.class);
    }

    @Test
    void reachesNobody() throws Exception {
        var outcome = behave("network", Integer.toString(registry.port()));

        assertThat(outcome.stdout()).asString(UTF_8).isEqualTo("""
                connect: Connection refused
                outside: Network is unreachable
                1
                """);
    }

    @Test
    void hasNoPrivileges() throws Exception {
        var outcome = behave("privileges");

        assertThat(outcome.stdout()).asString(UTF_8).isEqualToNormalizingWhitespace("""
                65534
                65534
                CapInh: 0000000000000000
                CapPrm: 0000000000000000
                CapEff: 0000000000000000
                CapBnd: 0000000000000000
                CapAmb: 0000000000000000
                NoNewPrivs: 1
                Seccomp: 2
                task
                """);
    }

    @Test
    void readsAndChangesNothingOfTheMachine() throws Exception {
        var outcome = behave("try");

        assertThat(outcome).isInstanceOf(Outcome.Finished.class);
        assertThat(outcome.stdout()).asString(UTF_8).isEmpty();
    }

    /* TIME */

    @Test
    void standsStillWhileItIsPaused() throws Exception {
        var run = new FutureTask<>(() -> behave(LIMITS.withWallTime(Duration.ofSeconds(5)), Map.of(), "count", "15"));
        Thread.ofVirtual().start(run);
        Thread.sleep(1_500);

        containers.pause();
        Thread.sleep(5_000);
        assertThat(run.isDone()).isFalse();
        containers.resume();

        assertThat(run.get()).isInstanceOf(Outcome.Finished.class);
        assertThat(run.get().elapsed()).isLessThan(Duration.ofSeconds(5));
        assertThat(run.get().stdout()).asString(UTF_8).endsWith("\n2\n1\n");
    }

    @Test
    void beginsNothingWhileItIsPaused() throws Exception {
        containers.pause();
        var run = new FutureTask<>(() -> behave("rewrite", "1"));
        Thread.ofVirtual().start(run);
        Thread.sleep(1_500);
        assertThat(run.isDone()).isFalse();

        containers.resume();

        assertThat(run.get()).isInstanceOf(Outcome.Finished.class);
    }

    @Test
    void endsWhileItIsPaused() throws Exception {
        var run = new FutureTask<>(() -> behave("spin"));
        var thread = Thread.ofVirtual().start(run);
        Thread.sleep(1_000);
        containers.pause();

        thread.interrupt();
        thread.join();
        containers.resume();

        assertThat(behave("rewrite", "1")).isInstanceOf(Outcome.Finished.class);
    }

    /* ITS IMAGE */

    @ParameterizedTest
    @ValueSource(strings = {"/bin/missing", "/bin"})
    void saysThatTheCommandIsNoProgram(String command) throws Exception {
        var program = new Program.Image(
                registry.offer("command", Registry.Recipe.PLAIN.withCommand(command)), Optional.empty(), false);

        assertFailed(run(program, LIMITS, Map.of()), Cause.IMAGE_NOT_USABLE);
    }

    @Test
    void sweepsWhatADeadProcessLeft() throws Exception {
        var home = Files.createDirectories(directory.resolve("home"));
        new Containers(podman.socket(), home, TERMS).close();
        var owner = Files.readString(home.resolve("owner"));
        try (var dead = new Daemon(podman.socket(), directory, owner);
                var other = new Daemon(podman.socket(), directory, "somebody else")) {
            Outbox.open(dead, LIMITS);
            Files.createDirectories(home.resolve("inputs/job-7/sub"));
            try (var foreign = Outbox.open(other, LIMITS)) {
                assertThat(foreign).isNotNull();
                assertThat(dead.docker().listContainersCmd().exec()).hasSize(2);

                new Containers(podman.socket(), home, TERMS).close();

                assertThat(dead.docker().listContainersCmd().exec()).hasSize(1);
                assertThat(dead.docker().listVolumesCmd().exec().getVolumes()).hasSize(1);
                assertThat(home.resolve("inputs")).isEmptyDirectory();
            }
        }
    }

    @Test
    void runsManyAtOnce() throws Exception {
        var runs = List.of("1", "2", "3", "4").stream()
                .map(code -> {
                    var to = directory.resolve("out" + code);
                    var run = new FutureTask<>(() -> sandbox()
                            .run(new bourse.sandbox.Job(
                                    behaviour(),
                                    List.of("exit", code),
                                    Map.of(),
                                    input,
                                    Files.createDirectory(to),
                                    LIMITS)));
                    Thread.ofVirtual().start(run);
                    return run;
                })
                .toList();

        for (int i = 0; i < runs.size(); i++) {
            var outcome = (Outcome.Failed) runs.get(i).get();
            assertThat(outcome.message()).isEqualTo("The program ended with exit code " + (i + 1) + ".");
        }
    }
}
