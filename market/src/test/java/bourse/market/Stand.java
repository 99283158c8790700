package bourse.market;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.protocol.Order;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Tag;
import bourse.protocol.Time;
import bourse.protocol.Wallet;
import bourse.storage.Postgres;
import bourse.testing.Act;
import bourse.testing.Scene;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.awaitility.Awaitility;

/// A market over the chain in memory, with the people of a scene.
final class Stand implements AutoCloseable {
    final Scene scene;
    final DataSource database;
    final Time time;
    final Terms terms;
    Market market;

    /// One database for all tests of the process.
    private static final class Shared {
        private static final DataSource DATABASE = start();

        private static DataSource start() {
            try {
                var home = java.nio.file.Files.createTempDirectory("market-test");
                var postgres = Postgres.embedded(home.resolve("database"));
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    postgres.close();
                    delete(home);
                }));
                return postgres.of("market");
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void delete(Path home) {
            try (var files = java.nio.file.Files.walk(home)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (java.io.IOException _) {
                // left to the system
            }
        }
    }

    Stand(long seed) throws Exception {
        this(seed, Terms.DEFAULT);
    }

    Stand(long seed, Terms terms) throws Exception {
        this.scene = new Scene(seed, 3);
        this.terms = terms;
        this.database = Shared.DATABASE;
        this.time = Time.by(scene.clock());
        empty(database);
        this.market = new Market(scene.chain(), database, time, terms);
        settle();
    }

    static void empty(DataSource database) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("truncate listed, spoken_of, deal, cursor");
        }
    }

    /// As if the process had died, and another had come in its place.
    void restart() {
        market.close();
        market = new Market(scene.chain(), database, time, terms);
        settle();
    }

    /// Waits until the market has read all that has happened.
    void settle() {
        var head = scene.chain().head();
        Awaitility.await().pollInterval(Duration.ofMillis(2)).untilAsserted(() -> {
            assertThat(market.vitals().complaint()).isEmpty();
            assertThat(market.cursor().hash()).isEqualTo(head.hash());
        });
    }

    void passOn(Address app, Wallet from, Address to) throws Refused {
        var registry = scene.chain().state().market().apps();
        var _ = scene.chain().send(from, new Act.PassOn(registry, from.address(), to, app, false));
    }

    /* ORDERS */

    <O extends Order> Signed<O> sign(O order, Wallet owner) {
        return scene.chain().domain().sign(order, owner);
    }

    Signed<Order.App> app(String price, long volume) {
        return sign(
                new Order.App(
                        scene.app(),
                        Rlc.parse(price),
                        volume,
                        Tag.NONE,
                        Address.ZERO,
                        Address.ZERO,
                        Address.ZERO,
                        scene.generators().word()),
                scene.developer());
    }

    Signed<Order.Workerpool> pool(String price, long volume, long trust) {
        return sign(
                new Order.Workerpool(
                        scene.workerpool(),
                        Rlc.parse(price),
                        volume,
                        Tag.NONE,
                        0,
                        trust,
                        Address.ZERO,
                        Address.ZERO,
                        Address.ZERO,
                        scene.generators().word()),
                scene.scheduler());
    }

    Signed<Order.Request> request(long trust, long volume) {
        return sign(scene.request(trust, volume), scene.requester());
    }

    Bytes32 hash(Signed<?> order) {
        return scene.chain().domain().hash(order.order());
    }

    @Override
    public void close() {
        market.close();
    }
}
