package bourse.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bourse.protocol.Pool.Cause;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final Web web = new Web(Reach.ANY);
    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/hello", exchange -> {
            var body = "hello".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/status/", exchange -> {
            var path = exchange.getRequestURI().getPath();
            exchange.sendResponseHeaders(Integer.parseInt(path.substring("/status/".length())), -1);
            exchange.close();
        });
        server.createContext("/to", exchange -> {
            exchange.getResponseHeaders()
                    .add("Location", exchange.getRequestURI().getQuery());
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.createContext("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0); // without a length
            try (var body = exchange.getResponseBody()) {
                while (over.getCount() > 0) {
                    body.write(new byte[8192]);
                }
            }
        });
        server.createContext("/silent", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush();
            try {
                over.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private GaveUp failure(Web from, String path, Duration patience) {
        var gaveUp = catchThrowableOfType(
                GaveUp.class, () -> from.fetch(at(path), directory.resolve("file"), 100_000, patience));
        assertThat(gaveUp).isNotNull();
        return gaveUp;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/hello", "/to?/hello", "/to?hello", "/to?/to?/hello"})
    void fetches(String path) throws Exception {
        web.fetch(at(path), directory.resolve("file"), 5, PATIENCE);

        assertThat(directory.resolve("file")).hasContent("hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/status/404", "/status/403", "/status/500", "/status/204"})
    void tellsWhatTheServerSaid(String path) {
        var gaveUp = failure(web, path, PATIENCE);

        assertThat(gaveUp).hasMessageContaining("answers with status").hasMessageContaining(path);
        assertThat(gaveUp.cause()).isEqualTo(Cause.INPUT_UNREACHABLE);
    }

    @Test
    void readsNoMoreThanItMay() {
        assertThat(failure(web, "/endless", PATIENCE)).hasMessageContaining("more than the 100,000 bytes");
    }

    @Test
    void waitsNoLongerThanItMay() {
        assertThat(failure(web, "/silent", Duration.ofMillis(500))).hasMessageContaining("was not fetched within");
    }

    @Test
    void doesNotRunInCircles() {
        server.createContext("/circle", exchange -> {
            exchange.getResponseHeaders().add("Location", "/circle");
            exchange.sendResponseHeaders(307, -1);
            exchange.close();
        });

        assertThat(failure(web, "/circle", PATIENCE)).hasMessageContaining("redirects more than 5 times");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/to?file:///etc/passwd", "/to?ftp://example.org/a", "/to?http:///a", "/to?mailto:a"})
    void followsNoRedirectElsewhere(String path) {
        assertThat(failure(web, path, PATIENCE)).hasMessageContaining("redirects to no http(s) URL");
    }

    @Test
    void aServerThatIsNotThereIsNobodysFault() {
        var port = server.getAddress().getPort();
        server.stop(0);

        assertThatThrownBy(() -> web.fetch(
                        URI.create("http://127.0.0.1:" + port + "/hello"), directory.resolve("file"), 5, PATIENCE))
                .isInstanceOfSatisfying(GaveUp.class, e -> assertThat(e.cause()).isEqualTo(Cause.INPUT_UNREACHABLE))
                .hasMessageContaining("can not be fetched");
    }

    @Test
    void fetchesNothingFromThisMachineForStrangers() {
        assertThat(failure(new Web(Reach.PUBLIC), "/hello", PATIENCE))
                .hasMessageContaining("leads to 127.0.0.1")
                .hasMessageContaining("public addresses only");
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost/a",
                "http://[::1]/a",
                "http://[::ffff:127.0.0.1]/a",
                "http://2130706433/a",
                "http://127.1/a",
                "http://0/a",
                "http://169.254.169.254/latest/meta-data",
            })
    void knowsThisMachineByAllItsNames(String address) {
        var careful = new Web(Reach.PUBLIC);

        assertThatThrownBy(() -> careful.fetch(URI.create(address), directory.resolve("file"), 5, PATIENCE))
                .isInstanceOf(GaveUp.class);
    }

    @Test
    void fetchesNothingAtAllIfToldSo() {
        assertThat(failure(new Web(Reach.NONE), "/hello", PATIENCE))
                .hasMessageContaining("store the file with the market");
    }
}
