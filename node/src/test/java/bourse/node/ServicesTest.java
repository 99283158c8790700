package bourse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bourse.node.Purchase.Bought;
import bourse.node.Purchase.Wish;
import bourse.protocol.Address;
import bourse.protocol.Chain;
import bourse.protocol.Deal;
import bourse.protocol.Task;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Chain, database, store, schedulers and workers, each a process of its own.
class ServicesTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path directory;

    @Test
    void schedulersAreReplacedOneByOneWhileAPoolWorks() throws Exception {
        try (var site = new Site(directory)) {
            site.chain();
            site.database();
            site.store();
            site.market();
            var one = site.scheduler("one");
            site.scheduler("two");
            site.worker("w1");
            site.worker("w2");
            var home = site.requester();

            try (var market = Doors.of(home, home.settings()).signedBy(home.wallet("requester"))) {
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> !market.book().workerpools(0, 2).isEmpty());
                var offer = market.book().workerpools(0, 2).getFirst();
                var bought = buy(home, market, 12);
                await("the book tells what is left")
                        .untilAsserted(() -> assertThat(market.book()
                                        .find(market.chain()
                                                .domain()
                                                .hash(offer.order().order())))
                                .get()
                                .satisfies(
                                        order -> assertThat(order.remaining()).isEqualTo(offer.remaining() - 12)));
                await().atMost(Duration.ofMinutes(2)).until(() -> paid(market, bought.deal()) > 0);
                requireWhatIexecsClientsLookFor(site, market, bought.deal());
                one.stop();

                await().atMost(Duration.ofMinutes(4)).until(() -> paid(market, bought.deal()) == 12);
                var printed = market.pool()
                        .logs(bought.deal().task(0), home.wallet("requester").address());
                assertThat(printed).isNotEmpty();
            }
        }
    }

    /// Each at the origin that `sdk-config` tells.
    private static void requireWhatIexecsClientsLookFor(Site site, Market market, Deal deal) throws Exception {
        var told = JSON.readTree(site.output(
                "sdk-config", "--json", "--home", site.home("requester").toString()));
        var options = told.path("options");
        var pool = deal.workerpool().asset();
        assertThat(told.path("workerpool").asString()).isEqualTo(pool.toString());
        assertThat(told.at("/chainJson/chains/bourse/compass")).isEqualTo(options.path("compassURL"));

        var compass = "%s/%d/workerpools/%s"
                .formatted(
                        options.path("compassURL").asString(),
                        market.chain().domain().chainId(),
                        pool);
        await("the market has asked the scheduler").until(() -> get(compass).statusCode() == 200);
        var server = JSON.readTree(get(compass).body()).path("apiUrl").asString();
        assertThat(JSON.readTree(get(server + "/tasks/" + deal.task(0)).body()).path("chainTaskId"))
                .hasToString("\"%s\"".formatted(deal.task(0)));
        assertThat(get(compass.replace(pool.toString(), deal.requester().toString()))
                        .statusCode())
                .isEqualTo(404);
        var secret = options.path("smsURL").asString() + "/secrets/web3?secretAddress=" + pool;
        assertThat(send(HttpRequest.newBuilder(URI.create(secret)).HEAD()).statusCode())
                .isEqualTo(404);
        var paid = tasks(market, deal).stream()
                .filter(Task.Completed.class::isInstance)
                .map(Task.Completed.class::cast)
                .findFirst()
                .orElseThrow();
        var result = JSON.readTree(paid.results().bytes()).path("location").asString();
        assertThat(get(options.path("ipfsGatewayURL").asString() + result).statusCode())
                .isEqualTo(200);
        assertThat(get(options.path("iexecGatewayURL").asString() + "/workerpoolorders?category=0")
                        .body())
                .contains(pool.toString());
    }

    private static HttpResponse<String> get(String url) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    @Tag("slow")
    void everyTaskIsAccountedForWhoeverIsKilled() throws Exception {
        long seed = Long.getLong("bourse.seed", System.nanoTime());
        var any = new Random(seed);
        var stormEnds = Instant.now().plusSeconds(Long.getLong("bourse.storm", 600));
        try (var site = new Site(directory)) {
            var chain = site.chain();
            var database = site.database();
            var store = site.store();
            var one = site.scheduler("one");
            var two = site.scheduler("two");
            var workers = List.of(site.worker("w1"), site.worker("w2"), site.worker("w3"));
            var home = site.requester();
            var victims = new ArrayList<Runnable>(List.of(
                    chain::killChildren, database::kill, database::killChildren, store::kill, one::kill, two::kill));
            workers.forEach(worker -> victims.add(worker::kill));

            var deals = new ArrayList<Deal>();
            int kills = 0;
            try (var market = Doors.of(home, home.settings()).signedBy(home.wallet("requester"))) {
                while (Instant.now().isBefore(stormEnds)) {
                    try {
                        deals.add(buy(home, market, 5).deal());
                    } catch (Problem | RuntimeException _) {
                        // a store or a chain that is away; another deal later
                    }
                    victims.get(any.nextInt(victims.size())).run();
                    kills++;
                    Thread.sleep(any.nextInt(2_000, 10_000));
                }
                assertThat(deals).hasSizeGreaterThan(3);

                await("seed " + seed)
                        .atMost(Duration.ofMinutes(8))
                        .pollInterval(Duration.ofSeconds(1))
                        .ignoreExceptions()
                        .until(() -> open(market, deals).isEmpty());

                System.out.printf(
                        "%d deals of 5 tasks, %d kills, seed %d: every task was paid.%n", deals.size(), kills, seed);
                assertThat(market.chain()
                                .account(home.wallet("requester").address())
                                .locked()
                                .isZero())
                        .isTrue();
            }
        }
    }

    private static List<Task> open(Market market, List<Deal> deals) throws InterruptedException {
        var open = new ArrayList<Task>();
        for (var deal : deals) {
            tasks(market, deal).stream()
                    .filter(task -> !(task instanceof Task.Completed))
                    .forEach(open::add);
        }
        return open;
    }

    private static long paid(Market market, Deal deal) throws InterruptedException {
        return tasks(market, deal).stream()
                .filter(Task.Completed.class::isInstance)
                .count();
    }

    private static List<Task> tasks(Market market, Deal deal) throws InterruptedException {
        return market.chain()
                .tasks(LongStream.range(deal.first(), deal.first() + deal.volume())
                        .mapToObj(index -> new Chain.Index(deal.id(), index))
                        .toList());
    }

    private static Bought buy(Home home, Market market, long volume) throws Exception {
        var wish =
                new Wish(Programs.test("index"), List.of(), List.of(), volume, 2, "XS", Optional.empty(), Address.ZERO);
        return new Purchase(market, home.wallet("requester"), Progress.SILENT).buy(wish);
    }
}
