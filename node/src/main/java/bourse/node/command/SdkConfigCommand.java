package bourse.node.command;

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
            var config = new SdkConfig(
                    market.chain().domain().chainId(),
                    running.rpc(),
                    running.hub(),
                    running.gateway(),
                    running.market(),
                    market.pool().workerpool(),
                    market.isNative());
            if (chainJson) {
                Common.OUT.println(Common.pretty(config.chainJson()));
                return 0;
            }
            common.print(
                    new Answer(
                            config.chainJson(),
                            running.rpc(),
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
        }
        return 0;
    }
}
