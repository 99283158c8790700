package bourse.clients;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Account;
import bourse.protocol.DealId;
import bourse.protocol.Result;
import bourse.protocol.ResultArchive;
import bourse.protocol.Rlc;
import bourse.protocol.Transaction;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A market whose money is the chain's own coin, as iExec's sidechain: version 9 knows no such.
@ExtendWith(OneMarket.OfCoins.class)
class CoinTest extends EitherMoney {
    static List<String> clients() {
        return List.of("iexec");
    }

    /// With the coin that everyone here has for gas.
    @Override
    String twenty() {
        return "21000000000";
    }

    @Override
    Rlc gas() {
        return Rlc.parse("0.1");
    }

    @Test
    void theCommandKnowsThatMoneyIsTheChainsOwn(Stand stand) throws Exception {
        assertThat(new Project(stand, "iexec", directory)
                        .ok("info")
                        .path("useNative")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void theLibrarySellsAnAppAndSeveralWorkersVoteOnADealThatIsPaidInCoins(Stand stand) throws Exception {
        var person = stand.person("20");
        stand.chain().submit(person.wallet(), new Transaction.Deposit(Rlc.parse("10")));
        var app = stand.wasm(person.wallet(), Programs.INDEX);
        var zip = directory.resolve("result.zip");

        var told = stand.aided(
                "deal",
                "iexec",
                person,
                Map.of(
                        "app", app.toString(),
                        "trust", 10,
                        "params", Map.of(),
                        "workerpoolorder", stand.poolsOrder(10),
                        "zip", zip.toString()));

        var deal =
                stand.chain().deal(DealId.parse(told.path("dealid").asString())).orElseThrow();
        assertThat(deal.requester()).isEqualTo(person.address());
        assertThat(deal.trust()).isEqualTo(10);
        assertThat(told.path("statusName").asString()).isEqualTo("COMPLETED");
        var task = SdkTest.completed(stand, told);
        requireVoted(task);
        ResultArchive.unpack(zip, Files.createDirectory(directory.resolve("result")));
        assertThat(Result.read(directory.resolve("result")).digest()).isEqualTo(task.digest());
        // His own app's price comes back to him.
        assertThat(stand.chain().account(person.address()))
                .isEqualTo(new Account(Rlc.parse("10").minus(deal.workerpool().price()), Rlc.ZERO));
    }

    @Test
    void version9RefusesAChainOfSuchAMarket(Stand stand) throws Exception {
        var project = Project.withWallet(stand, "iexec9", directory);

        assertThat(project.refused("account", "show")).contains("Unknown key");
    }
}
