package bourse.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import bourse.protocol.Address;
import bourse.protocol.Chain;
import bourse.protocol.Wallet;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnvilTest {
    private static final Address SOMEBODY = Address.parse("0x1234567890123456789012345678901234567890");
    private static final BigInteger ETHER = BigInteger.TEN.pow(18);

    @TempDir
    Path home;

    @Test
    void isThereAgainAfterARestart() throws Exception {
        String before;
        try (var anvil = Anvil.at(home)) {
            anvil.fund(SOMEBODY, ETHER);
            before = head(anvil);
        }
        try (var anvil = Anvil.at(home)) {
            assertThat(head(anvil)).isEqualTo(before);
            assertThat(balance(anvil)).isEqualTo(ETHER);
        }
    }

    @Test
    void losesNoBlockWhenAnvilIsKilled() throws Exception {
        try (var anvil = Anvil.at(home);
                var rpc = rpc(anvil)) {
            anvil.fund(SOMEBODY, ETHER);
            anvil.mine();
            var before = rpc.call("eth_getBlockByNumber", "latest", false);
            anvil.kill();
            anvil.mine();
            assertThat(rpc.call("eth_getBlockByNumber", before.path("number").asString(), false))
                    .isEqualTo(before);
            assertThat(balance(anvil)).isEqualTo(ETHER);
        }
    }

    /// With empty blocks so far apart, whoever is forgotten is late.
    @Test
    void minesAtOnceWhatArrivesWhileABlockIsMade() throws Exception {
        var defaults = Anvil.Options.DEFAULT;
        var rare = Duration.ofMinutes(10);
        var options = new Anvil.Options(
                0, defaults.chainId(), Optional.empty(), defaults.soon(), rare, rare, defaults.checkpoint());
        try (var anvil = Anvil.at(home, options);
                var rpc = rpc(anvil);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            rpc.call("anvil_autoImpersonateAccount", true);
            var senders = new ArrayList<Future<?>>();
            for (int i = 0; i < 4; i++) {
                var sender = Wallet.random().address();
                anvil.fund(sender, ETHER);
                senders.add(threads.submit(() -> {
                    for (int j = 0; j < 50; j++) {
                        send(rpc, sender);
                    }
                    return true;
                }));
            }
            for (var sender : senders) {
                assertThat(sender.get(60, TimeUnit.SECONDS)).isEqualTo(true);
            }
        }
    }

    private static void send(JsonRpc rpc, Address sender) throws InterruptedException {
        var gift = Map.of("from", sender.toString(), "to", SOMEBODY.toString(), "value", "0x1");
        var hash = rpc.call("eth_sendTransaction", gift).asString();
        await().atMost(Duration.ofSeconds(50))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> rpc.call("eth_getTransactionReceipt", hash).isObject());
    }

    @Test
    void losesNoBlockWhenItIsKilledBetweenCheckpoints() throws Exception {
        try (var anvil = Anvil.at(home, Anvil.Options.DEFAULT.withCheckpoint(Duration.ofMillis(50)));
                var rpc = rpc(anvil)) {
            for (int round = 0; round < 5; round++) {
                for (int i = 0; i < 20; i++) {
                    anvil.fund(Wallet.random().address(), ETHER);
                }
                var before = rpc.call("eth_getBlockByNumber", "latest", false);
                anvil.kill();
                anvil.mine();
                assertThat(rpc.call(
                                "eth_getBlockByNumber", before.path("number").asString(), false))
                        .isEqualTo(before);
            }
        }
    }

    @Test
    void losesNoBlockWhenTheCheckpointIsTorn() throws Exception {
        String before;
        try (var anvil = Anvil.at(home)) {
            anvil.fund(SOMEBODY, ETHER);
            anvil.mine();
            before = head(anvil);
        }
        var torn = Files.readString(home.resolve("state.json"));
        Files.writeString(home.resolve("state.json"), torn.substring(0, torn.length() / 2));

        try (var anvil = Anvil.at(home)) {
            assertThat(balance(anvil)).isEqualTo(ETHER);
            assertThat(head(anvil)).isEqualTo(before);
            assertThat(Files.exists(home.resolve("state.json.damaged"))).isTrue();
        }
    }

    @Test
    void startsAnewWhenNoCheckpointCanBeRead() throws Exception {
        Files.writeString(home.resolve("state.json"), "{\"block\":");
        Files.writeString(home.resolve("journal"), "{\"block\": 7, \"ha");
        try (var anvil = Anvil.at(home)) {
            assertThat(height(anvil)).isLessThan(7);
            anvil.mine();
            assertThat(Files.readAllLines(home.resolve("journal"))).isNotEmpty();
        }
    }

    @Test
    void minesSeveralBlocksASecondWithoutRunningAheadOfTheClock() throws Exception {
        try (var anvil = Anvil.temporary();
                var rpc = rpc(anvil)) {
            for (int i = 0; i < 50; i++) {
                anvil.mine();
            }
            assertThat(time(rpc)).isBeforeOrEqualTo(Instant.now());
        }
    }

    @Test
    void keepsTheTimeItTravelledAcrossARestart() throws Exception {
        try (var anvil = Anvil.at(home)) {
            anvil.advance(Duration.ofDays(1));
        }
        try (var anvil = Anvil.at(home);
                var rpc = rpc(anvil)) {
            anvil.mine();
            assertThat(time(rpc)).isAfter(Instant.now().plus(Duration.ofHours(23)));
        }
    }

    @Test
    void endsTheAnvilOfAnEarlierRun() throws Exception {
        // What a killed JVM would leave behind if the guard died too: any process that names the directory.
        var cache = home.toRealPath().resolve("cache");
        var orphan = new ProcessBuilder("/bin/sh", "-c", "read -r _", "sh", cache.toString()).start();
        Files.writeString(home.resolve("anvil.pid"), Long.toString(orphan.pid()));
        try (var anvil = Anvil.at(home.toRealPath())) {
            anvil.mine();
            assertThat(orphan.isAlive()).isFalse();
        }
    }

    @Test
    void doesNotShareItsDirectory() throws Exception {
        try (var _ = Anvil.at(home)) {
            assertThatThrownBy(() -> Anvil.at(home)).hasMessageContaining("is running already");
        }
        Anvil.at(home).close();
    }

    @Test
    void saysWhatToDoWithoutABinary() {
        var options = Anvil.Options.DEFAULT.withBinary(home.resolve("nowhere"));
        assertThatThrownBy(() -> Anvil.at(home, options))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nowhere")
                .hasMessageContaining("npm ci");
    }

    @Test
    void aSilentNodeIsUnreachable() {
        var anywhere = java.net.URI.create("http://127.0.0.1:1");
        try (var rpc = new JsonRpc(anywhere, Duration.ofMillis(50))) {
            assertThatThrownBy(() -> rpc.call("eth_chainId"))
                    .isInstanceOf(Chain.Unreachable.class)
                    .hasMessageContaining("127.0.0.1:1");
        }
    }

    private static JsonRpc rpc(Anvil anvil) {
        return new JsonRpc(anvil.uri(), Duration.ofSeconds(10));
    }

    private static String head(Anvil anvil) throws InterruptedException {
        try (var rpc = rpc(anvil)) {
            return rpc.call("eth_getBlockByNumber", "latest", false)
                    .path("hash")
                    .asString("");
        }
    }

    private static long height(Anvil anvil) throws InterruptedException {
        try (var rpc = rpc(anvil)) {
            return Quantity.number(rpc.call("eth_blockNumber"));
        }
    }

    private static BigInteger balance(Anvil anvil) throws InterruptedException {
        try (var rpc = rpc(anvil)) {
            return Quantity.big(rpc.call("eth_getBalance", SOMEBODY.toString(), "latest"));
        }
    }

    private static Instant time(JsonRpc rpc) throws InterruptedException {
        return Instant.ofEpochSecond(Quantity.number(
                rpc.call("eth_getBlockByNumber", "latest", false).path("timestamp")));
    }
}
