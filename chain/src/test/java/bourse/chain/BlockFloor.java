package bourse.chain;

import bourse.protocol.Bytes;
import bourse.protocol.Rlc;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// How fast this machine's development chain can be at all: what is left of a task's time when nothing is
/// computed. `bench/block-floor [BURST]` runs it.
final class BlockFloor {
    private static final int SAMPLES = 50;
    private static final int BURST = 500;

    private BlockFloor() {}

    public static void main(String[] arguments) throws Exception {
        try (var market = TestMarket.open();
                var rpc = new JsonRpc(market.anvil().uri(), Duration.ofSeconds(10));
                var head = new Head(rpc, RpcChain.Options.DEFAULT.poll());
                var sender = new Sender(rpc, head, market.anvil().chainId())) {
            var wallet = market.rich();
            var empty = Sender.Call.to(wallet.address(), Bytes.EMPTY);
            for (int i = 0; i < 2 * SAMPLES; i++) {
                sender.submit(wallet, empty);
            }
            var times = new ArrayList<Long>();
            for (int i = 0; i < SAMPLES; i++) {
                long start = System.nanoTime();
                sender.submit(wallet, empty);
                times.add((System.nanoTime() - start) / 1000);
            }
            Collections.sort(times);
            System.out.printf(
                    "an empty transaction, sent to receipt: median %.1f ms, p90 %.1f ms%n",
                    times.get(SAMPLES / 2) / 1000.0, times.get(SAMPLES * 9 / 10) / 1000.0);
            var senders = List.of(market.rich(), market.rich(), market.rich(), market.rich());
            long start = System.nanoTime();
            int burst = arguments.length > 0 ? Integer.parseInt(arguments[0]) : BURST;
            burst(market, senders, burst);
            System.out.printf(
                    "%d token transfers of %d wallets at once: %.0f a second%n",
                    burst, senders.size(), burst * 1e9 / (System.nanoTime() - start));
        }
        System.exit(0);
    }

    private static void burst(TestMarket market, List<Wallet> wallets, int burst) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<?>>();
            for (int i = 0; i < burst; i++) {
                var wallet = wallets.get(i % wallets.size());
                all.add(threads.submit(() -> market.chain()
                        .submit(wallet, new Transaction.Transfer(market.bank().address(), Rlc.ofNano(1)))));
            }
            for (var one : all) {
                one.get();
            }
        }
    }
}
