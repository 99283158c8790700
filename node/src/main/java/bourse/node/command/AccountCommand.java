package bourse.node.command;

import bourse.node.Home;
import bourse.node.Problem;
import bourse.protocol.Address;
import bourse.protocol.Rlc;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `bourse account`.
@Command(name = "account", description = "Looks at accounts.", subcommands = AccountCommand.Show.class)
final class AccountCommand {

    /// `bourse account show`.
    @Command(name = "show", mixinStandardHelpOptions = true, description = "Somebody's money, and his score.")
    static final class Show implements Callable<Integer> {
        @Mixin
        private Common common = new Common();

        @Parameters(
                index = "0",
                paramLabel = "ADDRESS",
                description = "An address, or the name of a wallet in the home. Default: requester",
                defaultValue = "requester")
        private String account = "requester";

        /// @param tokens what it holds outside of the market
        record Answer(Address account, Rlc free, Rlc locked, Rlc tokens, long score) {}

        @Override
        public Integer call() throws Exception {
            var home = common.home();
            var address = address(home);
            try (var market = common.market(home)) {
                var money = market.chain().account(address);
                var answer = new Answer(
                        address,
                        money.free(),
                        money.locked(),
                        market.chain().wallet(address),
                        market.chain().score(address));
                common.print(answer, """
                        account   %s
                        free      %s
                        locked    %s
                        tokens    %s, outside of the market
                        score     %d
                        """.formatted(
                                answer.account(), answer.free(), answer.locked(), answer.tokens(), answer.score()));
            }
            return 0;
        }

        private Address address(Home home) throws Problem {
            if (account.startsWith("0x")) {
                return Address.parse(account);
            }
            return home.names().entrySet().stream()
                    .filter(entry -> entry.getValue().equals(account))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElseThrow(() -> new Problem(
                            Problem.REFUSED, "%s is neither an address nor a wallet in %s".formatted(account, home)));
        }
    }
}
