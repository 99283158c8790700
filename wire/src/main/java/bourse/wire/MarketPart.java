package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.protocol.Deal;
import bourse.protocol.Fitting;
import bourse.protocol.Malformed;
import bourse.protocol.Order;
import bourse.protocol.OrderBook.Kind;
import bourse.protocol.OrderBook.Page;
import bourse.protocol.OrderBook.Withdrawal;
import bourse.protocol.PublicMarket;
import bourse.protocol.PublicMarket.Change;
import bourse.protocol.Query;
import bourse.protocol.Rlc;
import bourse.protocol.Trades;
import bourse.protocol.Trades.Grain;
import bourse.protocol.Trades.Trade;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/// A market's order book at iExec's paths, so that iExec's clients find it; and prices and a stream beside them.
final class MarketPart implements Part {
    private static final TypeReference<Publication> PUBLICATION = new TypeReference<>() {};
    private static final TypeReference<Map<String, String>> UNPUBLICATION = new TypeReference<>() {};
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final Set<String> DEALS = Set.of(
            "chainId",
            "requester",
            "app",
            "dataset",
            "workerpool",
            "apporderHash",
            "datasetorderHash",
            "workerpoolorderHash",
            "requestorderHash",
            "pageIndex",
            "pageSize");

    private final PublicMarket market;
    private final Challenges challenges;
    private final InstantSource clock;

    MarketPart(PublicMarket market, Challenges challenges, InstantSource clock) {
        this.market = market;
        this.challenges = challenges;
        this.clock = clock;
    }

    /// What is sent to publish an order.
    record Publication(JsonNode order) {}

