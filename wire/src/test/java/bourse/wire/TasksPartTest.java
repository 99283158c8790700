package bourse.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.protocol.Denied;
import bourse.protocol.Digest;
import bourse.protocol.PoolInfo;
import bourse.protocol.TaskId;
import bourse.protocol.Wallet;
import bourse.testing.Scene;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

class TasksPartTest {
    private static final Digest DIGEST = new Digest(Bytes32.random());

    private final Scene scene = new Scene(1, 3);
    private final Remembering pool = new Remembering();
    private final Server server = new Server(
            Listening.onLoopback(0),
            Vitals.UP,
            List.of(new TasksPart(
                    pool,
                    scene.workerpool(),
                    scene.chain(),
                    new Challenges(scene.chain().domain(), scene.clock()))));
    private final HttpClient http = HttpClient.newHttpClient();

    TasksPartTest() throws Exception {}

    @AfterEach
    void stop() {
        http.shutdownNow();
        server.close();
    }

    @Test
    void tellsHowATaskGoesInTheWordsOfIexecsScheduler() throws Exception {
        var task = scene.task(1);
        assertThat(told(task).path("currentStatus").asString()).isEqualTo("INITIALIZED");
        assertThat(told(task).path("dateStatusList").get(0).path("status").asString())
                .isEqualTo("RECEIVED");

        pool.remember(scene.worker(0).address(), "FETCHING");
        pool.remember(scene.worker(1).address(), "LOST");
        assertThat(told(task).path("currentStatus").asString()).isEqualTo("RUNNING");
        assertThat(statuses(task)).containsExactly("APP_DOWNLOADING", "WORKER_LOST");

        scene.contribute(scene.worker(0), task, DIGEST);
        assertThat(told(task).path("currentStatus").asString()).isEqualTo("CONSENSUS_REACHED");
        assertThat(statuses(task)).containsExactly("CONTRIBUTED", "WORKER_LOST");

        scene.reveal(scene.worker(0), task, DIGEST);
        assertThat(told(task).path("currentStatus").asString()).isEqualTo("AT_LEAST_ONE_REVEALED");
        assertThat(statuses(task)).containsExactly("REVEALED", "WORKER_LOST");

        scene.finish(task);
        assertThat(told(task).path("currentStatus").asString()).isEqualTo("COMPLETED");
        assertThat(statuses(task)).containsExactly("COMPLETED", "WORKER_LOST");
    }

    @Test
    void namesVotersWhomThePoolHasForgotten() throws Exception {
        var task = scene.task(1);
        scene.contribute(scene.worker(2), task, DIGEST);

        var replicate = told(task).path("replicates").get(0);
        assertThat(replicate.path("walletAddress").asString())
                .isEqualTo(scene.worker(2).address().toString());
        assertThat(replicate.path("statusUpdateList")).isEmpty();
    }

    @Test
    void knowsNoTaskThatTheChainDoesNotHave() throws Exception {
        assertThat(get("/tasks/" + Bytes32.random(), Optional.empty()).statusCode())
                .isEqualTo(404);
        assertThat(get("/tasks/7", Optional.empty()).statusCode()).isEqualTo(400);
    }

    @Test
    void showsLogsToTheRequesterWhoSignsAChallenge() throws Exception {
        var task = scene.task(1);

        var logs = get("/tasks/" + task + "/logs", Optional.of(signed(scene.requester())));
        assertThat(logs.body()).isEqualTo("""
                {"computeLogsList":[{"walletAddress":"%s","stdout":"out","stderr":"err"}]}""".formatted(scene.worker(0).address()));
        assertThat(get("/tasks/" + task + "/logs", Optional.of(signed(scene.worker(0))))
                        .statusCode())
                .isEqualTo(403);
        assertThat(get("/tasks/" + task + "/logs", Optional.empty()).statusCode())
                .isEqualTo(401);
    }

    @Test
    void challengesWhoeverHasAnAddress() throws Exception {
        assertThat(get("/tasks/logs/challenge?chainId=1&address=" + Address.ZERO, Optional.empty())
                        .statusCode())
                .isEqualTo(400);
        assertThat(get("/tasks/logs/challenge?address=" + Address.ZERO, Optional.empty())
                        .body())
                .contains("the query lacks chainId");
        assertThat(get("/tasks/logs/challenge?chainId=" + chainId() + "&address=me", Optional.empty())
                        .statusCode())
                .isEqualTo(400);
    }

    private String signed(Wallet wallet) throws Exception {
        var body = get(
                        "/tasks/logs/challenge?chainId=%d&address=%s".formatted(chainId(), wallet.address()),
                        Optional.empty())
                .body();
        var challenge = Json.read(body.getBytes(UTF_8), new TypeReference<Challenges.TypedData>() {});
        var hash = scene.chain().domain().hash(challenge.message().challenge());
        return "%s_%s_%s".formatted(hash, wallet.sign(hash).bytes(), wallet.address());
    }

    private long chainId() {
        return scene.chain().domain().chainId();
    }

    private JsonNode told(TaskId task) throws Exception {
        return Json.read(get("/tasks/" + task, Optional.empty()).body().getBytes(UTF_8));
    }

    private List<String> statuses(TaskId task) throws Exception {
        return told(task)
                .path("replicates")
                .valueStream()
                .map(replicate -> replicate.path("currentStatus").asString())
                .toList();
    }

    private HttpResponse<String> get(String path, Optional<String> authorization) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
        authorization.ifPresent(header -> request.header("Authorization", header));
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /// A pool that remembers what it is told, and shows logs to the requester.
    private final class Remembering implements PoolInfo {
        private final List<Replicate> replicates = new ArrayList<>();

        void remember(Address worker, String phase) {
            replicates.add(new Replicate(worker, phase, Instant.EPOCH, ""));
        }

        @Override
        public Address workerpool() {
            return scene.workerpool();
        }

        @Override
        public List<Member> members() {
            return List.of();
        }

        @Override
        public Optional<Suitability> suitability(TaskId task) {
            return Optional.empty();
        }

        @Override
        public Status status(TaskId task) {
            return new Status(replicates, "", false);
        }

        @Override
        public List<Log> logs(TaskId task, Address reader) {
            if (!reader.equals(scene.requester().address())) {
                throw new Denied("for the requester");
            }
            return List.of(new Log(scene.worker(0).address(), Instant.EPOCH, "out", "err"));
        }
    }
}
