package bourse.wire;

import bourse.protocol.Away;
import bourse.protocol.Malformed;
import io.helidon.common.pki.PemReader;
import io.helidon.common.tls.Tls;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webclient.api.HttpClientRequest;
import io.helidon.webclient.api.HttpClientResponse;
import io.helidon.webclient.api.WebClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import tools.jackson.core.type.TypeReference;

/// The way to one server. The server may be hostile: it gets no more time and no more memory than the caller
/// grants.
final class Line implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int LARGEST_PROBLEM = 64 * 1024;

    private final WebClient http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final URI server;

    /// @param authority certificates that are trusted instead of the system's, as a PEM file
    /// @throws Malformed if `server` is no server's URL, or one by HTTPS without a name, or the certificates can
    ///     not be read
    Line(URI server, Optional<Path> authority) {
        if (Door.origin(server).matches("https://[\\[0-9].*[\\]0-9]:\\d+")) {
            // The library would ask the network for a name, and take the certificate of whatever it hears.
            throw new Malformed("a certificate is for a name, not for an address; write the server's name: " + server);
        }
        this.server = server;
        var builder = WebClient.builder()
                .baseUri(server)
                .connectTimeout(CONNECT)
                .followRedirects(false)
                .shareConnectionCache(false);
        authority.ifPresent(file -> builder.tls(trusting(file)));
        this.http = builder.build();
    }

    private static Tls trusting(Path file) {
        try (var in = Files.newInputStream(file)) {
            return Tls.builder().trust(PemReader.readCertificates(in)).build();
        } catch (IOException | RuntimeException e) {
            throw new Malformed("the certificates in %s can not be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    /// What is asked.
    ///
    /// @param path with its query
    /// @param authorization the header of that name
    record Query(Method method, String path, Optional<String> authorization, Body body) {
        static Query get(String path) {
            return new Query(Method.GET, path, Optional.empty(), _ -> {});
        }
    }

    /// What comes with it.
    interface Body {
        void writeTo(OutputStream out) throws IOException;

        /// One that does not fit in memory, and is sent in chunks; the server is asked first if it would take
        /// it.
        record Large(Path file) implements Body {
            @Override
            public void writeTo(OutputStream out) throws IOException {
                Files.copy(file, out);
            }
        }
    }

    /// Reads what the server answered, if it is that.
    interface Receiver<T> {
        T receive(long length, InputStream body) throws IOException;
    }

    URI server() {
        return server;
    }

    /// A receiver of all bytes, if they are at most `most`.
    Receiver<byte[]> whole(int most) {
        return (_, body) -> {
            var bytes = body.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new Away("%s answers with more than %,d bytes, which no server of a market does; check the URL"
                        .formatted(server, most));
            }
            return bytes;
        };
    }

    /// Reads an answer.
    ///
    /// @throws Away if it is not of this type
    <T> T read(byte[] json, TypeReference<T> type) {
        try {
            return Json.read(json, type);
        } catch (Malformed e) {
            throw new Away(
                    "%s does not answer as a server of this version does: %s".formatted(server, e.getMessage()), e);
        }
    }

    /// Asks once; if the connection ends before the answer, which happens to one that was idle, once more
    /// over another.
    ///
    /// @param query is made anew for each time
    /// @throws Rejected if the server answers anything but 200
    /// @throws Away if it does not answer, or not in time
    /// @throws IOException if the receiver, or the query's body, has one
    <T> T ask(Supplier<Query> query, Duration timeout, Receiver<T> receiver) throws IOException, InterruptedException {
        try {
            return attempt(query.get(), timeout, receiver, true);
        } catch (Broken _) {
            try {
                return attempt(query.get(), timeout, receiver, false);
            } catch (Broken e) {
                throw new Away(
                        "%s does not answer (%s); check that it runs, the URL, and the network"
                                .formatted(server, e.getMessage()),
                        e);
            }
        }
    }

    /// On a thread of its own: an interruption in the middle of it breaks the connection, and the client may
    /// take that for a broken connection, try another, and forget that anyone was interrupted.
    private <T> T attempt(Query query, Duration timeout, Receiver<T> receiver, boolean keepAlive)
            throws IOException, InterruptedException {
        var call = threads.submit(() -> exchange(query, timeout, receiver, keepAlive));
        try {
            return call.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            call.cancel(true);
            throw new Away("%s has not answered for %d seconds".formatted(server, timeout.toSeconds()), e);
        } catch (InterruptedException e) {
            call.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case Away cause -> throw cause;
                case Rejected cause -> throw cause;
                case Malformed cause -> throw cause;
                case null -> throw new IllegalStateException(e);
                default -> throw new Broken(e.getCause());
            }
        }
    }

    private <T> T exchange(Query query, Duration timeout, Receiver<T> receiver, boolean keepAlive) throws IOException {
        var request = http.method(query.method())
                .uri(server.resolve(query.path()))
                .keepAlive(keepAlive)
                .readTimeout(timeout);
        query.authorization().ifPresent(header -> request.header(HeaderNames.AUTHORIZATION, header));
        try (var response = send(request, query.body())) {
            if (response.headers().contains(HeaderNames.TRANSFER_ENCODING)) {
                // The library would hold a chunk of any length in memory.
                throw new Away("%s answers in chunks; a proxy before it must keep Content-Length".formatted(server));
            }
            try (var body = response.inputStream()) {
                if (response.status().code() != 200) {
                    throw new Rejected(server, response.status().code(), body.readNBytes(LARGEST_PROBLEM));
                }
                return receiver.receive(response.headers().contentLength().orElse(-1), body);
            }
        }
    }

    private static HttpClientResponse send(HttpClientRequest request, Body body) throws IOException {
        if (body instanceof Body.Large) {
            return request.sendExpectContinue(true).outputStream(out -> {
                try (out) {
                    body.writeTo(out);
                }
            });
        }
        var bytes = new ByteArrayOutputStream();
        body.writeTo(bytes);
        return bytes.size() == 0 ? request.request() : request.submit(bytes.toByteArray());
    }

    @Override
    public void close() {
        threads.shutdownNow();
        http.closeResource();
    }

    /// There was no answer.
    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Broken(Throwable cause) {
            super(root(cause), cause);
        }

        private static String root(Throwable cause) {
            var root = cause;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        }
    }
}
