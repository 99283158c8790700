package bourse.node;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.node.Laptop.Crew;
import bourse.node.Purchase.Bought;
import bourse.node.Purchase.Wish;
import bourse.node.command.Root;
import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Bytes;
import bourse.protocol.Failure;
import bourse.protocol.News;
import bourse.protocol.Params;
import bourse.protocol.Task;
import bourse.sandbox.Program;
import bourse.sandbox.oci.Podman;
import bourse.sandbox.oci.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole market whose workers run images, in real podman, from a real registry's protocol.
@Tag("containers")
class ContainerMarketTest {
    @TempDir
    static Path directory;

    private static Registry registry;
    private static Podman podman;
    private static Laptop market;
    private static Home home;
    /// Its command is a shell.
    private static String image;

    @TempDir
    Path output;

    @BeforeAll
    static void start() throws Exception {
        registry = new Registry();
        podman = Podman.start(Files.createDirectory(directory.resolve("podman")), registry.host());
        image = registry.offer("tools/shell", Registry.Recipe.PLAIN.withCommand("/bin/sh"));
        home = home("market");
        market = Laptop.start(home, home.settings(), new Crew(5, 0));
    }

    @AfterAll
    static void stop() throws IOException {
        if (market != null) {
            market.close();
        }
        if (podman != null) {
            podman.close();
        }
        registry.close();
    }

    @Test
    void workersVoteOnWhatAnImageAnswers() throws Exception {
        var bought =
                buy(2, 10, "echo task $IEXEC_BOT_TASK_INDEX; echo by the way >&2; echo kept > $IEXEC_OUT/file.txt");
        var statement = follow(bought);

        assertThat(statement.ok()).as(statement.text()).isTrue();
        assertThat(statement.tasks()).hasSize(2).allSatisfy(task -> {
            var files = output.resolve(Long.toString(task.index()));
            assertThat(files.resolve("stdout.txt")).hasContent("task " + task.index());
            assertThat(files.resolve("stderr.txt")).hasContent("by the way");
            assertThat(files.resolve("file.txt")).hasContent("kept");
            assertThat(task.votes()).hasSizeGreaterThan(1).allMatch(Statement.Vote::right);
        });
    }

    @Test
    void anImageThatFailsIsAResultThatIsPaid() throws Exception {
        var statement = follow(buy(1, 10, "echo no luck today >&2; exit 3"));

        var task = statement.tasks().getFirst();
        assertThat(statement.ok()).isFalse();
        assertThat(task.status()).as(statement.text()).isEqualTo("COMPLETED");
        assertThat(task.failure().map(Failure::cause)).contains(Failure.Cause.EXIT_CODE);
        assertThat(task.reason().orElseThrow()).startsWith("the program ended with exit status 3; found by");
        assertThat(task.files()).containsExactly("error.json", "stderr.txt", "stdout.txt");
        assertThat(output.resolve("0/stderr.txt")).hasContent("no luck today");
    }

    @Test
    void anImageIsRegisteredOnceAsIexecDoes() throws Exception {
        var first = buy(1, 1, "true");
        var second = buy(1, 1, "true");

        assertThat(follow(first).ok()).isTrue();
        assertThat(follow(second).ok()).isTrue();
        assertThat(second.app()).isEqualTo(first.app());
        assertThat(second.gas()).doesNotContainKey("createApp");
        assertThat(first.app().type()).isEqualTo(Asset.App.DOCKER);
        assertThat(first.app().name()).isEqualTo(registry.host() + "/tools/shell");
        assertThat(first.app().location()).isEqualTo(Bytes.utf8(image));
        assertThat(image).endsWith("@sha256:" + first.app().checksum().hex());
    }

    @Test
    void theCommandLineBuysAnImageAndTellsItEveryArgument() throws Exception {
        var other = home("command").resolve("").toString();

        int status = Root.execute(
                "run",
                "--home",
                other,
                "--output",
                output.toString(),
                "--image",
                image,
                "--",
                "-c",
                "echo $0 $1",
                "a",
                "b");

        assertThat(status).isZero();
        assertThat(output.resolve("0/stdout.txt")).hasContent("a b");
    }

    private static Home home(String name) throws IOException {
        var home = new Home(directory.resolve(name));
        Files.writeString(
                home.resolve("bourse.toml"),
                "[pool]\nlease = 5\n[workers]\nmemory = 64\ncontainers = \"%s\"\n".formatted(podman.socket()));
        return home;
    }

    private static Bought buy(long volume, long trust, String script) throws Exception {
        var wish = new Wish(
                new Program.Image(image, Optional.empty(), false),
                List.of("-c", script),
                List.of(),
                volume,
                trust,
                "XS",
                Optional.empty(),
                Address.ZERO,
                bourse.protocol.Tag.NONE,
                Params.Needs.NONE);
        Purchase.check(wish);
        return new Purchase(market, home.wallet("requester"), Progress.SILENT).buy(wish);
    }

    private Statement follow(Bought bought) throws Exception {
        var outcome = new Watch(market, bought.deal(), Progress.SILENT, home.names(), InstantSource.system())
                .untilEnded(News.Cursor.START);
        assertThat(outcome.tasks()).allMatch(Task::ended);
        return Statement.of(market, outcome, bought.app(), output, home.names(), bought.gas());
    }
}
