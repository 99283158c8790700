package bourse.chain;

import bourse.protocol.Chain;
import io.helidon.http.HeaderValues;
import io.helidon.webclient.api.WebClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A node's JSON-RPC over HTTP.
///
/// A node that does not answer is asked again, until the client's patience ends in [Chain.Unreachable]; so a
/// request may reach the node twice. What the node answers is the caller's: a [Reply], or a [Failure] thrown.
public final class JsonRpc implements AutoCloseable {
    /// Long enough for a dump of a chain's state, short enough to notice a node that hangs.
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private static final int LARGEST_ANSWER = 256 * 1024 * 1024;
    /// Public nodes take no larger ones.
    private static final int LARGEST_BATCH = 100;

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);
    private static final JsonMapper JSON = new JsonMapper();

    private final WebClient http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final URI node;
    private final Duration patience;

    /// @param patience how long a silent node is asked again
    public JsonRpc(URI node, Duration patience) {
        this.node = node;
        this.patience = patience;
        // Blocking, for virtual threads: a quarter of the work that the JDK's client has with a small answer.
        this.http = WebClient.builder()
                .baseUri(node)
                .connectTimeout(CONNECT)
                .readTimeout(TIMEOUT)
                .shareConnectionCache(false)
                .build();
    }

    /// One call. Its parameters are whatever becomes JSON: texts, booleans, lists, maps.
    public record Request(String method, List<Object> params) {
        public Request {
            params = List.copyOf(params);
        }

        public static Request of(String method, Object... params) {
            return new Request(method, List.of(params));
        }
    }

    /// What the node says to one request of a batch.
    public sealed interface Reply {
        record Result(JsonNode value) implements Reply {}

        record Refusal(Failure failure) implements Reply {}

        /// The result.
        ///
        /// @throws Failure if the node refused the request
        default JsonNode value() {
            return switch (this) {
                case Result(var value) -> value;
                case Refusal(var failure) -> throw failure;
            };
        }
    }

    /// The node refused a request.
    public static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int code;
        private final String text;
        private final String data;

        Failure(String method, int code, String text, String data) {
            super("%s: %s (%d)".formatted(method, text, code));
            this.code = code;
            this.text = text;
            this.data = data;
        }

        public int code() {
            return code;
        }

        /// The node's own words.
        public String text() {
            return text;
        }

        /// Hexadecimal, as a revert gives it, or empty.
        public String data() {
            return data;
        }
    }

    public URI node() {
        return node;
    }

    /// @throws Failure if the node refuses the request
    public JsonNode call(String method, Object... params) throws InterruptedException {
        return batch(List.of(Request.of(method, params))).getFirst().value();
    }

    /// All replies, in the order of the requests. The node may execute them in any order, at different blocks.
    public List<Reply> batch(List<Request> requests) throws InterruptedException {
        var replies = new ArrayList<Reply>();
        for (int start = 0; start < requests.size(); start += LARGEST_BATCH) {
            replies.addAll(post(requests.subList(start, Math.min(start + LARGEST_BATCH, requests.size()))));
        }
        return replies;
    }

    private List<Reply> post(List<Request> requests) throws InterruptedException {
        var calls = new ArrayList<Map<String, Object>>();
        for (var request : requests) {
            calls.add(Map.of(
                    "jsonrpc", "2.0", "id", calls.size(), "method", request.method(), "params", request.params()));
        }
        var answer = exchange(JSON.writeValueAsBytes(calls));
        if (!answer.isArray()) {
            throw failure(requests.getFirst().method(), answer.path("error"));
        }
        var byId = new HashMap<Integer, JsonNode>();
        answer.forEach(reply -> byId.put(reply.path("id").asInt(-1), reply));
        var replies = new ArrayList<Reply>();
        for (var request : requests) {
            var reply = byId.get(replies.size());
            if (reply == null) {
                throw new Failure(request.method(), 0, "the node left this request of a batch out", "");
            }
            replies.add(
                    reply.has("result")
                            ? new Reply.Result(reply.get("result"))
                            : new Reply.Refusal(failure(request.method(), reply.path("error"))));
        }
        return replies;
    }

    private static Failure failure(String method, JsonNode error) {
        // Some nodes wrap the data of a revert in another object.
        var data = error.path("data").isObject() ? error.path("data").path("data") : error.path("data");
        return new Failure(
                method,
                error.path("code").asInt(0),
                error.path("message").asString("no message"),
                data.isString() ? data.asString() : "");
    }

    private JsonNode exchange(byte[] body) throws InterruptedException {
        var end = Instant.now().plus(patience);
        var pause = SHORTEST_PAUSE;
        while (true) {
            try {
                return undisturbed(body);
            } catch (Failure e) {
                throw e;
            } catch (RuntimeException e) {
                if (threads.isShutdown() || Instant.now().plus(pause).isAfter(end)) {
                    throw new Chain.Unreachable(
                            "the node at %s does not answer: %s".formatted(node, e.getMessage()), e);
                }
                Thread.sleep(pause);
                pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
            }
        }
    }

    /// On a thread of its own: an interruption in the middle of it breaks the connection, and the client may take that
    /// for a broken connection, try another, and forget that anyone was interrupted.
    private JsonNode undisturbed(byte[] body) throws InterruptedException {
        var call = threads.submit(() -> attempt(body));
        try {
            return call.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            call.cancel(true);
            throw e;
        }
    }

    private JsonNode attempt(byte[] body) {
        var request = http.post().header(HeaderValues.CONTENT_TYPE_JSON);
        try (var response = request.submit(body);
                var content = response.inputStream()) {
            var answer = content.readNBytes(LARGEST_ANSWER + 1);
            if (answer.length > LARGEST_ANSWER) {
                throw new Failure("batch", 0, "the answer has more than %,d bytes".formatted(LARGEST_ANSWER), "");
            }
            return JSON.readTree(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JacksonException e) {
            throw new IllegalStateException("its answer is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        http.closeResource();
    }
}
