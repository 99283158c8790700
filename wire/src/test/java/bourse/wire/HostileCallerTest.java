package bourse.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.protocol.Call;
import bourse.protocol.Domain;
import bourse.protocol.Wallet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a server takes from nobody.
@Timeout(60)
class HostileCallerTest {
    private static final String REPORTS = "/v1/pool/reports";
    private static final Limits SHORT =
            new Limits(20, 4096, Duration.ofSeconds(2), Duration.ofSeconds(2), Limits.DEFAULT.polls());

    private PoolStand stand;
    private Wallet worker;
    private String report;
    private Bytes32 epoch;

    @BeforeEach
    void open() throws Exception {
        stand = new PoolStand(2, SHORT);
        worker = stand.scene.worker(0);
        report = reports("{\"kind\":\"computing\"}");
        epoch = stand.epoch();
    }

    @AfterEach
    void close() {
        stand.close();
    }

    private String reports(String progress) {
        return "{\"worker\":\"%s\",\"reports\":[{\"task\":\"%s\",\"progress\":%s}]}"
                .formatted(worker.address(), Bytes32.ZERO, progress);
    }

    /* WHO CALLS */

    @Test
    void aCallCountsOnce() throws Exception {
        var call = stand.call("POST", REPORTS, report, epoch);
        var credential = Credential.sign(call, stand.domain, worker);

        assertThat(stand.send(call, credential, report).statusCode()).isEqualTo(200);
        assertThat(PoolStand.problem(stand.send(call, credential, report))).isEqualTo("replayed");
        assertThat(stand.pool.reports()).hasSize(1);
    }

    @Test
    void aCallDoesNotCountAgainAfterTheServerHasForgottenIt() throws Exception {
        var call = stand.call("POST", REPORTS, report, epoch);
        var credential = Credential.sign(call, stand.domain, worker);
        stand.send(call, credential, report);

        stand.restart();

        assertThat(PoolStand.problem(stand.send(call, credential, report))).isEqualTo("stale");
        assertThat(stand.pool.reports()).hasSize(1);
    }

    @Test
    void aCallDoesNotCountAgainOnceItIsForgottenForItsAge() throws Exception {
        var call = stand.call("POST", REPORTS, report, epoch);
        var credential = Credential.sign(call, stand.domain, worker);
        stand.send(call, credential, report);

        stand.scene.clock().advance(Duration.ofSeconds(90));
        assertThat(PoolStand.problem(stand.send(call, credential, report))).isEqualTo("replayed");

        stand.scene.clock().advance(Duration.ofSeconds(1));
        assertThat(PoolStand.problem(stand.send(call, credential, report))).isEqualTo("expired");
    }

    @Test
    void aCallFromTheFutureIsToldTheTime() throws Exception {
        var honest = stand.call("POST", REPORTS, report, epoch);
        var ahead = honest.issued().plusSeconds(61);
        var call = at(honest, ahead, ahead.plusSeconds(30));

        var answer = stand.send(call, Credential.sign(call, stand.domain, worker), report);

        assertThat(PoolStand.problem(answer)).isEqualTo("early");
        assertThat(answer.body()).contains("\"now\":\"2020-02-02T12:00:00Z\"").contains("set the clock");
    }

    @Test
    void aCallIsNotSignedForLong() throws Exception {
        var honest = stand.call("POST", REPORTS, report, epoch);
        var call = at(honest, honest.issued(), honest.issued().plusSeconds(121));

        assertThat(PoolStand.problem(stand.send(call, Credential.sign(call, stand.domain, worker), report)))
                .isEqualTo("malformed");
    }

    record Spoilt(String what, UnaryOperator<Call> by) {
        @Override
        public String toString() {
            return what;
        }
    }

    /// What was signed is another call than what is sent.
    static Stream<Spoilt> aCallThatWasChangedIsUnsigned() {
        return Stream.of(
                new Spoilt(
                        "audience",
                        call -> signed(call, Address.ZERO, call.origin(), call.method(), call.path(), call.body())),
                new Spoilt(
                        "origin",
                        call -> signed(
                                call, call.audience(), "http://127.0.0.1:1", call.method(), call.path(), call.body())),
                new Spoilt(
                        "method",
                        call -> signed(call, call.audience(), call.origin(), "PUT", call.path(), call.body())),
                new Spoilt(
                        "path",
                        call -> signed(
                                call, call.audience(), call.origin(), call.method(), "/v1/pool/ask", call.body())),
                new Spoilt(
                        "query",
                        call -> signed(
                                call,
                                call.audience(),
                                call.origin(),
                                call.method(),
                                call.path() + "?a=b",
                                call.body())),
                new Spoilt(
                        "body",
                        call -> signed(
                                call, call.audience(), call.origin(), call.method(), call.path(), Bytes32.ZERO)));
    }

