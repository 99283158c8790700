package bourse.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.protocol.Address;
import bourse.protocol.Blobs;
import bourse.protocol.Bytes32;
import bourse.protocol.Cid;
import bourse.protocol.Denied;
import bourse.protocol.Domain;
import bourse.protocol.Malformed;
import bourse.protocol.Sha256;
import bourse.protocol.Wallet;
import bourse.testing.MemoryBlobs;
import io.helidon.http.Method;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BlobsServerTest {
    private static final int MOST = 3_000_000;
    private static final Address STORE = new Address("05".repeat(20));
    private static final Domain DOMAIN = new Domain(134, Address.ZERO);

    private final Wallet writer = Wallet.random();
    private final MemoryBlobs blobs = new MemoryBlobs();
    private final BlobsServer server =
            new BlobsServer(blobs, STORE, DOMAIN, writer.address()::equals, MOST, Listening.onLoopback(0), Vitals.UP);
    private final BlobsClient client = client(writer, server.uri());

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void whatOneStoresAnotherFetches() throws Exception {
        var bytes = new byte[MOST];
        new Random(1).nextBytes(bytes);
        var file = Files.write(directory.resolve("file"), bytes);

        var cid = client.put(file);

        assertThat(cid).isEqualTo(new Cid(Sha256.of(bytes)));
        var target = directory.resolve("target");
        try (var other = client(Wallet.random(), server.uri())) {
            other.fetch(cid, target, MOST);
        }
        assertThat(target).hasBinaryContent(bytes);
        assertOnly("file", "target");
    }

    @Test
    void storingTwiceIsStoringOnce() throws Exception {
        var file = Files.writeString(directory.resolve("file"), "hello");

        assertThat(client.put(file)).isEqualTo(client.put(file));
        assertThat(blobs.cids()).hasSize(1);
    }

    @Test
    void nothingIsSomething() throws Exception {
        var file = Files.createFile(directory.resolve("file"));

        client.fetch(client.put(file), directory.resolve("target"), 0);

        assertThat(directory.resolve("target")).isEmptyFile();
    }

    @Test
    void onlyWritersStore() throws Exception {
        var file = Files.write(directory.resolve("file"), new byte[MOST]);

        try (var other = client(Wallet.random(), server.uri())) {
            assertThatThrownBy(() -> other.put(file))
                    .isInstanceOf(Denied.class)
                    .hasMessageContaining("may not store here");
        }
        assertThat(blobs.cids()).isEmpty();
    }

    @Test
    void aBlobIsOnlySoLarge() throws Exception {
        var file = Files.write(directory.resolve("file"), new byte[MOST + 1]);

        assertThatThrownBy(() -> client.put(file)).isInstanceOf(Blobs.TooLarge.class);
    }

    @Test
    void whatNobodyStoredIsMissing() {
        assertThatThrownBy(() -> client.fetch(new Cid(Bytes32.ZERO), directory.resolve("target"), MOST))
                .isInstanceOf(Blobs.Missing.class)
                .hasMessageContaining("nobody stored");
        assertOnly();
    }

    @Test
    void aReaderTakesNoMoreThanHeSaid() {
        var cid = blobs.put("hello".getBytes(UTF_8));

        assertThatThrownBy(() -> client.fetch(cid, directory.resolve("target"), 4))
                .isInstanceOf(Blobs.TooLarge.class);
        assertOnly();
    }

    @Test
    void whatIsThereIsNotWrittenOver() throws Exception {
        var cid = blobs.put("hello".getBytes(UTF_8));
        var target = Files.writeString(directory.resolve("target"), "mine");

        assertThatThrownBy(() -> client.fetch(cid, target, MOST)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(target).hasContent("mine");
    }

    @Test
    void aStoreThatIsNotThereIsAnIoException() throws Exception {
        var file = Files.writeString(directory.resolve("file"), "hello");
        server.close();

        assertThatThrownBy(() -> client.put(file)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> client.fetch(new Cid(Bytes32.ZERO), directory.resolve("target"), MOST))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(Blobs.Missing.class);
        assertOnly("file");
    }

    @Test
    void otherBytesThanWereSignedAreNotStored() throws Exception {
        var cid = new Cid(Sha256.of("hello".getBytes(UTF_8)));
        try (var line = new Line(server.uri(), Optional.empty())) {
            var signed = new SignedLine(line, new Door(server.uri(), STORE, DOMAIN), writer, InstantSource.system());
            var query = new SignedLine.Query(
                    Method.PUT, "/v1/blobs/" + cid, cid.sha256(), out -> out.write("jello".getBytes(UTF_8)));

            assertThatThrownBy(() -> signed.ask(query, Duration.ofSeconds(10), line.whole(1024)))
                    .isInstanceOfSatisfying(
                            Rejected.class,
                            e -> assertThat(e.meaning())
                                    .isInstanceOf(Malformed.class)
                                    .hasMessageContaining("are not those of"));
        }
        assertThat(blobs.cids()).isEmpty();
    }

    @Test
    void aWriterWhoStopsHalfwayStoresNothing() throws Exception {
        var cid = new Cid(Sha256.of("hello".getBytes(UTF_8)));
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), server.uri().getPort())) {
            socket.getOutputStream()
                    .write("PUT /v1/blobs/%s HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhel"
                            .formatted(cid)
                            .getBytes(UTF_8));
        }

        assertThatThrownBy(() -> client.fetch(cid, directory.resolve("target"), MOST))
                .isInstanceOf(Blobs.Missing.class);
    }

    @Test
    void everyGatewaysPathServesTheBytes() throws Exception {
        var cid = blobs.put("hello".getBytes(UTF_8));
        try (var http = HttpClient.newHttpClient()) {
            var uri = URI.create(server.uri() + cid.path());
            var got = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            var head = http.send(HttpRequest.newBuilder(uri).HEAD().build(), BodyHandlers.ofString());

            assertThat(got.body()).isEqualTo("hello");
            assertThat(got.headers().firstValue("cache-control")).contains("public, max-age=31536000, immutable");
            assertThat(head.headers().firstValue("content-length")).contains("5");
            assertThat(head.body()).isEmpty();
        }
    }

    private BlobsClient client(Wallet wallet, URI uri) {
        return new BlobsClient(new Door(uri, STORE, DOMAIN), wallet, Optional.empty());
    }

    private void assertOnly(String... names) {
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder(names);
    }
}
