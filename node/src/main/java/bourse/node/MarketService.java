package bourse.node;

import bourse.protocol.Chain;
import bourse.protocol.Time;
import bourse.wire.Listening;
import bourse.wire.MarketServer;
import bourse.wire.Vitals;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import javax.sql.DataSource;

/// An order book for everyone: a process of its own, or a part of one.
public final class MarketService implements AutoCloseable {
    private final Runnable beneath;
    private final bourse.market.Market book;
    private final Directions directions;
    private final MarketServer server;

    /// How others reach it.
    public record Where(URI url) {}

    /// @param tables of the role `market`
    /// @param directions to the pools that it knows
    /// @param beneath what is closed after it
    MarketService(
            Chain chain,
            DataSource tables,
            Settings.Market settings,
            Listening listening,
            Directions directions,
            Runnable beneath) {
        this.directions = directions;
        this.beneath = beneath;
        book = new bourse.market.Market(chain, tables, Time.SYSTEM, settings.terms());
        var meters = new Meters().ofMarket(book::vitals);
        try {
            server = new MarketServer(
                    book,
                    listening,
                    new Vitals(() -> book.vitals().complaint().map(List::of).orElse(List.of()), meters::text),
                    directions::to);
        } catch (RuntimeException e) {
            directions.close();
            book.close();
            throw e;
        }
    }

    /// @throws Problem if something it needs is missing
    public static MarketService start(Home home, Settings settings) throws Problem, InterruptedException {
        var doors = Doors.of(home, settings);
        try {
            return new MarketService(
                    doors.chain(),
                    doors.tables("market"),
                    settings.market(),
                    settings.service().listening(),
                    new Directions(settings.pool().known(), settings.service().trusted()),
                    doors::close);
        } catch (IOException | RuntimeException e) {
            doors.close();
            throw new Problem(Problem.BROKEN, "the market did not start: " + e.getMessage(), e);
        }
    }

    bourse.market.Market book() {
        return book;
    }

    public Where where() {
        return new Where(server.uri());
    }

    @Override
    public void close() {
        server.close();
        directions.close();
        book.close();
        beneath.run();
    }
}
