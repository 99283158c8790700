package bourse.clients;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.chain.RpcChain;
import bourse.node.Home;
import bourse.node.Laptop;
import bourse.node.Laptop.Crew;
import bourse.node.Progress;
import bourse.node.Purchase;
import bourse.node.Purchase.Wish;
import bourse.node.SdkConfig;
import bourse.node.Watch;
import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Chain;
import bourse.protocol.Event;
import bourse.protocol.Keystore;
import bourse.protocol.News;
import bourse.protocol.Order;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.TaskId;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import bourse.wire.Gateway;
import bourse.wire.Listening;
import bourse.wire.PoolServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A market as `bourse up` has it, and clients of iExec's on it, each a process with some time.
final class Stand implements AutoCloseable {
    static final JsonMapper JSON = new JsonMapper();
    private static final BigInteger COINS = BigInteger.TEN.pow(18);
    private static final long SECONDS = 90;
    private static final int LINES = 200;
    private static final String AID =
            Path.of("several-voters.mjs").toAbsolutePath().toUri().toString();
    static final String PASSWORD = "not a secret";

    final Home home;
    /// The market's owner.
    final Person bank = Person.random();
    /// Gives money away, beside the bank, which clients use too.
    private final Wallet treasury = Wallet.random();
    final Laptop market;
    final SdkConfig config;
    private final PoolServer pool;
    private final Gateway gateway;
    private final RpcChain chain;
    private Optional<TaskId> voted = Optional.empty();
    private Optional<String> shortest = Optional.empty();

    /// Somebody with an account.
    record Person(Bytes32 key, Wallet wallet) {
        static Person random() {
            var key = Bytes32.random();
            return new Person(key, Wallet.of(key));
        }

        Address address() {
            return wallet.address();
        }
    }

    /// What a process left.
    record Printed(int status, String out, String err) {
        /// The one JSON document that it printed.
        JsonNode json() {
            assertThat(out).as(err).isNotBlank();
            return JSON.readTree(out);
        }
    }

    /// @param settings what differs from the defaults
    Stand(Path directory, String settings) throws Exception {
        home = new Home(directory.resolve("home"));
        Files.writeString(home.resolve("bourse.toml"), settings);
        Files.writeString(home.resolve("password"), PASSWORD);
        Keystore.write(bank.wallet(), PASSWORD, home.resolve("wallets/bank"));
        market = Laptop.start(home, home.settings(), new Crew(5, 0));
        pool = market.serve(Listening.onLoopback(0));
        gateway = market.show(pool.uri(), 0);
        var book = market.trade(home.settings());
        chain = RpcChain.connect(market.rpc(), market.hub());
        chain.pay(bank.wallet(), treasury.address(), COINS.multiply(BigInteger.valueOf(1000)));
        chain.submit(bank.wallet(), new Transaction.Transfer(treasury.address(), Rlc.parse("1000000")));
        config = new SdkConfig(
                chain.domain().chainId(),
                market.rpc(),
                market.hub(),
                gateway.uri(),
                gateway.uri(),
                Optional.of(book),
                market.pool().workerpool(),
                chain.market().isNative());
    }

    Chain chain() {
        return chain;
    }

    /* PEOPLE */

    /// Somebody new with coins for gas, and tokens outside of the market.
    Person person(String tokens) throws Exception {
        var person = Person.random();
        fund(person.address(), tokens);
        return person;
    }

    void fund(Address address, String tokens) throws Exception {
        chain.pay(treasury, address, COINS);
        chain.submit(treasury, new Transaction.Transfer(address, Rlc.parse(tokens)));
    }

    /// An app of `owner`, of a type that iExec's clients run but do not deploy.
    Address wasm(Wallet owner, Path program) throws Exception {
        var cid = market.blobs().put(program);
        var receipt = chain.submit(
                owner, new Transaction.CreateApp("primes", Asset.App.WASM, Bytes.utf8(cid.path()), cid.sha256()));
        return receipt.event(Event.Registered.class).asset();
    }

