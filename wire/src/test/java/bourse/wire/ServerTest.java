package bourse.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import bourse.protocol.Cid;
import bourse.protocol.Pool;
import bourse.protocol.PoolInfo;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// What every server has.
@Timeout(60)
class ServerTest {
    /// By `operationId`: what an example of the body is read as, and of the answer.
    private static final Map<String, TypeReference<?>> BODIES = Map.of(
            "ask", PoolPart.Ask.TYPE,
            "report", PoolPart.Reports.TYPE);

    private static final Map<String, TypeReference<?>> ANSWERS = Map.ofEntries(
            entry("health", new TypeReference<Map<String, String>>() {}),
            entry("workerpool", new TypeReference<Address>() {}),
            entry("members", new TypeReference<List<PoolInfo.Member>>() {}),
            entry("status", new TypeReference<PoolInfo.Status>() {}),
            entry("suitability", new TypeReference<PoolInfo.Suitability>() {}),
            entry("ask", new TypeReference<List<Pool.Assignment>>() {}),
            entry("report", new TypeReference<List<Pool.Verdict>>() {}),
            entry("logs", new TypeReference<List<PoolInfo.Log>>() {}),
            entry("store", new TypeReference<Cid>() {}),
            entry("task", new TypeReference<TasksPart.Told>() {}),
            entry("challenge", new TypeReference<Challenges.TypedData>() {}),
            entry("computeLogs", new TypeReference<TasksPart.Logs>() {}),
            entry("direction", new TypeReference<CompassPart.Direction>() {}));

    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final Server server = new Server(
            new Listening(
                    "127.0.0.1", 0, Optional.empty(), Optional.of(URI.create("https://pool.example")), Limits.DEFAULT),
            new Vitals(() -> complaints, () -> "tasks_total 7\n"),
            parts());
    private final HttpClient http = HttpClient.newHttpClient();

    /// All there are. Nobody calls them here.
    @SuppressWarnings("NullAway")
    private static List<Part> parts() {
        return List.of(
                new PoolInfoPart(null),
                new PoolPart(null, null, 1),
                new BlobsPart(null),
                new StorePart(null, null, null, 1),
                new TasksPart(null, null, null, null),
                new CompassPart(1, _ -> Optional.empty()),
                new SecretsPart(),
                new MarketPart(null, null, null));
    }

    @AfterEach
    void stop() {
        http.shutdownNow();
        server.close();
    }

    @Test
    void everyRouteIsInTheDocumentAndTheOtherWayRound() throws Exception {
        var told = new TreeSet<String>();
        openapi()
                .path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> told.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));

        assertThat(told)
                .containsExactlyInAnyOrderElementsOf(server.routes().stream()
                        .map(route -> route.method().text() + " " + route.path())
                        .toList());
    }

    @Test
    void everyExampleOfTheDocumentIsReadAndWrittenByThisProgram() throws Exception {
        var bodies = new HashMap<String, JsonNode>();
        var answers = new HashMap<String, JsonNode>();
        openapi()
                .path("paths")
                .forEach(path -> path.forEach(operation -> {
                    var id = operation.path("operationId").asString();
                    example(operation.path("requestBody")).ifPresent(json -> bodies.put(id, json));
                    example(operation.path("responses").path("200")).ifPresent(json -> answers.put(id, json));
                }));

        assertThat(bodies.keySet()).isEqualTo(BODIES.keySet());
        assertThat(answers.keySet()).isEqualTo(ANSWERS.keySet());
        BODIES.forEach((id, type) -> assertRead(bodies.getOrDefault(id, MissingNode.getInstance()), type));
        ANSWERS.forEach((id, type) -> assertRead(answers.getOrDefault(id, MissingNode.getInstance()), type));
    }

    @Test
    void everyProblemIsInTheDocument() throws Exception {
        var types = openapi().at("/components/schemas/Problem/properties/type/enum");

        assertThat(types.valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Problem.values()).map(Problem::urn).toList());
    }

    @Test
    void theDocumentPointsAtWhatItHas() throws Exception {
        var document = openapi();

        assertThat(document.findValuesAsString("$ref"))
                .isNotEmpty()
                .allSatisfy(
                        pointer -> assertThat(document.at(pointer.substring(1)).isObject())
                                .as(pointer)
                                .isTrue());
        assertThat(document.at("/servers/0/url").asString()).isEqualTo("https://pool.example");
    }

    @Test
    void tellsWhetherItIsUp() throws Exception {
        assertThat(get("/health").statusCode()).isEqualTo(200);
        assertThat(get("/health").body()).isEqualTo("{\"status\":\"up\"}");

        complaints.add("the chain's node does not answer");

        assertThat(get("/health").statusCode()).isEqualTo(503);
        assertThat(get("/health").body())
                .contains("\"complaints\":[\"the chain's node does not answer\"]")
                .contains("urn:bourse:problem:busy");
    }

    @Test
    void showsItsMetrics() throws Exception {
        assertThat(get("/metrics").body()).isEqualTo("tasks_total 7\n");
        assertThat(get("/metrics").headers().firstValue("content-type").orElseThrow())
                .startsWith("text/plain; version=0.0.4");
    }

    private static Optional<JsonNode> example(JsonNode content) {
        return Optional.of(content.at("/content/application~1json/example")).filter(node -> !node.isMissingNode());
    }

    private static void assertRead(JsonNode json, TypeReference<?> type) {
        var value = Json.read(json.toString().getBytes(UTF_8), type);
        assertThat(Json.read(Json.write(value))).isEqualTo(json);
    }

    private JsonNode openapi() throws Exception {
        return Json.read(get("/openapi.json").body().getBytes(UTF_8));
    }

    private HttpResponse<String> get(String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
