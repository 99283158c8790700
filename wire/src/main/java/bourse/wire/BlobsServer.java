package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.Blobs;
import bourse.protocol.Domain;
import bourse.protocol.Time;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;

/// A store for other machines: [BlobsClient] is its other end. Anyone may fetch; those who may store sign
/// their calls.
public final class BlobsServer implements AutoCloseable {
    private final Server server;

    /// Starts it.
    ///
    /// @param store the address for which callers sign, such as the owner's of the store
    /// @param domain the market in which they sign
    /// @param writers who may store
    /// @param most how many bytes a blob may have
    /// @throws bourse.protocol.Malformed if it can not listen so
    public BlobsServer(
            Blobs blobs,
            Address store,
            Domain domain,
            Predicate<Address> writers,
            long most,
            Listening listening,
            Vitals vitals) {
        this(blobs, store, domain, writers, most, listening, vitals, new MemoryNonces(Time.SYSTEM), Time.SYSTEM);
    }

    BlobsServer(
            Blobs blobs,
            Address store,
            Domain domain,
            Predicate<Address> writers,
            long most,
            Listening listening,
            Vitals vitals,
            Nonces nonces,
            InstantSource clock) {
        var guard = new Guard(this::uri, store, domain, nonces, clock);
        this.server = new Server(
                listening, vitals, List.of(new BlobsPart(blobs), new StorePart(blobs, guard, writers, most)));
    }

    public URI uri() {
        return server.uri();
    }

    @Override
    public void close() {
        server.close();
    }
}
