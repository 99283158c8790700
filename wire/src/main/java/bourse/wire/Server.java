package bourse.wire;

import bourse.protocol.Away;
import bourse.protocol.Blobs;
import bourse.protocol.Denied;
import bourse.protocol.Malformed;
import bourse.protocol.OrderRefused;
import io.helidon.common.configurable.Resource;
import io.helidon.common.tls.Tls;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// An HTTP server of some parts, and of what every server has: `/health`, `/metrics`, `/openapi.json`.
///
/// Calls say how long they are (`Content-Length`), for a chunk of any length would be held in memory before
/// anyone is asked. Errors are `application/problem+json` (RFC 9457), with the next step in `detail`.
final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final Listening listening;
    private final Vitals vitals;
    private final List<Part> parts;
    private final Watch watch;
    private final WebServer http;
    private final Set<Thread> waiting = new HashSet<>();
    private boolean closing;

    /// Starts it.
    ///
    /// @throws Malformed if there is no such host, or the certificate can not be read
    Server(Listening listening, Vitals vitals, List<Part> parts) {
        this.listening = listening;
        this.vitals = vitals;
        this.parts = new ArrayList<>(parts);
        this.parts.add(new About());
        this.watch = new Watch(listening.limits());
        var builder = WebServer.builder()
                .address(address(listening.host()))
                .port(listening.port())
                .shutdownHook(false)
                // A route has its own limit, which comes first.
                .maxPayloadSize(
                        1 + routes().stream().mapToLong(Part.Route::most).max().orElse(0))
                .protocolsDiscoverServices(false)
                .addConnectionSelector(watch)
                .connectionOptions(watch.sockets())
                .directHandlers(problems())
                .routing(this::route);
        listening.tls().ifPresent(pem -> builder.tls(tls(pem)));
        this.http = builder.build();
        http.start();
    }

    /// Where others reach it.
    URI uri() {
        return listening
                .origin()
                .orElseGet(() -> URI.create("%s://%s:%d"
                        .formatted(listening.tls().isPresent() ? "https" : "http", listening.host(), http.port())));
    }

    int port() {
        return http.port();
    }

    List<Part.Route> routes() {
        return parts.stream().flatMap(part -> part.routes().stream()).toList();
    }

    /// Ends what waits, and lets what is under way come to its end for a moment.
    @Override
    public void close() {
        synchronized (waiting) {
            closing = true;
            waiting.forEach(Thread::interrupt);
        }
        http.stop();
        watch.close();
    }

    /* TIME */

    void allow(Duration more) {
        watch.allow(listening.limits().answer().plus(more));
    }

    <T> T waiting(Duration atMost, Callable<T> work) throws IOException, InterruptedException {
        synchronized (waiting) {
            if (closing) {
                throw new Refusal(Problem.CLOSING, "the server stops; ask again when it runs");
            }
            waiting.add(Thread.currentThread());
        }
        allow(atMost);
        try {
            return work.call();
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            synchronized (waiting) {
                waiting.remove(Thread.currentThread());
                if (closing) {
                    Thread.interrupted(); // it would close the connection before the answer
                }
            }
        }
    }

    /* ROUTES */

    private void route(HttpRouting.Builder routing) {
        routing.addFilter((chain, _, _) -> {
            watch.allow(listening.limits().answer());
            try {
                chain.proceed();
            } finally {
                watch.idle();
            }
        });
        for (var part : parts) {
            for (var route : part.routes()) {
                routing.route(
                        route.method(), route.path(), part.isForPages() ? forPages(handler(route)) : handler(route));
            }
            if (part.isForPages()) {
                part.routes().stream()
                        .collect(Collectors.groupingBy(
                                Part.Route::path,
                                Collectors.mapping(route -> route.method().text(), Collectors.joining(", "))))
                        .forEach((path, methods) -> routing.options(path, preflight(methods)));
            }
        }
        routing.any(handler(Part.Route.get("/", _ -> {
            throw new Refusal(Problem.UNKNOWN_PATH, "there is no such path, or not for this method; see /openapi.json");
        })));
    }

    private Handler handler(Part.Route route) {
        return (request, response) -> {
            var exchange = new Exchange(this, request, response);
            try {
                checkLength(request, route);
                route.answer().give(exchange);
            } catch (Refusal e) {
                exchange.problem(e.problem(), String.valueOf(e.getMessage()), e.more());
            } catch (Malformed e) {
                exchange.problem(Problem.MALFORMED, String.valueOf(e.getMessage()), Map.of());
            } catch (Denied e) {
                exchange.problem(Problem.DENIED, String.valueOf(e.getMessage()), Map.of());
            } catch (OrderRefused e) {
                exchange.problem(Problem.ORDER_REFUSED, String.valueOf(e.getMessage()), Map.of("field", e.field()));
            } catch (Blobs.Missing e) {
                exchange.problem(Problem.MISSING, String.valueOf(e.getMessage()), Map.of());
            } catch (Blobs.TooLarge e) {
                exchange.problem(Problem.TOO_LARGE, String.valueOf(e.getMessage()), Map.of());
            } catch (Nonces.Full | Away e) {
                exchange.problem(Problem.BUSY, e.getMessage() + "; ask again in a moment", Map.of());
            } catch (InterruptedException _) {
                exchange.problem(Problem.CLOSING, "the server stops, or this took too long; ask again", Map.of());
            } catch (CloseConnectionException | RequestException e) {
                throw e; // the caller is gone, or sends what is no HTTP
            } catch (IOException | RuntimeException e) {
                LOG.warn("{} failed: {}", request.path().path(), e.toString(), e);
                exchange.problem(Problem.BROKEN, "this failed inside; the server's log says why", Map.of());
            }
        };
    }

    private static Handler forPages(Handler handler) {
        return (request, response) -> {
            response.header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
            handler.handle(request, response);
        };
    }

    /// What a browser asks before a call that a page could not make by a link or a form (Fetch, CORS preflight).
    private static Handler preflight(String methods) {
        return forPages((_, response) -> {
            response.header(HeaderNames.ACCESS_CONTROL_ALLOW_METHODS, methods);
            response.header(HeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type");
            response.header(HeaderNames.ACCESS_CONTROL_MAX_AGE, "3600");
            response.status(Status.NO_CONTENT_204).send();
        });
    }

    private static void checkLength(ServerRequest request, Part.Route route) {
        if (request.headers().contains(HeaderNames.TRANSFER_ENCODING) && !route.chunked()) {
            throw new Refusal(Problem.NO_LENGTH, "say how long the call is, with Content-Length, and send it whole");
        }
        if (request.headers().contentLength().orElse(0) > route.most()) {
            throw new Refusal(Problem.TOO_LARGE, "at most %,d bytes may come with this call".formatted(route.most()));
        }
    }

    /// For what the HTTP library refuses before a route is found.
    private static DirectHandlers problems() {
        DirectHandler handler = (call, _, status, _, message) -> {
            var problem = Problem.of(status.code());
            var detail = message == null || message.isBlank() ? "see /openapi.json for what may be sent here" : message;
            var told = Exchange.Told.of(call.headers(), problem, detail, Map.of());
            return DirectHandler.TransportResponse.builder()
                    .status(Status.create(problem.status()))
                    .header(HeaderNames.CONTENT_TYPE, told.type())
                    .entity(told.body())
                    .keepAlive(false)
                    .build();
        };
        var handlers = DirectHandlers.builder();
        for (var type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, handler);
        }
        return handlers.build();
    }

    /* SETTINGS */

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new Malformed("this machine has no address of the name " + host, e);
        }
    }

    private static Tls tls(Listening.Pem pem) {
        try {
            return Tls.builder()
                    .privateKey(keys -> keys.pem(files -> files.key(Resource.create(pem.key()))))
                    .privateKeyCertChain(keys -> keys.pem(files -> files.certChain(Resource.create(pem.chain()))))
                    .enabledProtocols(List.of("TLSv1.3", "TLSv1.2"))
                    .build();
        } catch (RuntimeException e) {
            throw new Malformed(
                    "the certificate in %s, or its key in %s, can not be read: %s"
                            .formatted(pem.chain(), pem.key(), e.getMessage()),
                    e);
        }
    }

    /// What tells of the server itself.
    private final class About implements Part {
        @Override
        public List<Route> routes() {
            return List.of(
                    Route.get("/health", this::health),
                    Route.get("/metrics", this::metrics),
                    Route.get("/openapi.json", exchange -> exchange.json(openapi())));
        }

        @Override
        public String document() {
            return "server.openapi.json";
        }

        private void health(Exchange exchange) {
            var complaints = vitals.complaints().get();
            if (complaints.isEmpty()) {
                exchange.json(Map.of("status", "up"));
            } else {
                exchange.problem(Problem.BUSY, String.join("; ", complaints), Map.of("complaints", complaints));
            }
        }

        private void metrics(Exchange exchange) {
            exchange.send(
                    Status.OK_200,
                    "text/plain; version=0.0.4; charset=utf-8",
                    vitals.metrics().get().getBytes(StandardCharsets.UTF_8));
        }
    }

    /// What tells of all parts.
    ObjectNode openapi() {
        var whole = read("server.openapi.json");
        for (var part : parts) {
            var document = read(part.document());
            whole.withObject("/paths").setAll((ObjectNode) document.path("paths"));
            whole.withObject("/components/schemas")
                    .setAll((ObjectNode) document.path("components").path("schemas"));
        }
        whole.putArray("servers").addObject().put("url", uri().toString());
        return whole;
    }

    private static ObjectNode read(String resource) {
        try (var in = Server.class.getResourceAsStream(resource)) {
            return (ObjectNode) Json.document(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
