package bourse.sandbox.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// A registry of images, each of one layer around busybox.
public final class Registry implements AutoCloseable {
    static final String BEHAVIOUR = "/bin/behaviour";

    private static final byte[] UNKNOWN =
            "{\"errors\": [{\"code\": \"MANIFEST_UNKNOWN\", \"message\": \"manifest unknown\"}]}".getBytes(UTF_8);

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<String, Long> delays = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();

    public Registry() throws IOException {
        Thread.ofVirtual().start(this::accept);
    }

    public String host() {
        return "127.0.0.1:" + port();
    }

    int port() {
        return server.getLocalPort();
    }

    /// What an image is made of.
    ///
    /// @param padding bytes that make it larger
    /// @param delay milliseconds before each 64 KiB of its layer
    public record Recipe(String command, List<String> volumes, String architecture, int padding, long delay) {
        public static final Recipe PLAIN = new Recipe(BEHAVIOUR, List.of(), machine(), 0, 0);

        public Recipe withCommand(String other) {
            return new Recipe(other, volumes, architecture, padding, delay);
        }

        Recipe withVolume(String path) {
            return new Recipe(command, List.of(path), architecture, padding, delay);
        }

        Recipe withArchitecture(String other) {
            return new Recipe(command, volumes, other, padding, delay);
        }

        Recipe withPadding(int bytes) {
            return new Recipe(command, volumes, architecture, bytes, delay);
        }

        Recipe withDelay(long millis) {
            return new Recipe(command, volumes, architecture, padding, millis);
        }

        private static String machine() {
            return System.getProperty("os.arch").equals("aarch64") ? "arm64" : System.getProperty("os.arch");
        }
    }

    /// Offers an image; the answer is its reference.
    public String offer(String name, Recipe recipe) {
        var layer = layer(name, recipe);
        var layerDigest = keep(layer);
        delays.put(layerDigest, recipe.delay());
        var volumes =
                recipe.volumes().stream().map(path -> "\"" + path + "\": {}").collect(Collectors.joining(", "));
        var config = """
                {"architecture": "%s", "os": "linux",
                 "config": {"Entrypoint": ["%s"], "Env": ["PATH=/bin"], "User": "0", "Volumes": {%s}},
                 "rootfs": {"type": "layers", "diff_ids": ["%s"]}}
                """.formatted(recipe.architecture(), recipe.command(), volumes, layerDigest)
                .getBytes(UTF_8);
        var manifest = """
                {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                 "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": %d, "digest": "%s"},
                 "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "size": %d, "digest": "%s"}]}
                """.formatted(config.length, keep(config), layer.length, layerDigest)
                .getBytes(UTF_8);
        return host() + "/" + name + "@" + keep(manifest);
    }

    /// How often the manifest of an image was asked for, in a pull.
    int asked(String reference) {
        var digest = reference.substring(reference.indexOf('@') + 1);
        return asked.getOrDefault(digest, new AtomicInteger()).get();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        try {
            while (true) {
                var connection = server.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (IOException e) {
            // closed
        }
    }

    /// One request. Who tries TLS first is hung up on, so that he tries again without.
    private void serve(Socket connection) {
        try (connection;
                var in = new BufferedInputStream(connection.getInputStream())) {
            var request = line(in);
            if (!request.endsWith(" HTTP/1.1")) {
                return;
            }
            while (!line(in).isEmpty()) {}
            var path = request.split(" ", -1)[1];
            var digest = path.substring(path.lastIndexOf('/') + 1);
            boolean missing = !path.equals("/v2/") && !blobs.containsKey(digest);
            var content = blobs.getOrDefault(digest, missing ? UNKNOWN : "{}".getBytes(UTF_8));
            var out = connection.getOutputStream();
            out.write("""
                    HTTP/1.1 %s\r
                    Content-Type: %s\r
                    Content-Length: %d\r
                    Docker-Content-Digest: %s\r
                    Connection: close\r
                    \r
                    """.formatted(
                            missing ? "404 Not Found" : "200 OK",
                            path.contains("/manifests/")
                                    ? "application/vnd.oci.image.manifest.v1+json"
                                    : "application/octet-stream",
                            content.length,
                            digest)
                    .getBytes(UTF_8));
            if (!request.startsWith("HEAD")) {
                asked.computeIfAbsent(digest, _ -> new AtomicInteger()).incrementAndGet();
                for (int at = 0; at < content.length; at += 1 << 16) {
                    Thread.sleep(delays.getOrDefault(digest, 0L));
                    out.write(content, at, Math.min(1 << 16, content.length - at));
                }
            }
        } catch (IOException e) {
            // He hung up.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c; (c = in.read()) != '\n' && c >= 0 && (!line.isEmpty() || c != 0x16); ) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    private String keep(byte[] blob) {
        try {
            var digest = "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(blob));
            blobs.put(digest, blob);
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] layer(String name, Recipe recipe) {
        var layer = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(layer);
                var behaviour = Objects.requireNonNull(Registry.class.getResourceAsStream("/containers/behaviour"))) {
            add(tar, "bin/busybox", Files.readAllBytes(Podman.BUSYBOX));
            add(tar, "bin/behaviour", behaviour.readAllBytes());
            add(tar, "name", name.getBytes(UTF_8));
            add(tar, "padding", new byte[recipe.padding()]);
            for (var applet : List.of(
                    "sh",
                    "awk",
                    "cat",
                    "chmod",
                    "chown",
                    "chroot",
                    "cp",
                    "dd",
                    "dmesg",
                    "env",
                    "false",
                    "grep",
                    "head",
                    "hostname",
                    "id",
                    "kill",
                    "ln",
                    "ls",
                    "mkdir",
                    "mkfifo",
                    "mknod",
                    "mount",
                    "mv",
                    "nc",
                    "rm",
                    "sleep",
                    "touch",
                    "true")) {
                var link = new TarArchiveEntry("bin/" + applet, TarArchiveEntry.LF_SYMLINK);
                link.setLinkName("busybox");
                tar.putArchiveEntry(link);
                tar.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return layer.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, String path, byte[] content) throws IOException {
        var entry = new TarArchiveEntry(path);
        entry.setSize(content.length);
        entry.setMode(0100755);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
