package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.Denied;
import bourse.protocol.PoolInfo;
import bourse.protocol.TaskId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// A pool on the other side of a [Gateway].
public final class PoolInfoClient implements PoolInfo, AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final URI gateway;

    public PoolInfoClient(URI gateway) {
        this.gateway = gateway;
    }

    @Override
    public Address workerpool() throws InterruptedException {
        return get("/v1/pool", new TypeReference<>() {});
    }

    @Override
    public List<Member> members() throws InterruptedException {
        return get("/v1/pool/members", new TypeReference<>() {});
    }

    @Override
    public Status status(TaskId task) throws InterruptedException {
        return get("/v1/pool/tasks/" + task, new TypeReference<>() {});
    }

    @Override
    public List<Log> logs(TaskId task, Address reader) {
        throw new Denied("logs are for who signs his request; this client does not");
    }

    @Override
    public void close() {
        http.close();
    }

    /// @throws UncheckedIOException if the gateway does not answer, or with anything but what was asked for
    private <T> T get(String path, TypeReference<T> type) throws InterruptedException {
        var request =
                HttpRequest.newBuilder(gateway.resolve(path)).timeout(TIMEOUT).build();
        try {
            var response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new IOException("%s answered %d".formatted(request.uri(), response.statusCode()));
            }
            return JSON.readValue(response.body(), type);
        } catch (JacksonException e) {
            throw new UncheckedIOException(
                    new IOException(request.uri() + " answered what is no " + type.getType(), e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
