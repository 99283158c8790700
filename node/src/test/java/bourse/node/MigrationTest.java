package bourse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.protocol.News;
import bourse.protocol.Pool;
import bourse.protocol.TaskId;
import bourse.scheduler.Replicates.Row;
import bourse.scheduler.SharedTables;
import bourse.storage.Postgres;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationTest {
    /// Tables as the first version made and filled them.
    @Test
    void whatAnOlderSchedulerHasWrittenIsReadByThisOne(@TempDir Path directory) throws Exception {
        var task = new TaskId(Bytes32.random());
        var pool = Address.parse("0x" + "11".repeat(20));
        var quitter = Address.parse("0x" + "22".repeat(20));
        var blamer = Address.parse("0x" + "33".repeat(20));
        var block = Bytes32.random();
        try (var postgres = Postgres.embedded(directory)) {
            Flyway.configure()
                    .dataSource(postgres.url(), null, null)
                    .schemas("scheduler")
                    .locations("classpath:" + SharedTables.MIGRATIONS)
                    .target("1")
                    .load()
                    .migrate();
            try (var connection = DriverManager.getConnection(postgres.url());
                    var statement = connection.createStatement()) {
                statement.execute("""
                        insert into scheduler.replicate (task, worker, weight, phase, since, lease, cause, message) values
                            ('%1$s', '%2$s', 2, 'GAVE_UP', now() - interval '2 minutes', now(), 'WORKER', 'no disk'),
                            ('%1$s', '%3$s', 3, 'GAVE_UP', now() - interval '1 minute', now(), 'PROGRAM', 'it traps')""".formatted(task, quitter, blamer));
                statement.execute("insert into scheduler.landmark values ('%s', 7, '%s')".formatted(pool, block));
            }

            var tables = new SharedTables(postgres.of("scheduler"), "new");

            assertThat(tables.of(List.of(task)).get(task))
                    .extracting(Row::worker, row -> row.cause().orElseThrow(), Row::message)
                    .containsExactly(
                            tuple(quitter, Pool.Cause.WORKER_BROKEN, "no disk"),
                            tuple(blamer, Pool.Cause.PROGRAM_FAILED, "it traps"));
            assertThat(tables.landmark(pool)).contains(new News.Cursor(7, block));
        }
    }
}
