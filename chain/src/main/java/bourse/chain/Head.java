package bourse.chain;

import bourse.protocol.Block;
import bourse.protocol.Bytes32;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The newest block, as everyone in the process knows it: one thread asks the node, and only while somebody waits.
final class Head implements AutoCloseable {
    private final JsonRpc rpc;
    private final Duration interval;
    private final Thread poller = Thread.ofVirtual().name("chain-head").unstarted(this::poll);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition needed = lock.newCondition();
    private final Condition changed = lock.newCondition();
    private final List<Runnable> onRewind = new CopyOnWriteArrayList<>();
    private int waiting;
    private Tip tip;
    /// Why the last question had no answer.
    private @Nullable RuntimeException failure;

    /// A block at the tip of the chain.
    record Tip(Block block, Bytes32 parent, BigInteger baseFee) {
        static Tip of(JsonNode node) {
            return new Tip(
                    new Block(
                            Quantity.number(node.path("number")),
                            Bytes32.parse(node.path("hash").asString("")),
                            Instant.ofEpochSecond(Quantity.number(node.path("timestamp")))),
                    Bytes32.parse(node.path("parentHash").asString("")),
                    Quantity.big(node.path("baseFeePerGas")));
        }

        long number() {
            return block.number();
        }

        Bytes32 hash() {
            return block.hash();
        }
    }

    Head(JsonRpc rpc, Duration interval) throws InterruptedException {
        this.rpc = rpc;
        this.interval = interval;
        this.tip = ask();
        poller.start();
    }

    /// The newest block, asked now.
    Tip now() throws InterruptedException {
        var asked = ask();
        tell(asked);
        return asked;
    }

    /// The newest block as soon as it is not `known`, or `known` itself when the deadline has passed.
    Tip after(Bytes32 known, Instant deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            waiting++;
            needed.signal();
            var date = Date.from(deadline);
            while (tip.hash().equals(known) && failure == null && changed.awaitUntil(date)) {
                // Woken by every answer.
            }
            if (tip.hash().equals(known) && failure != null) {
                throw failure;
            }
            return tip;
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    /// `listener` runs whenever the newest block does not follow the one before. It must not block.
    void onRewind(Runnable listener) {
        onRewind.add(listener);
    }

    private void poll() {
        try {
            while (true) {
                lock.lockInterruptibly();
                try {
                    while (waiting == 0) {
                        needed.await();
                    }
                } finally {
                    lock.unlock();
                }
                try {
                    tell(ask());
                } catch (RuntimeException e) {
                    fail(e);
                }
                Thread.sleep(interval);
            }
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    private Tip ask() throws InterruptedException {
        return Tip.of(rpc.call("eth_getBlockByNumber", "latest", false));
    }

    private void tell(Tip newest) {
        lock.lock();
        try {
            failure = null;
            if (!newest.equals(tip)) {
                boolean follows = newest.parent().equals(tip.hash()) || newest.number() > tip.number() + 1;
                tip = newest;
                changed.signalAll();
                if (!follows) {
                    onRewind.forEach(Runnable::run);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void fail(RuntimeException e) {
        lock.lock();
        try {
            failure = e;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        poller.interrupt();
        fail(new IllegalStateException("the chain's client is closed"));
    }
}
