package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.PublicMarket;
import bourse.protocol.Time;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A market's order book for everyone: iExec's clients at iExec's paths, and [MarketClient]. Beside it what these
/// clients ask before and after a deal, and what no other service knows: where pools are reached (`compass`), who has
/// left a secret (`sms`).
public final class MarketServer implements AutoCloseable {
    private final Server server;

    /// Starts it.
    ///
    /// @param pools where a workerpool's own server is, if it is known
    /// @throws bourse.protocol.Malformed if it can not listen so
    public MarketServer(
            PublicMarket market, Listening listening, Vitals vitals, Function<Address, Optional<URI>> pools) {
        this(market, listening, vitals, pools, Time.SYSTEM);
    }

    MarketServer(
            PublicMarket market,
            Listening listening,
            Vitals vitals,
            Function<Address, Optional<URI>> pools,
            InstantSource clock) {
        this.server = new Server(
                listening,
                vitals,
                List.of(
                        new MarketPart(market, new Challenges(market.domain(), clock), clock),
                        new CompassPart(market.domain().chainId(), pools),
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
