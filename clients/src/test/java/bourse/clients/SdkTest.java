package bourse.clients;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.clients.Stand.Person;
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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The library, as a program uses it.
@ExtendWith(OneMarket.class)
class SdkTest {
    private static final String SDK = "iexec";

    @TempDir
    Path directory;

    @Test
    void severalWorkersVoteOnADealAndItsResultIsWhatTheChainPaidFor(Stand stand) throws Exception {
        var person = stand.person("20");
        stand.chain().submit(person.wallet(), new Transaction.Deposit(Rlc.parse("10")));
        var app = stand.wasm(person.wallet(), Programs.INDEX);
        var zip = directory.resolve("result.zip");

        var told = stand.aided(
                "deal",
                SDK,
                person,
                Map.of(
                        "app", app.toString(),
                        "trust", 10,
                        "params", Map.of("iexec_args", "one 'two three'"),
                        "workerpoolorder", stand.poolsOrder(10),
                        "zip", zip.toString()));

        var deal =
                stand.chain().deal(DealId.parse(told.path("dealid").asString())).orElseThrow();
        assertThat(deal.requester()).isEqualTo(person.address());
        assertThat(deal.trust()).isEqualTo(10);
        assertThat(told.path("statusName").asString()).isEqualTo("COMPLETED");
        assertThat(told.path("seen").toString()).contains("DEAL_COMPLETED COMPLETED");
        var task = completed(stand, told);
        assertThat(task.contributions())
                .hasSizeGreaterThanOrEqualTo(4)
                .extracting(Contribution::status)
                .containsOnly(Contribution.Status.PROVED);
        ResultArchive.unpack(zip, Files.createDirectory(directory.resolve("result")));
        assertThat(Result.read(directory.resolve("result")).digest()).isEqualTo(task.digest());
        assertThat(directory.resolve("result/stdout.txt")).hasContent("0");

        assertThat(told.at("/offchain/task/status").asString()).isEqualTo("COMPLETED");
        assertThat(told.at("/offchain/replicates")).hasSameSizeAs(task.contributions());
        assertThat(strings(told.path("contributors")))
                .containsExactlyElementsOf(task.contributions().stream()
                        .map(vote -> vote.worker().toString())
                        .toList());
        assertThat(told.path("logs")).hasSameSizeAs(task.contributions());
        assertThat(told.at("/logs/0/stdout").asString()).isEqualTo("0");
        requireReadBy9(stand, person, told);
    }

    /// Version 9 makes no deals without an enclave, and reads those that there are.
    private void requireReadBy9(Stand stand, Person person, JsonNode made) throws Exception {
        var zip = directory.resolve("again.zip");

        var told = stand.aided(
                "read",
                "iexec9",
                person,
                Map.of(
                        "dealid", made.path("dealid").asString(),
                        "taskid", made.path("taskid").asString(),
                        "zip", zip.toString()));

        assertThat(told.path("trust").asString()).isEqualTo("10");
        assertThat(told.path("statusName").asString()).isEqualTo("COMPLETED");
        assertThat(zip).hasSameBinaryContentAs(directory.resolve("result.zip"));
        for (var part : List.of("offchain", "logs")) {
            assertThat(told.path(part)).as(part).isEqualTo(made.path(part));
        }
        assertThat(strings(told.path("deals"))).contains(made.path("dealid").asString());
    }

    @Test
    void version9PublishesFindsAndWithdrawsOrdersThatAskForAnEnclave(Stand stand) throws Exception {
        var person = stand.person("1");
        var app = stand.wasm(person.wallet(), Programs.INDEX);

        var told = stand.script("publish", "iexec9", person, Map.of("app", app.toString()));

        assertThat(told.path("found").asString()).isEqualTo("5");
        assertThat(told.path("tag").asString()).endsWith("09");
        assertThat(told.path("listed").asInt()).isEqualTo(1);
        assertThat(told.path("unpublished")).isEqualTo(told.path("hash"));
        assertThat(told.path("after").asInt()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"iexec", "iexec9"})
    void withoutAidTheLibraryCanNotReadWhatSeveralHaveVotedOn(String client, Stand stand) throws Exception {
        var task = stand.votedTask();

        var told = stand.script("show", client, stand.bank, Map.of("taskid", task.toString()));
        var aided = stand.aided("show", client, stand.bank, Map.of("taskid", task.toString()));

        assertThat(told.path("message").asString()).startsWith("value at index 0 unnamed");
        assertThat(aided.path("done").asString()).isEqualTo("COMPLETED");
    }

    @Test
    void aDealOfOneVoteNeedsNoAid(Stand stand) throws Exception {
        var person = stand.person("20");
        stand.chain().submit(person.wallet(), new Transaction.Deposit(Rlc.parse("10")));
        var app = stand.wasm(person.wallet(), Programs.PRIMES);
        var zip = directory.resolve("result.zip");

        var told = stand.script(
                "deal",
                SDK,
                person,
                Map.of(
                        "app", app.toString(),
                        "trust", 1,
                        "params", Map.of("iexec_args", "1000"),
                        "workerpoolorder", stand.poolsOrder(1),
                        "zip", zip.toString()));

        assertThat(told.path("statusName").asString()).isEqualTo("COMPLETED");
        var task = completed(stand, told);
        ResultArchive.unpack(zip, Files.createDirectory(directory.resolve("result")));
        assertThat(Result.read(directory.resolve("result")).digest()).isEqualTo(task.digest());
        assertThat(directory.resolve("result/primes.txt")).content().startsWith("168");
    }

    @Test
    void whatIsRefusedIsToldInTheClientsOwnWords(Stand stand) throws Exception {
        var poor = stand.person("1");
        var app = stand.wasm(poor.wallet(), Programs.INDEX);

        var told = stand.script(
                "refused",
                SDK,
                poor,
                Map.of("app", app.toString(), "tooMuch", "2000000000", "workerpoolorder", stand.poolsOrder(1)));

        assertThat(told.at("/deposit/message").asString()).isEqualTo("Deposit amount exceed wallet balance");
        assertThat(told.at("/withdraw/message").asString()).isEqualTo("Withdraw amount exceed account balance");
        assertThat(told.at("/match/message").asString())
                .startsWith("Cost per task (1000000000) is greater than requester account stake (0)");
        assertThat(told.at("/signature/message").asString()).isEqualTo("workerpoolorder invalid sign");
        assertThat(told.at("/secret/message").asString())
                .isEqualTo("SMS answered with unexpected status: 403 Forbidden");
        assertThat(told.path("noSecret").asString()).isEqualTo("false");
        assertThat(told.at("/encrypted/message").asString()).contains("encryption key is not set");
        assertThat(told.at("/publish/message").asString()).contains("free in the market; deposit 1 RLC first");
        assertThat(stand.chain().account(poor.address()).free()).isEqualTo(Rlc.ZERO);
    }

    static Task.Completed completed(Stand stand, JsonNode told) throws InterruptedException {
        var task =
                stand.chain().task(TaskId.parse(told.path("taskid").asString())).orElseThrow();
        assertThat(task).isInstanceOf(Task.Completed.class);
        return (Task.Completed) task;
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }
}
