package bourse.wire;

import bourse.protocol.Blobs;
import bourse.protocol.PoolInfo;
import java.net.URI;
import java.util.List;

/// Shows a running market to others on this machine: stored bytes by the path of iExec's clients, and how its
/// pool does. Nobody signs, and nobody changes anything.
public final class Gateway implements AutoCloseable {
    private final Server server;

    /// Starts serving on the loopback interface.
    ///
    /// @param port 0 for any that is free
    public Gateway(Blobs blobs, PoolInfo pool, int port) {
        this(blobs, pool, Listening.onLoopback(port), Vitals.UP);
    }

    public Gateway(Blobs blobs, PoolInfo pool, Listening listening, Vitals vitals) {
        this.server = new Server(listening, vitals, List.of(new PoolInfoPart(pool), new BlobsPart(blobs)));
    }

    public URI uri() {
        return server.uri();
    }

    @Override
    public void close() {
        server.close();
    }
}
