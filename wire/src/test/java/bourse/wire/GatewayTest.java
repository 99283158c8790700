package bourse.wire;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import bourse.protocol.Blobs;
import bourse.protocol.Bytes32;
import bourse.protocol.Cid;
import bourse.protocol.Denied;
import bourse.protocol.PoolInfo;
import bourse.protocol.Sha256;
import bourse.protocol.TaskId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatewayTest {
    private static final byte[] HELLO = "hello".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    private static final Cid CID = new Cid(Sha256.of(HELLO));
    private static final TaskId TASK = new TaskId(Bytes32.random());
    private static final Address WORKERPOOL = new Address("%040x".formatted(8));
    private static final Address WORKER = new Address("%040x".formatted(7));

    private final Gateway gateway = new Gateway(
            new OneBlob(), new OnePool(), 65535, Map.of(WORKERPOOL, URI.create("http://pool.example:7")), 0);
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        http.close();
        gateway.close();
    }

    @Test
    void servesBytesUnderThePathOfIexecsClients() throws Exception {
        var response = get("GET", CID.path());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("hello");
    }

    @Test
    void tellsTheSizeWithoutTheBytes() throws Exception {
        var response = get("HEAD", CID.path());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-length")).contains("5");
        assertThat(response.body()).isEmpty();
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        var response = get("GET", new Cid(Bytes32.ZERO).path());

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(response.body()).contains("nobody stored it");
    }

    @Test
    void refusesWhatIsNoName() throws Exception {
        assertThat(get("GET", "/ipfs/..%2f..%2fetc%2fpasswd").statusCode()).isBetween(400, 404);
        assertThat(get("GET", "/ipfs/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG")
                        .statusCode())
                .isEqualTo(400);
        assertThat(get("GET", "/v1/pool/tasks/7").statusCode()).isEqualTo(400);
    }

    @Test
    void aClientSeesThePoolAsItIs() throws Exception {
        var pool = new OnePool();
        try (var client = new PoolInfoClient(gateway.uri())) {
            assertThat(client.workerpool()).isEqualTo(pool.workerpool());
            assertThat(client.members()).isEqualTo(pool.members());
            assertThat(client.status(TASK)).isEqualTo(pool.status(TASK));
        }
    }

    @Test
    void theCompassPointsAtThePoolsItKnows() throws Exception {
        assertThat(get("GET", "/65535/workerpools/" + WORKERPOOL).body())
                .isEqualTo("{\"apiUrl\":\"http://pool.example:7\"}");
        assertThat(get("GET", "/65535/workerpools/" + WORKER).statusCode()).isEqualTo(404);
        assertThat(get("GET", "/1/workerpools/" + WORKERPOOL).statusCode()).isEqualTo(404);
        assertThat(get("GET", "/65535/workerpools/0x7").statusCode()).isEqualTo(400);
    }

    @Test
    void noSecretIsThereAndNoneIsTaken() throws Exception {
        for (var path : List.of(
                "/secrets/web3?secretAddress=" + WORKER,
                "/secrets/web2?secretName=key&ownerAddress=" + WORKER,
                "/requesters/" + WORKER + "/secrets/key",
                "/apps/" + WORKER + "/secrets")) {
            assertThat(get("HEAD", path).statusCode()).as(path).isEqualTo(404);
            assertThat(get("POST", path).statusCode()).as(path).isEqualTo(403);
            assertThat(get("POST", path).body()).contains("secrets are not kept here");
        }
        assertThat(get("PUT", "/secrets/web2?secretName=key&ownerAddress=" + WORKER)
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void aSecretWithoutANameIsMalformed() throws Exception {
        for (var path : List.of(
                "/secrets/web3",
                "/secrets/web3?secretAddress=7",
                "/secrets/web2?secretName=key",
                "/secrets/web2?secretName=&ownerAddress=" + WORKER,
                "/requesters/me/secrets/key",
                "/apps/me/secrets")) {
            assertThat(get("HEAD", path).statusCode()).as(path).isEqualTo(400);
        }
    }

    @Test
    void pagesFromElsewhereMayCallWhatIsForThem() throws Exception {
        assertThat(get("GET", CID.path()).headers().firstValue("access-control-allow-origin"))
                .contains("*");
        assertThat(get("GET", "/65535/workerpools/" + WORKER).headers().firstValue("access-control-allow-origin"))
                .contains("*");
        assertThat(get("GET", "/v1/pool").headers().firstValue("access-control-allow-origin"))
                .isEmpty();

        var preflight = get("OPTIONS", "/secrets/web2");
        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight.headers().firstValue("access-control-allow-methods"))
                .contains("HEAD, POST, PUT");
        assertThat(preflight.headers().firstValue("access-control-allow-headers"))
                .contains("Authorization, Content-Type");
    }

    @Test
    void whoReadsPlainJsonAloneIsToldWhatIsWrongInIt() throws Exception {
        var request = HttpRequest.newBuilder(URI.create(gateway.uri() + "/65535/workerpools/" + WORKER))
                .header("Accept", "application/json");
        var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());

        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        assertThat(response.body()).contains("\"ok\":false").contains("\"error\":\"nobody here knows where");
    }

    private HttpResponse<String> get(String method, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(gateway.uri() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static final class OneBlob implements Blobs {
        @Override
        public Cid put(Path file) {
            return CID;
        }

        @Override
        public void fetch(Cid cid, Path target, long most) throws IOException {
            if (!cid.equals(CID)) {
                throw new Missing("nobody stored it: " + cid);
            }
            Files.write(target, HELLO);
        }
    }

    private static final class OnePool implements PoolInfo {
        private static final Instant NOON = Instant.parse("2026-06-01T12:00:00.123456Z");

        @Override
        public Address workerpool() {
            return WORKER;
        }

        @Override
        public List<Member> members() {
            return List.of(
                    new Member(WORKER, NOON, Optional.of(new Work(TASK, "COMPUTING"))),
                    new Member(WORKER, NOON, Optional.empty()));
        }

        @Override
        public List<Log> logs(TaskId task, Address reader) {
            throw new Denied("nobody reads logs here");
        }

        @Override
        public Optional<Suitability> suitability(TaskId task) {
            return Optional.empty();
        }

        @Override
        public Status status(TaskId task) {
            return new Status(List.of(new Replicate(WORKER, "COMPUTING", NOON, "")), "1 vote", true);
        }
    }
}
