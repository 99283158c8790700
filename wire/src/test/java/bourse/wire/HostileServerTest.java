package bourse.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.protocol.Address;
import bourse.protocol.Away;
import bourse.protocol.Blobs;
import bourse.protocol.Bytes32;
import bourse.protocol.Cid;
import bourse.protocol.Denied;
import bourse.protocol.Domain;
import bourse.protocol.Sha256;
import bourse.protocol.Wallet;
import io.helidon.http.WritableHeaders;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a client takes from no server.
@Timeout(60)
class HostileServerTest {
    private static final Domain DOMAIN = new Domain(134, Address.ZERO);
    private static final Wallet WALLET = Wallet.random();
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";

    private final ServerSocket socket = listen();
    private final AtomicInteger calls = new AtomicInteger();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() throws IOException {
        socket.close();
    }

    @Test
    void anAnswerWithoutEndIsNotReadToIt() {
        serve(out -> {
            out.write("HTTP/1.1 200 OK\r\n\r\n[".getBytes(UTF_8));
            var blanks = " ".repeat(1 << 16).getBytes(UTF_8);
            while (true) {
                out.write(blanks);
            }
        });

        try (var pool = pool()) {
            assertThatThrownBy(pool::members).isInstanceOf(Away.class).hasMessageContaining("more than");
        }
    }

    @Test
    void aHeadWithoutEndIsNotReadToIt() {
        serve(out -> {
            out.write("HTTP/1.1 200 OK\r\nX: ".getBytes(UTF_8));
            var letters = "x".repeat(1 << 16).getBytes(UTF_8);
            while (true) {
                out.write(letters);
            }
        });

        try (var pool = pool()) {
            assertThatThrownBy(pool::members).isInstanceOf(Away.class);
        }
    }

