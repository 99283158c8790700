package bourse.node.command;

import bourse.chain.RpcChain;
import bourse.node.Problem;
import bourse.protocol.Address;
import bourse.protocol.Rlc;
import bourse.protocol.Transaction;
import java.math.BigInteger;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bourse fund`: play money for everyone.
@Command(
        name = "fund",
        mixinStandardHelpOptions = true,
        description = "Gives play money away, on the chain that `bourse chain` or `bourse up` keeps up in --home: coins"
                + " for gas, and tokens; where coins are the market's money, coins alone.")
final class FundCommand implements Callable<Integer> {
    private static final BigInteger COINS = BigInteger.TEN.pow(20);

    @Mixin
    private Common common = new Common();

    @Option(names = "--tokens", paramLabel = "RLC", description = "How many for each. Default: ${DEFAULT-VALUE}")
    private String tokens = "10000";

    @Parameters(arity = "1..*", paramLabel = "ADDRESS", description = "Who gets it.")
    private List<String> accounts = List.of();

    record Answer(Address account, Rlc tokens) {}

    @Override
    public Integer call() throws Exception {
        var home = common.home();
        var addresses = accounts.stream().map(Address::parse).toList();
        var amount = Rlc.parse(tokens);
        var running = home.running()
                .orElseThrow(() -> new Problem(
                        Problem.REFUSED, "no chain is up in %s; start one there: bourse chain".formatted(home)));
        var bank = home.wallet("bank");
        try (var chain = RpcChain.connect(running.rpc(), running.hub())) {
            for (var address : addresses) {
                if (!chain.market().isNative()) {
                    chain.pay(bank, address, COINS);
                }
                chain.submit(bank, new Transaction.Transfer(address, amount));
                common.print(
                        new Answer(address, chain.wallet(address)),
                        "%s has %s now".formatted(address, chain.wallet(address)));
            }
        }
        return 0;
    }
}
