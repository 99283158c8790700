package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Call;
import bourse.protocol.Deal;
import bourse.protocol.Domain;
import bourse.protocol.Pool.Ad;
import bourse.protocol.Pool.Assignment;
import bourse.protocol.Refused;
import bourse.protocol.Sha256;
import bourse.protocol.Wallet;
import bourse.testing.Scene;
import bourse.testing.ScriptedPool;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A scripted pool behind a server, on the clock of a scene, and clients for its workers.
final class PoolStand implements AutoCloseable {
    final Scene scene;
    final ScriptedPool pool;
    final Domain domain;
    PoolServer server;

    private final Limits limits;
    private final List<PoolInfoClient> clients = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    PoolStand(int workers) throws Refused, InterruptedException {
        this(workers, Limits.DEFAULT);
    }

    PoolStand(int workers, Limits limits) throws Refused, InterruptedException {
        this.scene = new Scene(1, workers);
        this.pool = new ScriptedPool(scene.workerpool(), scene.clock());
        this.domain = scene.chain().domain();
        this.limits = limits;
        this.server = start(0, new MemoryNonces(scene.clock()));
    }

    PoolServer start(int port, Nonces nonces) {
        return new PoolServer(
                pool,
                scene.workerpool(),
                scene.chain(),
                new Listening("127.0.0.1", port, Optional.empty(), Optional.empty(), limits),
                Vitals.UP,
                nonces,
                scene.clock());
    }

    /// As if its process had died, and another had come in its place.
    void restart() {
        int port = server.uri().getPort();
        server.close();
        server = start(port, new MemoryNonces(scene.clock()));
    }

    Door door() {
        return new Door(server.uri(), scene.workerpool(), domain);
    }

    PoolClient client(Wallet wallet) {
        return client(wallet, door());
    }

    PoolClient client(Wallet wallet, Door door) {
        var client = new PoolClient(door, wallet, Optional.empty(), scene.clock());
        clients.add(client);
        return client;
    }

    PoolInfoClient reader() {
        var client = new PoolInfoClient(server.uri());
        clients.add(client);
        return client;
    }

    static Ad ad(Wallet worker) {
        return new Ad(worker.address(), "[Runtimes = {\"WASM\"}]");
    }

    /// An assignment of the first task of a new deal.
    Assignment assignment(Wallet worker) throws Refused, InterruptedException {
        Deal deal = scene.deal(1, 1);
        var app = new Asset.App(
                scene.app(),
                scene.developer().address(),
                "app",
                Asset.App.WASM,
                Bytes.utf8("/ipfs/nowhere"),
                Bytes32.ZERO);
        var dataset =
                new Asset.Dataset(Address.ZERO, scene.developer().address(), "data", Bytes.EMPTY, Bytes32.random());
        return new Assignment(
                scene.authorize(worker, deal.task(deal.first())),
                deal,
                deal.first(),
                app,
                Optional.of(dataset),
                17,
                true,
                scene.clock().instant().plus(Duration.ofMinutes(1)));
    }

    /* CALLS BY HAND */

    /// A call as an honest client would sign it, to be spoilt.
    Call call(String method, String path, String body, Bytes32 epoch) {
        var now = scene.clock().instant();
        return new Call(
                scene.workerpool(),
                Door.origin(server.uri()),
                epoch,
                method,
                path,
                Sha256.of(body.getBytes(StandardCharsets.UTF_8)),
                Bytes32.random(),
                now,
                now.plusSeconds(30));
    }

    /// The run of the server, as it tells those who do not know it.
    Bytes32 epoch() throws Exception {
        var wallet = scene.worker(0);
        var call = call("GET", "/v1/pool/tasks/" + Bytes32.ZERO + "/logs", "", Bytes32.ZERO);
        var answer = send(call, Credential.sign(call, domain, wallet), "");
        return Bytes32.parse(Json.read(answer.body().getBytes(StandardCharsets.UTF_8))
                .path("epoch")
                .asString());
    }

    HttpResponse<String> send(Call call, Credential credential, String body) throws Exception {
        return send(call.method(), call.path(), Optional.of(credential.toString()), body);
    }

    HttpResponse<String> send(String method, String path, Optional<String> authorization, String body)
            throws Exception {
        var request = HttpRequest.newBuilder(URI.create(server.uri() + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        authorization.ifPresent(header -> request.header("Authorization", header));
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /// The `type` of the problem that was answered, after its prefix.
    static String problem(HttpResponse<String> answer) {
        if (!answer.headers().firstValue("content-type").orElse("").equals("application/problem+json")) {
            return "none: %d %s".formatted(answer.statusCode(), answer.body());
        }
        return Json.read(answer.body().getBytes(StandardCharsets.UTF_8))
                .path("type")
                .asString()
                .substring("urn:bourse:problem:".length());
    }

    @Override
    public void close() {
        clients.forEach(PoolInfoClient::close);
        http.shutdownNow();
        server.close();
    }
}
