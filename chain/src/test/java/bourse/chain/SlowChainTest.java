package bourse.chain;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Wallet;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What can happen to a transaction between sending and mining, on a chain that leaves time for it.
class SlowChainTest {
    private final Wallet wallet = Wallet.random();
    private final Sender.Call call = Sender.Call.to(Wallet.random().address(), Bytes.EMPTY);
    private Anvil anvil;
    private JsonRpc rpc;
    private Head head;
    private Sender sender;

    @BeforeEach
    void open() throws Exception {
        anvil = Anvil.temporary(Anvil.Options.DEFAULT.withSoon(Duration.ofMillis(700)));
        anvil.fund(wallet.address(), Faucet.COIN);
        rpc = new JsonRpc(anvil.uri(), Duration.ofSeconds(10));
        head = new Head(rpc, Duration.ofMillis(25));
        sender = new Sender(rpc, head, anvil.chainId());
    }

    @AfterEach
    void close() {
        sender.close();
        head.close();
        rpc.close();
        anvil.close();
    }

    @Test
    void aNumberThatAnotherProcessLostIsFilled() throws Exception {
        var foreign = envelope(0, Wallet.random().address()).sign(wallet);
        rpc.call("eth_sendRawTransaction", foreign.raw().toString());
        var ours = sender.send(wallet, call);
        // Both are pending, and nobody will send the foreign one again.
        anvil.kill();

        assertThat(ours.get().path("status").asString()).isEqualTo("0x1");
        assertThat(rpc.call("eth_getTransactionReceipt", foreign.hash().toString())
                        .isNull())
                .isTrue();
        assertThat(count("latest")).isEqualTo(2);
    }

    @Test
    void aFeeThatDoesNotDoAnyMoreIsRaised() throws Exception {
        var ours = sender.send(wallet, call);
        rpc.call("anvil_setNextBlockBaseFeePerGas", Quantity.of(BigInteger.TEN.pow(12)));

        var receipt = ours.get();
        assertThat(Quantity.big(receipt.path("effectiveGasPrice"))).isGreaterThan(BigInteger.TEN.pow(11));
        assertThat(count("latest")).isEqualTo(1);
    }

    @Test
    void aCallWhoseNumberAnotherProcessTookIsMinedWithTheNextOne() throws Exception {
        var caller = Thread.ofVirtual().start(() -> {
            try {
                sender.submit(wallet, call);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        while (Quantity.number(
                        rpc.call("eth_getTransactionCount", wallet.address().toString(), "pending"))
                == 0) {
            Thread.onSpinWait();
        }
        // It pays more, so it takes the place of the call in the node's pool.
        var foreign = envelope(100, Wallet.random().address()).sign(wallet);
        rpc.call("eth_sendRawTransaction", foreign.raw().toString());

        caller.join();
        assertThat(rpc.call("eth_getTransactionReceipt", foreign.hash().toString())
                        .isNull())
                .isFalse();
        assertThat(count("latest")).isEqualTo(2);
    }

    private Envelope envelope(long gwei, Address to) {
        var tip = BigInteger.TEN.pow(9).multiply(BigInteger.valueOf(1 + gwei));
        return new Envelope(
                anvil.chainId(),
                0,
                tip,
                tip.add(BigInteger.TEN.pow(10)),
                30_000,
                Optional.of(to),
                BigInteger.ZERO,
                Bytes.EMPTY);
    }

    private long count(String block) throws InterruptedException {
        return Quantity.number(
                rpc.call("eth_getTransactionCount", wallet.address().toString(), block));
    }
}