    @Test
    void anAnswerInChunksIsNotTaken() {
        serve(out -> out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n[]".getBytes(UTF_8)));

        try (var pool = pool()) {
            assertThatThrownBy(pool::members).isInstanceOf(Away.class).hasMessageContaining("chunks");
        }
    }

    @Test
    void whoDripsHisAnswerIsLeft() throws Exception {
        serve(out -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n".getBytes(UTF_8));
            try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                other.setSoTimeout(100); // the pace of the drip
                while (true) {
                    out.write(' ');
                    out.flush();
                    try {
                        other.accept().close();
                    } catch (SocketTimeoutException _) {
                        // as it should be
                    }
                }
            }
        });
        try (var line = new Line(uri(), Optional.empty())) {
            assertThatThrownBy(() ->
                            line.ask(() -> Line.Query.get("/v1/pool"), Duration.ofSeconds(1), line.whole(100_000)))
                    .isInstanceOf(Away.class)
                    .hasMessageContaining("has not answered for 1 seconds");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"worker\":1}]",
                "[{\"unknown\":1}]",
                "{}",
                "null",
                "<html>",
                "[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]",
                ""
            })
    void garbageIsNoAnswer(String garbage) {
        serve(out -> out.write("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(garbage.length(), garbage)
                .getBytes(UTF_8)));

        try (var pool = pool()) {
            assertThatThrownBy(pool::members).isInstanceOf(Away.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"301 Moved\r\nLocation: http://127.0.0.1:1/", "404 Not Found", "418 Teapot", "204 No Content"})
    void anotherKindOfServerIsAway(String status) {
        serve(out -> out.write(("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n").getBytes(UTF_8)));

        try (var pool = pool()) {
            assertThatThrownBy(pool::members).isInstanceOf(Away.class).hasMessageContaining("check the URL");
        }
    }

    @Test
    void aServerThatHasAlwaysAnotherEpochIsAway() {
        serve(out -> {
            var problem = Exchange.Told.of(
                            WritableHeaders.create(), Problem.STALE, "sign again", Map.of("epoch", Bytes32.random()))
                    .body();
            out.write("HTTP/1.1 401 No\r\nContent-Length: %d\r\n\r\n"
                    .formatted(problem.length)
                    .getBytes(UTF_8));
            out.write(problem);
        });

        try (var pool = worker()) {
            assertThatThrownBy(() -> pool.ask(PoolStand.ad(WALLET), Duration.ZERO))
                    .isInstanceOf(Away.class);
        }
        assertThat(calls).hasValue(2);
    }

    @Test
    void aConnectionThatEndsBeforeTheAnswerIsTriedOnceMore() {
        serve(out -> {
            if (calls.get() > 1) {
                out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]".getBytes(UTF_8));
            }
        });

        try (var pool = worker()) {
            assertThat(asked(pool)).isEmpty();
        }
        assertThat(calls).hasValue(2);
    }

    @Test
    void aConnectionThatAlwaysEndsIsNotTriedForEver() {
        serve(_ -> {});

        try (var pool = worker()) {
            assertThatThrownBy(() -> pool.ask(PoolStand.ad(WALLET), Duration.ZERO))
                    .isInstanceOf(Away.class);
        }
        assertThat(calls).hasValue(2);
    }

    @Test
    void aServerOfAnotherPoolIsNoneOfOurs() throws Exception {
        try (var stand = new PoolStand(1);
                var pool =
                        stand.client(stand.scene.worker(0), new Door(stand.server.uri(), Address.ZERO, stand.domain))) {
            assertThatThrownBy(() -> pool.ask(PoolStand.ad(stand.scene.worker(0)), Duration.ZERO))
                    .isInstanceOf(Denied.class)
                    .hasMessageContaining("here it must be signed for " + stand.scene.workerpool());
        }
    }

    @Test
    void otherBytesThanWereAskedForAreNotKept() {
        serve(out -> out.write((HELLO + "jello").getBytes(UTF_8)));

        try (var store = store()) {
            assertThatThrownBy(() -> fetch(store)).isInstanceOf(Blobs.Missing.class);
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void halfOfTheBytesIsNothing() {
        serve(out -> out.write((HELLO + "hel").getBytes(UTF_8)));

        try (var store = store()) {
            assertThatThrownBy(() -> fetch(store))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(Blobs.Missing.class);
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void bytesWithoutEndAreNotKept() {
        serve(out -> {
            out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(UTF_8));
            var more = new byte[1 << 16];
            while (true) {
                out.write(more);
            }
        });

        try (var store = store()) {
            assertThatThrownBy(() -> fetch(store)).isInstanceOf(Blobs.TooLarge.class);
        }
        assertThat(directory).isEmptyDirectory();
    }

    private void fetch(BlobsClient store) throws IOException {
        store.fetch(new Cid(Sha256.of("hello".getBytes(UTF_8))), directory.resolve("target"), 1 << 20);
    }

    private static List<?> asked(PoolClient pool) {
        try {
            return pool.ask(PoolStand.ad(WALLET), Duration.ZERO);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /* A SERVER BY HAND */

    private interface Answer {
        void writeTo(OutputStream out) throws IOException;
    }

    /// Answers every call in this way, and closes the connection.
    private void serve(Answer answer) {
        Thread.ofVirtual().start(() -> {
            while (!socket.isClosed()) {
                try {
                    var connection = socket.accept();
                    Thread.ofVirtual().start(() -> answer(connection, answer));
                } catch (IOException _) {
                    return; // the test is over
                }
            }
        });
    }

    private void answer(Socket connection, Answer answer) {
        try (connection) {
            var in = connection.getInputStream();
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    return;
                }
                head.append((char) next);
            }
            var length = head.toString().lines().filter(line -> line.startsWith("Content-Length: "));
            in.readNBytes(length.mapToInt(line -> Integer.parseInt(line.substring(16)))
                    .findFirst()
                    .orElse(0));
            calls.incrementAndGet();
            answer.writeTo(connection.getOutputStream());
        } catch (IOException _) {
            // the client has left
        }
    }

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    private PoolInfoClient pool() {
        return new PoolInfoClient(uri());
    }

    private PoolClient worker() {
        return new PoolClient(new Door(uri(), Address.ZERO, DOMAIN), WALLET, Optional.empty());
    }

    private BlobsClient store() {
        return new BlobsClient(new Door(uri(), Address.ZERO, DOMAIN), WALLET, Optional.empty());
    }
}
