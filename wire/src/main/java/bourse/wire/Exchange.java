package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.protocol.Malformed;
import bourse.protocol.Sha256;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/// A call, and the answer to it.
final class Exchange {
    private static final String JSON = "application/json";
    /// Of a call that was refused, in bytes.
    private static final long MOST_HEARD = 1 << 20;
    private final Server server;
    private final ServerRequest request;
    private final ServerResponse response;

    Exchange(Server server, ServerRequest request, ServerResponse response) {
        this.server = server;
        this.request = request;
        this.response = response;
    }

    /* THE CALL */

    /// What the call's query says, by its names.
    ///
    /// @throws Refusal if it says something twice, or anything that `names` does not name
    Map<String, String> query(Set<String> names) {
        var query = request.query();
        var values = new LinkedHashMap<String, String>();
        for (var name : query.names()) {
            var all = query.all(name);
            if (!names.contains(name) || all.size() != 1) {
                throw new Refusal(
                        Problem.MALFORMED,
                        "this path takes %s, each once".formatted(String.join(", ", new TreeSet<>(names))));
            }
            values.put(name, all.getFirst());
        }
        return values;
    }

    String parameter(String name) {
        return request.path().pathParameters().get(name);
    }

    /// What stands in the query under that name.
    ///
    /// @throws Malformed if nothing does
    String query(String name) {
        return request.query()
                .first(name)
                .asOptional()
                .orElseThrow(() -> new Malformed("the query lacks %s; see /openapi.json".formatted(name)));
    }

    Optional<String> authorization() {
        return request.headers().first(HeaderNames.AUTHORIZATION);
    }

    boolean wantsHeadOnly() {
        return request.prologue().method().text().equals("HEAD");
    }

    /// What comes with it, to be read as it comes.
    InputStream stream() {
        return request.content().hasEntity() ? request.content().inputStream() : InputStream.nullInputStream();
    }

    byte[] body() throws IOException {
        try (var in = stream()) {
            return in.readAllBytes();
        }
    }

    /// Who signed it.
    ///
    /// @throws Refusal if nobody did
    Address caller(Guard guard, byte[] body) {
        return caller(guard, Sha256.of(body));
    }

    /// @param body SHA-256 of what comes with it
    Address caller(Guard guard, Bytes32 body) {
        return guard.caller(request, body);
    }

    /// Gives it more time than the server's limits do.
    void allow(Duration more) {
        server.allow(more);
    }

    /// Does what may wait for as long as `atMost`, and ends early, by an interruption, when the server
    /// closes.
    <T> T waiting(Duration atMost, Callable<T> work) throws IOException, InterruptedException {
        return server.waiting(atMost, work);
    }

    /* THE ANSWER */

    void json(Object value) {
        send(Status.OK_200, JSON, Json.write(value));
    }

    void send(Status status, String type, byte[] body) {
        response.status(status);
        response.header(HeaderNames.CONTENT_TYPE, type);
        response.header(HeaderNames.create("X-Content-Type-Options"), "nosniff");
        if (wantsHeadOnly()) {
            response.contentLength(body.length);
            response.send();
        } else {
            response.send(body);
        }
    }

    /// Sends bytes that never change under their path.
    void immutable(long length, Body body) throws IOException {
        response.header(HeaderNames.CONTENT_TYPE, "application/octet-stream");
        response.header(HeaderNames.CACHE_CONTROL, "public, max-age=31536000, immutable");
        response.header(HeaderNames.create("X-Content-Type-Options"), "nosniff");
        response.contentLength(length);
        if (wantsHeadOnly()) {
            response.send();
            return;
        }
        allow(Limits.carrying(length));
        try (var out = response.outputStream()) {
            body.writeTo(out);
        }
    }

    /// Sends what has no end; each piece has to be flushed.
    void stream(String type, Body body) throws IOException {
        response.header(HeaderNames.CONTENT_TYPE, type);
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        response.header(HeaderNames.create("X-Content-Type-Options"), "nosniff");
        try (var out = response.outputStream()) {
            body.writeTo(out);
        }
    }

    interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    /// Answers with an error, unless an answer has begun.
    void problem(Problem problem, String detail, Map<String, Object> more) {
        if (response.isSent()) {
            return;
        }
        boolean unread = request.content().hasEntity() && !request.content().consumed();
        if (unread) {
            response.header(HeaderValues.CONNECTION_CLOSE); // what was not read must not be read as the next call
        }
        if (problem.status() == 401) {
            response.header(HeaderNames.WWW_AUTHENTICATE, Credential.SCHEME);
        }
        if (problem.passes() && problem.status() != 401) {
            response.header(HeaderNames.RETRY_AFTER, "1");
        }
        var told = Told.of(request.headers(), problem, detail, more);
        send(Status.create(problem.status()), told.type(), told.body());
        if (unread) {
            hearOut();
        }
    }

    /// Who speaks before he listens would find the line cut, and never hear why.
    private void hearOut() {
        boolean waits = request.headers().contains(HeaderValues.EXPECT_100);
        if (!waits && request.headers().contentLength().orElse(Long.MAX_VALUE) <= MOST_HEARD) {
            try (var rest = request.content().inputStream()) {
                rest.transferTo(OutputStream.nullOutputStream());
            } catch (IOException | UncheckedIOException e) {
                // He is gone, or too slow: he has been told.
            }
        }
    }

    /// How an error is told.
    record Told(String type, Map<String, Object> members) {
        /// As the caller asks for it: iExec's clients ask for plain JSON, and read nothing else.
        static Told of(Headers call, Problem problem, String detail, Map<String, Object> more) {
            var members = new LinkedHashMap<String, Object>();
            members.put("type", problem.urn());
            members.put("title", problem.title());
            members.put("status", problem.status());
            members.put("detail", detail);
            members.putAll(more);
            boolean isPlain =
                    call.first(HeaderNames.ACCEPT).filter(JSON::equals).isPresent();
            if (isPlain) {
                members.put("ok", false);
                members.put("error", detail);
            }
            return new Told(isPlain ? JSON : "application/problem+json", members);
        }

        byte[] body() {
            return Json.write(members);
        }
    }
}
