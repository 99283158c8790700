package bourse.node.command;

import bourse.node.BlobsService;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `bourse blobs`.
@Command(
        name = "blobs",
        mixinStandardHelpOptions = true,
        description = "Keeps programs and results for others: anyone may fetch, whoever has something in the market"
                + " may store.")
final class BlobsCommand implements Callable<Integer> {
    @Mixin
    private Common common = new Common();

    @Override
    public Integer call() throws Exception {
        var home = common.home();
        try (var service = BlobsService.start(home, home.settings())) {
            common.print(service.where(), """
                    The store is up. Ctrl-C ends it. For the bourse.toml of everyone else:
                    [storage]
                    at = "%s"
                    store = "%s"
                    """.formatted(
                            service.where().url(), service.where().store()));
            new CountDownLatch(1).await(); // until interrupted
        } catch (InterruptedException _) {
            System.err.println("bourse: the store is down.");
        }
        return 0;
    }
}
