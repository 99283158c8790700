package bourse.wire;

import bourse.protocol.PublicMarket;
import bourse.protocol.Time;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;

/// A market's order book for everyone: iExec's clients at iExec's paths, and [MarketClient].
public final class MarketServer implements AutoCloseable {
    private final Server server;

    /// Starts it.
    ///
    /// @throws bourse.protocol.Malformed if it can not listen so
    public MarketServer(PublicMarket market, Listening listening, Vitals vitals) {
        this(market, listening, vitals, Time.SYSTEM);
    }

    MarketServer(PublicMarket market, Listening listening, Vitals vitals, InstantSource clock) {
        var part = new MarketPart(market, new Challenges(market.domain(), clock), clock);
        this.server = new Server(listening, vitals, List.of(part));
    }

    public URI uri() {
        return server.uri();
    }

    @Override
    public void close() {
        server.close();
    }
}