    @ParameterizedTest
    @MethodSource
    void aCallThatWasChangedIsUnsigned(Spoilt spoilt) throws Exception {
        var sent = stand.call("POST", REPORTS, report, epoch);
        var signed = spoilt.by().apply(sent);

        var answer = stand.send(sent, Credential.sign(signed, stand.domain, worker), report);

        assertThat(PoolStand.problem(answer)).isEqualTo("unsigned");
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("www-authenticate")).contains(Credential.SCHEME);
        assertThat(answer.body()).contains(stand.scene.workerpool().toString());
        assertThat(stand.pool.reports()).isEmpty();
    }

    @Test
    void anotherMarketsSignatureIsNone() throws Exception {
        var call = stand.call("POST", REPORTS, report, epoch);

        for (var other : new Domain[] {
            new Domain(stand.domain.chainId() + 1, stand.domain.hub()), new Domain(stand.domain.chainId(), Address.ZERO)
        }) {
            assertThat(PoolStand.problem(stand.send(call, Credential.sign(call, other, worker), report)))
                    .isEqualTo("unsigned");
        }
    }

    @Test
    void nobodySignsForAnother() throws Exception {
        var call = stand.call("POST", REPORTS, report, epoch);
        var others = Credential.sign(call, stand.domain, stand.scene.worker(1));
        var forged = new Credential(
                worker.address(), call.epoch(), call.nonce(), call.issued(), call.expires(), others.signature());

        assertThat(PoolStand.problem(stand.send(call, forged, report))).isEqualTo("unsigned");
        assertThat(PoolStand.problem(stand.send(call, others, report))).isEqualTo("denied");
        assertThat(stand.pool.reports()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Basic dTpw",
                "Bourse-EIP712",
                "Bourse-EIP712 signer",
                "Bourse-EIP712 signer=0x, signer=0x",
                "Bourse-EIP712 signer=0x00, epoch=1, nonce=1, issued=-1, expires=9999999999999, signature=0x",
            })
    void whatIsNoCredentialIsNone(String header) throws Exception {
        var answer = stand.send("POST", REPORTS, Optional.of(header).filter(text -> !text.isEmpty()), report);

        assertThat(PoolStand.problem(answer)).isEqualTo("unsigned");
    }

    /* WHAT IS SENT */

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kind\":\"computing\",\"more\":1}",
                "{\"kind\":\"unheard\"}",
                "{}",
                "null",
                "[]",
                "7",
                "{\"kind\":\"computing\",\"kind\":\"computing\"}",
                "{\"kind\":\"ran\",\"stdout\":\"\"}",
                "{\"kind\":\"ran\",\"stdout\":1,\"stderr\":\"\"}",
                "{\"kind\":\"ran\",\"stdout\":null,\"stderr\":\"\"}",
                "{\"kind\":\"gaveUp\",\"cause\":3,\"message\":\"\"}",
                "{\"kind\":\"gaveUp\",\"cause\":\"NO_REASON\",\"message\":\"\"}",
                "{\"kind\":\"delivered\",\"link\":{\"cid\":\"../etc\"},\"callbackData\":\"0x\"}",
                "{\"kind\":\"computing\"}]}garbage",
                "{\"kind\":\"computing\"",
                "\u0000",
            })
    void whatIsNoReportIsRefused(String progress) throws Exception {
        assertThat(PoolStand.problem(signed("POST", REPORTS, reports(progress))))
                .isEqualTo("malformed");
        assertThat(stand.pool.reports()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999", "-1", "0", "65", "1.0", "\"1\"", "true", "null", "99999999999", "NaN"})
    void aNumberIsWhatItShouldBe(String free) throws Exception {
        var ask =
                "{\"ad\":{\"worker\":\"%s\",\"machine\":\"[]\"," + "\"free\":%s,\"inHand\":[]},\"patience\":\"PT0S\"}";

        assertThat(PoolStand.problem(signed("POST", "/v1/pool/ask", ask.formatted(worker.address(), free))))
                .isEqualTo("malformed");
        assertThat(signed("POST", "/v1/pool/ask", ask.formatted(worker.address(), "1"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void jsonIsOnlySoDeep() throws Exception {
        var deep = "[".repeat(10_000) + "]".repeat(10_000);

        assertThat(PoolStand.problem(signed("POST", REPORTS, deep))).isEqualTo("malformed");
        assertThat(PoolStand.problem(signed("POST", REPORTS, reports(deep)))).isEqualTo("malformed");
    }

    @Test
    void aCallIsOnlySoLarge() throws Exception {
        assertThat(raw("POST /v1/pool/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n"))
                .startsWith("HTTP/1.1 413")
                .contains("urn:bourse:problem:too-large");
        assertThat(raw("POST /v1/pool/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n"))
                .startsWith("HTTP/1.1 413");
        assertThat(raw("POST /v1/pool/ask HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n"))
                .startsWith("HTTP/1.1 411")
                .contains("urn:bourse:problem:no-length");
        assertThat(raw("POST /v1/pool/ask HTTP/1.1\r\nHost: x\r\nContent-Length: much\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
    }

    @Test
    void theHeadOfACallIsOnlySoLarge() throws Exception {
        assertThat(raw("GET /v1/pool HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(5000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 4")
                .contains("urn:bourse:problem:");
        assertThat(raw("GET /" + "x".repeat(5000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 4")
                .contains("urn:bourse:problem:");
    }

    @Test
    void anUnknownPathIsAProblem() throws Exception {
        assertThat(PoolStand.problem(stand.send("GET", "/v2/pool", Optional.empty(), "")))
                .isEqualTo("unknown-path");
        assertThat(PoolStand.problem(stand.send("DELETE", "/v1/pool", Optional.empty(), "")))
                .isEqualTo("unknown-path");
    }

    /* HOW SLOWLY */

    @Test
    void whoDripsHisHeadIsCutOffWhileOthersAreServed() throws Exception {
        try (var socket = connect()) {
            assertThat(dripUntilCutOff(socket, "GET /v1/pool HTTP/1.1\r\nHost: x\r\nX-Slow: "))
                    .isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void whoDripsHisBodyIsCutOffWhileOthersAreServed() throws Exception {
        try (var socket = connect()) {
            assertThat(dripUntilCutOff(
                            socket, "POST /v1/pool/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n"))
                    .isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void whoSaysNothingIsCutOff() throws Exception {
        try (var socket = connect()) {
            socket.setSoTimeout(10_000);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void whoTakesAllConnectionsMustGiveThemToOthers() throws Exception {
        var sockets = new Socket[SHORT.connections() * 2];
        try {
            for (int i = 0; i < sockets.length; i++) {
                sockets[i] = connect();
            }

            var start = System.nanoTime();
            assertThat(stand.reader().workerpool()).isEqualTo(stand.scene.workerpool());
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.idle());
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
    }

    /// Sends a byte now and then, each long before a limit on the time between two of them, and asks for
    /// something else meanwhile.
    private Duration dripUntilCutOff(Socket socket, String head) throws Exception {
        var start = System.nanoTime();
        socket.getOutputStream().write(head.getBytes(UTF_8));
        socket.setSoTimeout(100); // the pace of the drip
        var reader = stand.reader();
        try {
            while (true) {
                socket.getOutputStream().write('x');
                assertThat(reader.workerpool()).isEqualTo(stand.scene.workerpool());
                if (isClosed(socket)) {
                    break;
                }
            }
        } catch (IOException _) {
            // it was reset
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static boolean isClosed(Socket socket) throws IOException {
        try {
            while (socket.getInputStream().read() >= 0) {
                // an answer may come before the end
            }
            return true;
        } catch (SocketTimeoutException _) {
            return false;
        }
    }

    /* BY HAND */

    private HttpResponse<String> signed(String method, String path, String body) throws Exception {
        var call = stand.call(method, path, body, epoch);
        return stand.send(call, Credential.sign(call, stand.domain, worker), body);
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), stand.server.uri().getPort());
    }

    private String raw(String sent) throws IOException {
        try (var socket = connect()) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(sent.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static Call at(Call call, Instant issued, Instant expires) {
        return new Call(
                call.audience(),
                call.origin(),
                call.epoch(),
                call.method(),
                call.path(),
                call.body(),
                call.nonce(),
                issued,
                expires);
    }

    private static Call signed(Call call, Address audience, String origin, String method, String path, Bytes32 body) {
        return new Call(
                audience, origin, call.epoch(), method, path, body, call.nonce(), call.issued(), call.expires());
    }
}
