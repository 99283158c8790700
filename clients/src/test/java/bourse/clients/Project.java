package bourse.clients;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Keystore;
import bourse.protocol.Wallet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A directory in which somebody works with the command `iexec`, and his wallet.
final class Project {
    private final Stand stand;
    private final String client;
    private final Path directory;

    /// Begins it as a user does.
    ///
    /// @param client the npm package, `iexec` or `iexec9`
    Project(Stand stand, String client, Path directory) throws Exception {
        this.stand = stand;
        this.client = client;
        this.directory = directory;
        Files.createDirectory(directory.resolve("keys"));
        ok("init", "--skip-wallet", "--force");
        write("chain.json", stand.config.chainJson());
    }

    /// A project whose owner brings a wallet of Bourse's, which opens faster than those that the command makes.
    static Project withWallet(Stand stand, String client, Path directory) throws Exception {
        return withWallet(stand, client, directory, Wallet.random());
    }

    static Project withWallet(Stand stand, String client, Path directory, Wallet wallet) throws Exception {
        var project = new Project(stand, client, directory);
        Keystore.write(wallet, Stand.PASSWORD, directory.resolve("keys/mine"));
        return project;
    }

    /// The wallet in its directory.
    Wallet wallet() throws Exception {
        return Keystore.read(walletFile(), Stand.PASSWORD);
    }

    private Path walletFile() throws IOException {
        try (var files = Files.list(directory.resolve("keys"))) {
            return files.findFirst().orElseThrow();
        }
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    ObjectNode read(String file) throws Exception {
        return (ObjectNode) Stand.JSON.readTree(Files.readString(directory.resolve(file)));
    }

    void write(String file, Object json) throws Exception {
        Files.writeString(directory.resolve(file), Stand.JSON.writeValueAsString(json));
    }

    /// Signs an offer of an app and a request for one run of it at trust 10, beside a workerpool's order: now they can
    /// be filled.
    ///
    /// @param arguments of the run
    void order(String app, Map<String, Object> workerpoolorder, String arguments) throws Exception {
        var orders = read("iexec.json");
        orders.set(
                "order",
                Stand.JSON.valueToTree(Map.of(
                        "apporder",
                        Map.of("app", app, "appprice", "3", "volume", "10", "tag", List.of()),
                        "requestorder",
                        Map.of(
                                "app", app,
                                "appmaxprice", "3",
                                "workerpoolmaxprice", workerpoolorder.get("workerpoolprice"),
                                "volume", "1",
                                "category", "0",
                                "trust", "10",
                                "params", Map.of("iexec_args", arguments)))));
        write("iexec.json", orders);
        signed("order", "sign", "--app", "--request", "--force");
        var signed = read("orders.json");
        signed.withObject("/" + stand.config.chainId()).set("workerpoolorder", Stand.JSON.valueToTree(workerpoolorder));
        write("orders.json", signed);
    }

    /// Runs the command, which has to do what it is told.
    JsonNode ok(String... arguments) throws Exception {
        var printed = stand.command(client, directory, List.of(arguments));
        assertThat(printed.status()).as(printed.out() + printed.err()).isZero();
        assertThat(printed.json().path("ok").asBoolean()).as(printed.out()).isTrue();
        return printed.json();
    }

    /// The same with the wallet.
    JsonNode signed(String... arguments) throws Exception {
        return ok(withWallet(arguments));
    }

    /// Runs the command, which has to refuse.
    ///
    /// @return what it says
    String refused(String... arguments) throws Exception {
        var printed = stand.command(client, directory, List.of(withWallet(arguments)));
        assertThat(printed.status()).as(printed.out()).isNotZero();
        return Stand.JSON.readTree(printed.err()).at("/error/message").asString();
    }

    /// Runs the command, whatever comes of it.
    String says(String... arguments) throws Exception {
        var printed = stand.command(client, directory, List.of(withWallet(arguments)));
        return printed.out() + printed.err();
    }

    private String[] withWallet(String... arguments) throws IOException {
        var wallet = List.of(
                "--keystoredir",
                keys(),
                "--wallet-file",
                walletFile().getFileName().toString(),
                "--password",
                Stand.PASSWORD);
        return Stream.concat(Stream.of(arguments), wallet.stream()).toArray(String[]::new);
    }

    String keys() {
        return directory.resolve("keys").toString();
    }
}
