package bourse.worker;

import bourse.protocol.Pool;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Fetches input files over http(s), for people who may mean harm: bounded in size, time and redirects, and
/// never from an address outside of the worker's [Reach].
final class Web {
    private static final int MOST_REDIRECTS = 5;
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private final Reach reach;

    Web(Reach reach) {
        this.reach = reach;
    }

    /// Writes what is at `uri` to the new file `target`.
    void fetch(URI uri, Path target, long most, Duration patience) throws GaveUp, IOException, InterruptedException {
        if (reach == Reach.NONE) {
            throw unreachable(
                    "this worker fetches no input files over http(s): store the file with the market instead");
        }
        var download = new FutureTask<>(() -> {
            // Most workers never need a client, so none is kept.
            var client = HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NEVER) // each is checked as the first was
                    .connectTimeout(CONNECT)
                    .build();
            try {
                copy(client, uri, target, most);
            } finally {
                client.shutdownNow();
            }
            return target;
        });
        Thread.ofVirtual().name("download").start(download);
        try {
            download.get(Math.max(0, patience.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw unreachable("%s was not fetched within %d s".formatted(brief(uri), patience.toSeconds()));
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case GaveUp gaveUp -> throw gaveUp;
                case IOException io -> throw unreachable("%s can not be fetched: %s".formatted(brief(uri), io));
                case null, default -> throw new IOException("can not fetch " + brief(uri), e);
            }
        } finally {
            download.cancel(true);
        }
    }

    private void copy(HttpClient client, URI from, Path target, long most)
            throws GaveUp, IOException, InterruptedException {
        var uri = from;
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            checkReach(uri);
            var response = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofInputStream());
            try (var body = response.body()) {
                int status = response.statusCode();
                if (status == 200) {
                    write(body, target, most, uri);
                    return;
                }
                if (status / 100 != 3) {
                    throw unreachable("%s answers with status %d".formatted(brief(uri), status));
                }
                uri = redirect(uri, response);
            }
        }
        throw unreachable("%s redirects more than %d times".formatted(brief(from), MOST_REDIRECTS));
    }

    private static URI redirect(URI from, HttpResponse<?> response) throws GaveUp {
        try {
            var to = from.resolve(response.headers().firstValue("location").orElse(""));
            boolean weaker = "https".equals(from.getScheme()) && !"https".equals(to.getScheme());
            if (List.of("http", "https").contains(String.valueOf(to.getScheme())) && !weaker && to.getHost() != null) {
                return to;
            }
        } catch (IllegalArgumentException _) {
            // as below
        }
        throw unreachable("%s redirects to no http(s) URL, or from https to http".formatted(brief(from)));
    }

    /// The client resolves the name again, but Java remembers an answer for 30 seconds: it connects to what is
    /// checked here, even if the name's owner changes his answer in between.
    private void checkReach(URI uri) throws GaveUp {
        if (reach == Reach.ANY) {
            return;
        }
        try {
            for (var address : InetAddress.getAllByName(uri.getHost())) {
                if (!PublicAddress.is(address)) {
                    throw unreachable("%s leads to %s, and this worker fetches from public addresses only"
                            .formatted(brief(uri), address.getHostAddress()));
                }
            }
        } catch (UnknownHostException e) {
            throw unreachable("%s: nobody knows the host %s".formatted(brief(uri), Text.brief(uri.getHost())));
        }
    }

    private static void write(InputStream body, Path target, long most, URI uri) throws GaveUp, IOException {
        try (var out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
            var buffer = new byte[64 * 1024];
            long written = 0;
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                written += read;
                if (written > most) {
                    throw unreachable("%s takes more than the %,d bytes that are left for input files"
                            .formatted(brief(uri), most));
                }
                out.write(buffer, 0, read);
            }
        }
    }

    /// Whatever a server does: it may treat others otherwise, or this worker tomorrow.
    private static GaveUp unreachable(String message) {
        return new GaveUp(Pool.Cause.INPUT_UNREACHABLE, message);
    }

    private static String brief(URI uri) {
        var text = Text.brief(uri.toString());
        return text.length() <= 120 ? text : text.substring(0, 120) + "…";
    }
}
