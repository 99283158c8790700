package bourse.testing;

import bourse.protocol.Transaction;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/// Doors of a role whose process dies at a given step: before the n-th call through any of them, or after it
/// has had its effect. From then on nothing comes through.
public final class Fate {
    /// Calls that only wait: how often they are made depends on time.
    private static final Set<String> IDLE = Set.of("news", "head", "ask", "close", "isolation", "toString", "hashCode");

    private final List<Transaction> signed = new CopyOnWriteArrayList<>();
    private int left;
    private boolean dead;

    /// What a dead process does.
    public static final class Death extends Error {
        private static final long serialVersionUID = 1;

        private Death() {
            super("the process is dead", null, false, false);
        }
    }

    /// @param left how many calls come through, before and after counting as one each
    public Fate(int left) {
        this.left = left;
    }

    /// All that went to the chain, or may have.
    public List<Transaction> signed() {
        return signed;
    }

    public synchronized boolean isFulfilled() {
        return dead;
    }

    private synchronized void step(boolean counts) {
        if (counts && left-- == 0) {
            dead = true;
        }
        if (dead) {
            throw new Death();
        }
    }

    public <D> D of(Class<D> type, D door) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    boolean counts = !IDLE.contains(method.getName());
                    step(counts);
                    if (method.getName().equals("submit")) {
                        signed.add((Transaction) arguments[1]);
                    }
                    try {
                        return method.invoke(door, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        step(counts);
                    }
                }));
    }
}
