package bourse.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresTest {
    @TempDir
    static Path first;

    @TempDir
    Path home;

    /// The library unpacks once in a JVM, for as long as the files are there.
    @BeforeAll
    static void unpack() throws Exception {
        Postgres.embedded(first).close();
    }

    @Test
    void keepsItsDataOverARestart() throws Exception {
        try (var database = Postgres.embedded(home)) {
            execute(database.of("scheduler"), "insert into lease values ('alice', 'task 1')");
        }
        try (var database = Postgres.embedded(home)) {
            assertThat(query(database.of("scheduler"), "select worker from lease"))
                    .containsExactly("alice");
        }
    }

    @Test
    void startsAfterItsProcessWasKilled() throws Exception {
        var process = Children.start(Children.Serving.class, home);
        process.destroyForcibly().waitFor();

        try (var database = Postgres.embedded(home)) {
            assertThat(query(database.of("scheduler"), "select worker from lease"))
                    .containsExactly("alice");
        }
    }

    @Test
    void startsAfterItWasKilledWhileItMadeItsData() throws Exception {
        Files.createDirectories(home.resolve("data"));
        Files.writeString(home.resolve("data/postgresql.conf"), "half");
        Files.writeString(home.resolve("password.new"), "half");
        Files.createDirectories(home.resolve("binaries/PG-0/bin"));

        try (var database = Postgres.embedded(home)) {
            assertThat(query(database.of("scheduler"), "select 'works'")).containsExactly("works");
        }
    }

    @Test
    void mistakesNoOtherProcessForItsServer() throws Exception {
        try (var database = Postgres.embedded(home)) {
            database.of("scheduler");
        }
        Files.writeString(
                home.resolve("data/postmaster.pid"), ProcessHandle.current().pid() + "\n");

        try (var database = Postgres.embedded(home)) {
            assertThat(query(database.of("scheduler"), "select 'works'")).containsExactly("works");
        }
        assertThat(ProcessHandle.current().isAlive()).isTrue();
    }

    @Test
    void servesOneProcessAtATime() throws Exception {
        try (var database = Postgres.embedded(home)) {
            assertThatThrownBy(() -> Postgres.embedded(home))
                    .isInstanceOf(Postgres.Unusable.class)
                    .hasMessageContaining("another process uses the database");

            assertThat(query(database.of("scheduler"), "select 'works'")).containsExactly("works");
        }
    }

    @Test
    void survivesACrashOfTheMachine() throws Exception {
        try (var database = Postgres.embedded(home)) {
            assertThat(query(database.of("scheduler"), "show fsync")).containsExactly("on");
            assertThat(query(database.of("scheduler"), "show synchronous_commit"))
                    .containsExactly("on");
        }
    }

    @Test
    void isForItsOwnerOnly() throws Exception {
        try (var database = Postgres.embedded(home)) {
            assertThat(query(database.of("scheduler"), "show listen_addresses")).containsExactly("127.0.0.1");
            assertThatThrownBy(
                            () -> DriverManager.getConnection(database.url().replaceFirst("password=.*", "password=x")))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void keepsRolesApart() throws Exception {
        try (var database = Postgres.embedded(home)) {
            execute(database.of("scheduler"), "insert into lease values ('alice', 'task 1')");

            var worker = database.of("worker");

            assertThat(query(worker, "select count(*) from result")).containsExactly("0");
            assertThatThrownBy(() -> query(worker, "select * from lease")).hasMessageContaining("does not exist");
        }
    }

    @Test
    void refusesTablesThatANewerProgramHasWritten() throws Exception {
        try (var database = Postgres.embedded(home)) {
            execute(
                    database.of("scheduler"),
                    "insert into flyway_schema_history select 2, '2', 'newer', type, 'V2__newer.sql', 7, installed_by,"
                            + " now(), 1, true from flyway_schema_history where version = '1'");

            assertThatThrownBy(() -> database.of("scheduler"))
                    .isInstanceOf(Postgres.Unusable.class)
                    .hasMessage("a newer program has brought the tables of scheduler to version 2, which this one does"
                            + " not know: start the newer one");
        }
    }

    @Test
    void refusesARoleWithoutTables() throws Exception {
        try (var database = Postgres.embedded(home)) {
            assertThatThrownBy(() -> database.of("nobody")).isInstanceOf(FlywayException.class);
        }
    }

    @Test
    void usesSomebodyElsesServer() throws Exception {
        try (var theirs = Postgres.embedded(home);
                var ours = Postgres.at(theirs.url())) {
            execute(ours.of("scheduler"), "insert into lease values ('alice', 'task 1')");

            assertThat(query(theirs.of("scheduler"), "select worker from lease"))
                    .containsExactly("alice");
        }
    }

    private static void execute(DataSource database, String sql) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> query(DataSource database, String sql) throws SQLException {
        try (var connection = database.getConnection();
                var rows = connection.createStatement().executeQuery(sql)) {
            var answers = new ArrayList<String>();
            while (rows.next()) {
                answers.add(rows.getString(1));
            }
            return answers;
        }
    }
}
