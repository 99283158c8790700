package bourse.wire;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.SocketOptions;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http1.Http1ConnectionSelectorConfig;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLSocket;

/// Holds the connections of a server, and cuts off those that take too long, however slowly they go on: a
/// limit on the time between two bytes would not.
///
/// Each connection has a virtual thread of its own, and a time by which it must be done with what it is at.
/// Past it, the thread is interrupted, which closes the socket that it reads or writes (`java.net.Socket`).
final class Watch implements ServerConnectionSelector, AutoCloseable {
    private static final Duration PERIOD = Duration.ofMillis(250);

    private final Map<Thread, Deadline> deadlines = new ConcurrentHashMap<>();
    private final Map<SSLSocket, Long> handshakes = new ConcurrentHashMap<>();
    private final Http1ConnectionSelector http;
    private final Limits limits;
    private final Thread sweeper;

    /// @param nanos by [System#nanoTime]
    /// @param idle whether nothing is lost if it is cut off now
    private record Deadline(long nanos, boolean idle) {
        boolean isOver() {
            return System.nanoTime() - nanos > 0;
        }
    }

    Watch(Limits limits) {
        this.limits = limits;
        this.http = Http1ConnectionSelectorConfig.builder()
                .config(Http1Config.builder()
                        .maxHeadersSize(limits.headerBytes())
                        .build())
                .build();
        this.sweeper = Thread.ofVirtual().name("wire-watch").start(this::sweep);
    }

    /// From now on, this thread's connection has so long for the head of its next call.
    void idle() {
        set(limits.idle(), true);
    }

    /// From now on, this thread's connection has so long for what it is at.
    void allow(Duration time) {
        set(time, false);
    }

    private void set(Duration time, boolean idle) {
        deadlines.put(Thread.currentThread(), new Deadline(System.nanoTime() + time.toNanos(), idle));
    }

    private void sweep() {
        try {
            while (true) {
                Thread.sleep(PERIOD);
                deadlines.forEach((thread, deadline) -> {
                    if (deadline.isOver()) {
                        thread.interrupt();
                    }
                });
                handshakes.forEach((socket, deadline) -> {
                    if (System.nanoTime() - deadline > 0) {
                        cutOff(socket);
                    }
                });
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    /* BEFORE THERE IS A CONNECTION */

    /// Watches sockets from their first moment: with TLS, there is no connection before the handshake is done, and
    /// the library waits for that as long as the other side likes.
    SocketOptions sockets() {
        return new Watching(SocketOptions.create());
    }

    private void begin(SSLSocket socket) {
        handshakes.keySet().removeIf(SSLSocket::isClosed);
        if (handshakes.size() >= limits.connections()) {
            throw new IllegalStateException("too many handshakes at a time"); // which closes the socket
        }
        handshakes.put(socket, System.nanoTime() + limits.idle().toNanos());
        socket.addHandshakeCompletedListener(_ -> handshakes.remove(socket));
    }

    /// On a thread of its own: to close it politely takes the other side's patience, too.
    private void cutOff(SSLSocket socket) {
        handshakes.remove(socket);
        Thread.ofVirtual().start(() -> {
            try {
                socket.close();
            } catch (IOException _) {
                // then it is closed already
            }
        });
    }

    private final class Watching implements SocketOptions {
        private final SocketOptions options;

        private Watching(SocketOptions options) {
            this.options = options;
        }

        @Override
        public void configureSocket(Socket socket) {
            options.configureSocket(socket);
            if (socket instanceof SSLSocket secure) {
                begin(secure);
            }
        }

        @Override
        public Map<SocketOption<?>, Object> socketOptions() {
            return options.socketOptions();
        }

        @Override
        public Duration connectTimeout() {
            return options.connectTimeout();
        }

        @Override
        public Duration readTimeout() {
            return options.readTimeout();
        }

        @Override
        public Optional<Integer> socketReceiveBufferSize() {
            return options.socketReceiveBufferSize();
        }

        @Override
        public Optional<Integer> socketSendBufferSize() {
            return options.socketSendBufferSize();
        }

        @Override
        public boolean socketReuseAddress() {
            return options.socketReuseAddress();
        }

        @Override
        public boolean socketKeepAlive() {
            return options.socketKeepAlive();
        }

        @Override
        public boolean tcpNoDelay() {
            return options.tcpNoDelay();
        }
    }

    /* CONNECTIONS */

    /// Makes room for one more: who idles the longest has to go.
    private void makeRoom() {
        if (deadlines.size() < limits.connections()) {
            return;
        }
        var longest = deadlines.entrySet().stream()
                .filter(entry -> entry.getValue().idle())
                .min(Comparator.comparingLong(entry -> entry.getValue().nanos() - System.nanoTime()))
                .orElseThrow(() -> new CloseConnectionException("all connections are busy"));
        deadlines.remove(longest.getKey(), longest.getValue());
        longest.getKey().interrupt();
    }

    @Override
    public int bytesToIdentifyConnection() {
        return http.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return http.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        makeRoom();
        return new Watched(http.connection(context));
    }

    @Override
    public void close() {
        sweeper.interrupt();
    }

    private final class Watched implements ServerConnection, InterruptableTask<Void> {
        private final ServerConnection connection;

        private Watched(ServerConnection connection) {
            this.connection = connection;
        }

        @Override
        public void handle(Limit limit) throws InterruptedException {
            idle();
            try {
                connection.handle(limit);
            } finally {
                deadlines.remove(Thread.currentThread());
            }
        }

        @Override
        public Duration idleTime() {
            return connection.idleTime();
        }

        @Override
        public void close(boolean interrupt) {
            connection.close(interrupt);
        }

        @Override
        public boolean canInterrupt() {
            return connection instanceof InterruptableTask<?> task && task.canInterrupt();
        }
    }
}
