package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.Denied;
import bourse.protocol.PoolInfo;
import bourse.protocol.TaskId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;

/// What anyone may ask a workerpool on another machine, without a wallet: a [PoolServer], or a [Gateway].
///
/// Each call throws [bourse.protocol.Away] if the server does not answer.
public sealed class PoolInfoClient implements PoolInfo, AutoCloseable permits PoolClient {
    /// How long an answer may take, beside the time that the call itself waits.
    static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final int LARGEST = 32 * 1024 * 1024;

    private final Line line;

    /// @param server scheme, host and port
    public PoolInfoClient(URI server) {
        this(server, Optional.empty());
    }

    /// @param authority certificates that are trusted instead of the system's, as a PEM file
    public PoolInfoClient(URI server, Optional<Path> authority) {
        this(new Line(server, authority));
    }

    PoolInfoClient(Line line) {
        this.line = line;
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
    public Optional<Suitability> suitability(TaskId task) throws InterruptedException {
        return get("/v1/pool/tasks/" + task + "/machines", new TypeReference<>() {});
    }

    @Override
    public List<Log> logs(TaskId task, Address reader) throws InterruptedException {
        throw new Denied("logs are for the deal's requester, who signs his call; this client has no wallet");
    }

    @Override
    public void close() {
        line.close();
    }

    private <T> T get(String path, TypeReference<T> type) throws InterruptedException {
        return answer(type, receiver -> line.ask(() -> Line.Query.get(path), TIMEOUT, receiver));
    }

    interface Asking {
        byte[] ask(Line.Receiver<byte[]> receiver) throws IOException, InterruptedException;
    }

    /// Reads what is answered, and turns what is not into what the object next to us would have thrown.
    <T> T answer(TypeReference<T> type, Asking asking) throws InterruptedException {
        try {
            return line.read(asking.ask(line.whole(LARGEST)), type);
        } catch (Rejected e) {
            throw e.meaning();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
