package bourse.clients;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Account;
import bourse.protocol.Address;
import bourse.protocol.Contribution;
import bourse.protocol.DealId;
import bourse.protocol.Result;
import bourse.protocol.ResultArchive;
import bourse.protocol.Rlc;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Transaction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A market whose money is the chain's own coin, as the library and the command use it: version 8, for 9 knows no such.
@ExtendWith(OneMarket.OfCoins.class)
class NativeTest {
    private static final String CLIENT = "iexec";

    @TempDir
    Path directory;

    @Test
    void theLibraryDepositsAndWithdrawsCoins(Stand stand) throws Exception {
        var person = stand.person("20");

        var told = stand.script("account", CLIENT, person, Map.of("deposit", "5000000000", "withdraw", "2000000000"));

        // With the coin that everyone here has for gas.
        assertThat(told.path("before").asString()).isEqualTo("21000000000");
        assertThat(told.path("stake").asString()).isEqualTo("3000000000");
        assertThat(told.path("locked").asString()).isEqualTo("0");
        assertThat(stand.chain().account(person.address())).isEqualTo(new Account(Rlc.parse("3"), Rlc.ZERO));
        assertThat(stand.chain().wallet(person.address())).isBetween(Rlc.parse("17.9"), Rlc.parse("18"));
    }

    @Test
    void theLibrarySellsAnAppAndSeveralWorkersVoteOnADealThatIsPaidInCoins(Stand stand) throws Exception {
        var person = stand.person("20");
        stand.chain().submit(person.wallet(), new Transaction.Deposit(Rlc.parse("10")));
        var app = stand.wasm(person.wallet(), Programs.INDEX);
        var zip = directory.resolve("result.zip");

        var told = stand.aided(
                "deal",
                CLIENT,
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
        var task = completed(stand, TaskId.parse(told.path("taskid").asString()));
        requireVotedAndDelivered(task, zip);
        // His own app's price comes back to him.
        assertThat(stand.chain().account(person.address()))
                .isEqualTo(new Account(Rlc.parse("10").minus(deal.workerpool().price()), Rlc.ZERO));
    }

    @Test
    void theCommandDepositsSignsFillsFollowsAndDownloads(Stand stand) throws Exception {
        var project = Project.withWallet(stand, CLIENT, directory);
        var me = project.wallet();
        stand.fund(me.address(), "20");
        var shown = project.signed("wallet", "show");
        assertThat(shown.at("/balance/nRLC").asString()).isEqualTo("21000000000");
        assertThat(project.ok("info").path("useNative").asBoolean()).isTrue();
        assertThat(project.refused("account", "deposit", "22", "RLC"))
                .isEqualTo("Deposit amount exceed wallet balance");
        project.signed("account", "deposit", "12", "RLC");
        project.signed("account", "withdraw", "2", "RLC");
        assertThat(stand.chain().account(me.address())).isEqualTo(new Account(Rlc.parse("10"), Rlc.ZERO));

        project.signed("app", "init");
        var deployed = project.signed("app", "deploy").path("address").asString();
        assertThat(stand.chain().app(Address.parse(deployed)).orElseThrow().owner())
                .isEqualTo(me.address());
        project.order(stand.wasm(me, Programs.PRIMES).toString(), stand.poolsOrder(10), "1000");
        var deal = project.signed("order", "fill", "--force").path("dealid").asString();

        assertThat(project.ok("deal", "show", deal, "--watch")
                        .path("completedTasksCount")
                        .asInt())
                .isEqualTo(1);
        var task = DealId.parse(deal).task(0);
        project.signed("task", "show", task.toString(), "--download", "result");
        requireVotedAndDelivered(completed(stand, task), project.file("result.zip"));
        assertThat(project.file("result/primes.txt")).content().startsWith("168 primes up to 1000");
    }

    @Test
    void version9RefusesAChainOfSuchAMarket(Stand stand) throws Exception {
        var project = Project.withWallet(stand, "iexec9", directory);

        assertThat(project.refused("account", "show")).contains("Unknown key");
    }

    private void requireVotedAndDelivered(Task.Completed task, Path zip) throws Exception {
        assertThat(task.contributions())
                .hasSizeGreaterThan(1)
                .extracting(Contribution::status)
                .containsOnly(Contribution.Status.PROVED);
        var result = Files.createDirectory(directory.resolve("result"));
        ResultArchive.unpack(zip, result);
        assertThat(Result.read(result).digest()).isEqualTo(task.digest());
    }

    private static Task.Completed completed(Stand stand, TaskId id) throws InterruptedException {
        var task = stand.chain().task(id).orElseThrow();
        assertThat(task).isInstanceOf(Task.Completed.class);
        return (Task.Completed) task;
    }
}
