package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.Chain;
import bourse.protocol.Pool;
import bourse.protocol.Time;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;

/// A workerpool's scheduler, for workers and requesters on other machines: [PoolClient] is its other end.
///
/// Workers sign their calls, and are who they sign as. Anyone may read who works and how a task goes; iExec's clients
/// find it in their own words ([TasksPart]).
public final class PoolServer implements AutoCloseable {
    private final Server server;

    /// Starts it.
    ///
    /// @param workerpool the pool's address, for which callers sign
    /// @param chain whose market they sign in
    /// @throws bourse.protocol.Malformed if it can not listen so
    public PoolServer(Pool pool, Address workerpool, Chain chain, Listening listening, Vitals vitals) {
        this(pool, workerpool, chain, listening, vitals, new MemoryNonces(Time.SYSTEM), Time.SYSTEM);
    }

    PoolServer(
            Pool pool,
            Address workerpool,
            Chain chain,
            Listening listening,
            Vitals vitals,
            Nonces nonces,
            InstantSource clock) {
        var guard = new Guard(this::uri, workerpool, chain.domain(), nonces, clock);
        this.server = new Server(
                listening,
                vitals,
                List.of(
                        new PoolInfoPart(pool),
                        new TasksPart(pool, workerpool, chain, new Challenges(chain.domain(), clock)),
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
