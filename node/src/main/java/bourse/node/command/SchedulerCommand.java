package bourse.node.command;

import bourse.node.SchedulerService;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `bourse scheduler`.
@Command(
        name = "scheduler",
        mixinStandardHelpOptions = true,
        description = "Leads a workerpool, on the chain that bourse.toml names, for workers on other machines. Several"
                + " with the same database serve one pool.")
final class SchedulerCommand implements Callable<Integer> {
    @Mixin
    private Common common = new Common();

    @Override
    public Integer call() throws Exception {
        var home = common.home();
        try (var service = SchedulerService.start(home, home.settings())) {
            common.print(service.where(), """
                    The scheduler is up. Ctrl-C ends it: workers go to another one of the pool, or wait for the next.
                    For the bourse.toml of workers and requesters:
                    [pool]
                    address = "%s"
                    url = "%s"
                    """.formatted(
                            service.where().workerpool(), service.where().url()));
            new CountDownLatch(1).await(); // until interrupted
        } catch (InterruptedException _) {
            System.err.println("bourse: the scheduler is down.");
        }
        return 0;
    }
}
