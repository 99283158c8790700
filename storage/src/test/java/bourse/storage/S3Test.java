package bourse.storage;

import static bourse.storage.RudeServer.say;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import bourse.protocol.Blobs;
import bourse.protocol.Bytes32;
import bourse.protocol.Cid;
import bourse.protocol.Malformed;
import bourse.protocol.Sha256;
import bourse.testing.BlobsContract;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// Against a real server, over a directory, and against rude ones.
class S3Test extends BlobsContract {
    private static final S3.Credentials OWNER = new S3.Credentials("owner", "a secret of the owner");
    private static final S3.Patience LITTLE =
            new S3.Patience(Duration.ofSeconds(1), Duration.ofMillis(200), Duration.ofSeconds(20), 3);
    private static final String PREFIX = "market/";

    @TempDir
    static Path disk;

    private static S3Proxy server;
    private static URI endpoint;
    private static S3Client owner;

    private String bucket;
    private S3 s3;

    @BeforeAll
    static void start() throws Exception {
        server = S3Proxy.builder()
                .blobStore(new FilesystemNio2BlobStore(disk.toString()))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, OWNER.id(), OWNER.secret())
                .stopTimeout(0)
                .build();
        server.start();
        endpoint = URI.create("http://127.0.0.1:" + server.getPort());
        owner = S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(OWNER.id(), OWNER.secret())))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    @AfterAll
    static void stop() throws Exception {
        owner.close();
        server.stop();
    }

    @BeforeEach
    void open(TestInfo test) throws IOException {
        var name = test.getTestMethod().orElseThrow().getName() + test.getDisplayName();
        bucket = "b" + Sha256.of(name.getBytes(UTF_8)).hex().substring(0, 20);
        owner.createBucket(request -> request.bucket(bucket));
        s3 = S3.at(settings(bucket, endpoint, OWNER));
    }

    @AfterEach
    void close() {
        s3.close();
    }

    @Override
    protected Blobs blobs() {
        return s3;
    }

    @Test
    void storingTwiceIsSendingOnce() throws IOException {
        var cid = s3.put(file("same"));
        var sent = Files.getLastModifiedTime(object(cid));

        s3.put(file("same"));

        assertThat(Files.getLastModifiedTime(object(cid))).isEqualTo(sent);
    }

    @Test
    void aKeyIsThePrefixAndTheDigest() throws IOException {
        var cid = s3.put(file("hello"));

        assertThat(owner.listObjectsV2(request -> request.bucket(bucket)).contents())
                .singleElement()
                .satisfies(object -> assertThat(object.key())
                        .isEqualTo("market/" + cid.sha256().hex()));
    }

    @Test
    void findsEverythingAgainWhenOpenedAnew() throws IOException {
        var cid = s3.put(file("kept"));

        try (var again = S3.at(settings(bucket, endpoint, OWNER))) {
            again.fetch(cid, temporary.resolve("again"), ANY);
        }

        assertThat(temporary.resolve("again")).hasContent("kept");
    }

    @Test
    void anObjectThatSomebodyReplacedIsDamagedUntilItIsStoredAgain() throws IOException {
        var cid = s3.put(file("precious"));
        owner.putObject(
                request -> request.bucket(bucket).key(PREFIX + cid.sha256().hex()), RequestBody.fromString("prefious"));

        assertThatThrownBy(() -> fetched(cid)).isInstanceOf(Blobs.Missing.class).hasMessageContaining("damaged");
        assertNothingIsLeft("out");

        s3.put(file("precious"));
        assertThat(fetched(cid)).isEqualTo("precious");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prefious", "prec", "", "precious and more"})
    void anObjectThatTheDiskChangedIsDamaged(String bytes) throws IOException {
        var cid = s3.put(file("precious"));
        Files.writeString(object(cid), bytes);

        assertThatThrownBy(() -> fetched(cid)).isInstanceOf(Blobs.Missing.class).hasMessageContaining("damaged");
        assertNothingIsLeft("out");
    }

    @Test
    void refusesWhatS3DoesNotTakeInOnePiece() throws IOException {
        var sparse = temporary.resolve("sparse");
        try (var channel = FileChannel.open(sparse, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), 5L << 30);
        }

        assertThatThrownBy(() -> s3.put(sparse)).isInstanceOf(Blobs.TooLarge.class);
    }

    @Test
    void saysThatTheBucketIsMissing() throws IOException {
        assertThatThrownBy(() -> S3.at(settings("nowhere", endpoint, OWNER)))
                .isInstanceOf(S3.Unusable.class)
                .hasMessageContaining("no bucket nowhere at " + endpoint)
                .hasMessageContaining("make it");

        owner.deleteBucket(request -> request.bucket(bucket));

        assertThatThrownBy(() -> s3.put(file("late")))
                .isInstanceOf(S3.Unusable.class)
                .hasMessageContaining("no bucket");
        assertThatThrownBy(() -> fetched(new Cid(Bytes32.ZERO)))
                .isInstanceOf(S3.Unusable.class)
                .hasMessageContaining("no bucket");
    }

    @ParameterizedTest
    @CsvSource({"owner,a wrong secret", "stranger,a secret of the owner"})
    void saysThatTheCredentialsAreRefused(String id, String secret) {
        assertThatThrownBy(() -> S3.at(settings(bucket, endpoint, new S3.Credentials(id, secret))))
                .isInstanceOf(S3.Unusable.class)
                .hasMessageContaining("refuses the credentials")
                .hasMessageContaining("check the key")
                .message()
                .doesNotContain(secret);
    }

    @Test
    void looksForCredentialsAsAmazonsToolsDo() throws IOException {
        var settings = new S3.Settings(bucket, "us-east-1", Optional.of(endpoint), true, "", Optional.empty());
        System.setProperty("aws.accessKeyId", OWNER.id());
        System.setProperty("aws.secretAccessKey", OWNER.secret());
        try (var found = S3.at(settings)) {
            assertThat(found.put(file("mine"))).isEqualTo(new Cid(Sha256.of("mine".getBytes(UTF_8))));
        } finally {
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
        }
    }

    @Test
    void saysThatThereAreNoCredentials() {
        assumeThat(System.getenv().keySet()).noneMatch(name -> name.startsWith("AWS_"));
        var settings = new S3.Settings(bucket, "us-east-1", Optional.of(endpoint), true, "", Optional.empty());
        var nothing = temporary.resolve("nothing").toString();
        System.setProperty("aws.disableEc2Metadata", "true");
        System.setProperty("aws.sharedCredentialsFile", nothing);
        System.setProperty("aws.configFile", nothing);
        try {
            assertThatThrownBy(() -> S3.at(settings))
                    .isInstanceOf(S3.Unusable.class)
                    .hasMessageContaining("set AWS_ACCESS_KEY_ID");
        } finally {
            System.clearProperty("aws.disableEc2Metadata");
            System.clearProperty("aws.sharedCredentialsFile");
            System.clearProperty("aws.configFile");
        }
    }

    @Test
    void saysThatNobodyIsAtTheEndpoint() throws IOException {
        URI closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }

        assertThatThrownBy(() -> S3.at(settings("bucket", closed, OWNER), LITTLE))
                .isInstanceOf(S3.Unusable.class)
                .hasMessageContaining(closed.toString())
                .hasMessageContaining("check the endpoint");
    }

    @Test
    @Timeout(20)
    void doesNotWaitForeverForASilentServer() throws IOException {
        // It takes connections, as the system does for it, and never reads.
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var there = URI.create("http://127.0.0.1:" + silent.getLocalPort());

            assertThatThrownBy(() -> S3.at(settings("bucket", there, OWNER), LITTLE))
                    .isInstanceOf(S3.Unusable.class)
                    .hasMessageContaining("check the endpoint");
        }
    }

    @Test
    void triesAgainWhenTheConnectionBreaks() throws IOException {
        var cid = new Cid(Sha256.of("hello world".getBytes(UTF_8)));
        try (var rude = new RudeServer((count, out) -> {
                    say(out, "HTTP/1.1 200 OK", "Content-Length: 11");
                    out.write((count == 0 ? "hell" : "hello world").getBytes(UTF_8));
                });
                var through = S3.at(settings("bucket", rude.endpoint(), OWNER), LITTLE)) {
            through.fetch(cid, temporary.resolve("out"), ANY);

            assertThat(rude.requests()).hasSize(2);
        }
        assertThat(temporary.resolve("out")).hasContent("hello world");
    }

    @Test
    void triesAgainWhenTheServerIsBusy() throws IOException {
        var cid = new Cid(Sha256.of("hello world".getBytes(UTF_8)));
        try (var rude = new RudeServer((count, out) -> {
                    if (count == 0) {
                        say(out, "HTTP/1.1 503 Slow Down", "Content-Length: 0");
                    } else {
                        say(out, "HTTP/1.1 200 OK", "Content-Length: 11");
                        out.write("hello world".getBytes(UTF_8));
                    }
                });
                var through = S3.at(settings("bucket", rude.endpoint(), OWNER), LITTLE)) {
            through.fetch(cid, temporary.resolve("out"), ANY);
        }
        assertThat(temporary.resolve("out")).hasContent("hello world");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 11", "Transfer-Encoding: chunked"})
    void givesUpWhenTheConnectionAlwaysBreaks(String length) throws IOException {
        try (var rude = new RudeServer((_, out) -> {
                    say(out, "HTTP/1.1 200 OK", length);
                    out.write("5\r\nhello\r\n".substring(0, 9).getBytes(UTF_8));
                });
                var through = S3.at(settings("bucket", rude.endpoint(), OWNER), LITTLE)) {
            assertThatThrownBy(() -> through.fetch(new Cid(Bytes32.ZERO), temporary.resolve("out"), ANY))
                    .isInstanceOf(S3.Unusable.class)
                    .hasMessageContaining("try again");
            assertThat(rude.requests()).hasSize(3);
        }
        assertNothingIsLeft("out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000000000000", "Server: says nothing of a length"})
    void hangsUpOnMoreThanTheReaderTakes(String header) throws Exception {
        var hungUp = new CompletableFuture<Long>();
        try (var rude = new RudeServer((_, out) -> {
                    say(out, "HTTP/1.1 200 OK", header);
                    var zeros = new byte[1 << 16];
                    for (long sent = 0; true; sent += zeros.length) {
                        try {
                            out.write(zeros);
                        } catch (SocketException _) {
                            hungUp.complete(sent);
                            return;
                        }
                    }
                });
                var through = S3.at(settings("bucket", rude.endpoint(), OWNER), LITTLE)) {
            assertThatThrownBy(() -> through.fetch(new Cid(Bytes32.ZERO), temporary.resolve("out"), 1000))
                    .isInstanceOf(Blobs.TooLarge.class);

            assertThat(hungUp.get()).as("bytes sent").isLessThan(64 << 20);
            assertThat(rude.requests()).hasSize(1);
        }
        assertNothingIsLeft("out");
    }

    /// @param pause between two bytes, in nanoseconds; with none they come so fast that their reader never waits
    @ParameterizedTest
    @Timeout(20)
    @ValueSource(longs = {0, 1_000_000})
    void losesItsPatienceWithAServerThatDrips(long pause) throws IOException {
        var patience = new S3.Patience(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(1), 3);
        try (var rude = new RudeServer((_, out) -> drip(out, pause));
                var through = S3.at(settings("bucket", rude.endpoint(), OWNER), patience)) {
            assertThatThrownBy(() -> through.fetch(new Cid(Bytes32.ZERO), temporary.resolve("out"), ANY))
                    .isInstanceOf(S3.Unusable.class)
                    .hasMessageContaining("more than 1 s");
        }
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertNothingIsLeft("out");
    }

    @ParameterizedTest
    @Timeout(20)
    @ValueSource(longs = {0, 1_000_000})
    void canBeInterruptedAtAnyMoment(long pause) throws Exception {
        for (int micros = 0; micros < 4000; micros += 100) {
            interruptsAfter(micros, pause);
        }
        assertNothingIsLeft("out");
    }

    private void interruptsAfter(int micros, long pause) throws Exception {
        var asked = new CompletableFuture<Boolean>();
        var failure = new CompletableFuture<Throwable>();
        try (var rude = new RudeServer((_, out) -> {
                    asked.complete(true);
                    drip(out, pause);
                });
                var through = S3.at(settings("bucket", rude.endpoint(), OWNER))) {
            var reader = Thread.ofVirtual().start(() -> {
                try {
                    through.fetch(new Cid(Bytes32.ZERO), temporary.resolve("out"), ANY);
                } catch (IOException | RuntimeException e) {
                    failure.complete(e);
                }
            });
            asked.get();
            LockSupport.parkNanos(1000L * micros);

            reader.interrupt();

            assertThat(failure.get()).isInstanceOf(InterruptedIOException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "301 Moved Permanently,not in the region us-east-1",
        "400 Bad Request,check the region us-east-1",
        "500 Internal Server Error,try again later"
    })
    void saysWhatToDo(String status, String advice) throws IOException {
        try (var rude = new RudeServer((_, out) -> say(out, "HTTP/1.1 " + status, "Content-Length: 0"));
                var through = S3.at(settings("bucket", rude.endpoint(), OWNER), LITTLE)) {
            assertThatThrownBy(() -> through.put(file("hello")))
                    .isInstanceOf(S3.Unusable.class)
                    .hasMessageContaining(advice);
        }
    }

    @Test
    void sendsPlainBytesWithTheirDigest() throws IOException {
        var sha256 = Sha256.of("hello".getBytes(UTF_8));
        var refusal = "<Error><Code>BadDigest</Code></Error>";
        try (var rude = new RudeServer((count, out) -> {
                    if (count == 0) {
                        say(out, "HTTP/1.1 404 Not Found", "Content-Length: 0");
                    } else {
                        say(out, "HTTP/1.1 400 Bad Request", "Content-Length: " + refusal.length());
                        out.write(refusal.getBytes(UTF_8));
                    }
                });
                var through = S3.at(settings("bucket", rude.endpoint(), OWNER), LITTLE)) {
            assertThatThrownBy(() -> through.put(file("hello")))
                    .isInstanceOf(S3.Unusable.class)
                    .hasMessageContaining("the file changed while it was sent")
                    .hasMessageContaining("store it again");

            assertThat(rude.requests().getLast())
                    .startsWith("PUT /bucket/market/" + sha256.hex())
                    .contains("Content-Length: 5")
                    .containsIgnoringCase("x-amz-content-sha256: " + sha256.hex())
                    .containsIgnoringCase(
                            "x-amz-checksum-sha256: " + Base64.getEncoder().encodeToString(sha256.bytes()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Capitals,us-east-1,http://localhost,p",
        "ab,us-east-1,http://localhost,p",
        "bucket,'',http://localhost,p",
        "bucket,us-east-1,ftp://localhost,p",
        "bucket,us-east-1,localhost:9000,p",
        "bucket,us-east-1,http:///nowhere,p",
        "bucket,us-east-1,http://id:secret@localhost,p",
        "bucket,us-east-1,http://localhost,not so",
    })
    void refusesSettingsThatCannotBe(String bucket, String region, String endpoint, String prefix) {
        assertThatThrownBy(() -> new S3.Settings(
                        bucket, region, Optional.of(URI.create(endpoint)), true, prefix, Optional.empty()))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("unlike")
                .message()
                .doesNotContain("secret");
    }

    @Test
    void keepsTheSecretToItself() {
        assertThat(settings("bucket", endpoint, OWNER).toString()).doesNotContain(OWNER.secret());
    }

    private static S3.Settings settings(String bucket, URI endpoint, S3.Credentials credentials) {
        return new S3.Settings(bucket, "us-east-1", Optional.of(endpoint), true, PREFIX, Optional.of(credentials));
    }

    private static void drip(OutputStream out, long pause) throws IOException {
        say(out, "HTTP/1.1 200 OK", "Content-Length: 1000000000000");
        var drop = new byte[pause == 0 ? 1 << 16 : 1];
        while (true) {
            out.write(drop);
            out.flush();
            LockSupport.parkNanos(pause);
        }
    }

    /// Where the server keeps it.
    private Path object(Cid cid) {
        return disk.resolve(bucket).resolve(PREFIX + cid.sha256().hex());
    }
}