    @Override
    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        routes.add(Route.get("/challenge", this::challenge));
        for (var kind : Kind.values()) {
            var path = OrderJson.path(kind);
            routes.add(Route.get(path, exchange -> list(exchange, kind)));
            routes.add(Route.get(path + "/{hash}", exchange -> find(exchange, kind)));
            routes.add(Route.post(path, Route.ORDINARY, exchange -> publish(exchange, kind)));
            routes.add(Route.put(path, Route.ORDINARY, exchange -> unpublish(exchange, kind)));
        }
        routes.add(Route.get("/orders/{hash}/fitting", this::fitting));
        routes.add(Route.get("/deals", this::deals));
        routes.add(Route.get("/prices", this::prices));
        routes.add(Route.get("/prices/history", this::history));
        routes.add(Route.get("/stream", this::stream));
        return routes;
    }

    @Override
    public String document() {
        return "market.openapi.json";
    }

    @Override
    public boolean isForPages() {
        return true;
    }

    private OrderQuery query(Exchange exchange, Set<String> names) {
        var query = new OrderQuery(exchange.query(names));
        long here = market.domain().chainId();
        var asked = query.number("chainId").orElse(here);
        if (asked != here) {
            throw new Malformed("this market is on chain %d, not on %d; ask one that is there".formatted(here, asked));
        }
        return query;
    }

    private static Map<String, Object> ok() {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("ok", true);
        return answer;
    }

    /* WHO CALLS */

    private void challenge(Exchange exchange) {
        var address = query(exchange, Set.of("chainId", "address"))
                .asset("address")
                .orElseThrow(() -> new Malformed("say for whom, with address"));
        var answer = ok();
        answer.put("data", challenges.issue(Long.toString(market.domain().chainId()), address));
        exchange.json(answer);
    }

    private Address caller(Exchange exchange) {
        return challenges.caller(exchange.authorization());
    }

    /* ORDERS */

    private void publish(Exchange exchange, Kind kind) throws IOException, InterruptedException {
        query(exchange, Set.of("chainId"));
        var order = OrderJson.read(kind, Json.read(exchange.body(), PUBLICATION).order());
        var hash = market.publish(caller(exchange), order);
        var published = market.find(hash)
                .orElseThrow(() -> new Refusal(Problem.MISSING, "this order was taken back meanwhile"));
        var answer = ok();
        answer.put("published", OrderJson.write(published, market.domain().chainId()));
        exchange.json(answer);
    }

    private void unpublish(Exchange exchange, Kind kind) throws IOException, InterruptedException {
        query(exchange, Set.of("chainId"));
        var asked = Json.read(exchange.body(), UNPUBLICATION);
        var which = withdrawal(asked, kind);
        var gone = market.unpublish(caller(exchange), which);
        if (gone.isEmpty()) {
            throw new Refusal(Problem.MISSING, "no such order of yours is published here");
        }
        var answer = ok();
        answer.put("unpublished", gone);
        exchange.json(answer);
    }

    private static Withdrawal withdrawal(Map<String, String> asked, Kind kind) {
        var asset = OrderJson.asset(kind);
        if (!Set.of("target", "orderHash", asset).containsAll(asked.keySet())) {
            throw new Malformed("here come target, and orderHash or %s; nothing else".formatted(asset));
        }
        return switch (asked.getOrDefault("target", "")) {
            case "unpublish_orderHash" -> new Withdrawal.One(Bytes32.parse(named("orderHash", asked)));
            case "unpublish_last" -> new Withdrawal.Last(kind, Address.parse(named(asset, asked)));
            case "unpublish_all" -> new Withdrawal.All(kind, Address.parse(named(asset, asked)));
            default -> throw new Malformed("target is unpublish_orderHash, unpublish_last or unpublish_all");
        };
    }

    private static String named(String name, Map<String, String> asked) {
        return Optional.ofNullable(asked.get(name)).orElseThrow(() -> new Malformed("say which, with " + name));
    }

    private void find(Exchange exchange, Kind kind) throws InterruptedException {
        query(exchange, Set.of("chainId"));
        var found = market.find(Bytes32.parse(exchange.parameter("hash")))
                .filter(published -> Kind.of(published.order().order()) == kind)
                .orElseThrow(() -> new Refusal(Problem.MISSING, "no such order is published here"));
        var answer = ok();
        answer.putAll(OrderJson.write(found, market.domain().chainId()));
        exchange.json(answer);
    }

    private void fitting(Exchange exchange) throws InterruptedException {
        query(exchange, Set.of("chainId"));
        var found = market.find(Bytes32.parse(exchange.parameter("hash")))
                .orElseThrow(() -> new Refusal(Problem.MISSING, "no such order is published here"));
        var answer = ok();
        answer.put("fitting", Fitting.of(market, found));
        exchange.json(answer);
    }

    private void list(Exchange exchange, Kind kind) throws InterruptedException {
        var asked = query(exchange, OrderQuery.names(kind));
        Query<? extends Order> query = asked.query(kind);
        Page<? extends Order> page = market.query(query);
        answerPage(
                exchange,
                "orders",
                page.orders().stream()
                        .map(published ->
                                OrderJson.write(published, market.domain().chainId()))
                        .toList(),
                page.count(),
                page.more(),
                asked);
    }

    private static void answerPage(
            Exchange exchange, String name, List<?> entries, long count, boolean more, OrderQuery asked) {
        var answer = ok();
        answer.put("count", count);
        answer.put(name, entries);
        if (more) {
            answer.put("nextPage", asked.number("pageIndex").orElse(0L) + 1);
        }
        exchange.json(answer);
    }

    /* WHAT WAS TRADED */

    private void deals(Exchange exchange) throws InterruptedException {
        var asked = query(exchange, DEALS);
        var order = Stream.of("apporderHash", "datasetorderHash", "workerpoolorderHash", "requestorderHash")
                .flatMap(name -> asked.text(name).stream())
                .map(Bytes32::parse)
                .findFirst();
        var which = new Trades.Which(
                asked.asset("requester"), asked.asset("app"), asked.asset("dataset"), asked.asset("workerpool"), order);
        var found = market.deals(which, asked.slice());
        answerPage(
                exchange,
                "deals",
                found.deals().stream().map(this::write).toList(),
                found.count(),
                found.more(),
                asked);
    }

    private Map<String, Object> write(Trade trade) {
        var deal = trade.deal();
        var json = new LinkedHashMap<String, Object>();
        json.put("dealid", deal.id());
        json.put("chainId", market.domain().chainId());
        json.put("app", write(deal.app()));
        json.put("dataset", write(deal.dataset()));
        json.put("workerpool", write(deal.workerpool()));
        json.put("appHash", trade.orders().app());
        json.put("datasetHash", trade.orders().dataset());
        json.put("workerpoolHash", trade.orders().workerpool());
        json.put("requestHash", trade.orders().request());
        json.put("requester", deal.requester());
        json.put("beneficiary", deal.beneficiary());
        json.put("callback", deal.callback());
        json.put("sponsor", deal.sponsor());
        json.put("category", deal.category().id());
        json.put("trust", OrderJson.number(deal.trust()));
        json.put("tag", deal.tag());
        json.put("params", deal.params());
        json.put("volume", OrderJson.number(deal.volume()));
        json.put("botFirst", OrderJson.number(deal.first()));
        json.put("botSize", OrderJson.number(deal.volume()));
        json.put("workerStake", OrderJson.number(deal.workerStake()));
        json.put("schedulerRewardRatio", deal.schedulerRatio());
        json.put("blockNumber", trade.block());
        json.put("blockTimestamp", deal.start());
        return json;
    }

    private static Map<String, Object> write(Deal.Share share) {
        return Map.of("pointer", share.asset(), "owner", share.owner(), "price", OrderJson.number(share.price()));
    }

    private void prices(Exchange exchange) throws InterruptedException {
        var category = category(query(exchange, Set.of("chainId", "category")));
        var quote = market.quote(category);
        var answer = ok();
        answer.put("category", category);
        put(answer, "last", quote.last());
        put(answer, "ask", quote.ask());
        put(answer, "bid", quote.bid());
        exchange.json(answer);
    }

    private static long category(OrderQuery asked) {
        return asked.number("category").orElseThrow(() -> new Malformed("say of which category"));
    }

    private static void put(Map<String, Object> answer, String name, Optional<Rlc> price) {
        price.ifPresent(some -> answer.put(name, OrderJson.number(some)));
    }

    private void history(Exchange exchange) throws InterruptedException {
        var asked = query(exchange, Set.of("chainId", "category", "grain", "until"));
        var category = category(asked);
        var grain = switch (asked.text("grain").orElse("hour")) {
            case "hour" -> Grain.HOUR;
            case "day" -> Grain.DAY;
            default -> throw new Malformed("grain is hour or day");
        };
        var candles = market.history(category, grain, until(asked));
        var answer = ok();
        answer.put("category", category);
        answer.put("grain", grain.name().toLowerCase(Locale.ROOT));
        answer.put(
                "candles",
                candles.stream()
                        .map(candle -> Map.of(
                                "start", candle.start(),
                                "open", OrderJson.number(candle.open()),
                                "high", OrderJson.number(candle.high()),
                                "low", OrderJson.number(candle.low()),
                                "close", OrderJson.number(candle.close()),
                                "volume", OrderJson.number(candle.volume())))
                        .toList());
        exchange.json(answer);
    }

    private Instant until(OrderQuery asked) {
        try {
            var until = asked.text("until").map(Instant::parse).orElseGet(clock::instant);
            if (until.isBefore(Instant.EPOCH) || until.isAfter(Instant.parse("9999-12-31T00:00:00Z"))) {
                throw new Malformed("until is a time between 1970 and 9999");
            }
            return until;
        } catch (DateTimeException e) {
            throw new Malformed("until is a time in ISO 8601, such as 2026-02-02T12:00:00Z", e);
        }
    }

    /* WHAT CHANGES */

    /// Server-sent events (WHATWG HTML, 9.2) until the caller goes, or is cut off.
    private void stream(Exchange exchange) throws IOException {
        query(exchange, Set.of("chainId"));
        try (var feed = market.listen()) {
            exchange.stream("text/event-stream", out -> {
                write(out, ": a market's changes\n\n");
                while (true) {
                    Optional<Change> change;
                    try {
                        change = exchange.waiting(HEARTBEAT, () -> feed.next(HEARTBEAT));
                    } catch (InterruptedException | Refusal _) {
                        return; // the server stops
                    }
                    if (change.isEmpty()) {
                        write(out, ": still here\n\n");
                    } else {
                        write(out, event(change.get()));
                        if (change.get() instanceof Change.CutOff) {
                            return;
                        }
                    }
                }
            });
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private String event(Change change) {
        var name = switch (change) {
            case Change.Shown _ -> "shown";
            case Change.Moved _ -> "moved";
            case Change.Left _ -> "left";
            case Change.Dealt _ -> "dealt";
            case Change.Undone _ -> "undone";
            case Change.OfTask _ -> "task";
            case Change.CutOff _ -> "cutOff";
        };
        Object data = switch (change) {
            case Change.Shown(var kind, var order) ->
                Map.of(
                        "kind",
                        name(kind),
                        "order",
                        OrderJson.write(order, market.domain().chainId()));
            case Change.Moved(var kind, var hash, var remaining) ->
                Map.of("kind", name(kind), "orderHash", hash, "remaining", OrderJson.number(remaining));
            case Change.Left(var kind, var hash) -> Map.of("kind", name(kind), "orderHash", hash);
            case Change.Dealt(var trade) -> write(trade);
            case Change.Undone(var deal) -> Map.of("dealid", deal);
            case Change.OfTask(var task, var what) -> Map.of("taskid", task, "event", what);
            case Change.CutOff _ ->
                Map.of("error", "you were too slow, and missed something; read again, and listen anew");
        };
        // JSON has its line ends escaped.
        return "event: %s\ndata: %s\n\n".formatted(name, new String(Json.write(data), StandardCharsets.UTF_8));
    }

    private static String name(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
