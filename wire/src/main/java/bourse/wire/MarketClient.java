package bourse.wire;

import bourse.protocol.Away;
import bourse.protocol.Bytes32;
import bourse.protocol.Domain;
import bourse.protocol.Malformed;
import bourse.protocol.Order;
import bourse.protocol.OrderBook;
import bourse.protocol.Query;
import bourse.protocol.Signed;
import bourse.protocol.Wallet;
import io.helidon.http.Method;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/// An order book on another machine: a [MarketServer], or whatever speaks iExec's market API as it does.
///
/// What it tells is checked by whoever matches an order: the contracts refuse one that its owner did not sign. Each
/// call throws [Away] if the server does not answer.
public final class MarketClient implements OrderBook, AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int LARGEST = 64 * 1024 * 1024;
    private static final int LONGEST_CHALLENGE = 1000;

    private final Line line;
    private final Domain domain;

    /// @param server scheme, host and port
    /// @param domain the market in which orders are signed
    /// @param authority certificates that are trusted instead of the system's, as a PEM file
    public MarketClient(URI server, Domain domain, Optional<Path> authority) {
        this.line = new Line(server, authority);
        this.domain = domain;
    }

    @Override
    public Bytes32 publish(Wallet owner, Signed<? extends Order> order) throws InterruptedException {
        var kind = Kind.of(order.order());
        ask(Method.POST, path(kind), Optional.of(owner), Map.of("order", OrderJson.write(order)));
        return domain.hash(order.order());
    }

    @Override
    public List<Bytes32> unpublish(Wallet owner, Withdrawal which) throws InterruptedException {
        return switch (which) {
            case Withdrawal.One(var hash) -> unpublishOne(owner, hash);
            case Withdrawal.Last(var kind, var asset) ->
                unpublish(owner, kind, Map.of("target", "unpublish_last", OrderJson.asset(kind), asset));
            case Withdrawal.All(var kind, var asset) ->
                unpublish(owner, kind, Map.of("target", "unpublish_all", OrderJson.asset(kind), asset));
        };
    }

    /// The server does not look at the kind, where the hash says which order.
    private List<Bytes32> unpublishOne(Wallet owner, Bytes32 hash) throws InterruptedException {
        return unpublish(owner, Kind.APP, Map.of("target", "unpublish_orderHash", "orderHash", hash));
    }

    private List<Bytes32> unpublish(Wallet owner, Kind kind, Map<String, Object> body) throws InterruptedException {
        try {
            var answer = exchange(Method.PUT, path(kind), Optional.of(owner), body);
            return reading(() -> answer.path("unpublished")
                    .valueStream()
                    .map(hash -> Bytes32.parse(hash.asString("")))
                    .toList());
        } catch (Rejected e) {
            if (e.problem().filter(Problem.MISSING::equals).isPresent()) {
                return List.of();
            }
            throw e.meaning();
        }
    }

    @Override
    public Optional<Published<?>> find(Bytes32 hash) throws InterruptedException {
        for (var kind : Kind.values()) {
            try {
                var path = "%s/%s?chainId=%d".formatted(OrderJson.path(kind), hash, domain.chainId());
                var answer = exchange(Method.GET, path, Optional.empty(), Map.of());
                return Optional.of(reading(() -> asked(hash, published(kind, answer))));
            } catch (Rejected e) {
                if (e.problem().filter(Problem.MISSING::equals).isEmpty()) {
                    throw e.meaning();
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public <O extends Order> Page<O> query(Query<O> query) throws InterruptedException {
        var kind = OrderQuery.kind(query);
        var path = OrderJson.path(kind) + "?" + OrderQuery.write(query, domain.chainId());
        var answer = ask(Method.GET, path, Optional.empty(), Map.of());
        return reading(() -> {
            var orders = new ArrayList<Published<O>>();
            for (var json : answer.path("orders")) {
                @SuppressWarnings("unchecked")
                var published = (Published<O>) published(kind, json);
                orders.add(published);
            }
            return new Page<>(orders, answer.path("count").asLong(0), answer.has("nextPage"));
        });
    }

    private Published<?> published(Kind kind, JsonNode json) {
        var published = OrderJson.published(kind, json);
        if (!published.hash().equals(domain.hash(published.order().order()))) {
            throw new Malformed("order %s has not the hash that the server tells".formatted(published.hash()));
        }
        return published;
    }

    private static Published<?> asked(Bytes32 hash, Published<?> told) {
        if (!told.hash().equals(hash)) {
            throw new Malformed("order %s was asked for, and the server tells order %s".formatted(hash, told.hash()));
        }
        return told;
    }

    private interface Reading<T> {
        T read();
    }

    private <T> T reading(Reading<T> reading) {
        try {
            return reading.read();
        } catch (Malformed e) {
            throw new Away("%s does not answer as a market does: %s".formatted(line.server(), e.getMessage()), e);
        }
    }

    /* CALLS */

    private String path(Kind kind) {
        return "%s?chainId=%d".formatted(OrderJson.path(kind), domain.chainId());
    }

    private JsonNode ask(Method method, String path, Optional<Wallet> caller, Map<String, ?> body)
            throws InterruptedException {
        try {
            return exchange(method, path, caller, body);
        } catch (Rejected e) {
            throw e.meaning();
        }
    }

    /// @throws Rejected if the server refuses it
    private JsonNode exchange(Method method, String path, Optional<Wallet> caller, Map<String, ?> body)
            throws InterruptedException {
        Optional<String> authorization = Optional.empty();
        if (caller.isPresent()) {
            authorization = Optional.of(signIn(caller.get()));
        }
        var header = authorization;
        byte[] bytes = method.equals(Method.GET) ? new byte[0] : Json.write(new LinkedHashMap<>(body));
        try {
            var answer = line.ask(
                    () -> new Line.Query(method, path, header, out -> out.write(bytes)), TIMEOUT, line.whole(LARGEST));
            return line.read(answer, new TypeReference<JsonNode>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Only the challenge's text is the server's: what is signed can be nothing else than a challenge.
    private String signIn(Wallet caller) throws InterruptedException {
        var path = "/challenge?chainId=%d&address=%s".formatted(domain.chainId(), caller.address());
        var answer = exchange(Method.GET, path, Optional.empty(), Map.of());
        var challenge = answer.path("data").path("message").path("challenge").asString("");
        if (challenge.isEmpty() || challenge.length() > LONGEST_CHALLENGE) {
            throw new Away("%s gives no challenge, as a market does; check the URL".formatted(line.server()));
        }
        var hash = domain.hash(challenge);
        return "%s_%s_%s".formatted(hash, caller.sign(hash).bytes(), caller.address());
    }

    @Override
    public void close() {
        line.close();
    }
}
