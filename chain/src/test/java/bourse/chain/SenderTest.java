package bourse.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bourse.protocol.Address;
import bourse.protocol.Chain;
import bourse.protocol.Receipt;
import bourse.protocol.Rlc;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SenderTest {
    private static final Rlc GRAIN = Rlc.ofNano(1);

    private final Address heap = Wallet.random().address();
    private TestMarket market;
    private Wallet wallet;

    @BeforeEach
    void open() throws Exception {
        market = TestMarket.open();
        wallet = market.rich();
    }

    @AfterEach
    void close() {
        market.close();
    }

    @Test
    void manyThreadsSubmitAtOnceAndEachIsMinedOnce() throws Exception {
        try (var grains = new Grains(300, List.of(market.chain()))) {
            assertThat(grains.receipts()).hasSize(300);
        }
        assertThat(heap()).isEqualTo(Rlc.ofNano(300));
    }

    @Test
    void anEstimateSeesWhatTheWalletSentBefore() throws Exception {
        var rpc = new JsonRpc(market.anvil().uri(), Duration.ofSeconds(5));
        try (rpc;
                var head = new Head(rpc, Duration.ofMillis(25));
                var sender = new Sender(rpc, head, market.anvil().chainId())) {
            var sent = new ArrayList<Future<?>>();
            for (int i = 0; i < 20; i++) {
                // Without the deposit, there is nothing to withdraw.
                sent.add(sender.send(wallet, call(new Transaction.Deposit(GRAIN))));
                sent.add(sender.send(wallet, call(new Transaction.Withdraw(GRAIN))));
            }
            for (var transaction : sent) {
                assertThat(transaction.get().toString()).contains("\"status\":\"0x1\"");
            }
        }
    }

    @Test
    void everythingIsMinedOnceThoughAnvilIsKilledTwice() throws Exception {
        try (var grains = new Grains(200, List.of(market.chain()))) {
            await().until(() -> heap().compareTo(Rlc.ofNano(20)) > 0);
            market.anvil().kill();
            await().ignoreExceptions().until(() -> heap().compareTo(Rlc.ofNano(50)) > 0);
            market.anvil().kill();
            assertThat(grains.receipts()).hasSize(200);
        }
        assertThat(heap()).isEqualTo(Rlc.ofNano(200));
    }

    @Test
    void aTransactionOfABlockThatIsTakenBackIsMinedAgain() throws Exception {
        market.chain().submit(wallet, new Transaction.Transfer(heap, GRAIN));
        market.anvil().mine();
        market.anvil().reorg(2);
        await().until(() -> heap().equals(GRAIN) || submitsNothing());
        assertThat(heap()).isEqualTo(GRAIN);
    }

    @Test
    void twoProcessesMayUseOneWallet() throws Exception {
        try (var other = RpcChain.connect(market.anvil().uri(), market.deployment());
                var grains = new Grains(100, List.of(market.chain(), other))) {
            assertThat(grains.receipts()).hasSize(100);
        }
        assertThat(heap()).isEqualTo(Rlc.ofNano(100));
    }

    /// Makes the sender look at its chain.
    private boolean submitsNothing() throws Exception {
        market.chain().submit(wallet, new Transaction.Transfer(heap, Rlc.ZERO));
        return false;
    }

    private Rlc heap() throws InterruptedException {
        return market.chain().wallet(heap);
    }

    private Sender.Call call(Transaction transaction) {
        return Calls.of(transaction, wallet.address(), market.deployment());
    }

    /// Submits many transfers at once, in turn to several chains.
    private final class Grains implements AutoCloseable {
        private final java.util.concurrent.ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final List<Future<Receipt>> submitted;

        Grains(int count, List<? extends Chain> chains) {
            submitted = IntStream.range(0, count)
                    .mapToObj(i -> threads.submit(
                            () -> chains.get(i % chains.size()).submit(wallet, new Transaction.Transfer(heap, GRAIN))))
                    .toList();
        }

        List<Receipt> receipts() throws Exception {
            var receipts = new ArrayList<Receipt>();
            for (var future : submitted) {
                receipts.add(future.get());
            }
            return receipts.stream().distinct().toList();
        }

        @Override
        public void close() {
            threads.shutdownNow();
        }
    }
}
