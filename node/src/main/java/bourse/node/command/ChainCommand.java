package bourse.node.command;

import bourse.chain.Anvil;
import bourse.chain.Deployment;
import bourse.node.Home.Running;
import bourse.node.Laptop;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bourse chain`: a chain for trying things, with a market on it.
@Command(
        name = "chain",
        mixinStandardHelpOptions = true,
        description = "Keeps up a chain of play money with a market on it, for services to be tried on. `bourse fund`"
                + " with the same --home gives money away.")
final class ChainCommand implements Callable<Integer> {
    @Mixin
    private Common common = new Common();

    @Option(names = "--port", paramLabel = "N", description = "Where it listens, on the loopback interface.")
    private int port;

    record Answer(URI rpc, bourse.protocol.Address hub, long chainId) {}

    @Override
    public Integer call() throws Exception {
        var home = common.home();
        var settings = home.settings();
        try (var _ = home.lock();
                var anvil = Anvil.at(home.resolve("chain"), Anvil.Options.DEFAULT.withPort(port))) {
            var bank = home.wallet("bank");
            anvil.fund(bank.address(), Laptop.BANK);
            var deployment = Deployment.at(
                    home.resolve("chain/deployment.json"),
                    anvil.uri(),
                    bank,
                    settings.market().draw(),
                    settings.market().money());
            home.announce(new Running(
                    ProcessHandle.current().pid(),
                    anvil.uri(),
                    deployment.hub(),
                    anvil.uri(),
                    Optional.empty(),
                    Optional.empty()));
            common.print(new Answer(anvil.uri(), deployment.hub(), anvil.chainId()), """
                    The chain is up. Ctrl-C ends it; it goes on at the next start. For the bourse.toml of each service:
                    [chain]
                    rpc = "%s"
                    hub = "%s"
                    """.formatted(
                            anvil.uri(), deployment.hub()));
            new CountDownLatch(1).await(); // until interrupted
        } catch (InterruptedException _) {
            System.err.println("bourse: the chain is down.");
        } finally {
            home.retract();
        }
        return 0;
    }
}
