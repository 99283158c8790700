package bourse.clients;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Account;
import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.protocol.DealId;
import bourse.protocol.Order;
import bourse.protocol.Result;
import bourse.protocol.ResultArchive;
import bourse.protocol.Rlc;
import bourse.protocol.Tag;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Wallet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    @ParameterizedTest
    @ValueSource(strings = {"iexec", "iexec9"})
    void assetsAreDeployedShownCountedAndHandedOn(String client, Stand stand) throws Exception {
        var project = Project.withWallet(stand, client, directory);
        var me = project.wallet().address();
        var heir = Wallet.random().address();
        stand.fund(me, "1");

        for (var kind : List.of("app", "dataset", "workerpool")) {
            project.signed(kind, "init");
            var asset = project.signed(kind, "deploy").path("address").asString();
            assertThat(project.ok(kind, "show", asset).at("/" + kind + "/owner").asString())
                    .isEqualTo(me.toString());
            assertThat(project.signed(kind, "count").path("count").asString()).isEqualTo("1");
            project.signed(kind, "transfer", asset, "--to", heir.toString(), "--force");
            assertThat(owner(stand, kind, Address.parse(asset))).isEqualTo(heir);
        }
    }

    @Test
    void ordersAreSignedFilledAndFollowedToTheResult(Stand stand) throws Exception {
        var project = Project.withWallet(stand, "iexec", directory);
        var me = project.wallet();
        stand.fund(me.address(), "20");
        project.signed("account", "deposit", "10", "RLC");
        var app = stand.wasm(me, Programs.PRIMES).toString();
        project.order(app, stand.poolsOrder(10), "1000");
        var deal = project.signed("order", "fill", "--force").path("dealid").asString();

        var shown = project.ok("deal", "show", deal, "--watch");
        var task = DealId.parse(deal).task(0);
        assertThat(shown.path("completedTasksCount").asInt()).isEqualTo(1);
        assertThat(shown.at("/deal/requester").asString())
                .isEqualTo(me.address().toString());
        assertThat(shown.at("/tasks/0/taskid").asString()).isEqualTo(task.toString());
        var downloaded = project.signed("task", "show", task.toString(), "--watch", "--download", "result");
        assertThat(downloaded.at("/task/statusName").asString()).isEqualTo("COMPLETED");
        var onChain = completed(stand, task);
        ResultArchive.unpack(project.file("result.zip"), Files.createDirectory(project.file("result")));
        assertThat(Result.read(project.file("result")).digest()).isEqualTo(onChain.digest());
        assertThat(project.file("result/primes.txt")).content().startsWith("168 primes up to 1000");

        var debug = project.signed("task", "debug", task.toString(), "--logs");
        assertThat(debug.at("/offchainData/task/status").asString()).isEqualTo("COMPLETED");
        assertThat(debug.at("/offchainData/replicates")).hasSameSizeAs(onChain.contributions());
        assertThat(debug.at("/appLogs/0/stdout").asString()).isEqualTo("168 primes up to 1000\n");
        assertThat(debug.path("appLogs")).hasSameSizeAs(onChain.contributions());
        assertThat(project.refused("task", "claim", task.toString())).contains("status COMPLETED");
    }

    @Test
    void anOrderIsClosedForGood(Stand stand) throws Exception {
        var project = Project.withWallet(stand, "iexec", directory);
        stand.fund(project.wallet().address(), "1");
        var app = stand.wasm(project.wallet(), Programs.INDEX);
        var orders = project.read("iexec.json");
        orders.set(
                "order",
                Stand.JSON.valueToTree(Map.of(
                        "apporder", Map.of("app", app.toString(), "appprice", "3", "volume", "10", "tag", List.of()))));
        project.write("iexec.json", orders);

        var order = project.signed("order", "sign", "--app", "--force").path("apporder");
        project.signed("order", "cancel", "--app", "--force");

        assertThat(stand.chain()
                        .consumed(new Order.App(
                                app,
                                Rlc.ofNano(3),
                                10,
                                Tag.NONE,
                                Address.ZERO,
                                Address.ZERO,
                                Address.ZERO,
                                Bytes32.parse(order.path("salt").asString()))))
                .isEqualTo(10);
        assertThat(project.says("order", "cancel", "--app", "--force")).contains("already canceled");
    }

    private static Address owner(Stand stand, String kind, Address asset) throws InterruptedException {
        return switch (kind) {
            case "app" -> stand.chain().app(asset).orElseThrow().owner();
            case "dataset" -> stand.chain().dataset(asset).orElseThrow().owner();
            default -> stand.chain().workerpool(asset).orElseThrow().owner();
        };
    }

    private static Task.Completed completed(Stand stand, TaskId id) throws InterruptedException {
        var task = stand.chain().task(id).orElseThrow();
        assertThat(task).isInstanceOf(Task.Completed.class);
        return (Task.Completed) task;
    }
}
