package bourse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A market that lives as long as a command.
class CommandLineTest extends CommandLine {
    @Test
    void runLeavesACheckedResultAndOneJsonDocument() throws Exception {
        var run = bourse("run", "--json", "--volume", "3", program("index"));
        var statement = json(run);

        assertThat(run.exitValue()).isZero();
        assertThat(statement.path("ok").asBoolean()).isTrue();
        assertThat(statement.path("tasks")).hasSize(3);
        var task = statement.path("tasks").get(1);
        assertThat(directory.resolve(task.path("directory").asString()).resolve("stdout.txt"))
                .hasContent("1");

        var shown = json(bourse("task", "show", "--json", task.path("id").asString()));
        assertThat(shown.path("status").asString()).isEqualTo("COMPLETED");
        var fetched =
                bourse("task", "download", "--output", "again", task.path("id").asString());
        assertThat(fetched.waitFor()).isZero();
        assertThat(directory.resolve("again/stdout.txt")).hasContent("1");
        assertThat(json(bourse("app", "list", "--json"))).hasSize(1);
        assertThat(json(bourse("account", "show", "--json")).path("tokens").asString())
                .isEqualTo("9997");
    }

    @Test
    void refusesWithStatus2AndASentence() throws Exception {
        assertThat(output(bourse("run", "nothing.wasm"), 2)).contains("there is no program nothing.wasm");
        assertThat(output(bourse("run", program("foreign")), 2)).contains("launch_missiles");
        assertThat(output(bourse("run", "--volume", "0", program("index")), 2)).contains("--volume is 1 to");
        assertThat(output(bourse("deal", "show", "0x12"), 2)).contains("32-byte word");
        Files.writeString(directory.resolve("home/bourse.toml"), "[pool]\nprise-per-minute = \"1\"\n");
        assertThat(output(bourse("run", program("index")), 2)).contains("prise-per-minute");
        Files.writeString(directory.resolve("home/bourse.toml"), "[market]\naudit = 101\n");
        assertThat(output(bourse("run", program("index")), 2)).contains("market.audit is 0 to 100 percent, not 101");
        Files.writeString(directory.resolve("home/bourse.toml"), "[workers]\ncontainers = \"docker\"\n");
        assertThat(output(bourse("run", program("index")), 2)).contains("workers.containers is unix:///PATH");
        Files.writeString(directory.resolve("home/bourse.toml"), "[workers.machine]\nhours = \"nine to five\"\n");
        assertThat(output(bourse("run", program("index")), 2))
                .contains("workers.machine.hours are \"always\", or like");
        Files.writeString(directory.resolve("home/bourse.toml"), "[workers.machine]\nbatery = \"never\"\n");
        assertThat(output(bourse("run", program("index")), 2)).contains("batery");
    }

    @Test
    void refusesAnImageThatNobodyHereCanBeSureOfOrRun() throws Exception {
        var pinned = "registry.example/name@sha256:" + "ab".repeat(32);

        assertThat(output(bourse("run", "--image", "registry.example/name:latest"), 2))
                .contains("An image is named as name@sha256:digest", "docker image inspect");
        assertThat(output(bourse("run", "--image", pinned, "argument"), 2))
                .contains("workers.containers is not set", "podman.socket", "home/bourse.toml");
        assertThat(output(bourse("run"), 2)).contains("Name a PROGRAM, or an image with --image");
    }

    @Test
    void runFailsWithStatus1WhenTheProgramFails() throws Exception {
        // Two workers find the same, and the second is paid for it.
        assertThat(output(bourse("run", program("exit")), 1))
                .contains("the program ended with exit status 3")
                .contains("you paid     1 RLC");
    }

    @Test
    void whatWorkersAgreedToHaveFailedIsPaidAndToldWithStatus1() throws Exception {
        var run = bourse("run", "--json", "--trust", "10", program("exit"));
        assertThat(run.waitFor(MOST.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitValue()).isEqualTo(1);
        var statement = JSON.readTree(stdout(run));
        assertThat(statement.path("ok").asBoolean(true)).isFalse();
        assertThat(statement.path("spent").asString()).isNotEqualTo("0");
        var task = statement.path("tasks").get(0);
        assertThat(task.path("status").asString()).isEqualTo("COMPLETED");
        assertThat(task.path("failure").path("cause").asString()).isEqualTo("EXIT_CODE");
        assertThat(task.path("failure").path("status").asInt()).isEqualTo(3);
        assertThat(task.path("reason").asString())
                .isEqualTo("the program ended with exit status 3; found by 4 workers alike, who were paid");
        assertThat(directory.resolve(task.path("directory").asString()).resolve("stderr.txt"))
                .hasContent("no luck today");

        var id = task.path("id").asString();
        assertThat(output(bourse("task", "show", id), 0))
                .contains("ended with exit status 3; found by 4 workers alike");
        assertThat(json(bourse("task", "show", "--json", id))
                        .path("failure")
                        .path("cause")
                        .asString())
                .isEqualTo("EXIT_CODE");
        assertThat(output(bourse("task", "download", "--output", "again", id), 1))
                .contains("matches the chain")
                .contains("FAILED: the program ended with exit status 3");
        assertThat(directory.resolve("again/stderr.txt")).hasContent("no luck today");
    }

    @Test
    void anInterruptedRunGoesOnWithTheNext() throws Exception {
        var run = bourse("run", "--trust", "10", program("slow"));
        await().atMost(MOST).until(() -> stdout(run).contains("computing"));
        signal(run, "INT");
        assertThat(run.waitFor(MOST.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(stderr(run)).contains("stopped. Deal 0x");
        var deal = printed("deal", run);

        assertThat(output(bourse("run", program("index")), 0)).contains("matches the chain");

        up();
        await().atMost(MOST)
                .until(() -> json(bourse("deal", "show", "--json", deal))
                        .path("tasks")
                        .get(0)
                        .path("status")
                        .asString()
                        .equals("COMPLETED"));
    }
}
