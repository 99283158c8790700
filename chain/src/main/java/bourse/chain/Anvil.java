package bourse.chain;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.protocol.Chain;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// A real EVM chain as a child process, for laptops and tests: foundry's `anvil`.
///
/// **Blocks.** Anvil's own ways of mining stall on bursts or make everyone wait a second, so it mines nothing
/// by itself. A thread here mines [Options#soon] after a transaction arrives, once a [Options#calm] while the
/// chain was used lately (clients that wait for a confirmation get one), and every [Options#idle] otherwise: an
/// empty block still takes 1.7 KB for ever. Block times follow the wall clock; blocks of one second share its
/// time, which the EVM allows.
///
/// **Durability.** A directory holds checkpoints, which are whole dumps of the state, and a journal of the
/// blocks since. Anvil mines deterministically, so playing the journal gives the same blocks with the same
/// hashes: after `kill -9` of anvil, of this JVM or of both, every block that somebody could have seen comes
/// back. What was pending is lost; [Sender] sends it again. A damaged checkpoint is set aside and the one
/// before it takes its place. If even that fails the chain is shorter than it was, and [Follower]s see it as a
/// reorganisation.
///
/// **Supervision.** A child that dies is started again on the same port. The child dies with this JVM, however
/// that ends; where it does not, the next start in the directory ends it.
public final class Anvil implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Anvil.class);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(500);
    /// How often a chain that nobody uses is asked for transactions: a question costs a millisecond.
    private static final Duration AT_REST = Duration.ofMillis(50);

    /// Runs `"$@"` in a session of its own, so that Ctrl-C reaches only the JVM, and ends it when the JVM's end
    /// of the standard input closes.
    private static final String GUARD = """
            trap '' INT HUP TERM
            exec 3<&0
            log=$1; shift
            $(command -v setsid) "$@" 3<&- </dev/null >>"$log" 2>&1 & child=$!
            echo $child
            (read -r _ <&3; kill -9 $child 2>/dev/null) >/dev/null 2>&1 & guard=$!
            wait $child 2>/dev/null; status=$?
            kill -9 $guard 2>/dev/null
            exit $status
            """;

    private final Path directory;
    private final Options options;
    private final Path binary;
    private final int port;
    private final boolean temporary;
    private final JsonRpc rpc;
    /// One process at a time works in the directory.
    private final FileChannel lock;

    private final Journal journal;
    private final Thread miner;
    /// Held by whoever mines or starts the child.
    private final ReentrantLock chain = new ReentrantLock();

    private volatile boolean closed;
    private volatile Child child;
    private Instant lastUse = Instant.now();
    private Instant lastBlock = Instant.now();
    private Instant nextCheckpoint = Instant.now();
    /// The newest block in the journal or a checkpoint, and the blocks of the two checkpoints.
    private long journaled;

    private long checkpoint;
    private long olderCheckpoint;

    /// @param port where anvil listens, or 0 for any free port
    /// @param binary where anvil is; empty: see [Anvil#find]
    /// @param soon how long after a transaction its block is mined, so that others share it
    /// @param calm between empty blocks, for ten blocks after the last transaction
    /// @param idle between empty blocks later
    /// @param checkpoint between dumps of the state
    public record Options(
            int port,
            long chainId,
            Optional<Path> binary,
            Duration soon,
            Duration calm,
            Duration idle,
            Duration checkpoint) {
        public static final Options DEFAULT = new Options(
                0,
                65535,
                Optional.empty(),
                Duration.ofMillis(15),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60));

        public Options withPort(int port) {
            return new Options(port, chainId, binary, soon, calm, idle, checkpoint);
        }

        public Options withChainId(long chainId) {
            return new Options(port, chainId, binary, soon, calm, idle, checkpoint);
        }

        public Options withBinary(Path binary) {
            return new Options(port, chainId, Optional.of(binary), soon, calm, idle, checkpoint);
        }

        public Options withSoon(Duration soon) {
            return new Options(port, chainId, binary, soon, calm, idle, checkpoint);
        }

        public Options withCheckpoint(Duration checkpoint) {
            return new Options(port, chainId, binary, soon, calm, idle, checkpoint);
        }
    }

    /// A started anvil.
    private record Child(Process guard, ProcessHandle anvil) {
        boolean ended() {
            return !guard.isAlive();
        }

        void kill() throws InterruptedException {
            anvil.destroyForcibly();
            guard.waitFor();
        }
    }

    private Anvil(Path directory, Options options, boolean temporary) throws IOException, InterruptedException {
        this.directory = Files.createDirectories(directory).toAbsolutePath();
        this.options = options;
        this.temporary = temporary;
        this.binary = find(options.binary());
        this.port = options.port() == 0 ? freePort() : options.port();
        this.rpc = rpc(port);
        this.lock = lock();
        endOrphan();
        this.journal = Journal.at(this.directory.resolve("journal"));
        this.child = open();
        this.miner = Thread.ofVirtual().name("anvil-miner").unstarted(this::mineForever);
    }

    /// A chain that lives in `directory` and is there again after a restart.
    public static Anvil at(Path directory) throws IOException, InterruptedException {
        return at(directory, Options.DEFAULT);
    }

    public static Anvil at(Path directory, Options options) throws IOException, InterruptedException {
        return started(new Anvil(directory, options, false));
    }

    /// A chain that is gone when it is closed.
    public static Anvil temporary() throws IOException, InterruptedException {
        return temporary(Options.DEFAULT);
    }

    public static Anvil temporary(Options options) throws IOException, InterruptedException {
        return started(new Anvil(Files.createTempDirectory("bourse-anvil"), options, true));
    }

    private static Anvil started(Anvil anvil) {
        anvil.miner.start();
        return anvil;
    }

    /// Where the node's JSON-RPC is.
    public URI uri() {
        return rpc.node();
    }

    public long chainId() {
        return options.chainId();
    }

    /// Sets an account's balance, so that it can pay for gas.
    public void fund(Address account, BigInteger wei) throws InterruptedException {
        mine(Map.of(account.toString(), Quantity.of(wei)));
    }

    /// Mines a block now.
    public void mine() throws InterruptedException {
        mine(Map.of());
    }

    /// Lets the chain's clock jump ahead of the wall clock, for good.
    public void advance(Duration time) throws InterruptedException {
        rpc.call("evm_increaseTime", time.toSeconds());
        mine();
    }

    /// Takes the newest `depth` blocks back and mines as many empty ones in their place. Their transactions are
    /// lost.
    public void reorg(int depth) throws InterruptedException {
        chain.lockInterruptibly();
        try {
            rpc.call("anvil_reorg", depth, List.of());
            journaled -= depth;
            keep(Map.of());
        } finally {
            chain.unlock();
        }
    }

    /// Kills the child as `kill -9` does. It is started again.
    public void kill() throws InterruptedException {
        child.kill();
    }

    @Override
    public void close() {
        closed = true;
        chain.lock();
        try {
            if (!temporary && !child.ended()) {
                checkpoint();
            }
            child.kill();
            journal.close();
            lock.close();
            Files.deleteIfExists(pidFile());
            if (temporary) {
                delete(directory);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("the chain in {} was not closed in order; its journal has everything", directory, e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            chain.unlock();
            miner.interrupt();
            rpc.close();
        }
    }

    /* MINING */

    private void mineForever() {
        long refused = 0;
        boolean pauses = false;
        while (!closed) {
            try {
                Thread.sleep(pauses ? AFTER_FAILURE : busy() ? options.soon() : AT_REST);
                pauses = false;
                restart();
                long pending = Quantity.number(rpc.call("txpool_status").path("pending"));
                var sinceBlock = Duration.between(lastBlock, Instant.now());
                // What a block did not take though it had room, the next one will not take either.
                if (pending > 0 && pending != refused) {
                    lastUse = Instant.now();
                    refused = mine(Map.of()) == 0 ? pending : 0;
                } else if (sinceBlock.compareTo(pause()) >= 0) {
                    mine(Map.of());
                    refused = 0;
                }
                if (Instant.now().isAfter(nextCheckpoint) && journaled > checkpoint) {
                    checkpoint();
                }
            } catch (InterruptedException _) {
                return;
            } catch (IOException | RuntimeException e) {
                if (!closed) {
                    LOG.warn("the development chain missed a block: {}", e.toString());
                    pauses = true;
                }
            }
        }
    }

    private Duration pause() {
        return busy() ? options.calm() : options.idle();
    }

    private boolean busy() {
        return Instant.now().isBefore(lastUse.plus(options.calm().multipliedBy(10)));
    }

    /// @return how many transactions the block has
    private int mine(Map<String, String> balances) throws InterruptedException {
        chain.lockInterruptibly();
        try {
            restart();
            for (var balance : balances.entrySet()) {
                rpc.call("anvil_setBalance", balance.getKey(), balance.getValue());
            }
            rpc.call("evm_mine");
            lastBlock = Instant.now();
            return keep(balances);
        } finally {
            chain.unlock();
        }
    }

    /* KEEPING */

    /// Writes what was mined since the last call to the journal.
    ///
    /// @return how many transactions the newest block has
    private int keep(Map<String, String> balances) throws InterruptedException {
        var newest = rpc.call("eth_getBlockByNumber", "latest", false);
        long head = Quantity.number(newest.path("number"));
        var given = balances;
        try {
            while (journaled < head) {
                // There is more than one if somebody else has anvil mine too.
                long number = journaled + 1;
                var block = number == head ? newest : rpc.call("eth_getBlockByNumber", Quantity.of(number), false);
                journal.append(entry(number, block, given));
                journaled = number;
                given = Map.of();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return newest.path("transactions").size();
    }

    private Journal.Entry entry(long number, JsonNode block, Map<String, String> balances) throws InterruptedException {
        var requests = block.path("transactions")
                .valueStream()
                .map(hash -> JsonRpc.Request.of("eth_getRawTransactionByHash", hash.asString()))
                .toList();
        var transactions = requests.isEmpty()
                ? List.<String>of()
                : rpc.batch(requests).stream()
                        .map(reply -> reply.value().asString(""))
                        .toList();
        return new Journal.Entry(number, hash(block), Quantity.number(block.path("timestamp")), transactions, balances);
    }

    /// Dumps the state. The checkpoint before stays, and the journal from there on.
    private void checkpoint() throws IOException, InterruptedException {
        chain.lockInterruptibly();
        try {
            var start = Instant.now();
            write(dump(rpc));
            olderCheckpoint = checkpoint;
            checkpoint = journaled;
            journal.cut(olderCheckpoint);
            // A large state takes long to dump, and nobody mines meanwhile: at most a twentieth of the time.
            var pause = Duration.between(start, Instant.now()).multipliedBy(20);
            nextCheckpoint =
                    Instant.now().plus(pause.compareTo(options.checkpoint()) > 0 ? pause : options.checkpoint());
        } finally {
            chain.unlock();
        }
    }

    private static byte[] dump(JsonRpc rpc) throws IOException, InterruptedException {
        var zipped =
                HexFormat.of().parseHex(rpc.call("anvil_dumpState").asString("").substring(2));
        try (var json = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            return json.readAllBytes();
        }
    }

    private void write(byte[] state) throws IOException {
        var fresh = directory.resolve("state.json.new");
        Files.write(fresh, state);
        if (Files.exists(state())) {
            Files.move(state(), older(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(fresh, state(), StandardCopyOption.ATOMIC_MOVE);
    }

    /* STARTING */

    /// Starts the public child with everything that was ever mined here.
    private Child open() throws IOException, InterruptedException {
        recover();
        var started = start(port, Files.exists(state()) ? List.of("--load-state", state().toString()) : List.of())
                .orElseThrow(() -> new IOException("anvil does not start on port %d; its last words are in %s"
                        .formatted(port, directory.resolve("anvil.log"))));
        Files.writeString(pidFile(), Long.toString(started.anvil().pid()));
        var head = rpc.call("eth_getBlockByNumber", "latest", false);
        long ahead = Quantity.number(head.path("timestamp")) - Instant.now().getEpochSecond();
        if (ahead > 0) {
            rpc.call("evm_increaseTime", ahead);
        }
        journaled = Quantity.number(head.path("number"));
        if (!Files.exists(state())) {
            // The journal needs ground to stand on. Block 1 is part of it, for its base fee would differ after a
            // reload.
            rpc.call("evm_mine");
            journaled++;
            write(dump(rpc));
        }
        checkpoint = journaled;
        nextCheckpoint = Instant.now().plus(options.checkpoint());
        return started;
    }

    /// Plays the journal on top of the newest checkpoint that anvil can read. Nobody may see the chain while it is
    /// shorter than it was, so a child on another port does it.
    private void recover() throws IOException, InterruptedException {
        if (!Files.exists(state()) && !Files.exists(older())) {
            journal.cut(Long.MAX_VALUE);
            return;
        }
        int workshop = freePort();
        try (var apart = rpc(workshop)) {
            var started = Optional.<Child>empty();
            for (var file : List.of(state(), older())) {
                if (started.isEmpty() && Files.exists(file)) {
                    // Anvil mines nothing older than its own start, unless that is told to be long ago.
                    started = start(workshop, List.of("--load-state", file.toString(), "--timestamp", "1"));
                    if (started.isEmpty()) {
                        var damaged = file.resolveSibling(file.getFileName() + ".damaged");
                        LOG.warn("{} can not be read; it is set aside as {}", file, damaged);
                        Files.move(file, damaged, StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
            if (started.isEmpty()) {
                LOG.warn("no checkpoint in {} can be read: the chain starts anew", directory);
                journal.cut(Long.MAX_VALUE);
                return;
            }
            long base = Quantity.number(apart.call("eth_blockNumber"));
            olderCheckpoint = base;
            var lost = journal.after(base);
            for (var entry : lost) {
                play(apart, entry);
            }
            if (!lost.isEmpty() || !Files.exists(state())) {
                write(dump(apart));
                LOG.info("{} blocks after block {} were mined again", lost.size(), base);
            }
            started.get().kill();
        }
    }

    private static void play(JsonRpc rpc, Journal.Entry entry) throws InterruptedException {
        for (var balance : entry.balances().entrySet()) {
            rpc.call("anvil_setBalance", balance.getKey(), balance.getValue());
        }
        for (var transaction : entry.transactions()) {
            try {
                rpc.call("eth_sendRawTransaction", transaction);
            } catch (JsonRpc.Failure e) {
                LOG.warn("a transaction of block {} is lost: {}", entry.block(), e.getMessage());
            }
        }
        rpc.call("evm_mine", Map.of("timestamp", entry.time()));
        var mined = hash(rpc.call("eth_getBlockByNumber", "latest", false));
        if (!mined.equals(entry.hash())) {
            LOG.warn("block {} was {} and is now {}", entry.block(), entry.hash(), mined);
        }
    }

    /// Starts the child again if it has ended.
    private void restart() throws InterruptedException {
        chain.lockInterruptibly();
        try {
            if (!closed && child.ended()) {
                LOG.warn("anvil ended and is started again");
                child = open();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            chain.unlock();
        }
    }

    /// A child that answers, or nothing if it ended before.
    private Optional<Child> start(int port, List<String> more) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("/bin/sh", "-c", GUARD, "guard"));
        command.add(directory.resolve("anvil.log").toString());
        command.addAll(List.of(binary.toString(), "--quiet", "--port", Integer.toString(port)));
        command.addAll(List.of("--chain-id", Long.toString(options.chainId()), "--hardfork", "osaka"));
        command.addAll(List.of("--no-mining", "--order", "fifo", "--gas-limit", "400000000", "--accounts", "0"));
        command.addAll(List.of("--prune-history", "512", "--cache-path", directory + "/cache"));
        command.addAll(more);
        var guard = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var pid = Long.parseLong(guard.inputReader().readLine());
        var started = new Child(guard, ProcessHandle.of(pid).orElse(guard.toHandle()));
        try (var impatient = new JsonRpc(rpc(port).node(), Duration.ZERO)) {
            for (var end = Instant.now().plusSeconds(60); Instant.now().isBefore(end); ) {
                if (guard.waitFor(10, TimeUnit.MILLISECONDS)) {
                    return Optional.empty();
                }
                try {
                    impatient.call("eth_chainId");
                    return Optional.of(started);
                } catch (Chain.Unreachable _) {
                    // It is still loading.
                }
            }
        }
        started.kill();
        return Optional.empty();
    }

    private FileChannel lock() throws IOException {
        var file = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (file.tryLock() != null) {
                return file;
            }
        } catch (OverlappingFileLockException _) {
            // It is this very process.
        }
        file.close();
        throw new IOException("the chain in %s is running already; connect to it, or stop the process that runs it"
                .formatted(directory));
    }

    /// Ends the anvil of a JVM that died without taking it along.
    private void endOrphan() throws IOException, InterruptedException {
        try {
            var pid = Long.parseLong(Files.readString(pidFile()));
            var orphan = ProcessHandle.of(pid).filter(this::isOurs);
            if (orphan.isPresent()) {
                LOG.info("anvil {} of an earlier run is ended", pid);
                orphan.get().destroyForcibly();
                orphan.get().onExit().get(10, TimeUnit.SECONDS);
            }
        } catch (NoSuchFileException | NumberFormatException _) {
            // Nothing was left behind.
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("an earlier run's anvil does not end; stop the process in " + pidFile(), e);
        }
    }

    /// The system gives a process number to others when it is free again.
    private boolean isOurs(ProcessHandle process) {
        return process.info()
                .arguments()
                .map(arguments -> List.of(arguments).contains(directory + "/cache"))
                .orElse(false);
    }

    /// Looks for anvil's binary: the path given; the npm package in `contracts/` below the working directory, the
    /// program's own, or one above them; and the system's path.
    static Path find(Optional<Path> given) throws IOException {
        var candidates = new ArrayList<Path>();
        if (given.isPresent()) {
            candidates.add(given.get());
        } else {
            for (var start : List.of(home(), Path.of("").toAbsolutePath())) {
                for (var above = Optional.of(start); above.isPresent(); above = parent(above.get())) {
                    // The package's own launcher is a script for node, which costs 50 ms and hides the process.
                    candidates.add(above.get()
                            .resolve("contracts/node_modules/@foundry-rs/anvil-" + platform() + "/bin/anvil"));
                }
            }
            for (var entry : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
                candidates.add(Path.of(entry, "anvil"));
            }
        }
        return candidates.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IOException("there is no anvil %s; `npm ci` in contracts/ installs it"
                        .formatted(
                                given.map(path -> "at " + path).orElse("in contracts/node_modules or in the PATH"))));
    }

    /// Where this class was loaded from.
    private static Path home() {
        try {
            return Path.of(Anvil.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<Path> parent(Path path) {
        return Optional.ofNullable(path.getParent());
    }

    private static String platform() {
        var system = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        return system + "-" + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64");
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static JsonRpc rpc(int port) {
        // Short, to notice soon that the child has ended.
        return new JsonRpc(URI.create("http://127.0.0.1:" + port), Duration.ofMillis(100));
    }

    private static Bytes32 hash(JsonNode block) {
        return Bytes32.parse(block.path("hash").asString(""));
    }

    private Path state() {
        return directory.resolve("state.json");
    }

    private Path older() {
        return directory.resolve("state.older.json");
    }

    private Path pidFile() {
        return directory.resolve("anvil.pid");
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
