package bourse.wire;

import bourse.protocol.Blobs;
import bourse.protocol.Cid;
import bourse.protocol.Malformed;
import bourse.protocol.PoolInfo;
import bourse.protocol.ResultArchive;
import bourse.protocol.TaskId;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// Shows a running market to others on this machine: stored bytes by the path of iExec's clients, and how its pool
/// does.
///
/// Errors are `application/problem+json` (RFC 9457), with the next step in `detail`.
public final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final JsonMapper JSON = new JsonMapper();

    private final Blobs blobs;
    private final PoolInfo pool;
    private final WebServer server;

    /// Starts serving on the loopback interface.
    ///
    /// @param port 0 for any that is free
    public Gateway(Blobs blobs, PoolInfo pool, int port) {
        this.blobs = blobs;
        this.pool = pool;
        this.server = WebServer.builder()
                .address(InetAddress.getLoopbackAddress())
                .port(port)
                .shutdownHook(false)
                .maxPayloadSize(64 * 1024)
                .routing(this::routes)
                .build()
                .start();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    @Override
    public void close() {
        server.stop();
    }

    private void routes(HttpRouting.Builder routing) {
        routing.get("/ipfs/{cid}", guarded(this::bytes))
                .head("/ipfs/{cid}", guarded(this::bytes))
                .get("/v1/pool", guarded((_, response) -> send(response, pool.workerpool())))
                .get("/v1/pool/members", guarded((_, response) -> send(response, pool.members())))
                .get("/v1/pool/tasks/{id}", guarded((request, response) -> {
                    var task = TaskId.parse(request.path().pathParameters().get("id"));
                    send(response, pool.status(task));
                }));
    }

    private void bytes(ServerRequest request, ServerResponse response) throws IOException {
        var cid = Cid.parse(request.path().pathParameters().get("cid"));
        var file = Files.createTempDirectory("bourse-gateway").resolve("bytes");
        try {
            blobs.fetch(cid, file, ResultArchive.MOST_BYTES);
            response.header(HeaderNames.CONTENT_TYPE, "application/octet-stream");
            response.header(HeaderNames.CACHE_CONTROL, "public, max-age=31536000, immutable");
            response.contentLength(Files.size(file));
            if (request.prologue().method().text().equals("HEAD")) {
                response.send();
                return;
            }
            try (var out = response.outputStream()) {
                Files.copy(file, out);
            }
        } finally {
            Files.deleteIfExists(file);
            Files.delete(file.getParent());
        }
    }

    private interface Answer {
        void give(ServerRequest request, ServerResponse response) throws IOException, InterruptedException;
    }

    private static Handler guarded(Answer answer) {
        return (request, response) -> {
            try {
                answer.give(request, response);
            } catch (Malformed e) {
                problem(response, Status.BAD_REQUEST_400, String.valueOf(e.getMessage()));
            } catch (Blobs.Missing e) {
                problem(response, Status.NOT_FOUND_404, String.valueOf(e.getMessage()));
            } catch (Blobs.TooLarge e) {
                problem(response, Status.REQUEST_ENTITY_TOO_LARGE_413, String.valueOf(e.getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                problem(response, Status.SERVICE_UNAVAILABLE_503, "the market is stopping; ask again when it runs");
            } catch (IOException | RuntimeException e) {
                LOG.warn("{} failed: {}", request.path().path(), e.toString(), e);
                problem(response, Status.INTERNAL_SERVER_ERROR_500, "this failed inside; the market's log says why");
            }
        };
    }

    private static void send(ServerResponse response, Object value) {
        response.header(HeaderNames.CONTENT_TYPE, "application/json");
        response.send(JSON.writeValueAsBytes(value));
    }

    private static void problem(ServerResponse response, Status status, String detail) {
        if (response.isSent()) {
            return;
        }
        var problem = new LinkedHashMap<String, Object>();
        problem.put("title", status.reasonPhrase());
        problem.put("status", status.code());
        problem.put("detail", detail);
        response.status(status);
        response.header(HeaderNames.CONTENT_TYPE, "application/problem+json");
        response.send(JSON.writeValueAsBytes(problem));
    }
}
