package bourse.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.protocol.Away;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Domain;
import bourse.protocol.Malformed;
import bourse.protocol.Order;
import bourse.protocol.OrderBook.Kind;
import bourse.protocol.OrderBook.Slice;
import bourse.protocol.OrderBook.Withdrawal;
import bourse.protocol.OrderRefused;
import bourse.protocol.Query;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import bourse.wire.Listening;
import bourse.wire.MarketClient;
import bourse.wire.MarketServer;
import bourse.wire.Vitals;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A market behind its server, as clients on the network see it.
@Timeout(60)
class MarketServerTest {
    private final JsonMapper json = new JsonMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private Stand stand;
    private MarketServer server;
    private MarketClient client;

    @BeforeEach
    void open() throws Exception {
        stand = new Stand(1);
        server = new MarketServer(stand.market, Listening.onLoopback(0), Vitals.UP, _ -> Optional.empty());
        client = new MarketClient(server.uri(), stand.market.domain(), Optional.empty());
    }

    @AfterEach
    void close() {
        client.close();
        http.shutdownNow();
        server.close();
        stand.close();
    }

    /* A CLIENT */

    @Test
    void aClientIsTheBookItself() throws Exception {
        var app = stand.app("0", 1L << 60);
        var pool = stand.pool("79000000", 9, 10).order();
        var cheap = stand.pool("1", 9, 10);
        var request = stand.request(10, 4);
        var hash = client.publish(stand.scene.developer(), app);
        client.publish(stand.scene.scheduler(), cheap);
        client.publish(stand.scene.requester(), request);

        assertThat(client.find(hash)).isEqualTo(stand.market.find(hash)).isPresent();
        assertThat(client.workerpools(0, 10))
                .isEqualTo(stand.market.workerpools(0, 10))
                .hasSize(1);
        var requests = Query.Requests.of(0, 10, Slice.WHOLE);
        assertThat(client.query(requests)).isEqualTo(stand.market.query(requests));
        assertThatThrownBy(() -> client.publish(stand.scene.scheduler(), stand.sign(pool, stand.scene.scheduler())))
                .isInstanceOfSatisfying(
                        OrderRefused.class, e -> assertThat(e.field()).isEqualTo("workerpoolprice"))
                .hasMessageContaining("deposit");
        assertThat(client.unpublish(stand.scene.worker(0), new Withdrawal.One(hash)))
                .isEmpty();
        assertThat(client.unpublish(stand.scene.developer(), new Withdrawal.One(hash)))
                .containsExactly(hash);
        assertThat(client.find(hash)).isEmpty();
        assertThat(client.unpublish(
                        stand.scene.scheduler(), new Withdrawal.All(Kind.WORKERPOOL, stand.scene.workerpool())))
                .containsExactly(stand.hash(cheap));
    }

    @Test
    void aClientOfAnotherChainIsTurnedAway() {
        try (var lost = new MarketClient(
                server.uri(), new Domain(1, stand.market.domain().hub()), Optional.empty())) {
            assertThatThrownBy(() -> lost.workerpools(0, 1))
                    .isInstanceOf(Malformed.class)
                    .hasMessageContaining("chain 31337");
        }
    }

