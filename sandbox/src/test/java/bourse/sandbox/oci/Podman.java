package bourse.sandbox.oci;

import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// Podman's service as a child process, with a store of its own.
///
/// It speaks Docker's API. With runc, because crun does not start where control groups are of both versions.
public final class Podman implements AutoCloseable {
    /// Where this is set to "required", missing podman is a failure.
    private static final String REQUIRED = "BOURSE_CONTAINERS";

    static final Path BUSYBOX = Path.of("/bin/busybox");

    private final Process service;
    private final Path home;

    private Podman(Process service, Path home) {
        this.service = service;
        this.home = home;
    }

    /// @param home an empty directory with a short name, for a socket's has at most 108 characters
    /// @param registry the host and port that need no TLS
    public static Podman start(Path home, String registry) throws IOException {
        requireInstalled();
        try (var settings = Objects.requireNonNull(Podman.class.getResourceAsStream("/containers/containers.conf"))) {
            Files.copy(settings, home.resolve("containers.conf"));
        }
        Files.writeString(home.resolve("registries.conf"), """
                [[registry]]
                location = "%s"
                insecure = true
                """.formatted(registry));
        Files.writeString(home.resolve("policy.json"), """
                {"default": [{"type": "insecureAcceptAnything"}]}
                """);
        var builder = new ProcessBuilder(
                "podman",
                "--root",
                home.resolve("root").toString(),
                "--runroot",
                home.resolve("run").toString(),
                "--storage-driver",
                "vfs",
                "system",
                "service",
                "--time=0",
                "unix://" + home.resolve("sock"));
        builder.environment()
                .put("CONTAINERS_CONF", home.resolve("containers.conf").toString());
        builder.environment()
                .put(
                        "CONTAINERS_REGISTRIES_CONF",
                        home.resolve("registries.conf").toString());
        builder.environment()
                .put("TMPDIR", Files.createDirectory(home.resolve("tmp")).toString());
        // What a container must not see.
        builder.environment().put("HTTP_PROXY", "http://user:secret@proxy.invalid");
        builder.environment().put("NO_PROXY", "127.0.0.1");
        // Its monitor leaves a file where it stands when memory runs out.
        var service = builder.directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile())
                .start();
        var podman = new Podman(service, home);
        await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(home.resolve("sock")) || !service.isAlive());
        if (!service.isAlive()) {
            fail("podman does not start: " + Files.readString(home.resolve("log")));
        }
        return podman;
    }

    public URI socket() {
        return URI.create("unix://" + home.resolve("sock"));
    }

    /// Bytes that its store takes.
    long stored() throws IOException {
        try (var paths = Files.walk(home)) {
            return paths.filter(Files::isRegularFile)
                    .mapToLong(path -> path.toFile().length())
                    .sum();
        }
    }

    @Override
    public void close() throws IOException {
        service.destroy();
        try {
            if (!service.waitFor(10, TimeUnit.SECONDS)) {
                service.destroyForcibly().waitFor();
            }
            // Containers' monitors outlive it, and would write into what is deleted next.
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> ProcessHandle.allProcesses()
                            .noneMatch(process ->
                                    process.info().commandLine().orElse("").contains(home.toString())));
            // Podman mounts parts of its store, also without a container.
            var unmount = new ProcessBuilder(
                            "sh", "-c", "mount | grep -o ' on %s[^ ]*' | cut -c 5- | xargs -r umount".formatted(home))
                    .start();
            unmount.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void requireInstalled() {
        for (var program : List.of(Path.of("/usr/bin/podman"), Path.of("/usr/sbin/runc"), BUSYBOX)) {
            if (!Files.isExecutable(program)) {
                var sentence = "CONTAINERS ARE NOT TESTED: " + program
                        + " is missing. Install Debian's podman, runc and busybox-static.";
                System.err.println(sentence);
                if ("required".equals(System.getenv(REQUIRED))) {
                    fail(sentence);
                }
                Assumptions.abort(sentence);
            }
        }
    }
}
