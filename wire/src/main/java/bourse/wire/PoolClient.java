package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.Away;
import bourse.protocol.Denied;
import bourse.protocol.Pool;
import bourse.protocol.Sha256;
import bourse.protocol.TaskId;
import bourse.protocol.Time;
import bourse.protocol.Wallet;
import io.helidon.http.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;

/// A workerpool's scheduler on another machine, a [PoolServer], for the worker or the requester who has
/// `wallet`.
///
/// Each call throws [Away] if the server does not answer, or can not just now: ask again after a pause. A
/// call whose connection ended before the answer is made once more: asking and reporting twice is asking and
/// reporting once.
public final class PoolClient extends PoolInfoClient implements Pool {
    private final SignedLine line;
    private final Wallet wallet;

    /// @param authority certificates that are trusted instead of the system's, as a PEM file
    /// @throws bourse.protocol.Malformed if they can not be read
    public PoolClient(Door door, Wallet wallet, Optional<Path> authority) {
        this(door, wallet, authority, Time.SYSTEM);
    }

    PoolClient(Door door, Wallet wallet, Optional<Path> authority, InstantSource clock) {
        this(new Line(door.origin(), authority), door, wallet, clock);
    }

    private PoolClient(Line line, Door door, Wallet wallet, InstantSource clock) {
        super(line);
        this.line = new SignedLine(line, door, wallet, clock);
        this.wallet = wallet;
    }

    /// Waits for at most a minute, however patient the worker is.
    @Override
    public List<Assignment> ask(Ad ad, Duration patience) throws InterruptedException {
        var most = patience.compareTo(PoolPart.LONGEST) < 0 ? patience : PoolPart.LONGEST;
        return post("/v1/pool/ask", new PoolPart.Ask(ad, most), TIMEOUT.plus(most), new TypeReference<>() {});
    }

    @Override
    public List<Verdict> report(Address worker, List<Report> reports) throws InterruptedException {
        if (reports.isEmpty()) {
            return List.of();
        }
        List<Verdict> verdicts = new ArrayList<>();
        for (var part : parts(new PoolPart.Reports(worker, reports))) {
            List<Verdict> told = post("/v1/pool/reports", part, TIMEOUT, new TypeReference<>() {});
            if (told.size() != part.reports().size()) {
                throw new Away("the pool gave %d verdicts on %d reports; its version may be another"
                        .formatted(told.size(), part.reports().size()));
            }
            verdicts.addAll(told);
        }
        return List.copyOf(verdicts);
    }

    /// As few as the server's limit allows.
    private static List<PoolPart.Reports> parts(PoolPart.Reports whole) {
        var parts = new ArrayList<PoolPart.Reports>();
        var part = new ArrayList<Report>();
        int room = 0;
        for (var report : whole.reports()) {
            int size = Json.write(report).length + 1;
            if (size > room && !part.isEmpty()) {
                parts.add(new PoolPart.Reports(whole.worker(), part));
                part.clear();
            }
            room = (part.isEmpty() ? PoolPart.REPORTS - 1024 : room) - size;
            part.add(report);
        }
        parts.add(new PoolPart.Reports(whole.worker(), part));
        return parts;
    }

    /// @param reader must be the one who has the wallet
    @Override
    public List<Log> logs(TaskId task, Address reader) throws InterruptedException {
        if (!reader.equals(wallet.address())) {
            throw new Denied(
                    "logs are for who signs the call, which is %s here, not %s".formatted(wallet.address(), reader));
        }
        return signed(Method.GET, "/v1/pool/tasks/" + task + "/logs", new byte[0], TIMEOUT, new TypeReference<>() {});
    }

    private <T> T post(String path, Object body, Duration timeout, TypeReference<T> type) throws InterruptedException {
        return signed(Method.POST, path, Json.write(body), timeout, type);
    }

    private <T> T signed(Method method, String path, byte[] body, Duration timeout, TypeReference<T> type)
            throws InterruptedException {
        var query = new SignedLine.Query(method, path, Sha256.of(body), out -> out.write(body));
        return answer(type, receiver -> line.ask(query, timeout, receiver));
    }
}
