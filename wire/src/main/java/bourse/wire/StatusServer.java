package bourse.wire;

import java.net.URI;
import java.util.List;

/// Tells how a role does that nobody else has to call: `/health`, `/metrics`.
public final class StatusServer implements AutoCloseable {
    private final Server server;

    /// Starts it.
    ///
    /// @throws bourse.protocol.Malformed if it can not listen so
    public StatusServer(Listening listening, Vitals vitals) {
        this.server = new Server(listening, vitals, List.of());
    }

    public URI uri() {
        return server.uri();
    }

    @Override
    public void close() {
        server.close();
    }
}
