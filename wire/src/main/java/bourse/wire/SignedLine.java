package bourse.wire;

import bourse.protocol.Bytes32;
import bourse.protocol.Call;
import bourse.protocol.Wallet;
import io.helidon.http.Method;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// The way to one server, for somebody who says who he is: each call is signed for this door, and counts
/// once.
final class SignedLine {
    /// Long enough for a slow network, beside a clock that is a minute off.
    private static final Duration LIFE = Duration.ofSeconds(30);

    private final Line line;
    private final Door door;
    private final Wallet wallet;
    private final InstantSource clock;
    private volatile Bytes32 epoch = Bytes32.ZERO;

    SignedLine(Line line, Door door, Wallet wallet, InstantSource clock) {
        this.line = line;
        this.door = door;
        this.wallet = wallet;
        this.clock = clock;
    }

    /// What is asked, but for who asks.
    ///
    /// @param sha256 of the body
    record Query(Method method, String path, Bytes32 sha256, Line.Body body) {
        private Line.Query signed(Credential credential) {
            return new Line.Query(method, path, Optional.of(credential.toString()), body);
        }
    }

    /// Asks, and once more if the server has a new run.
    ///
    /// @throws Rejected as [Line#ask]
    <T> T ask(Query query, Duration timeout, Line.Receiver<T> receiver) throws IOException, InterruptedException {
        var known = epoch;
        try {
            return ask(query, known, timeout, receiver);
        } catch (Rejected e) {
            var told = e.epoch().filter(now -> !now.equals(known)).orElseThrow(() -> e);
            epoch = told;
            return ask(query, told, timeout, receiver);
        }
    }

    private <T> T ask(Query query, Bytes32 run, Duration timeout, Line.Receiver<T> receiver)
            throws IOException, InterruptedException {
        return line.ask(() -> query.signed(credential(query, run)), timeout, receiver);
    }

    private Credential credential(Query query, Bytes32 run) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var call = new Call(
                door.audience(),
                Door.origin(door.origin()),
                run,
                query.method().text(),
                query.path(),
                query.sha256(),
                Bytes32.random(),
                now,
                now.plus(LIFE));
        return Credential.sign(call, door.domain(), wallet);
    }
}
