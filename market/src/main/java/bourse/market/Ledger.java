package bourse.market;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Category;
import bourse.protocol.Chain;
import bourse.protocol.Order;
import bourse.protocol.OrderBook.Kind;
import bourse.protocol.Rlc;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// What was read of the chain, until a block says something new.
///
/// Who publishes reads, and what he writes of it is in the table before the page is [#turn]ed; whatever a block changes
/// is looked for in the table after that. So an order is either read anew because of the block, or was checked after
/// it.
final class Ledger {
    /// Of each sort. A page that is full is as good as a new one.
    private static final int MOST = 100_000;

    private final Chain chain;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Map<Entry, Address> owners = new ConcurrentHashMap<>();
    private final Map<Address, Rlc> free = new ConcurrentHashMap<>();
    private volatile List<Category> categories = List.of();

    Ledger(Chain chain) {
        this.chain = chain;
    }

    /// An asset as what it is registered for.
    private record Entry(Kind kind, Address asset) {}

    /// Something that is done on one page.
    interface Work<T> {
        T done() throws InterruptedException;
    }

    <T> T onOnePage(Work<T> work) throws InterruptedException {
        lock.readLock().lockInterruptibly();
        try {
            return work.done();
        } finally {
            lock.readLock().unlock();
        }
    }

    /// Forgets what was read, once nobody works with it.
    void turn() throws InterruptedException {
        lock.writeLock().lockInterruptibly();
        try {
            owners.clear();
            free.clear();
            categories = List.of();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /// Who owns the asset of an order; a requester owns his request.
    Optional<Address> owner(Kind kind, Address asset) throws InterruptedException {
        var entry = new Entry(kind, asset);
        var known = owners.get(entry);
        if (known != null) {
            return Optional.of(known);
        }
        var owner = switch (kind) {
            case APP -> chain.app(asset).map(Asset::owner);
            case DATASET -> chain.dataset(asset).map(Asset::owner);
            case WORKERPOOL -> chain.workerpool(asset).map(Asset::owner);
            case REQUEST -> Optional.of(asset);
        };
        owner.ifPresent(read -> remember(owners, entry, read));
        return owner;
    }

    Rlc free(Address account) throws InterruptedException {
        var known = free.get(account);
        if (known != null) {
            return known;
        }
        var read = chain.account(account).free();
        remember(free, account, read);
        return read;
    }

    Optional<Category> category(long id) throws InterruptedException {
        if (id >= categories.size()) {
            categories = chain.categories();
        }
        var known = categories;
        return id < known.size() ? Optional.of(known.get(Math.toIntExact(id))) : Optional.empty();
    }

    /// What is left of the order's volume.
    long remaining(Order order) throws InterruptedException {
        return Math.max(0, order.volume() - chain.consumed(order));
    }

    private static <K, V> void remember(Map<K, V> map, K key, V value) {
        if (map.size() < MOST) {
            map.put(key, value);
        }
    }
}
