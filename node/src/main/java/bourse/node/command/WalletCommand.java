package bourse.node.command;

import bourse.protocol.Address;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `bourse wallet`.
@Command(
        name = "wallet",
        mixinStandardHelpOptions = true,
        description = "Prints the address of a wallet in the home, and makes the wallet where there is none: a"
                + " keystore file in wallets/, under the password in BOURSE_PASSWORD, or in the file `password`.")
final class WalletCommand implements Callable<Integer> {
    @Mixin
    private Common common = new Common();

    @Parameters(
            index = "0",
            paramLabel = "NAME",
            defaultValue = "requester",
            description = "scheduler, worker, blobs or requester. Default: requester")
    private String name = "requester";

    record Answer(String name, Address address) {}

    @Override
    public Integer call() throws Exception {
        var address = common.home().wallet(name).address();
        common.print(new Answer(name, address), address.toString());
        return 0;
    }
}
