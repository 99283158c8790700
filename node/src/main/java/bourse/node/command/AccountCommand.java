package bourse.node.command;

import bourse.node.Home;
import bourse.node.Problem;
import bourse.protocol.Address;
import bourse.protocol.Rlc;
import bourse.protocol.Transaction;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bourse account`.
@Command(
        name = "account",
        description = "Looks at accounts, fills and empties one's own.",
        subcommands = {AccountCommand.Show.class, AccountCommand.Deposit.class, AccountCommand.Withdraw.class})
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

    /// `bourse account deposit`.
    @Command(
            name = "deposit",
            mixinStandardHelpOptions = true,
            description = "Puts money of a wallet in the home into its account in the market.")
    static final class Deposit extends Move {
        @Override
        Transaction of(Rlc amount) {
            return new Transaction.Deposit(amount);
        }
    }

    /// `bourse account withdraw`.
    @Command(
            name = "withdraw",
            mixinStandardHelpOptions = true,
            description = "Takes money that is free in the market back to the wallet in the home whose it is.")
    static final class Withdraw extends Move {
        @Override
        Transaction of(Rlc amount) {
            return new Transaction.Withdraw(amount);
        }
    }

    /// Between a wallet and its account.
    abstract static class Move implements Callable<Integer> {
        @Mixin
        private Common common = new Common();

        @Parameters(index = "0", paramLabel = "RLC")
        private String amount = "";

        @Option(names = "--wallet", paramLabel = "NAME", description = "Of whom. Default: requester")
        private String name = "requester";

        /// What an account has then.
        record Moved(Address account, Rlc free) {}

        abstract Transaction of(Rlc amount);

        @Override
        public Integer call() throws Exception {
            var home = common.home();
            var move = of(Rlc.parse(amount));
            try (var market = common.market(home)) {
                var wallet = home.wallet(name);
                market.chain().submit(wallet, move);
                var answer = new Moved(
                        wallet.address(),
                        market.chain().account(wallet.address()).free());
                common.print(answer, "%s has %s free in the market now".formatted(answer.account(), answer.free()));
            }
            return 0;
        }
    }
}
