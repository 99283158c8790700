package bourse.storage;

import bourse.protocol.Bytes32;
import bourse.storage.Postgres.Unusable;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PostgreSQL server as our child process.
///
/// ```
/// home/lock      held by the process whose server this is; the system takes it back from a dead one
/// home/password  there once the data are whole
/// home/data      PostgreSQL's own
/// home/binaries  unpacked from the class path
/// ```
///
/// PostgreSQL refuses to run as root. Where we are root, the library starts it by `unshare -U`: in a user
/// namespace that maps nobody, so that it sees itself as `nobody` and still owns root's files.
final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    /// Long enough to recover from a crash, or to write the last checkpoint to a slow disk.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Map<String, String> SETTINGS = Map.ofEntries(
            // The library turns both off, for tests: a crash of the machine would cost the data.
            Map.entry("fsync", "on"),
            Map.entry("synchronous_commit", "on"),
            Map.entry("listen_addresses", "127.0.0.1"),
            Map.entry("unix_socket_directories", ""),
            // Small: it shares a laptop with workers.
            Map.entry("max_connections", "60"),
            Map.entry("shared_buffers", "32MB"),
            Map.entry("maintenance_work_mem", "16MB"),
            Map.entry("max_wal_size", "128MB"),
            Map.entry("io_method", "sync"),
            Map.entry("max_parallel_workers", "0"),
            Map.entry("jit", "off"),
            // Nobody replicates it.
            Map.entry("wal_level", "minimal"),
            Map.entry("max_wal_senders", "0"));

    private final FileChannel lock;
    private final EmbeddedPostgres postgres;
    private final String password;

    private Server(FileChannel lock, EmbeddedPostgres postgres, String password) {
        this.lock = lock;
        this.postgres = postgres;
        this.password = password;
    }

    static Server start(Path directory, int port) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        var home = directory.toRealPath();
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
        var lock = lock(home);
        try {
            return start(home, lock, port);
        } catch (IOException | InterruptedException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static Server start(Path home, FileChannel lock, int port) throws IOException, InterruptedException {
        var data = home.resolve("data");
        var binaries = Files.createDirectories(home.resolve("binaries"));
        stopOrphan(data);
        deleteHalfUnpacked(binaries);
        var password = home.resolve("password");
        var candidate = home.resolve("password.new");
        if (Files.notExists(password)) {
            delete(data); // somebody was killed while he made it
            Files.writeString(candidate, Bytes32.random().hex());
        }
        var secret = Files.readString(Files.exists(password) ? password : candidate);
        var builder = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(binaries.toFile())
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                // Whoever closes us closes the roles first; a hook would not wait for them.
                .setRegisterShutdownHook(false)
                .setPGStartupWait(PATIENCE)
                .setConnectConfig("password", secret)
                // These go to initdb as they are. Without a password, every user of the machine could read the data.
                .setLocaleConfig("auth", "scram-sha-256")
                .setLocaleConfig("pwfile", candidate.toString())
                .setLocaleConfig("locale", "C");
        SETTINGS.forEach(builder::setServerConfig);
        if (port != 0) {
            builder.setPort(port);
        }
        try {
            var postgres = builder.start();
            if (Files.exists(candidate)) {
                Files.move(candidate, password, StandardCopyOption.ATOMIC_MOVE);
            }
            return new Server(lock, postgres, secret);
        } catch (IOException | IllegalStateException e) {
            throw new Unusable("PostgreSQL does not start on %s; its log says why".formatted(home), e);
        }
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres&password=%s"
                .formatted(postgres.getPort(), password);
    }

    @Override
    public void close() {
        try (lock) {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileChannel lock(Path home) throws IOException {
        var channel = FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException _) {
            // this very process has it
        }
        channel.close();
        throw new Unusable(
                "another process uses the database in %s: stop it, or take another directory".formatted(home));
    }

    /// Stops the server of a process that was killed and could not. We hold the lock, so nobody alive uses it.
    private static void stopOrphan(Path data) throws IOException, InterruptedException {
        var file = data.resolve("postmaster.pid");
        if (Files.notExists(file)) {
            return;
        }
        var process = Files.readAllLines(file).stream()
                .findFirst()
                .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid.strip())));
        if (process.isPresent()) {
            var arguments = process.get().info().arguments();
            if (arguments.isEmpty() && process.get().isAlive()) {
                throw new Unusable("process %d may be using the database in %s: stop it"
                        .formatted(process.get().pid(), data));
            }
            if (arguments.isPresent() && List.of(arguments.get()).contains(data.toString())) {
                LOG.info("stopping a database server that a killed process left, {}", process.get());
                stop(process.get(), file);
            }
        }
        // If its number belongs to another program by now, PostgreSQL would take that for a server.
        Files.deleteIfExists(file);
    }

    private static void stop(ProcessHandle server, Path file) throws InterruptedException {
        server.destroy();
        var end = Instant.now().plus(PATIENCE);
        while (Files.exists(file)) { // a dead process may stay in the table, if nobody asks for its status
            try {
                server.onExit().get(50, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException | ExecutionException _) {
                if (Instant.now().isAfter(end)) {
                    throw new Unusable("the database server %d does not stop: kill it".formatted(server.pid()));
                }
            }
        }
    }

    /// The library keeps whatever files it finds, so that one cut short by a kill would stay so.
    private static void deleteHalfUnpacked(Path binaries) throws IOException {
        try (var versions = Files.newDirectoryStream(binaries)) {
            for (var version : versions) {
                if (Files.notExists(version.resolve(".exists"))) {
                    delete(version);
                }
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            return;
        }
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
