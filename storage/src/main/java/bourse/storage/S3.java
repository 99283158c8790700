package bourse.storage;

import bourse.protocol.Blobs;
import bourse.protocol.Bytes32;
import bourse.protocol.Cid;
import bourse.protocol.Malformed;
import bourse.protocol.Sha256;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.NonRetryableException;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Blobs as objects of a bucket, at Amazon or on any server that speaks S3. A key is the settings' prefix and
/// the SHA-256 in hexadecimal; nothing is listed, and nothing is ever deleted.
///
/// The server checks what it is sent against the SHA-256, where it knows how to; what it sends is checked here,
/// for whoever may write to the bucket may write anything under any key.
public final class S3 implements Blobs, AutoCloseable {
    /// What S3 takes in one piece: 5 GiB.
    private static final long LARGEST = 5L << 30;

    private final Settings settings;
    private final Patience patience;
    private final S3Client client;

    private S3(Settings settings, Patience patience, S3Client client) {
        this.settings = settings;
        this.patience = patience;
        this.client = client;
    }

    /// Opens the bucket, which must be there.
    ///
    /// @throws Unusable if it is not, if the credentials are missing or refused, or if the server does not
    ///     answer
    public static S3 at(Settings settings) throws IOException {
        return at(settings, Patience.USUAL);
    }

