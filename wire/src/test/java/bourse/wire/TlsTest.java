package bourse.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.protocol.Address;
import bourse.protocol.Away;
import bourse.protocol.Domain;
import bourse.protocol.Draw;
import bourse.protocol.Malformed;
import bourse.protocol.Wallet;
import bourse.testing.MemoryBlobs;
import bourse.testing.Model;
import bourse.testing.ScriptedPool;
import bourse.testing.VirtualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Doors over HTTPS, with a certificate that is made for the test.
@Timeout(60)
class TlsTest {
    private static final Model CHAIN = Model.of(VirtualClock.atNoon(), Map.of(), new Draw(0));
    private static final Domain DOMAIN = CHAIN.domain();
    private static final Wallet WORKER = Wallet.random();

    @TempDir
    private static Path directory;

    @BeforeAll
    static void certify() throws Exception {
        certify("server", "dns:localhost");
        certify("stranger", "dns:localhost");
        certify("elsewhere", "dns:elsewhere.example");
    }

    @Test
    void aWorkerReachesItsPool() throws Exception {
        try (var server = pool("server");
                var client = client(server.uri(), Optional.of(chain("server")))) {
            assertThat(server.uri().getScheme()).isEqualTo("https");
            assertThat(client.ask(PoolStand.ad(WORKER), Duration.ZERO)).isEmpty();
            assertThat(client.workerpool()).isEqualTo(Address.ZERO);
        }
    }

    @Test
    void bytesAreStoredAndFetched() throws Exception {
        var file = Files.writeString(directory.resolve("file"), "hello");
        try (var server = new BlobsServer(
                        new MemoryBlobs(), Address.ZERO, DOMAIN, _ -> true, 1000, listening("server"), Vitals.UP);
                var client = new BlobsClient(
                        new Door(server.uri(), Address.ZERO, DOMAIN), WORKER, Optional.of(chain("server")))) {
            client.fetch(client.put(file), directory.resolve("target"), 1000);
        }

        assertThat(directory.resolve("target")).hasContent("hello");
    }

    @Test
    void aServerThatNobodyVouchesForIsAway() throws Exception {
        try (var server = pool("server")) {
            for (var authority : List.of(Optional.<Path>empty(), Optional.of(chain("stranger")))) {
                try (var client = client(server.uri(), authority)) {
                    assertThatThrownBy(client::members)
                            .isInstanceOf(Away.class)
                            .hasMessageContaining("valid certification path");
                }
            }
        }
    }

    @Test
    void aCertificateForAnotherNameIsNone() throws Exception {
        try (var server = pool("elsewhere");
                var client = client(server.uri(), Optional.of(chain("elsewhere")))) {
            assertThatThrownBy(client::members).isInstanceOf(Away.class);
        }
    }

    @Test
    void aCertificateIsForAName() {
        for (var server : List.of("https://127.0.0.1:8443", "https://[::1]:8443", "https://10.0.0.7")) {
            assertThatThrownBy(() -> new PoolInfoClient(URI.create(server)).close())
                    .isInstanceOf(Malformed.class)
                    .hasMessageContaining("write the server's name");
        }
    }

    @Test
    void handshakesThatFailTakeNobodysPlace() throws Exception {
        try (var server = pool("server");
                var client = client(server.uri(), Optional.of(chain("server")))) {
            for (int i = 0; i < 50; i++) {
                try (var socket = new Socket(
                        InetAddress.getLoopbackAddress(), server.uri().getPort())) {
                    socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
                }
            }

            assertThat(client.members()).isEmpty();
        }
    }

    @Test
    void whoDripsHisHandshakeIsCutOff() throws Exception {
        try (var server = pool("server");
                var client = client(server.uri(), Optional.of(chain("server")));
                var socket = new Socket(
                        InetAddress.getLoopbackAddress(), server.uri().getPort())) {
            socket.getOutputStream().write(new byte[] {0x16, 3, 1, 0x40, 0, 1, 0, 0x3f, (byte) 0xfc});
            socket.setSoTimeout(100); // the pace of the drip
            var start = System.nanoTime();

            while (!isClosed(socket)) {
                assertThat(client.members()).isEmpty();
            }

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void whoBeginsNoHandshakeIsCutOff() throws Exception {
        try (var server = pool("server");
                var socket = new Socket(
                        InetAddress.getLoopbackAddress(), server.uri().getPort())) {
            socket.setSoTimeout(20_000);

            assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(100); // an alert, or nothing
        }
    }

    private static boolean isClosed(Socket socket) {
        try {
            socket.getOutputStream().write(0);
            while (socket.getInputStream().read() >= 0) {
                // an alert
            }
            return true;
        } catch (SocketTimeoutException _) {
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    @Test
    void filesThatAreNoneAreNamed() throws Exception {
        var file = Files.writeString(directory.resolve("none.pem"), "none");
        var pem = new Listening.Pem(file, file);

        assertThatThrownBy(() -> pool(listening(pem)).close())
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("none.pem");
        assertThatThrownBy(() -> new PoolInfoClient(URI.create("https://pool.example"), Optional.of(file)).close())
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("none.pem");
    }

    private static PoolServer pool(String name) {
        return pool(listening(name));
    }

    private static PoolServer pool(Listening listening) {
        var pool = new ScriptedPool(Address.ZERO, VirtualClock.atNoon());
        return new PoolServer(pool, Address.ZERO, CHAIN, listening, Vitals.UP);
    }

    private static PoolClient client(URI uri, Optional<Path> authority) {
        return new PoolClient(new Door(uri, Address.ZERO, DOMAIN), WORKER, authority);
    }

    private static Listening listening(String name) {
        return listening(new Listening.Pem(chain(name), directory.resolve(name + ".key")));
    }

    private static Listening listening(Listening.Pem pem) {
        var few = new Limits(20, 4096, Duration.ofSeconds(5), Duration.ofSeconds(5), 8);
        return new Listening("localhost", 0, Optional.of(pem), Optional.empty(), few);
    }

    private static Path chain(String name) {
        return directory.resolve(name + ".pem");
    }

    /* CERTIFICATES */

    /// A key, and a certificate that vouches for itself, as PEM files; made by the JDK's keytool.
    private static void certify(String name, String subject)
            throws IOException, InterruptedException, GeneralSecurityException {
        var store = directory.resolve(name + ".p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var process = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=" + subject,
                        "-validity",
                        "2",
                        "-alias",
                        "key",
                        "-storepass",
                        "password",
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), US_ASCII);
        assertThat(process.waitFor()).as(said).isZero();
        var keys = KeyStore.getInstance(store.toFile(), "password".toCharArray());
        pem(chain(name), "CERTIFICATE", keys.getCertificate("key").getEncoded());
        pem(
                directory.resolve(name + ".key"),
                "PRIVATE KEY",
                keys.getKey("key", "password".toCharArray()).getEncoded());
    }

    private static void pem(Path file, String type, byte[] bytes) throws IOException {
        var text = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(bytes);
        Files.writeString(file, "-----BEGIN %s-----%n%s%n-----END %1$s-----%n".formatted(type, text));
    }
}
