package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.Domain;
import bourse.protocol.Pool;
import bourse.protocol.Time;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;

/// A workerpool's scheduler, for workers and requesters on other machines: [PoolClient] is its other end.
///
/// Workers sign their calls, and are who they sign as. Anyone may read who works and how a task goes.
public final class PoolServer implements AutoCloseable {
    private final Server server;

    /// Starts it.
    ///
    /// @param workerpool the pool's address, for which callers sign
    /// @param domain the market in which they sign
    /// @throws bourse.protocol.Malformed if it can not listen so
    public PoolServer(Pool pool, Address workerpool, Domain domain, Listening listening, Vitals vitals) {
        this(pool, workerpool, domain, listening, vitals, new MemoryNonces(Time.SYSTEM), Time.SYSTEM);
    }

    PoolServer(
            Pool pool,
            Address workerpool,
            Domain domain,
            Listening listening,
            Vitals vitals,
            Nonces nonces,
            InstantSource clock) {
        var guard = new Guard(this::uri, workerpool, domain, nonces, clock);
        this.server = new Server(
                listening,
                vitals,
                List.of(
                        new PoolInfoPart(pool),
                        new PoolPart(pool, guard, listening.limits().polls())));
    }

    public URI uri() {
        return server.uri();
    }

    /// Those who wait are told to come again.
    @Override
    public void close() {
        server.close();
    }
}
