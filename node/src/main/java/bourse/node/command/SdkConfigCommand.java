package bourse.node.command;

import bourse.node.Doors;
import bourse.node.Home;
import bourse.node.Problem;
import bourse.node.Remote;
import bourse.node.SdkConfig;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `bourse sdk-config`.
@Command(
        name = "sdk-config",
        mixinStandardHelpOptions = true,
        description = "What iExec's clients need to know of the market that is up: their chain.json, and the options of"
                + " their library.")
final class SdkConfigCommand implements Callable<Integer> {
    @Mixin
    private Common common = new Common();

    @Option(names = "--chain-json", description = "Print the file chain.json, and nothing else.")
    private boolean chainJson;

    /// @param options of `new IExec({ ethProvider }, options)`
    record Answer(Map<String, Object> chainJson, URI ethProvider, Map<String, Object> options, String workerpool) {}

    @Override
    public Integer call() throws Exception {
        var home = common.home();
        var config = home.settings().chain().isElsewhere() ? ofServices(home) : ofLaptop(home);
        if (chainJson) {
            Common.OUT.println(Common.pretty(config.chainJson()));
            return 0;
        }
        common.print(
                new Answer(
                        config.chainJson(),
                        config.rpc(),
                        config.options(),
                        config.workerpool().toString()),
                """
                    chain.json, for the command iexec (also: bourse sdk-config --chain-json > chain.json):
                    %s

                    In a program, with the key of an account:
                    new IExec({ ethProvider: utils.getSignerFromPrivateKey("%s", key) }, %s)

                    workerpool  %s
                    """.formatted(
                                Common.pretty(config.chainJson()),
                                config.rpc(),
                                Common.pretty(config.options()),
                                config.workerpool()));
        return 0;
    }

    private static SdkConfig ofLaptop(Home home) throws Exception {
        var running = home.running()
                .orElseThrow(
                        () -> new Problem(Problem.REFUSED, "no market is up in %s; try `bourse up`".formatted(home)));
        if (running.pool().isEmpty()) {
            throw new Problem(
                    Problem.REFUSED,
                    "%s keeps up a chain, and no pool; iExec's clients need one, such as `bourse up` has"
                            .formatted(home));
        }
        try (var market = new Remote(home, running)) {
            return new SdkConfig(
                    market.chain().domain().chainId(),
                    running.rpc(),
                    running.hub(),
                    running.gateway(),
                    running.gateway(),
                    running.market(),
                    market.pool().workerpool(),
                    market.isNative());
        }
    }

    /// The services that a requester's `bourse.toml` names.
    private static SdkConfig ofServices(Home home) throws Exception {
        var settings = home.settings();
        var store = settings.storage().at();
        var book = settings.market().at();
        if (!store.startsWith("http") || book.isEmpty()) {
            throw new Problem(
                    Problem.REFUSED,
                    "iExec's clients fetch results from a `bourse blobs`, and ask a `bourse market` for all else: give"
                            + " storage.at and market.url in %s, as the two print them"
                                    .formatted(home.resolve("bourse.toml")));
        }
        try (var market = Doors.of(home, settings).signedBy(home.wallet("requester"))) {
            return new SdkConfig(
                    market.chain().domain().chainId(),
                    URI.create(settings.chain().rpc()),
                    settings.chain().market(),
                    URI.create(store),
                    book.get(),
                    book,
                    market.pool().workerpool(),
                    market.isNative());
        }
    }
}
