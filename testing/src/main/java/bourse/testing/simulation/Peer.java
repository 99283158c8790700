package bourse.testing.simulation;

import bourse.protocol.Chain;
import bourse.protocol.News;
import bourse.protocol.Receipt;
import bourse.protocol.Refused;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import bourse.testing.simulation.Simulator.Machine;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The chain's node that one machine asks: late at times, or out of reach.
public final class Peer {
    private final Blocks blocks;
    private final Machine machine;
    private final Weather weather;
    private final BiConsumer<Wallet, Transaction> signed;
    /// Transactions of a wallet are sent in their order.
    private final ReentrantLock sending = new ReentrantLock(true);

    private Peer(Blocks blocks, Machine machine, Weather weather, BiConsumer<Wallet, Transaction> signed) {
        this.blocks = blocks;
        this.machine = machine;
        this.weather = weather;
        this.signed = signed;
    }

    /// @param signed is told of each transaction before it is sent
    public static Chain of(Blocks blocks, Machine machine, Weather weather, BiConsumer<Wallet, Transaction> signed) {
        var peer = new Peer(blocks, machine, weather, signed);
        return (Chain) Proxy.newProxyInstance(
                Chain.class.getClassLoader(),
                new Class<?>[] {Chain.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "news" -> peer.news((News.Cursor) arguments[0], (Duration) arguments[1]);
                    case "submit" -> peer.submit((Wallet) arguments[0], (Transaction) arguments[1]);
                    case "domain" -> blocks.model().domain();
                    default -> peer.read(method, arguments);
                });
    }

    private @Nullable Object read(Method method, Object @Nullable [] arguments) throws Throwable {
        go(method.getName());
        try {
            return method.invoke(blocks.model(), arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        } finally {
            machine.sleep(weather.travel());
        }
    }

    private News news(News.Cursor cursor, Duration patience) throws InterruptedException {
        go("news");
        var bell = machine.bell();
        var end = machine.instant().plus(patience);
        blocks.tell(bell);
        try {
            while (blocks.model().head().hash().equals(cursor.hash())
                    && machine.instant().isBefore(end)) {
                bell.await(Duration.between(machine.instant(), end));
            }
        } finally {
            blocks.forget(bell);
        }
        go("news");
        return blocks.model().news(cursor, Duration.ZERO);
    }

    private Receipt submit(Wallet sender, Transaction transaction) throws Refused, InterruptedException {
        signed.accept(sender, transaction);
        machine.note("sends " + transaction);
        var receipt = send(sender, transaction);
        go("receipt");
        try {
            var mined = receipt.get();
            machine.note("is in block " + mined.block() + " with " + transaction);
            return mined;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Refused refused) {
                throw refused;
            }
            throw new CompletionException(e);
        }
    }

    private CompletableFuture<Receipt> send(Wallet sender, Transaction transaction)
            throws Refused, InterruptedException {
        sending.lockInterruptibly();
        try {
            go("a transaction");
            blocks.model().check(sender, transaction);
            return blocks.model().send(sender, transaction);
        } finally {
            sending.unlock();
        }
    }

    private void go(String what) throws InterruptedException {
        machine.sleep(weather.travel());
        if (weather.loses()) {
            throw new Chain.Unreachable("no answer to " + what + " for now", new IOException("as the weather is"));
        }
    }
}
