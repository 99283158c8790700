package bourse.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationState;

/// The database in which each role keeps, in a schema of its own, what it alone knows.
public final class Postgres implements AutoCloseable {
    /// Roles wait for the database in turn rather than fill it with connections; each has a handful of threads
    /// that ask.
    private static final int CONNECTIONS_OF_A_ROLE = 8;

    private final Optional<Server> server;
    private final String url;
    private final Deque<HikariDataSource> pools = new ArrayDeque<>();

    private Postgres(Optional<Server> server, String url) {
        this.server = server;
        this.url = url;
    }

    /// A server of our own, whose data lie in `home` and outlive the process.
    ///
    /// @throws Unusable if another process uses `home`, or the server does not start
    public static Postgres embedded(Path home) throws IOException, InterruptedException {
        return embedded(home, 0);
    }

    /// @param port where it listens, on the loopback interface; 0 for any that is free
    /// @throws Unusable if another process uses `home`, or the server does not start
    public static Postgres embedded(Path home, int port) throws IOException, InterruptedException {
        var server = Server.start(home, port);
        return new Postgres(Optional.of(server), server.url());
    }

    /// Somebody else's server.
    ///
    /// @param url such as `jdbc:postgresql://host/database?user=bourse&password=…`
    public static Postgres at(String url) {
        return new Postgres(Optional.empty(), url);
    }

    /// The tables of `role`, brought up to date: its schema has its name, and its migrations are the files
    /// `bourse/<role>/migrations/V<n>__<what>.sql` on the class path. Closed with this database.
    ///
    /// @throws Unusable if a newer program has written the tables
    public synchronized DataSource of(String role) {
        var config = new HikariConfig();
        config.setPoolName(role);
        config.setJdbcUrl(url);
        config.setSchema(role);
        config.setMaximumPoolSize(CONNECTIONS_OF_A_ROLE);
        config.setMinimumIdle(1);
        var pool = new HikariDataSource(config);
        pools.push(pool);
        migrate(role, pool);
        return pool;
    }

    private static void migrate(String role, DataSource pool) {
        var flyway = Flyway.configure()
                .dataSource(pool)
                .schemas(role)
                .locations("classpath:bourse/%s/migrations".formatted(role))
                .failOnMissingLocations(true)
                .load();
        for (var migration : flyway.info().applied()) {
            if (migration.getState() == MigrationState.FUTURE_SUCCESS
                    || migration.getState() == MigrationState.FUTURE_FAILED) {
                throw new Unusable("a newer program has brought the tables of %s to version %s, which this one does not"
                                .formatted(role, migration.getVersion())
                        + " know: start the newer one");
            }
        }
        flyway.migrate();
    }

    /// Where another process finds it, password included.
    public String url() {
        return url;
    }

    @Override
    public synchronized void close() {
        while (!pools.isEmpty()) {
            pools.pop().close();
        }
        server.ifPresent(Server::close);
    }

    /// The database cannot be used as it is. The message tells why, and what to do.
    public static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message);
        }

        Unusable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
