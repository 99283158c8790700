package bourse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bourse.protocol.Address;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A market of separate processes, as an operator runs them: each is started again when it dies.
final class Site implements AutoCloseable {
    private static final Duration MOST = Duration.ofMinutes(3);
    private final Path directory;
    private final List<Role> roles = new ArrayList<>();
    private String chain = "";
    private String database = "";
    private String storage = "";
    private String market = "";
    private String pool = "";
    private final List<String> urls = new ArrayList<>();
    /// Of the first scheduler, of which the market knows before it is there.
    private final String poolsPort;

    Site(Path directory) throws IOException {
        this.directory = directory;
        this.poolsPort = port();
    }

    /// A process, and what starts it again.
    final class Role {
        private final String name;
        private final List<String> arguments;
        private final Path out;
        private Process process;
        private volatile boolean wanted = true;

        private Role(String name, List<String> arguments) throws IOException {
            this.name = name;
            this.arguments = arguments;
            this.out = directory.resolve(name + ".out");
            this.process = start();
            Thread.ofVirtual().start(this::watch);
        }

        private Process start() throws IOException {
            return command(arguments)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()))
                    .redirectError(directory.resolve(name + ".err").toFile())
                    .start();
        }

        private void watch() {
            try {
                while (true) {
                    process().waitFor();
                    TimeUnit.SECONDS.sleep(1); // as systemd does
                    synchronized (this) {
                        if (!wanted) {
                            return;
                        }
                        process = start();
                    }
                }
            } catch (InterruptedException | IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private synchronized Process process() {
            return process;
        }

        /// It, and all that it has started.
        void kill() {
            process().descendants().forEach(ProcessHandle::destroyForcibly);
            process().destroyForcibly();
        }

        /// What it has started, and not itself: a chain's node.
        void killChildren() {
            process().descendants().forEach(ProcessHandle::destroyForcibly);
        }

        /// Ctrl-C; it is not started again.
        void stop() throws Exception {
            synchronized (this) {
                wanted = false;
            }
            assertThat(new ProcessBuilder(
                                    "kill", "-INT", Long.toString(process().pid()))
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(process().waitFor(40, TimeUnit.SECONDS)).as(name).isTrue();
        }

        private void end() {
            synchronized (this) {
                wanted = false;
            }
            kill();
        }

        /// What it has printed, when it is there.
        String said(String pattern) {
            var regex = Pattern.compile(pattern);
            return await(name)
                    .atMost(MOST)
                    .until(
                            () -> {
                                var matcher = regex.matcher(Files.readString(out));
                                return matcher.find() ? matcher.group(matcher.groupCount()) : "";
                            },
                            text -> !text.isEmpty());
        }
    }

    private Role role(String name, String... arguments) throws IOException {
        var role = new Role(name, List.of(arguments));
        roles.add(role);
        return role;
    }

    Path home(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    private void settings(String name, String... parts) throws IOException {
        Files.writeString(home(name).resolve("bourse.toml"), String.join("\n", parts));
    }

    /* WHAT A MARKET NEEDS */

    Role chain() throws IOException {
        var role = role("chain", "chain", "--home", home("chain").toString(), "--port", port());
        chain = "[chain]\nrpc = \"%s\"\nhub = \"%s\"\n"
                .formatted(role.said("rpc = \"(.*)\""), role.said("hub = \"(.*)\""));
        return role;
    }

    Role database() throws IOException {
        var role = role("database", "database", "--home", home("database").toString(), "--port", port());
        database = "[database]\nurl = \"%s\"\n".formatted(role.said("url = \"(.*)\""));
        return role;
    }

    Role store() throws IOException {
        settings("store", chain, "[service]\nport = " + port());
        var role = role("store", "blobs", "--home", home("store").toString());
        storage = "[storage]\nat = \"%s\"\nstore = \"%s\"\n"
                .formatted(role.said("at = \"(.*)\""), role.said("store = \"(.*)\""));
        return role;
    }

    Role market() throws IOException {
        settings(
                "market",
                chain,
                database,
                "[service]\nport = " + port(),
                "[pool]\nurl = \"http://127.0.0.1:%s\"".formatted(poolsPort));
        var role = role("market", "market", "--home", home("market").toString());
        market = "[market]\nurl = \"%s\"\n".formatted(role.said("url = \"(.*)\""));
        return role;
    }

    /// @param name of a scheduler; all have the wallet of the first
    Role scheduler(String name) throws Exception {
        boolean first = pool.isEmpty();
        if (first) {
            fund(wallet(name, "scheduler"));
        } else {
            for (var file : List.of("wallets/scheduler", "password")) {
                Files.createDirectories(home(name).resolve(file).getParent());
                Files.copy(directory.resolve("one").resolve(file), home(name).resolve(file));
            }
        }
        var port = first ? poolsPort : port();
        settings(name, chain, database, storage, market, "[service]\nport = " + port, first ? "" : address(pool));
        var role = role(name, "scheduler", "--home", home(name).toString());
        var address = role.said("address = \"(.*)\"");
        urls.addFirst("http://127.0.0.1:" + port);
        pool = "[pool]\naddress = \"%s\"\nurl = \"%s\"\n".formatted(address, String.join(", ", urls));
        if (first) {
            settings(name, chain, database, storage, market, "[service]\nport = " + port, address(pool));
        }
        return role;
    }

    private static String address(String pool) {
        return pool.substring(0, pool.indexOf("url"));
    }

    /// One that works for the scheduler that was started last, or another one where that is away.
    Role worker(String name) throws Exception {
        fund(wallet(name, "worker"));
        settings(name, chain, storage, pool);
        var role = role(name, "worker", "--home", home(name).toString());
        role.said("sandbox +(.*)");
        return role;
    }

    /// Somebody who buys.
    Home requester() throws Exception {
        fund(wallet("requester", "requester"));
        settings("requester", chain, storage, market, pool);
        return new Home(home("requester"));
    }

    private static Address addressOf(String text) {
        return Address.parse(text.strip());
    }

    private Address wallet(String home, String name) throws Exception {
        return addressOf(output("wallet", name, "--home", home(home).toString()));
    }

    private void fund(Address account) throws Exception {
        output("fund", account.toString(), "--home", home("chain").toString());
    }

    /* PROCESSES */

    /// What a command prints that ends by itself, and well.
    String output(String... arguments) throws Exception {
        var process = command(List.of(arguments))
                .redirectError(directory.resolve("command.err").toFile())
                .start();
        var out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }

    private ProcessBuilder command(List<String> arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                Main.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command).directory(directory.toFile());
    }

    /// The tests' own class path, but for their settings of the log.
    static String classPath() {
        return String.join(
                File.pathSeparator,
                List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1)).stream()
                        .filter(entry -> !entry.endsWith("test-classes"))
                        .toList());
    }

    private static String port() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return Integer.toString(socket.getLocalPort());
        }
    }

    @Override
    public void close() {
        roles.reversed().forEach(Role::end);
    }
}
