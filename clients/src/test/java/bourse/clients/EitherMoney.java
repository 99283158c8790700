package bourse.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bourse.protocol.Account;
import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Bytes32;
import bourse.protocol.Contribution;
import bourse.protocol.DealId;
import bourse.protocol.Order;
import bourse.protocol.OrderBook;
import bourse.protocol.Result;
import bourse.protocol.ResultArchive;
import bourse.protocol.Rlc;
import bourse.protocol.Tag;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import bourse.wire.OrderJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// What the library and the command do whatever the market's money is; version 8.24.0 all of it. Who extends this has a
/// method `clients`, the npm packages that know such money.
abstract class EitherMoney {
    private static final String CLIENT = "iexec";

    @TempDir
    Path directory;

    /* ACCOUNTS */

    /// What the clients say somebody has in his wallet who was given 20 RLC.
    abstract String twenty();

    /// What gas may have taken of that at most.
    abstract Rlc gas();

    @ParameterizedTest
    @MethodSource("clients")
    void theLibraryFillsShowsAndEmptiesAnAccount(String client, Stand stand) throws Exception {
        var person = stand.person("20");

        var told = stand.script("account", client, person, Map.of("deposit", "5000000000", "withdraw", "2000000000"));

        assertThat(told.path("before").asString()).isEqualTo(twenty());
        assertThat(told.path("deposited").asString()).isEqualTo("5000000000");
        assertThat(told.path("withdrawn").asString()).isEqualTo("2000000000");
        assertThat(told.path("stake").asString()).isEqualTo("3000000000");
        assertThat(told.path("locked").asString()).isEqualTo("0");
        assertThat(stand.chain().account(person.address())).isEqualTo(new Account(Rlc.parse("3"), Rlc.ZERO));
        var left = Rlc.ofNano(Long.parseLong(twenty())).minus(Rlc.parse("3"));
        assertThat(Rlc.ofNano(Long.parseLong(told.path("after").asString()))).isBetween(left.minus(gas()), left);
        assertThat(stand.chain().wallet(person.address())).isBetween(left.minus(gas()), left);
    }

