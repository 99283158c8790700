package bourse.wire;

import bourse.protocol.Away;
import bourse.protocol.Blobs;
import bourse.protocol.Bytes32;
import bourse.protocol.Cid;
import bourse.protocol.Sha256;
import bourse.protocol.Time;
import bourse.protocol.Wallet;
import io.helidon.http.Method;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.type.TypeReference;

/// A store on another machine, a [BlobsServer], for the owner of `wallet`. A server that does not answer is
/// an [IOException], like a disk that does not.
public final class BlobsClient implements Blobs, AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int LARGEST_NAME = 1024;

    private final Line line;
    private final SignedLine signed;

    /// @param authority certificates that are trusted instead of the system's, as a PEM file
    /// @throws bourse.protocol.Malformed if they can not be read
    public BlobsClient(Door door, Wallet wallet, Optional<Path> authority) {
        this.line = new Line(door.origin(), authority);
        this.signed = new SignedLine(line, door, wallet, Time.SYSTEM);
    }

    /// @throws bourse.protocol.Denied if the owner of the wallet may not store there
    @Override
    public Cid put(Path file) throws IOException {
        var cid = new Cid(Sha256.of(file));
        var length = Files.size(file);
        var query = new SignedLine.Query(Method.PUT, "/v1/blobs/" + cid, cid.sha256(), new Line.Body.Large(file));
        var answer = calling(() -> signed.ask(query, TIMEOUT.plus(Limits.carrying(length)), line.whole(LARGEST_NAME)));
        Cid stored = line.read(answer, new TypeReference<>() {});
        if (!stored.equals(cid)) {
            throw new IOException("%s stored %s, not %s".formatted(line.server(), stored, cid));
        }
        return cid;
    }

    @Override
    public void fetch(Cid cid, Path target, long most) throws IOException {
        if (Files.exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        var part = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            var sha256 = calling(() -> line.ask(
                    () -> Line.Query.get(cid.path()),
                    TIMEOUT.plus(Limits.carrying(most)),
                    (length, body) -> receive(cid, length, body, part, most)));
            if (!sha256.equals(cid.sha256())) {
                throw new Missing("%s answered other bytes than those of %s".formatted(line.server(), cid));
            }
            Files.move(part, target);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private Bytes32 receive(Cid cid, long length, InputStream body, Path part, long most) throws IOException {
        if (length > most) {
            throw new TooLarge("%s has %,d bytes, more than %,d".formatted(cid, length, most));
        }
        var sha256 = Sha256.digest();
        long total = 0;
        var start = System.nanoTime();
        try (var out = Files.newOutputStream(part)) {
            var buffer = new byte[1 << 16];
            for (int read; (read = body.read(buffer)) >= 0; ) {
                total += read;
                if (total > most) {
                    throw new TooLarge("%s has more than %,d bytes".formatted(cid, most));
                }
                var patience = TIMEOUT.plus(Limits.carrying(total));
                if (System.nanoTime() - start > patience.toNanos()) {
                    throw new Away("%s sends too slowly: %,d bytes in %d seconds"
                            .formatted(line.server(), total, patience.toSeconds()));
                }
                sha256.update(buffer, 0, read);
                out.write(buffer, 0, read);
            }
        }
        return Bytes32.of(sha256.digest());
    }

    private interface Asking<T> {
        T ask() throws IOException, InterruptedException;
    }

    private static <T> T calling(Asking<T> asking) throws IOException {
        try {
            return asking.ask();
        } catch (Rejected e) {
            switch (e.problem().orElse(Problem.BROKEN)) {
                case MISSING -> throw new Missing(e.detail());
                case TOO_LARGE -> throw new TooLarge(e.detail());
                default -> {
                    if (e.meaning() instanceof Away away) {
                        throw new IOException(away.getMessage(), away);
                    }
                    throw e.meaning();
                }
            }
        } catch (Away e) {
            throw new IOException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the store was asked", e);
        }
    }

    @Override
    public void close() {
        line.close();
    }
}
