package bourse.node.command;

import bourse.storage.Postgres;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bourse database`: PostgreSQL for those who have none.
@Command(
        name = "database",
        mixinStandardHelpOptions = true,
        description = "Keeps up a PostgreSQL of its own in --home, for schedulers on this machine that share it.")
final class DatabaseCommand implements Callable<Integer> {
    @Mixin
    private Common common = new Common();

    @Option(names = "--port", paramLabel = "N", description = "Where it listens, on the loopback interface.")
    private int port;

    record Answer(String url) {}

    @Override
    public Integer call() throws Exception {
        try (var postgres = Postgres.embedded(common.home().resolve("database"), port)) {
            common.print(new Answer(postgres.url()), """
                    The database is up. Ctrl-C ends it. For the bourse.toml of schedulers:
                    [database]
                    url = "%s"
                    """.formatted(postgres.url()));
            new CountDownLatch(1).await(); // until interrupted
        } catch (InterruptedException _) {
            System.err.println("bourse: the database is down.");
        }
        return 0;
    }
}
