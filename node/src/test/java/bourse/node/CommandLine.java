package bourse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The program as a person or a script uses it: real processes, real signals, in a directory with a home.
abstract class CommandLine {
    static final JsonMapper JSON = new JsonMapper();
    static final Duration MOST = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void limit() throws IOException {
        Files.createDirectories(directory.resolve("home"));
        Files.writeString(directory.resolve("home/bourse.toml"), "[pool]\nlease = 2\n");
    }

    @AfterEach
    void kill() {
        started.forEach(Process::destroyForcibly);
    }

    static String program(String name) {
        return Programs.test(name).toString();
    }

    Process bourse(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Site.classPath(),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--home", directory.resolve("home").toString()));
        var number = started.size();
        var process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(directory.resolve("out" + number).toFile())
                .redirectError(directory.resolve("err" + number).toFile())
                .start();
        started.add(process);
        return process;
    }

    /// A market that is up.
    Process up(String... options) throws IOException {
        var up = bourse(Stream.concat(Stream.of("up"), Stream.of(options)).toArray(String[]::new));
        await().atMost(MOST).until(() -> stdout(up).contains("The market is up"));
        return up;
    }

    static void signal(Process process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    String stdout(Process process) throws IOException {
        return Files.readString(directory.resolve("out" + started.indexOf(process)));
    }

    String stderr(Process process) throws IOException {
        return Files.readString(directory.resolve("err" + started.indexOf(process)));
    }

    /// The first 32-byte word that it printed after this one.
    String printed(String word, Process process) throws IOException {
        return Pattern.compile(word + " (0x[0-9a-f]{64})")
                .matcher(stdout(process))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
    }

    String output(Process process, int status) throws Exception {
        assertThat(process.waitFor(MOST.toSeconds(), TimeUnit.SECONDS)).isTrue();
        var output = stdout(process) + stderr(process);
        assertThat(process.exitValue()).as(output).isEqualTo(status);
        return output;
    }

    JsonNode json(Process process) throws Exception {
        assertThat(process.waitFor(MOST.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(stderr(process)).isZero();
        return JSON.readTree(stdout(process));
    }
}
