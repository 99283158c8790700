package bourse.storage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/// A server that answers each request just as a test wants, and then hangs up.
final class RudeServer implements AutoCloseable {
    interface Manners {
        /// @param count of such requests before this one
        void answer(int count, OutputStream out) throws IOException, InterruptedException;
    }

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final Manners manners;

    /// @param manners for all requests but those for a bucket's head, which are answered well
    RudeServer(Manners manners) throws IOException {
        this.manners = manners;
        var _ = threads.submit(() -> {
            while (true) {
                var caller = socket.accept();
                var _ = threads.submit(() -> {
                    serve(caller);
                    return null;
                });
            }
        });
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    /// The requests so far, without their bodies.
    List<String> requests() {
        return heads;
    }

    private void serve(Socket caller) throws IOException, InterruptedException {
        try (caller) {
            var in = new BufferedReader(new InputStreamReader(caller.getInputStream(), StandardCharsets.US_ASCII));
            var head = in.lines().takeWhile(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
            if (head.matches("HEAD /[a-z]+ (?s:.*)")) {
                say(caller.getOutputStream(), "HTTP/1.1 200 OK", "Content-Length: 0");
            } else {
                heads.add(head);
                manners.answer(heads.size() - 1, caller.getOutputStream());
            }
            // To close on what was not read would be a reset, which may overtake the answer.
            caller.shutdownOutput();
            in.transferTo(Writer.nullWriter());
        }
    }

    static void say(OutputStream out, String... lines) throws IOException {
        out.write((String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.shutdownNow();
    }
}