    @ParameterizedTest
    @MethodSource("clients")
    void theCommandMakesAWalletAndFillsShowsAndEmptiesItsAccount(String client, Stand stand) throws Exception {
        var project = new Project(stand, client, directory);
        var created = project.ok("wallet", "create", "--keystoredir", project.keys(), "--password", Stand.PASSWORD);
        var me = project.wallet().address();
        assertThat(created.path("address").asString()).isEqualTo(me.toString());

        assertThat(project.refused("account", "deposit", "5", "RLC")).isEqualTo("Deposit amount exceed wallet balance");
        stand.fund(me, "20");
        var shown = project.signed("wallet", "show");
        assertThat(shown.at("/wallet/address").asString()).isEqualTo(me.toString());
        assertThat(shown.at("/balance/nRLC").asString()).isEqualTo(twenty());

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

    /* ASSETS */

    @ParameterizedTest
    @MethodSource("clients")
    void theLibraryDeploysShowsCountsAndHandsOnAssets(String client, Stand stand) throws Exception {
        var owner = stand.person("1");
        var heir = stand.person("1");

        var told = stand.script(
                "assets", client, owner, Map.of("heir", heir.address().toString()));

        assertThat(told.at("/shown/app/appName").asString()).isEqualTo("hello");
        assertThat(told.at("/shown/app/owner").asString())
                .isEqualTo(owner.address().toString());
        assertThat(told.at("/shown/dataset/datasetName").asString()).isEqualTo("numbers");
        assertThat(told.at("/shown/workerpool/workerpoolDescription").asString())
                .isEqualTo("a pool of one");
        assertThat(told.path("first")).isEqualTo(told.path("app"));
        assertThat(told.path("left").asString()).isEqualTo("0");
        assertThat(told.path("datasets").asString()).isEqualTo("1");
        assertThat(told.path("workerpools").asString()).isEqualTo("1");
        var app = stand.chain().app(address(told, "app")).orElseThrow();
        assertThat(app.owner()).isEqualTo(heir.address());
        assertThat(app.type()).isEqualTo(Asset.App.DOCKER);
        assertThat(stand.chain().dataset(address(told, "dataset")).orElseThrow().owner())
                .isEqualTo(owner.address());
        assertThat(stand.chain()
                        .workerpool(address(told, "workerpool"))
                        .orElseThrow()
                        .owner())
                .isEqualTo(owner.address());
    }

    @ParameterizedTest
    @MethodSource("clients")
    void theCommandDeploysShowsCountsAndHandsOnAssets(String client, Stand stand) throws Exception {
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

    /* ORDERS */

    @ParameterizedTest
    @MethodSource("clients")
    void theLibrarySignsAnOrderAsItIsReadHereAndClosesItForGood(String client, Stand stand) throws Exception {
        var owner = stand.person("1");
        var app = stand.wasm(owner.wallet(), Programs.INDEX);

        var told = stand.script("orders", client, owner, Map.of("app", app.toString()));

        var fields = told.path("apporder");
        var order = new Order.App(
                app,
                Rlc.ofNano(7),
                3,
                new Tag(Bytes32.parse(fields.path("tag").asString())),
                Address.ZERO,
                Address.ZERO,
                Address.ZERO,
                Bytes32.parse(fields.path("salt").asString()));
        var hash = stand.chain().domain().hash(order);
        assertThat(told.path("hash").asString()).isEqualTo(hash.toString());
        assertThat(fields.path("sign").asString())
                .isEqualTo(stand.chain()
                        .domain()
                        .sign(order, owner.wallet())
                        .signature()
                        .toString());
        assertThat(stand.chain().consumed(order)).isEqualTo(3);
    }

    @Test
    void theLibraryPublishesFindsAndWithdrawsOrders(Stand stand) throws Exception {
        var person = stand.person("20");
        stand.chain().submit(person.wallet(), new Transaction.Deposit(Rlc.parse("10")));
        var app = stand.wasm(person.wallet(), Programs.INDEX);

        var told = stand.script("market", CLIENT, person, Map.of("app", app.toString()));

        assertThat(told.path("found").asString()).isEqualTo("5");
        assertThat(told.path("status").asString()).isEqualTo("open");
        assertThat(told.path("listed").asInt()).isEqualTo(1);
        assertThat(told.path("after").asInt()).isZero();
        assertThat(told.path("unpublished")).isEqualTo(told.path("hash"));
        assertThat(told.path("deals").get(0)).isEqualTo(told.path("dealid"));
        assertThat(stand.chain().deal(DealId.parse(told.path("dealid").asString())))
                .get()
                .satisfies(deal -> assertThat(deal.requester()).isEqualTo(person.address()));
    }

    @Test
    void theCommandSignsPublishesFindsAndClosesOrdersOfEveryKind(Stand stand) throws Exception {
        var project = Project.withWallet(stand, CLIENT, directory);
        var me = project.wallet().address();
        stand.fund(me, "20");
        project.signed("account", "deposit", "10", "RLC");
        for (var kind : List.of("app", "dataset", "workerpool")) {
            project.signed(kind, "init");
            project.signed(kind, "deploy");
        }
        project.signed("order", "init");
        var config = project.read("iexec.json");
        config.withObject("/order/requestorder").set("app", config.at("/order/apporder/app"));
        config.withObject("/order/apporder").put("appprice", "3").put("volume", "10");
        project.write("iexec.json", config);

        project.signed("order", "sign", "--force");
        var signed = project.read("orders.json").path(Long.toString(stand.config.chainId()));
        project.signed("order", "publish", "--app", "--dataset", "--workerpool", "--request", "--force");
        for (var kind : OrderBook.Kind.values()) {
            var name = kind.name().toLowerCase(Locale.ROOT);
            var order = OrderJson.read(signed.path(name + "order")).order();
            var hash = stand.chain().domain().hash(order);
            assertThat(stand.market.book().find(hash))
                    .get()
                    .satisfies(found -> assertThat(found.signer()).isEqualTo(me));
            var listed = kind == OrderBook.Kind.REQUEST
                    ? project.ok("orderbook", "requester", me.toString())
                    : project.ok(
                            "orderbook",
                            name,
                            signed.at("/%1$sorder/%1$s".formatted(name)).asString());
            assertThat(listed.toString()).as(name).contains(hash.toString());

            project.signed("order", "cancel", "--" + name, "--force");

            assertThat(stand.chain().consumed(order)).as(name).isEqualTo(order.volume());
            assertThat(project.says("order", "cancel", "--" + name, "--force")).contains("already canceled");
        }
    }

    /* DEALS AND TASKS */

    private Project withMoney(Stand stand) throws Exception {
        var project = Project.withWallet(stand, CLIENT, directory);
        stand.fund(project.wallet().address(), "20");
        project.signed("account", "deposit", "10", "RLC");
        return project;
    }

    @Test
    void theCommandSignsAndFillsOrdersAndFollowsThemToTheResult(Stand stand) throws Exception {
        var project = withMoney(stand);
        var me = project.wallet();
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
        requireVoted(onChain);
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
    void theCommandRunsAnAppOnWhichSeveralWorkersVoteAtTheMarketsPrice(Stand stand) throws Exception {
        var project = withMoney(stand);
        var me = project.wallet();
        var app = stand.wasm(me, Programs.PRIMES).toString();

        var run = project.signed(
                "app", "run", app, "--args", "1000", "--trust", "10", "--category", "0", "--watch", "--force");

        var task = DealId.parse(run.at("/deals/0/dealid").asString()).task(0);
        project.signed("task", "show", task.toString(), "--watch", "--download", "result");
        var completed = completed(stand, task);
        assertThat(completed.contributions()).hasSizeGreaterThan(1);
        ResultArchive.unpack(project.file("result.zip"), Files.createDirectory(project.file("result")));
        assertThat(Result.read(project.file("result")).digest()).isEqualTo(completed.digest());
    }

    @Test
    void theLibraryClaimsADealThatNobodyServedAfterItsDeadline(Stand stand) throws Exception {
        var category = stand.shortCategory();
        var person = stand.person("1");
        stand.chain().submit(person.wallet(), new Transaction.Deposit(Rlc.parse("1")));
        var app = stand.wasm(person.wallet(), Programs.INDEX);

        var told = stand.script("claim", CLIENT, person, Map.of("app", app.toString(), "category", category));

        assertThat(told.path("locked").asString()).isEqualTo("1300");
        assertThat(told.at("/early/message").asString())
                .startsWith("Cannot claim a deal before reaching the final time");
        assertThat(told.path("last").asString()).isEqualTo("DEAL_TIMEDOUT");
        assertThat(told.path("claimed").toString()).contains(told.path("taskid").asString());
        assertThat(told.path("statusName").asString()).isEqualTo("FAILED");
        assertThat(stand.chain().task(TaskId.parse(told.path("taskid").asString())))
                .get()
                .isInstanceOf(Task.Failed.class);
        // The price is back; the pool's stake is the kitty's.
        assertThat(stand.chain().account(person.address()))
                .isEqualTo(new Account(Rlc.parse("1").minus(Rlc.ofNano(300)), Rlc.ZERO));
    }

    @Test
    void theCommandClaimsADealThatNobodyServedAfterItsDeadline(Stand stand) throws Exception {
        var category = stand.shortCategory();
        var project = withMoney(stand);
        var me = project.wallet();
        project.signed("workerpool", "init");
        project.signed("workerpool", "deploy");
        var app = stand.wasm(me, Programs.INDEX).toString();
        project.signed("order", "init", "--workerpool");
        var config = project.read("iexec.json");
        config.withObject("/order/workerpoolorder")
                .put("workerpoolprice", "1000")
                .put("category", category);
        config.withObject("/order")
                .set("apporder", Stand.JSON.valueToTree(Map.of("app", app, "appprice", "0", "volume", "1")));
        config.withObject("/order")
                .set(
                        "requestorder",
                        Stand.JSON.valueToTree(
                                Map.of("app", app, "workerpoolmaxprice", "1000", "volume", "1", "category", category)));
        project.write("iexec.json", config);
        project.signed("order", "sign", "--app", "--workerpool", "--request", "--force");
        var deal = project.signed("order", "fill", "--force").path("dealid").asString();
        assertThat(project.refused("deal", "claim", deal)).contains("before reaching");

        await().atMost(Duration.ofSeconds(60))
                .until(() -> project.ok("deal", "show", deal)
                        .at("/deal/deadlineReached")
                        .asBoolean());
        project.signed("deal", "claim", deal);

        assertThat(stand.chain().task(DealId.parse(deal).task(0))).get().isInstanceOf(Task.Failed.class);
        // The price is back; the pool's stake is the kitty's.
        assertThat(stand.chain().account(me.address()))
                .isEqualTo(new Account(Rlc.parse("10").minus(Rlc.ofNano(300)), Rlc.ZERO));
    }

    static void requireVoted(Task.Completed task) {
        assertThat(task.contributions())
                .hasSizeGreaterThan(1)
                .extracting(Contribution::status)
                .containsOnly(Contribution.Status.PROVED);
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

    private static Address address(JsonNode told, String name) {
        return Address.parse(told.path(name).asString());
    }
}
