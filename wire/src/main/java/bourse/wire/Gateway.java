package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.Blobs;
import bourse.protocol.PoolInfo;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Shows a running market to others on this machine: how its pool does, and what iExec's clients look for behind
/// several URLs, which may all be this one, for their paths differ: stored bytes (`ipfsGateway`), where pools are
/// reached (`compass`), who has left a secret (`sms`). Nobody signs, and nobody changes anything.
public final class Gateway implements AutoCloseable {
    private final Server server;

    /// Starts serving on the loopback interface.
    ///
    /// @param chainId the number of the market's chain
    /// @param pools where the [PoolServer] of each workerpool is reached
    /// @param port 0 for any that is free
    public Gateway(Blobs blobs, PoolInfo pool, long chainId, Map<Address, URI> pools, int port) {
        this.server = new Server(
                Listening.onLoopback(port),
                Vitals.UP,
                List.of(
                        new PoolInfoPart(pool),
                        new BlobsPart(blobs),
                        new CompassPart(chainId, workerpool -> Optional.ofNullable(pools.get(workerpool))),
                        new SecretsPart()));
    }

    public URI uri() {
        return server.uri();
    }

    @Override
    public void close() {
        server.close();
    }
}
