package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.Blobs;
import bourse.protocol.Bytes32;
import bourse.protocol.Cid;
import bourse.protocol.Denied;
import bourse.protocol.Malformed;
import bourse.protocol.Sha256;
import io.helidon.http.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/// Storing, for those who may. The path has the digest of the bytes, so the signature covers them before they
/// come.
final class StorePart implements Part {
    private final Blobs blobs;
    private final Guard guard;
    private final Predicate<Address> writers;
    private final long most;

    /// @param most how many bytes a blob may have
    StorePart(Blobs blobs, Guard guard, Predicate<Address> writers, long most) {
        this.blobs = blobs;
        this.guard = guard;
        this.writers = writers;
        this.most = most;
    }

    @Override
    public List<Route> routes() {
        return List.of(new Route(Method.PUT, "/v1/blobs/{cid}", most, true, this::put));
    }

    @Override
    public String document() {
        return "store.openapi.json";
    }

    private void put(Exchange exchange) throws IOException {
        var cid = Cid.parse(exchange.parameter("cid"));
        var caller = exchange.caller(guard, cid.sha256());
        if (!writers.test(caller)) {
            throw new Denied("%s may not store here; whoever runs this store says who may".formatted(caller));
        }
        var file = Files.createTempFile("bourse-wire", ".part");
        try {
            if (!receive(exchange, file).equals(cid.sha256())) {
                throw new Malformed("the bytes that came are not those of %s; send them again".formatted(cid));
            }
            exchange.json(blobs.put(file));
        } finally {
            Files.delete(file);
        }
    }

    /// Writes what comes to `file`, as long as it comes fast enough.
    private Bytes32 receive(Exchange exchange, Path file) throws IOException {
        var sha256 = Sha256.digest();
        long total = 0;
        long start = System.nanoTime();
        try (var in = exchange.stream();
                var out = Files.newOutputStream(file)) {
            var buffer = new byte[1 << 16];
            for (int read; (read = in.read(buffer)) >= 0; ) {
                total += read;
                if (total > most) {
                    throw new Blobs.TooLarge("this store takes at most %,d bytes a blob".formatted(most));
                }
                exchange.allow(Limits.carrying(total).minusNanos(System.nanoTime() - start));
                sha256.update(buffer, 0, read);
                out.write(buffer, 0, read);
            }
        }
        return Bytes32.of(sha256.digest());
    }
}
