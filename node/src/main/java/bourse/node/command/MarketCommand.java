package bourse.node.command;

import bourse.node.MarketService;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `bourse market`.
@Command(
        name = "market",
        mixinStandardHelpOptions = true,
        description = "Keeps the order book, on the chain that bourse.toml names: everyone may look, whoever has signed"
                + " an order may show it. iExec's clients find it as they expect it.")
final class MarketCommand implements Callable<Integer> {
    @Mixin
    private Common common = new Common();

    @Override
    public Integer call() throws Exception {
        var home = common.home();
        try (var service = MarketService.start(home, home.settings())) {
            common.print(service.where(), """
                    The market is up. Ctrl-C ends it. For the bourse.toml of pools and requesters:
                    [market]
                    url = "%s"
                    """.formatted(service.where().url()));
            new CountDownLatch(1).await(); // until interrupted
        } catch (InterruptedException _) {
            System.err.println("bourse: the market is down.");
        }
        return 0;
    }
}