    /// The pool's own offer for category XS, as clients have orders.
    Map<String, Object> poolsOrder(long trust) throws Exception {
        Signed<Order.Workerpool> signed =
                market.book().workerpools(0, trust).getFirst().order();
        var order = signed.order();
        var fields = new LinkedHashMap<String, Object>();
        fields.put("workerpool", order.workerpool().toString());
        fields.put("workerpoolprice", order.workerpoolprice().nano().toString());
        fields.put("volume", Long.toString(order.volume()));
        fields.put("tag", order.tag().value().toString());
        fields.put("category", Long.toString(order.category()));
        fields.put("trust", Long.toString(order.trust()));
        fields.put("apprestrict", order.apprestrict().toString());
        fields.put("datasetrestrict", order.datasetrestrict().toString());
        fields.put("requesterrestrict", order.requesterrestrict().toString());
        fields.put("salt", order.salt().toString());
        fields.put("sign", signed.signature().toString());
        return fields;
    }

    /// A category whose tasks have a second, made by the market's owner with the library; the same each time.
    synchronized String shortCategory() throws Exception {
        if (shortest.isEmpty()) {
            var told = script("category", "iexec", bank, Map.of("seconds", 1));
            shortest = Optional.of(told.path("catid").asString());
        }
        return shortest.get();
    }

    /// Who asked for the [#votedTask].
    Wallet requester() throws Exception {
        return home.wallet("requester");
    }

    /// A task on which several workers have voted, completed; the same each time.
    synchronized TaskId votedTask() throws Exception {
        if (voted.isEmpty()) {
            var requester = requester();
            var wish = new Wish(Programs.INDEX, List.of(), List.of(), 1, 10, "XS", Optional.empty(), Address.ZERO);
            var deal =
                    new Purchase(market, requester, Progress.SILENT).buy(wish).deal();
            new Watch(market, deal, Progress.SILENT, home.names(), InstantSource.system())
                    .untilEnded(News.Cursor.START);
            voted = Optional.of(deal.task(0));
        }
        return voted.get();
    }

    /* CLIENTS */

    /// Runs a script with the library as it is.
    ///
    /// @param client the npm package, `iexec` or `iexec9`
    /// @param more what else the script wants to know
    JsonNode script(String name, String client, Person person, Map<String, Object> more) throws Exception {
        return script(List.of("node"), name, client, person, more);
    }

    /// Runs it with what lets the library read a task with several votes.
    JsonNode aided(String name, String client, Person person, Map<String, Object> more) throws Exception {
        return script(List.of("node", "--import", AID), name, client, person, more);
    }

    private JsonNode script(List<String> node, String name, String client, Person person, Map<String, Object> more)
            throws Exception {
        var told = new LinkedHashMap<>(more);
        told.put("client", client);
        told.put("rpc", config.rpc().toString());
        told.put("key", person.key().toString());
        told.put("options", config.options());
        told.put("workerpool", config.workerpool().toString());
        var command = new ArrayList<>(node);
        command.add("src/test/scripts/" + name + ".mjs");
        var printed = run(command, Path.of(""), JSON.writeValueAsString(told));
        assertThat(printed.status()).as(printed.err()).isZero();
        return printed.json();
    }

    /// Runs the command `iexec`: of `iexec app show` what that would start, the script for apps, without its own start,
    /// which takes as long again.
    ///
    /// @param client the npm package, `iexec` or `iexec9`
    Printed command(String client, Path directory, List<String> arguments) throws Exception {
        var scripts = Path.of("node_modules", client, "dist/esm/cli/cmd").toAbsolutePath();
        var ofTheVerb = scripts.resolve("iexec-%s.js".formatted(arguments.getFirst()));
        boolean hasOwn = Files.exists(ofTheVerb);
        var command = new ArrayList<>(List.of("node", "--import", AID));
        command.add((hasOwn ? ofTheVerb : scripts.resolve("iexec.js")).toString());
        command.addAll(hasOwn ? arguments.subList(1, arguments.size()) : arguments);
        command.add("--raw");
        return run(command, directory, "");
    }

    private static Printed run(List<String> command, Path directory, String input)
            throws IOException, InterruptedException {
        var out = Files.createTempFile("bourse-clients", ".out");
        var err = Files.createTempFile("bourse-clients", ".err");
        var process = new ProcessBuilder(command)
                .directory(directory.toAbsolutePath().toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            try (var in = process.outputWriter()) {
                in.write(input);
            }
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS))
                    .as(() -> "%s ends within %d s; it printed %s %s, and the market%n%s"
                            .formatted(command, SECONDS, text(out), text(err), log()))
                    .isTrue();
            return new Printed(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            process.destroyForcibly();
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What the market noted last.
    private static String log() {
        var lines = text(Path.of("target/test.log")).lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    }

    @Override
    public void close() {
        chain.close();
        gateway.close();
        pool.close();
        market.close();
    }
}
