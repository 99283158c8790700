package bourse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// A market that is up, and those who use it beside each other.
class CommandsOfAStandingMarketTest extends CommandLine {
    @Test
    void aMarketThatIsUpServesManyAndSurvivesKill9() throws Exception {
        var up = up("--workers", "5");
        assertThat(json(bourse("worker", "list", "--json"))).hasSize(5);
        assertThat(output(bourse("run", "--trust", "10", program("index")), 0)).contains("matches the chain");
        assertThat(output(bourse("up"), 2)).contains("is up in");
        var run = bourse("run", "--trust", "10", program("slow"));
        await().atMost(MOST).until(() -> stdout(run).contains("computing"));

        up.destroyForcibly().waitFor();
        run.destroyForcibly().waitFor();

        var deal = printed("deal", run);
        var again = up("--workers", "5");
        await().atMost(MOST)
                .until(() -> json(bourse("deal", "show", "--json", deal))
                        .path("tasks")
                        .get(0)
                        .path("status")
                        .asString()
                        .equals("COMPLETED"));
        signal(again, "TERM");
        assertThat(again.waitFor(MOST.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void iexecsClientsAreToldWhereTheMarketIs() throws Exception {
        assertThat(output(bourse("sdk-config"), 2)).contains("no market is up");
        var up = up("--workers", "1");

        var chain = json(bourse("sdk-config", "--chain-json")).at("/chains/bourse");
        assertThat(stdout(up))
                .contains(chain.path("host").asString())
                .contains(chain.path("hub").asString())
                .contains(chain.path("sms").asString());
        assertThat(chain.path("id").asString()).isEqualTo("65535");
        var whole = json(bourse("sdk-config", "--json"));
        assertThat(whole.at("/chainJson/chains/bourse")).isEqualTo(chain);
        assertThat(whole.at("/options/hubAddress")).isEqualTo(chain.path("hub"));
        assertThat(output(bourse("sdk-config"), 0))
                .contains(whole.path("workerpool").asString());
        assertThat(stdout(up)).contains(chain.path("iexecGateway").asString(), "market   http", "sdk-config");
        lookAtTheBookOf(whole.path("workerpool").asString());
    }

    @Test
    void aSponsorPaysForWhatHeAgreedToAndTheRequesterPaysNothing() throws Exception {
        up("--workers", "1");
        var sponsor = address("sponsor");
        output(bourse("fund", sponsor), 0);
        assertThat(output(bourse("run", "--sponsor", sponsor, program("index")), 2))
                .contains("has 0 RLC free in the market; deposit 1 RLC first");
        assertThat(output(bourse("account", "deposit", "--wallet", "sponsor", "2.5"), 0))
                .contains("has 2.5 RLC free");
        output(bourse("account", "withdraw", "--wallet", "sponsor", "1"), 0);
        var before = json(bourse("account", "show", "--json"));

        var run = bourse("run", "--sponsor", sponsor, "--volume", "2", program("index"));
        await().atMost(MOST).until(() -> stdout(run).contains("waits in the book for " + sponsor));
        var request = printed("request", run);
        assertThat(output(bourse("order", "book", "--kind", "request"), 0)).contains(request);
        assertThat(output(bourse("order", "book", "--kind", "app"), 0)).contains("0 RLC × 2 ");
        assertThat(output(bourse("order", "sponsor", request), 2)).contains("--budget");
        assertThat(output(bourse("order", "sponsor", request, "--budget", "1.9"), 2))
                .contains("2 tasks at 1 RLC cost 2 RLC, more than --budget 1.9; nothing was paid");
        assertThat(money("sponsor")).isEqualTo("1.5 in the market, 9998.5 outside");
        assertThat(output(bourse("order", "sponsor", request, "--budget", "2"), 0))
                .contains("you pay at most 2 RLC");

        assertThat(output(run, 0)).contains("matches the chain").containsPattern("sponsor paid +2 RLC");
        assertThat(money("sponsor")).isEqualTo("0 in the market, 9998 outside");
        assertThat(json(bourse("account", "show", "--json"))).isEqualTo(before);
        assertThat(output(bourse("order", "sponsor", request, "--budget", "2"), 2))
                .contains("nothing is left");
    }

    private String address(String wallet) throws Exception {
        return json(bourse("wallet", "--json", wallet)).path("address").asString();
    }

    private String money(String wallet) throws Exception {
        var account = json(bourse("account", "show", "--json", wallet));
        return "%s in the market, %s outside"
                .formatted(
                        account.path("free").asString(), account.path("tokens").asString());
    }

    @Test
    void whoSponsorsIsNamedInTheRequestAndNobodyElsePaysForIt() throws Exception {
        assertThat(output(bourse("run", "--sponsor", "0x" + "11".repeat(20), program("index")), 2))
                .contains("--sponsor needs a market that is up");
        up("--workers", "1");
        output(bourse("run", program("index")), 0);
        output(bourse("account", "deposit", "5"), 0);
        var app = json(bourse("app", "list", "--json")).get(0).path("address").asString();
        var me = address("requester");
        var owner = address("scheduler");
        Files.writeString(directory.resolve("request.json"), """
                {"app": "%s", "appmaxprice": 0, "dataset": "%3$s", "datasetmaxprice": 0, "workerpool": "%3$s",
                 "workerpoolmaxprice": 1000000000, "requester": "%s", "volume": 1, "tag": "%4$s", "category": 0,
                 "trust": 1, "beneficiary": "%2$s", "callback": "%3$s", "params": "{}", "salt": "%4$s"}
                """.formatted(
                        app, me, "0x" + "00".repeat(20), "0x" + "00".repeat(32)));

        Files.writeString(
                directory.resolve("mine.json"),
                json(bourse("order", "sign", "request.json")).toString());
        var mine = json(bourse("order", "publish", "--json", "mine.json"))
                .path("orderHash")
                .asString();
        assertThat(output(bourse("order", "sponsor", mine, "--budget", "9"), 2)).contains("names no sponsor");

        var named = json(bourse("order", "sign", "--sponsor", owner, "request.json"));
        assertThat(named.path("salt").asString()).endsWith(owner.substring(2).toLowerCase(Locale.ROOT));
        Files.writeString(directory.resolve("named.json"), named.toString());
        var request = json(bourse("order", "publish", "--json", "named.json"))
                .path("orderHash")
                .asString();
        Files.delete(directory.resolve("home/wallets/scheduler"));
        assertThat(output(bourse("order", "sponsor", request, "--budget", "9"), 2))
                .contains("pays for this order, and no wallet");
    }

    private void lookAtTheBookOf(String pool) throws Exception {
        var offer = json(bourse("order", "book", "--json", "--category", "XS", "--pool", pool))
                .get(0);
        var hash = offer.path("orderHash").asString();
        assertThat(output(bourse("order", "book"), 0)).contains(hash, "1 RLC", "category 0");
        assertThat(output(bourse("order", "show", hash), 0)).contains("open", pool, "workerpoolprice");
        assertThat(output(bourse("match", "explain", hash), 0))
                .contains("workerpool order " + hash, "request orders  0, of which 0 fit");

        var order = (ObjectNode) offer.path("order");
        order.put("workerpoolprice", 100_000_000).put("volume", 7).remove("sign");
        Files.writeString(directory.resolve("order.json"), order.toString());
        assertThat(output(bourse("order", "publish", "order.json"), 2)).contains("sign, as text; it is missing");
        Files.writeString(
                directory.resolve("signed.json"),
                json(bourse("order", "sign", "order.json")).toString());
        var mine = json(bourse("order", "publish", "--json", "signed.json"))
                .path("orderHash")
                .asString();
        assertThat(json(bourse("order", "book", "--json", "--category", "XS"))
                        .get(0)
                        .path("orderHash")
                        .asString())
                .as("the cheapest is the first")
                .isEqualTo(mine);
        assertThat(output(bourse("order", "cancel", mine), 0)).contains("closed " + mine);
        await().atMost(MOST)
                .until(() -> output(bourse("order", "show", mine), 0).contains("filled"));

        order.put("workerpool", "0x" + "11".repeat(20));
        Files.writeString(directory.resolve("order.json"), order.toString());
        assertThat(output(bourse("order", "sign", "order.json"), 2)).contains("is not registered in this market");
        assertThat(output(bourse("order", "book", "--kind", "pool"), 2)).contains("--kind is app, dataset");
        assertThat(output(bourse("order", "show", "0x" + "12".repeat(32)), 2)).contains("bourse order book");
        assertThat(json(bourse("order", "book", "--json", "--kind", "request"))).isEmpty();
    }
}
