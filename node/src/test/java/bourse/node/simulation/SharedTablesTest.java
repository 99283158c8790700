package bourse.node.simulation;

import bourse.scheduler.Replicates;
import bourse.scheduler.SharedTables;
import bourse.storage.Postgres;
import java.nio.file.Path;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedTablesTest extends ReplicatesContract {
    private Postgres postgres;
    private DataSource database;

    @BeforeAll
    void begin(@TempDir Path home) throws Exception {
        postgres = Postgres.embedded(home.resolve("database"));
        database = postgres.of("scheduler");
    }

    @AfterAll
    void end() {
        postgres.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(
                    "truncate replicate, task, member, leader, avoided, reputation, shown, log, landmark, answer, used,"
                            + " took");
        }
    }

    @Override
    Replicates of(String scheduler) {
        return new SharedTables(database, scheduler);
    }
}
