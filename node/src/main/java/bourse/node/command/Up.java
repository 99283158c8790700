package bourse.node.command;

import bourse.node.Home.Running;
import bourse.node.Laptop;
import bourse.node.Laptop.Crew;
import bourse.node.Problem;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bourse up`: a market that stays.
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Starts a market on this machine, and keeps it up until Ctrl-C. Other commands find it.")
final class Up implements Callable<Integer> {
    @Mixin
    private Common common = new Common();

    @Option(names = "--workers", paramLabel = "N", description = "How many work. Default: workers.count in bourse.toml")
    private int workers;

    @Option(names = "--liars", paramLabel = "N", description = "How many of them lie.")
    private int liars;

    @Override
    public Integer call() throws Exception {
        var home = common.home();
        if (home.running().isPresent()) {
            throw new Problem(Problem.REFUSED, "a market is up in %s already".formatted(home));
        }
        var settings = home.settings();
        try (var laptop = Laptop.start(
                        home,
                        settings,
                        new Crew(workers > 0 ? workers : settings.workers().count(), liars));
                var pool = laptop.serve(settings.service().listening());
                var gateway = laptop.show(pool.uri(), settings.gateway().port())) {
            var market = laptop.trade(settings);
            var running = new Running(
                    ProcessHandle.current().pid(),
                    laptop.rpc(),
                    laptop.hub(),
                    gateway.uri(),
                    Optional.of(pool.uri()),
                    Optional.of(market));
            home.announce(running);
            common.print(running, """
                    The market is up. Ctrl-C ends it; what is under way goes on at the next start.
                    chain    %s (id %d)
                    hub      %s
                    gateway  %s
                    pool     %s
                    market   %s
                    sandbox  %s
                    home     %s
                    `bourse sdk-config` tells what iExec's clients need to know.
                    """.formatted(
                            running.rpc(),
                            laptop.chain().domain().chainId(),
                            running.hub(),
                            running.gateway(),
                            pool.uri(),
                            market,
                            laptop.isolation().description(),
                            home));
            new CountDownLatch(1).await(); // until interrupted
        } catch (InterruptedException _) {
            System.err.println("bourse: the market is down.");
        } finally {
            home.retract();
        }
        return 0;
    }
}
