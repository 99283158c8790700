package bourse.node;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.protocol.Keystore;
import bourse.protocol.Malformed;
import bourse.protocol.Wallet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Where everything of one installation lies: `~/.bourse`, or what `--home` says.
///
/// ```
/// bourse.toml      settings, if any
/// password         opens the wallets; BOURSE_PASSWORD goes before
/// wallets/NAME     keystore files
/// chain/           the embedded chain
/// database/        the scheduler's tables
/// blobs/           programs, inputs, results
/// workers/NAME/    what each worker must not forget
/// market.json      how to reach the market that is up
/// ```
public final class Home {
    private static final JsonMapper JSON = new JsonMapper();
    private final Path directory;

    public Home(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(
                    this.directory.resolve("wallets"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// `~/.bourse`, by the same `~` as the shell's: Java's own `user.home` does not listen to `HOME`.
    public static Path byDefault() {
        var home = Optional.ofNullable(System.getenv("HOME")).filter(set -> !set.isBlank());
        return Path.of(home.orElseGet(() -> System.getProperty("user.home")), ".bourse");
    }

    public Path resolve(String name) {
        return directory.resolve(name);
    }

    @Override
    public String toString() {
        return directory.toString();
    }

    public Settings settings() throws Problem {
        return Settings.read(directory.resolve("bourse.toml"));
    }

    /* WALLETS */

    /// Opens the wallet of that name; makes it where there is none.
    public synchronized Wallet wallet(String name) throws Problem {
        var file = directory.resolve("wallets").resolve(name);
        try {
            if (Files.exists(file)) {
                return Keystore.read(file, password());
            }
            var wallet = Wallet.random();
            var unfinished = file.resolveSibling(name + ".new");
            Files.deleteIfExists(unfinished);
            Keystore.write(wallet, password(), unfinished);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            return wallet;
        } catch (IOException | Malformed e) {
            throw new Problem(
                    Problem.REFUSED, "the wallet %s can not be opened: %s".formatted(name, e.getMessage()), e);
        }
    }

    /// Which names the wallets here have, by address. Needs no password: a keystore file tells its address.
    public Map<Address, String> names() {
        var names = new HashMap<Address, String>();
        try (var files = Files.list(directory.resolve("wallets"))) {
            for (var file : files.toList()) {
                try {
                    var address = JSON.readTree(Files.readString(file))
                            .path("address")
                            .asString("");
                    names.put(Address.parse(address), file.getFileName().toString());
                } catch (JacksonException | Malformed _) {
                    // Not a keystore: not ours to name.
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    private String password() throws IOException {
        var given = System.getenv("BOURSE_PASSWORD");
        if (given != null) {
            return given;
        }
        var file = directory.resolve("password");
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, Bytes32.random().hex());
        }
        return Files.readString(file).strip();
    }

    /* WHO RUNS */

    /// How to reach a market that is up.
    ///
    /// @param rpc the chain's node
    /// @param gateway where results are served
    /// @param pool where the pool's scheduler is reached; empty where none runs
    /// @param market where orders are published and found; empty where nobody keeps a book but the chain
    public record Running(long pid, URI rpc, Address hub, URI gateway, Optional<URI> pool, Optional<URI> market) {}

    /// The market that is up on this home, if one is. What a killed one left behind does not count: nobody holds its
    /// lock. Not to be asked by the process that holds it, for to look at a POSIX lock is to lose it.
    public Optional<Running> running() {
        try {
            var running = JSON.readValue(Files.readString(directory.resolve("market.json")), Running.class);
            return isLocked() ? Optional.of(running) : Optional.empty();
        } catch (IOException | JacksonException _) {
            return Optional.empty(); // none, or one that is just starting
        }
    }

    private boolean isLocked() throws IOException {
        try (var channel = openLock()) {
            return channel.tryLock() == null;
        }
    }

    private FileChannel openLock() throws IOException {
        return FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    public void announce(Running running) throws IOException {
        var unfinished = directory.resolve("market.json.new");
        Files.writeString(unfinished, JSON.writeValueAsString(running));
        Files.move(unfinished, directory.resolve("market.json"), StandardCopyOption.ATOMIC_MOVE);
    }

    public void retract() throws IOException {
        Files.deleteIfExists(directory.resolve("market.json"));
    }

    /// Keeps other processes from running a market here, until closed.
    ///
    /// @throws Problem if one does
    public FileChannel lock() throws Problem {
        try {
            var channel = openLock();
            try {
                if (channel.tryLock() != null) {
                    return channel;
                }
            } catch (OverlappingFileLockException _) {
                // Held by this very process: as good as by another.
            }
            channel.close();
            throw new Problem(
                    Problem.BROKEN,
                    "another bourse command runs a market in %s. Wait for its end, or use another --home; with"
                                    .formatted(directory)
                            + " `bourse up`, many commands share one market.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