    static S3 at(Settings settings, Patience patience) throws IOException {
        var builder = S3Client.builder()
                .region(Region.of(settings.region()))
                .forcePathStyle(settings.pathStyle())
                .credentialsProvider(credentials(settings))
                // Servers of others do not know each new kind of checksum, and this class brings its own; some
                // keep the frames of a body in signed chunks as if they were the object's bytes.
                .serviceConfiguration(configuration -> configuration.chunkedEncodingEnabled(false))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(patience.connecting())
                        .socketTimeout(patience.silence()))
                .overrideConfiguration(configuration -> configuration
                        .apiCallTimeout(patience.whole())
                        .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(patience.attempts())
                                .build()));
        settings.endpoint().ifPresent(builder::endpointOverride);
        var s3 = new S3(settings, patience, builder.build());
        try {
            s3.ask("it", () -> s3.client.headBucket(request -> request.bucket(settings.bucket())));
            return s3;
        } catch (IOException e) {
            s3.close();
            throw e;
        }
    }

    private static AwsCredentialsProvider credentials(Settings settings) throws Unusable {
        if (settings.credentials().isPresent()) {
            var given = settings.credentials().get();
            return StaticCredentialsProvider.create(AwsBasicCredentials.create(given.id(), given.secret()));
        }
        var found = DefaultCredentialsProvider.builder().build();
        try {
            found.resolveCredentials();
            return found;
        } catch (SdkClientException e) {
            throw new Unusable(
                    "there are no credentials for the bucket %s: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write"
                                    .formatted(settings.bucket())
                            + " them to ~/.aws/credentials",
                    e);
        }
    }

    @Override
    public Cid put(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new TooLarge("%s has more than %,d bytes, all that S3 takes in one piece"
                    .formatted(file.getFileName(), LARGEST));
        }
        var cid = new Cid(Sha256.of(file));
        if (!isStored(cid)) {
            ask(
                    cid,
                    () -> client.putObject(
                            request -> request.bucket(settings.bucket())
                                    .key(key(cid))
                                    .contentType("application/octet-stream")
                                    .checksumSHA256(checksum(cid)),
                            RequestBody.fromFile(file)));
        }
        return cid;
    }

    /// Whether the server vouches for the bytes. One that keeps no checksums never does, and gets them again.
    private boolean isStored(Cid cid) throws IOException {
        try {
            var head = ask(
                    cid,
                    () -> client.headObject(request ->
                            request.bucket(settings.bucket()).key(key(cid)).checksumMode(ChecksumMode.ENABLED)));
            return checksum(cid).equals(head.checksumSHA256());
        } catch (Missing _) {
            return false;
        }
    }

    @Override
    public void fetch(Cid cid, Path target, long most) throws IOException {
        if (Files.exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        var part = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            var sha256 = ask(
                    cid,
                    () -> client.getObject(
                            request -> request.bucket(settings.bucket()).key(key(cid)),
                            // Unmanaged: else what nobody wants any more would be read to its end.
                            ResponseTransformer.unmanaged((head, body) -> receive(cid, head, body, part, most))));
            if (!sha256.equals(cid.sha256())) {
                throw new Missing("the bytes of %s were damaged; store them again".formatted(cid));
            }
            Files.move(part, target);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /// Called once more each time that the connection breaks.
    private static Bytes32 receive(Cid cid, GetObjectResponse head, InputStream body, Path part, long most)
            throws IOException {
        var length = Optional.ofNullable(head.contentLength());
        try (var whole = new Whole(body, length)) {
            if (length.orElse(0L) > most) {
                throw new TooLarge("%s has more than %,d bytes".formatted(cid, most));
            }
            Files.deleteIfExists(part);
            return Directory.copy(whole, part, most, cid);
        }
    }

    private String key(Cid cid) {
        return settings.prefix() + cid.sha256().hex();
    }

    private static String checksum(Cid cid) {
        return Base64.getEncoder().encodeToString(cid.sha256().bytes());
    }

    private <T> T ask(Object what, Supplier<T> question) throws IOException {
        try {
            return question.get();
        } catch (NoSuchKeyException _) {
            throw new Missing("nobody stored " + what);
        } catch (SdkException e) {
            throw isInterrupted(e) ? interrupted() : thrownHere(e).orElseGet(() -> explained(e));
        }
    }

    /// Whether a caller's interruption is at the bottom of it, which is wrapped where an answer had begun.
    private static boolean isInterrupted(SdkException e) {
        return !(e instanceof ApiCallTimeoutException)
                && Stream.<Throwable>iterate(e, Objects::nonNull, Throwable::getCause)
                        .anyMatch(cause -> cause instanceof AbortedException
                                || cause instanceof InterruptedException
                                || cause instanceof ClosedByInterruptException);
    }

    private IOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while it waited for " + place());
    }

    /// What [#receive] threw, the reader's limit or a full disk, has been wrapped more than once.
    private static Optional<IOException> thrownHere(SdkException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof NonRetryableException && cause.getCause() instanceof IOException thrown) {
                return Optional.of(thrown);
            }
        }
        return Optional.empty();
    }

    private IOException explained(SdkException e) {
        return switch (e) {
            case S3Exception answer -> new Unusable(meaning(answer), e);
            case ApiCallTimeoutException _ ->
                new Unusable(
                        "%s took more than %d s for one object: try again, on a faster network"
                                .formatted(place(), patience.whole().toSeconds()),
                        e);
            default ->
                new Unusable(
                        "no whole answer from %s (%s): check the endpoint and that its server runs, then try again"
                                .formatted(place(), e.getMessage()),
                        e);
        };
    }

    private String meaning(S3Exception answer) {
        var code = Optional.ofNullable(answer.awsErrorDetails())
                .map(AwsErrorDetails::errorCode)
                .orElse("it gave no reason");
        return switch (answer.statusCode()) {
            case 301, 307 -> "%s is not in the region %s: name its own".formatted(place(), settings.region());
            case 400 ->
                code.equals("BadDigest")
                        ? "the file changed while it was sent to %s: store it again".formatted(place())
                        : "%s refuses the request (%s): check the region %s, and whether the credentials have expired"
                                .formatted(place(), code, settings.region());
            case 401, 403 ->
                "%s refuses the credentials (%s): check the key, its secret, this machine's clock, and that they may"
                                .formatted(place(), code)
                        + " GetObject, PutObject and ListBucket";
            case 404 -> "there is no %s: make it, or correct its name".formatted(place());
            default -> "%s failed with %d (%s): try again later".formatted(place(), answer.statusCode(), code);
        };
    }

    private String place() {
        return "bucket %s at %s"
                .formatted(
                        settings.bucket(),
                        settings.endpoint().map(URI::toString).orElse("Amazon S3"));
    }

    @Override
    public void close() {
        client.close();
    }

    /// Where the bucket is, and who asks.
    ///
    /// @param bucket 3 to 63 of `a-z 0-9 . -`
    /// @param region such as `eu-west-3`; what servers of others are told, too, and mostly ignore
    /// @param endpoint of a server of others, with `http` or `https`; empty: Amazon's own in `region`
    /// @param pathStyle whether the bucket is named in the path, not in the host: what servers of others want
    /// @param prefix stands before each key, of `A-Z a-z 0-9 / . _ -`, such as `market/`; may be empty
    /// @param credentials empty: looked for in the environment, in `~/.aws` and on the machine, as Amazon's own
    ///     tools do
    public record Settings(
            String bucket,
            String region,
            Optional<URI> endpoint,
            boolean pathStyle,
            String prefix,
            Optional<Credentials> credentials) {

        /// @throws Malformed if one of them is not what it should be
        public Settings {
            demand(
                    bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"),
                    "a bucket's name is 3 to 63 of a-z 0-9 . -",
                    bucket);
            demand(region.matches("[a-z0-9-]{1,63}"), "a region is like eu-west-3", region);
            demand(prefix.matches("[A-Za-z0-9/._-]{0,200}"), "a prefix is up to 200 of A-Z a-z 0-9 / . _ -", prefix);
            demand(
                    endpoint.stream().allMatch(Settings::isServer),
                    "an endpoint is like https://s3.example.org:9000",
                    endpoint.map(server -> server.getScheme() + "://" + server.getHost())
                            .orElse(""));
        }

        private static boolean isServer(URI endpoint) {
            return ("http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme()))
                    && endpoint.getHost() != null
                    && endpoint.getUserInfo() == null;
        }

        private static void demand(boolean holds, String rule, String value) {
            if (!holds) {
                throw new Malformed("%s, unlike \"%s\"".formatted(rule, value));
            }
        }
    }

    /// @param id the access key's name
    /// @param secret never printed
    public record Credentials(String id, String secret) {
        @Override
        public String toString() {
            return "Credentials[" + id + "]";
        }
    }

    /// How long to wait.
    ///
    /// @param connecting until the server takes a connection
    /// @param silence between two pieces of an answer
    /// @param whole for one question, with all its attempts
    /// @param attempts 1 or more; with a pause between them that doubles
    record Patience(Duration connecting, Duration silence, Duration whole, int attempts) {
        static final Patience USUAL =
                new Patience(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofHours(1), 4);
    }

    /// A body that breaks off is an error of the kind that is tried again, unlike those of the disk.
    private static final class Whole extends FilterInputStream {
        private final Optional<Long> length;
        private long count;

        private Whole(InputStream body, Optional<Long> length) {
            super(body);
            this.length = length;
        }

        @Override
        public int read(byte[] buffer, int from, int most) {
            if (Thread.currentThread().isInterrupted()) {
                throw AbortedException.create("interrupted"); // out of patience, or by the caller
            }
            int read;
            try {
                read = in.read(buffer, from, most);
            } catch (IOException e) {
                throw RetryableException.create("the connection broke after %,d bytes".formatted(count), e);
            }
            if (read < 0 && length.isPresent() && count < length.get()) {
                throw RetryableException.create("it ended after %,d of %,d bytes".formatted(count, length.get()));
            }
            count += Math.max(read, 0);
            return read;
        }
    }

    /// The bucket cannot be used as things are. The message tells why, and what to do.
    public static final class Unusable extends IOException {
        private static final long serialVersionUID = 1;

        Unusable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