    @Test
    void aClientTakesNoOtherOrderThanTheOneItAskedFor() throws Exception {
        var hash = client.publish(stand.scene.developer(), stand.app("0", 5));
        var told = get("/apporders/" + hash).body().getBytes(StandardCharsets.UTF_8);
        var liar = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        liar.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("content-type", "application/json");
            exchange.sendResponseHeaders(200, told.length);
            try (var out = exchange.getResponseBody()) {
                out.write(told);
            }
        });
        liar.start();
        var url = URI.create("http://127.0.0.1:" + liar.getAddress().getPort());
        try (var lied = new MarketClient(url, stand.market.domain(), Optional.empty())) {
            assertThat(lied.find(hash)).isEqualTo(client.find(hash));
            assertThatThrownBy(() -> lied.find(Bytes32.parse("12".repeat(32))))
                    .isInstanceOf(Away.class)
                    .hasMessageContaining("the server tells order " + hash);
        } finally {
            liar.stop(0);
        }
    }

    @Test
    void anOrderIsToldWithWhichOthersItFits() throws Exception {
        var hash = stand.market.publish(stand.scene.requester(), stand.request(10, 1));
        var pool = stand.market.publish(stand.scene.scheduler(), stand.pool("0.1", 9, 10));

        var told = json.readTree(get("/orders/%s/fitting".formatted(hash)).body());

        assertThat(told.path("ok").asBoolean()).isTrue();
        assertThat(told.at("/fitting/kind").asString()).isEqualTo("REQUEST");
        assertThat(told.at("/fitting/sides/0/best/0").asString()).isEqualTo(pool.toString());
        assertThat(get("/orders/0x%s/fitting".formatted("12".repeat(32))).statusCode())
                .isEqualTo(404);
    }

    /* BY HAND */

    @Test
    void errorsAreAsIexecsClientsReadThem() throws Exception {
        var answer = get("/apporders/" + "0x" + "0".repeat(64));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        var body = json.readTree(answer.body());
        assertThat(body.path("ok").asBoolean(true)).isFalse();
        assertThat(body.path("error").asString()).isEqualTo("no such order is published here");
    }

    @Test
    void anyWebPageMayCall() throws Exception {
        var methods = Map.of(
                "/apporders", List.of("GET", "POST", "PUT"),
                "/challenge", List.of("GET"),
                "/deals", List.of("GET"),
                "/workerpoolorders/0x00", List.of("GET"));
        for (var path : methods.keySet()) {
            var preflight = send("OPTIONS", path, Optional.empty(), "");
            assertThat(preflight.statusCode()).isEqualTo(204);
            assertThat(preflight.headers().firstValue("access-control-allow-origin"))
                    .contains("*");
            assertThat(preflight
                            .headers()
                            .firstValue("access-control-allow-methods")
                            .orElseThrow())
                    .contains(methods.get(path));
            assertThat(preflight
                            .headers()
                            .firstValue("access-control-allow-headers")
                            .orElseThrow())
                    .containsIgnoringCase("authorization");
        }
        assertThat(get("/apporders?app=any").headers().firstValue("access-control-allow-origin"))
                .contains("*");
        assertThat(get("/apporders?pageSize=x").headers().firstValue("access-control-allow-origin"))
                .contains("*");
    }

    @Test
    void numbersComeAsNumbersWhileJavaScriptHoldsThem() throws Exception {
        publishByHand(stand.sign(
                new Order.App(
                        stand.scene.app(),
                        Rlc.ofNano(5),
                        (1L << 53) - 1,
                        bourse.protocol.Tag.NONE,
                        bourse.protocol.Address.ZERO,
                        bourse.protocol.Address.ZERO,
                        bourse.protocol.Address.ZERO,
                        bourse.protocol.Bytes32.random()),
                stand.scene.developer()));
        client.publish(stand.scene.developer(), stand.app("90000000", 1L << 53));

        var orders = json.readTree(
                        get("/apporders?chainId=31337&app=" + stand.scene.app()).body())
                .path("orders");

        assertThat(orders.get(0).at("/order/appprice").isNumber()).isTrue();
        assertThat(orders.get(0).path("remaining").asLong()).isEqualTo((1L << 53) - 1);
        assertThat(orders.get(0).path("remaining").isNumber()).isTrue();
        assertThat(orders.get(1).at("/order/volume").asString()).isEqualTo(Long.toString(1L << 53));
        assertThat(orders.get(1).at("/order/volume").isString()).isTrue();
        assertThat(orders.get(1).at("/order/appprice").isString()).isTrue();
    }

    @Test
    void pagesFollowEachOther() throws Exception {
        for (int i = 0; i < 25; i++) {
            client.publish(stand.scene.scheduler(), stand.pool("" + (i + 1), 5, 1));
        }

        var first =
                json.readTree(get("/workerpoolorders?category=0&pageSize=10").body());
        assertThat(first.path("count").asInt()).isEqualTo(25);
        assertThat(first.path("nextPage").asInt()).isEqualTo(1);
        var last = json.readTree(
                get("/workerpoolorders?category=0&pageSize=10&pageIndex=2").body());
        assertThat(last.path("orders").size()).isEqualTo(5);
        assertThat(last.path("count").asInt()).isEqualTo(25);
        assertThat(last.has("nextPage")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/workerpoolorders?pageSize=1000000000",
                "/workerpoolorders?pageSize=0",
                "/workerpoolorders?pageSize=-1",
                "/workerpoolorders?pageIndex=999999999999999999&pageSize=1000",
                "/workerpoolorders?pageIndex=9223372036854775807",
                "/workerpoolorders?category=1e3",
                "/workerpoolorders?category=0&category=1",
                "/workerpoolorders?minTrust=-5",
                "/workerpoolorders?minTag=7",
                "/workerpoolorders?workerpool=0x12",
                "/workerpoolorders?isAppStrict=maybe",
                "/workerpoolorders?colour=red",
                "/workerpoolorders?chainId=1",
                "/apporders/0x12",
                "/deals?app=any%27%20or%201=1",
                "/prices",
                "/prices?category=x",
                "/prices/history?category=0&grain=week",
                "/prices/history?category=0&until=now",
                "/prices/history?category=0&until=-999999999-01-01T00:00:00Z",
                "/challenge",
                "/challenge?address=me"
            })
    void refusesNonsense(String path) throws Exception {
        var answer = get(path);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(json.readTree(answer.body()).path("ok").asBoolean(true)).isFalse();
    }

    @Test
    void refusesOrdersThatSayMoreOrLess() throws Exception {
        var good = order(stand.app("1", 5));
        var scheme = "{\"order\":%s}";
        for (var bad : List.of(
                scheme.formatted(good.replace("\"volume\":\"5\"", "\"volume\":\"-5\"")),
                scheme.formatted(good.replace("\"volume\":\"5\"", "\"volume\":\"0\"")),
                scheme.formatted(good.replace("\"volume\":\"5\"", "\"volume\":1.5")),
                scheme.formatted(good.replace("\"volume\":\"5\"", "\"volume\":null")),
                scheme.formatted(good.replace("\"volume\":\"5\"", "\"volume\":\"9223372036854775808\"")),
                scheme.formatted(
                        good.replace("\"appprice\":\"1000000000\"", "\"appprice\":\"" + "9".repeat(78) + "\"")),
                scheme.formatted(
                        good.replace("\"appprice\":\"1000000000\"", "\"appprice\":\"" + "9".repeat(500) + "\"")),
                scheme.formatted(good.replace("\"appprice\":\"1000000000\"", "\"appprice\":\"١\"")),
                scheme.formatted(good.replace("\"volume\":", "\"colour\":\"red\",\"volume\":")),
                scheme.formatted(good.replace("\"volume\":\"5\",", "")),
                scheme.formatted(good.replace("\"volume\":", "\"volume\":\"5\",\"volume\":")),
                scheme.formatted("[]"),
                scheme.formatted("null"),
                "{\"order\":" + good + ",\"more\":1}",
                "{}",
                "[",
                "",
                "[".repeat(1000))) {
            var answer = post("/apporders", stand.scene.developer(), bad);
            assertThat(answer.statusCode()).as(bad + answer.body()).isEqualTo(400);
            assertThat(json.readTree(answer.body()).path("ok").asBoolean(true)).isFalse();
        }
        assertThat(stand.market.vitals().taken()).isZero();
    }

    @Test
    void refusesAnOrderThatIsTooLong() throws Exception {
        var answer = post("/requestorders", stand.scene.requester(), "{\"order\":\"" + "x".repeat(70_000) + "\"}");

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(json.readTree(answer.body()).path("ok").asBoolean(true)).isFalse();
    }

    @Test
    void publishingNeedsAChallengeThatCountsOnce() throws Exception {
        var body = "{\"order\":%s}".formatted(order(stand.app("1", 5)));
        var header = signIn(stand.scene.developer());

        assertThat(send("POST", "/apporders", Optional.empty(), body).statusCode())
                .isEqualTo(401);
        assertThat(send("POST", "/apporders", Optional.of(header), body).statusCode())
                .isEqualTo(200);
        assertThat(send("POST", "/apporders", Optional.of(header), body).statusCode())
                .isEqualTo(401);
        assertThat(post("/apporders", stand.scene.worker(0), body).statusCode()).isEqualTo(422);
        assertThat(send(
                                "PUT",
                                "/apporders",
                                Optional.of(header),
                                "{\"target\":\"unpublish_all\",\"app\":\"%s\"}".formatted(stand.scene.app()))
                        .statusCode())
                .isEqualTo(401);
        assertThat(stand.market.find(stand.hash(stand.app("1", 5)))).isEmpty();
    }

    @Test
    void tellsDealsAndPrices() throws Exception {
        var app = stand.app("0", 5);
        var pool = stand.pool("1", 3, 10);
        var request = stand.request(10, 2);
        stand.scene
                .chain()
                .submit(
                        stand.scene.requester(),
                        new Transaction.Match(app, new Signed<>(Order.Dataset.NONE, Bytes.EMPTY), pool, request));
        stand.settle();

        var deals = json.readTree(get("/deals?chainId=31337&requester=%s&pageIndex=0&pageSize=10"
                        .formatted(stand.scene.requester().address()))
                .body());
        assertThat(deals.path("count").asInt()).isEqualTo(1);
        var deal = deals.path("deals").get(0);
        assertThat(deal.at("/workerpool/pointer").asString())
                .isEqualTo(stand.scene.workerpool().toString());
        assertThat(deal.at("/workerpool/price").asLong()).isEqualTo(1_000_000_000);
        assertThat(deal.path("requestHash").asString())
                .isEqualTo(stand.hash(request).toString());
        assertThat(json.readTree(get("/deals?requestorderHash=" + stand.hash(request))
                                .body())
                        .path("deals"))
                .isEqualTo(deals.path("deals"));
        assertThat(json.readTree(get("/prices?category=0").body()).path("last").asLong())
                .isEqualTo(1_000_000_000);
        assertThat(json.readTree(get("/prices?category=0").body()).has("ask")).isFalse();
        var candles = json.readTree(get("/prices/history?category=0&grain=day&until=2020-02-03T00:00:00Z")
                .body());
        assertThat(candles.at("/candles/0/volume").asInt()).isEqualTo(2);
    }

    @Test
    void theStreamTellsWhatHappens() throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create(server.uri() + "/stream")).build();
        try (var stream = http.send(request, BodyHandlers.ofInputStream()).body();
                var lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).startsWith(":");
            var pool = stand.pool("1", 3, 10);
            client.publish(stand.scene.scheduler(), pool);

            assertThat(lines.readLine()).isEmpty();
            assertThat(lines.readLine()).isEqualTo("event: shown");
            var data = json.readTree(lines.readLine().substring("data: ".length()));
            assertThat(data.at("/order/orderHash").asString())
                    .isEqualTo(stand.hash(pool).toString());
            server.close();
            while (lines.readLine() != null) {
                // it comes to its end
            }
        }
    }

    /* BITS */

    private String order(Signed<Order.App> signed) {
        var o = signed.order();
        return ("{\"app\":\"%s\",\"appprice\":\"%s\",\"volume\":\"%d\",\"tag\":\"%s\",\"datasetrestrict\":\"%s\","
                        + "\"workerpoolrestrict\":\"%s\",\"requesterrestrict\":\"%s\",\"salt\":\"%s\",\"sign\":\"%s\"}")
                .formatted(
                        o.app(),
                        o.appprice().nano(),
                        o.volume(),
                        o.tag(),
                        o.datasetrestrict(),
                        o.workerpoolrestrict(),
                        o.requesterrestrict(),
                        o.salt(),
                        signed.signature());
    }

    private void publishByHand(Signed<Order.App> order) throws Exception {
        var answer =
                post("/apporders?chainId=31337", stand.scene.developer(), "{\"order\":%s}".formatted(order(order)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode body = json.readTree(answer.body());
        assertThat(body.at("/published/orderHash").asString())
                .isEqualTo(stand.hash(order).toString());
        assertThat(body.at("/published/status").asString()).isEqualTo("open");
    }

    private String signIn(Wallet wallet) throws Exception {
        var data = json.readTree(get("/challenge?chainId=31337&address=" + wallet.address())
                        .body())
                .path("data");
        assertThat(data.at("/domain/name").asString()).isEqualTo("iExec Gateway");
        assertThat(data.path("primaryType").asString()).isEqualTo("Challenge");
        var hash = stand.market.domain().hash(data.at("/message/challenge").asString());
        return "%s_%s_%s".formatted(hash, wallet.sign(hash).bytes(), wallet.address());
    }

    private HttpResponse<String> post(String path, Wallet wallet, String body) throws Exception {
        return send("POST", path, Optional.of(signIn(wallet)), body);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, Optional.empty(), "");
    }

    private HttpResponse<String> send(String method, String path, Optional<String> authorization, String body)
            throws Exception {
        var request = HttpRequest.newBuilder(URI.create(server.uri() + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Accept", "application/json");
        authorization.ifPresent(header -> request.header("Authorization", header));
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
