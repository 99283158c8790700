package bourse.clients;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Account;
import bourse.protocol.Result;
import bourse.protocol.ResultArchive;
import bourse.protocol.Rlc;
import bourse.protocol.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The command `iexec`, as a person uses it.
@ExtendWith(OneMarket.class)
class CommandTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"iexec", "iexec9"})
    void aNewWalletIsFilledAndItsAccountUsed(String client, Stand stand) throws Exception {
        var project = new Project(stand, client, directory);
        var created = project.ok("wallet", "create", "--keystoredir", project.keys(), "--password", Stand.PASSWORD);
        var me = project.wallet().address();
        assertThat(created.path("address").asString()).isEqualTo(me.toString());

        assertThat(project.refused("account", "deposit", "5", "RLC")).isEqualTo("Deposit amount exceed wallet balance");
        stand.fund(me, "20");
        var shown = project.signed("wallet", "show");
        assertThat(shown.at("/wallet/address").asString()).isEqualTo(me.toString());
        assertThat(shown.at("/balance/nRLC").asString()).isEqualTo("20000000000");

        project.signed("account", "deposit", "5", "RLC");
        project.signed("account", "withdraw", "2", "RLC");
        assertThat(project.signed("account", "show").at("/balance/stake").asString())
                .isEqualTo("3000000000");
        assertThat(stand.chain().account(me)).isEqualTo(new Account(Rlc.parse("3"), Rlc.ZERO));
        assertThat(project.refused("account", "withdraw", "4", "RLC"))
                .isEqualTo("Withdraw amount exceed account balance");
        assertThat(project.ok("category", "show", "0").at("/category/name").asString())
                .isEqualTo("XS");
        assertThat(project.ok("info").path("hubAddress").asString())
                .isEqualTo(stand.config.hub().toString());
    }

    @Test
    void version9ShowsADealItsTaskItsResultAndWhatItPrinted(Stand stand) throws Exception {
        var task = (Task.Completed) stand.chain().task(stand.votedTask()).orElseThrow();
        var project = Project.withWallet(stand, "iexec9", directory, stand.requester());

        var deal = project.ok("deal", "show", task.deal().toString(), "--watch");
        assertThat(deal.path("completedTasksCount").asInt()).isEqualTo(1);
        assertThat(deal.at("/tasks/0/taskid").asString()).isEqualTo(task.id().toString());

        var shown = project.signed("task", "show", task.id().toString(), "--download", "result");
        assertThat(shown.at("/task/statusName").asString()).isEqualTo("COMPLETED");
        ResultArchive.unpack(project.file("result.zip"), Files.createDirectory(project.file("result")));
        assertThat(Result.read(project.file("result")).digest()).isEqualTo(task.digest());

        var debug = project.signed("task", "debug", task.id().toString(), "--logs");
        assertThat(debug.at("/offchainData/task/status").asString()).isEqualTo("COMPLETED");
        assertThat(debug.at("/offchainData/replicates")).hasSameSizeAs(task.contributions());
        assertThat(debug.at("/appLogs/0/stdout").asString()).isEqualTo("0");

        assertThat(project.refused("deal", "claim", task.deal().toString())).contains("final time");
        assertThat(project.refused("task", "claim", task.id().toString())).contains("status COMPLETED");
    }
}
