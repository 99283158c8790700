package bourse.chain;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.protocol.News;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;

/// Reads the contracts' logs, block by block, on the branch that stands.
///
/// The newest blocks are read once for everyone in the process and remembered. Their logs are asked for by the
/// block's hash, so a chain that changes meanwhile gives an error and not half a truth. Who is further back
/// reads ranges of blocks by number, whose last block must be the same before and after.
///
/// A cursor names a block by its hash. Where that block does not stand any more, its owner is sent back to the
/// newest remembered block below it that does, or [#HORIZON] blocks down.
final class Follower {
    /// Blocks of one range. Nodes refuse ranges that give too many logs.
    private static final int RANGE = 1000;
    /// How many of the newest blocks are remembered, and a cursor is set back.
    private static final int HORIZON = 256;
    /// Who is further behind reads ranges.
    private static final int NEAR = 32;

    private final JsonRpc rpc;
    private final Head head;
    private final List<String> contracts;
    private final Reader reader;
    private final ReentrantLock lock = new ReentrantLock();
    /// Blocks that stand, each the parent of the next.
    private final Deque<Link> links = new ArrayDeque<>();
    /// Blocks that stood, and the newest one below them that stood on.
    private final Map<Bytes32, News.Cursor> gone = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Bytes32, News.Cursor> eldest) {
            return size() > 4 * HORIZON;
        }
    };

    /// A block and what has happened in it.
    private record Link(long number, Bytes32 hash, List<News.Entry> entries) {
        News.Cursor cursor() {
            return new News.Cursor(number, hash);
        }
    }

    /// Understands logs.
    interface Reader {
        List<News.Entry> entries(List<JsonNode> logs) throws InterruptedException;

        /// What was read of blocks that are gone may be wrong.
        void forget();
    }

    Follower(JsonRpc rpc, Head head, List<Address> contracts, Reader reader) {
        this.rpc = rpc;
        this.head = head;
        this.contracts = contracts.stream().map(Address::toString).toList();
        this.reader = reader;
    }

    News news(News.Cursor cursor, Duration patience) throws InterruptedException {
        var tip = head.after(cursor.hash(), Instant.now().plus(patience));
        while (!tip.hash().equals(cursor.hash())) {
            lock.lockInterruptibly();
            try {
                var news = read(cursor, tip);
                if (news.isPresent()) {
                    return news.get();
                }
            } finally {
                lock.unlock();
            }
            // The chain changed under the reader's hands.
            tip = head.now();
        }
        return new News(cursor, List.of(), false);
    }

    /// Nothing, if the chain changed meanwhile.
    private Optional<News> read(News.Cursor cursor, Head.Tip tip) throws InterruptedException {
        if (!follow(tip)) {
            return Optional.empty();
        }
        if (link(cursor.hash()).isPresent()) {
            var entries = links.stream()
                    .filter(link -> link.number() > cursor.block())
                    .flatMap(link -> link.entries().stream())
                    .toList();
            return Optional.of(new News(links.getLast().cursor(), entries, false));
        }
        if (!stands(cursor)) {
            return Optional.of(new News(survivor(cursor, tip), List.of(), true));
        }
        return range(cursor, tip, RANGE);
    }

    /* THE NEWEST BLOCKS */

    /// Makes `tip` the last link. False, if that block is gone already.
    private boolean follow(Head.Tip tip) throws InterruptedException {
        var path = new ArrayDeque<Head.Tip>();
        if (link(tip.hash()).isPresent()) {
            cut(tip.hash());
            return true;
        }
        path.push(tip);
        while (!links.isEmpty()
                && path.size() < NEAR
                && path.element().number() > links.getFirst().number()
                && link(path.element().parent()).isEmpty()) {
            var parent = rpc.call("eth_getBlockByHash", path.element().parent().toString(), false);
            if (parent.isNull()) {
                return false;
            }
            path.push(Head.Tip.of(parent));
        }
        if (link(path.element().parent()).isPresent()) {
            cut(path.element().parent());
        } else {
            // The first block, or one far ahead, or a branch that left below all that is remembered.
            links.clear();
            reader.forget();
            path.clear();
            path.push(tip);
        }
        for (var block : path) {
            var logs = logs(Map.of("blockHash", block.hash().toString()));
            if (logs.isEmpty()) {
                return false;
            }
            links.addLast(new Link(block.number(), block.hash(), reader.entries(logs.get())));
            if (links.size() > HORIZON) {
                links.removeFirst();
            }
        }
        return true;
    }

    private Optional<Link> link(Bytes32 hash) {
        return links.stream().filter(link -> link.hash().equals(hash)).findFirst();
    }

    /// Takes away all links behind the one with `hash`.
    private void cut(Bytes32 hash) {
        var lost = new ArrayList<Link>();
        while (!links.getLast().hash().equals(hash)) {
            lost.add(links.removeLast());
        }
        if (!lost.isEmpty()) {
            lost.forEach(link -> gone.put(link.hash(), links.getLast().cursor()));
            reader.forget();
        }
    }

    /* OLDER BLOCKS */

    private boolean stands(News.Cursor cursor) throws InterruptedException {
        return cursor.equals(News.Cursor.START)
                || block(cursor.block()).filter(cursor::equals).isPresent();
    }

    /// Where to go on after a block that does not stand.
    private News.Cursor survivor(News.Cursor cursor, Head.Tip tip) throws InterruptedException {
        for (var known = Optional.ofNullable(gone.get(cursor.hash()));
                known.isPresent();
                known = Optional.ofNullable(gone.get(known.get().hash()))) {
            if (stands(known.get())) {
                return known.get();
            }
        }
        return block(Math.min(cursor.block(), tip.number()) - HORIZON).orElse(News.Cursor.START);
    }

    private Optional<News> range(News.Cursor cursor, Head.Tip tip, int size) throws InterruptedException {
        var last = block(Math.min(tip.number(), cursor.block() + size));
        if (last.isEmpty() || last.get().block() <= cursor.block()) {
            return Optional.empty();
        }
        var logs = logs(Map.of(
                "fromBlock",
                Quantity.of(cursor.block() + 1),
                "toBlock",
                Quantity.of(last.get().block())));
        if (logs.isEmpty()) {
            return size == 1 ? Optional.empty() : range(cursor, tip, size / 2);
        }
        return stands(last.get()) && stands(cursor)
                ? Optional.of(new News(last.get(), reader.entries(logs.get()), false))
                : Optional.empty();
    }

    private Optional<News.Cursor> block(long number) throws InterruptedException {
        if (number < 0) {
            return Optional.empty();
        }
        var block = rpc.call("eth_getBlockByNumber", Quantity.of(number), false);
        return block.isNull()
                ? Optional.empty()
                : Optional.of(
                        new News.Cursor(number, Bytes32.parse(block.path("hash").asString(""))));
    }

    /// The contracts' logs, or nothing if the node does not know the blocks or finds them too many.
    private Optional<List<JsonNode>> logs(Map<String, String> blocks) throws InterruptedException {
        var filter = new LinkedHashMap<String, Object>(blocks);
        filter.put("address", contracts);
        try {
            return Optional.of(rpc.call("eth_getLogs", filter).valueStream().toList());
        } catch (JsonRpc.Failure _) {
            return Optional.empty();
        }
    }
}
