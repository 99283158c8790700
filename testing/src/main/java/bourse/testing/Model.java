package bourse.testing;

import bourse.protocol.Account;
import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Block;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Category;
import bourse.protocol.Chain;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Domain;
import bourse.protocol.Draw;
import bourse.protocol.Keccak;
import bourse.protocol.News;
import bourse.protocol.Order;
import bourse.protocol.Receipt;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/// The chain, in memory: [Rules] with blocks around them.
///
/// Each transaction makes a block, at the time that the [VirtualClock] shows; after [#hold], they wait for
/// [#mine]. A block keeps the state that it made, so that taking blocks back is looking at an older one.
public final class Model implements Chain {
    private final VirtualClock clock;
    private final Queue<Pending> pending = new ConcurrentLinkedQueue<>();
    /// Blocks that were taken back: from here a reader finds the way to those that stand.
    private final Map<Bytes32, Sealed> lost = new HashMap<>();

    private volatile PVector<Sealed> blocks;
    private volatile boolean reachable = true;
    private boolean held;
    private long transactions;

    /// A block, the one before, and what it made.
    private record Sealed(Block block, Bytes32 parent, State state, List<Mined> mined) {}

    private record Mined(Address sender, Act act, Receipt receipt) {}

    private record Pending(Address sender, Act act, Bytes32 hash, CompletableFuture<Receipt> receipt) {}

    public Model(VirtualClock clock, State genesis) {
        this.clock = clock;
        this.blocks = TreePVector.singleton(seal(Bytes32.ZERO, 0, clock.instant(), genesis, List.of()));
    }

    /// A market in which nothing has happened yet.
    ///
    /// @param draw how many of the results that one worker gave alone are checked
    public static Model of(VirtualClock clock, Map<Address, Rlc> tokens, Draw draw) {
        return new Model(clock, State.genesis(Market.anywhere(draw), tokens));
    }

    /* FOR TESTS */

    /// All that the newest block knows.
    public State state() {
        if (!reachable) {
            throw new Unreachable("this node is cut off", new IOException("by a test"));
        }
        return newest().state();
    }

    /// From now on, transactions wait for [#mine].
    public synchronized void hold() {
        held = true;
    }

    /// Whether the next block would take it, if it were mined now.
    ///
    /// @throws Refused if it would not
    public synchronized void check(Wallet sender, Transaction transaction) throws Refused {
        check(sender, new Act.Common(transaction));
    }

    private void check(Wallet sender, Act act) throws Refused {
        Rules.apply(newest().state(), sender.address(), act, next());
    }

    /// Sends a transaction; its receipt comes with its block.
    public CompletableFuture<Receipt> send(Wallet sender, Transaction transaction) throws Refused {
        return send(sender, new Act.Common(transaction));
    }

    /// The same, for what no role sends.
    public CompletableFuture<Receipt> send(Wallet sender, Act act) throws Refused {
        state();
        var settled = new ArrayList<Runnable>();
        CompletableFuture<Receipt> receipt;
        synchronized (this) {
            var mine = new Pending(
                    sender.address(),
                    act,
                    Keccak.of(sender.address().bytes(), word(transactions++)),
                    new CompletableFuture<>());
            receipt = mine.receipt();
            if (held) {
                pending.add(mine);
            } else {
                // Like a node that is asked first, it makes no block of what will be refused.
                check(sender, act);
                append(List.of(mine), settled);
            }
        }
        clock.ring();
        settled.forEach(Runnable::run);
        return receipt;
    }

    /// Waits, in real time, until so many transactions wait for a block.
    public void awaitWaiting(int transactions) throws InterruptedException {
        clock.await(() -> pending.size() >= transactions, VirtualClock.FOREVER);
    }

    /// Seals a block of all transactions that wait, be it empty.
    public Block mine() {
        var taken = new ArrayList<Pending>();
        var settled = new ArrayList<Runnable>();
        Sealed made;
        synchronized (this) {
            taken.addAll(pending);
            pending.clear();
            made = append(taken, settled);
        }
        clock.ring();
        settled.forEach(Runnable::run);
        return made.block();
    }

    /// What becomes of the transactions in blocks that are taken back.
    public enum Lost {
        /// They never happened.
        DROPPED,
        /// Other blocks take them again, as far as they are still allowed.
        MINED_AGAIN
    }

    /// Takes the newest `depth` blocks back, for a chain that is one block longer.
    public void reorg(int depth, Lost transactionsOfThem) {
        synchronized (this) {
            var fork = blocks.size() - depth;
            if (fork < 1) {
                throw new IllegalArgumentException("the first block stays, so %d are too many".formatted(depth));
            }
            var taken = List.copyOf(blocks.subList(fork, blocks.size()));
            taken.forEach(made -> lost.put(made.block().hash(), made));
            blocks = TreePVector.from(blocks.subList(0, fork));
            for (var made : taken) {
                var again = transactionsOfThem == Lost.DROPPED
                        ? List.<Pending>of()
                        : made.mined().stream()
                                .map(mined -> new Pending(
                                        mined.sender(),
                                        mined.act(),
                                        mined.receipt().transaction(),
                                        new CompletableFuture<>()))
                                .toList();
                append(again, new ArrayList<>());
            }
            append(List.of(), new ArrayList<>());
        }
        clock.ring();
    }

    /// A block in which the state became another one by no transaction.
    public void amend(UnaryOperator<State> change) {
        synchronized (this) {
            var state = change.apply(newest().state());
            blocks = blocks.plus(
                    seal(newest().block().hash(), newest().block().number() + 1, nextTime(), state, List.of()));
        }
        clock.ring();
    }

    /// From now on the node does not answer.
    public void cut() {
        reachable = false;
        clock.ring();
    }

    /// It answers again.
    public void mend() {
        reachable = true;
    }

    /* THE DOOR */

    @Override
    public Domain domain() {
        return newest().state().market().domain();
    }

    @Override
    public Block head() {
        state();
        return newest().block();
    }

    @Override
    public Optional<Deal> deal(DealId id) {
        return Optional.ofNullable(state().deals().get(id));
    }

    @Override
    public List<Task> tasks(Collection<Index> indexes) {
        var seen = seen();
        return indexes.stream()
                .map(index -> shown(seen, index.task())
                        .orElseGet(() -> new Task.Unset(index.task(), index.deal(), index.index())))
                .toList();
    }

    @Override
    public Optional<Task> task(TaskId id) {
        return shown(seen(), id);
    }

    private Sealed seen() {
        state();
        return newest();
    }

    /// A result that is to be checked, as the next block will see it, waits for that.
    private Optional<Task> shown(Sealed at, TaskId id) {
        return Optional.ofNullable(at.state().tasks().get(id))
                .map(task -> task instanceof Task.Revealing revealing
                                && Rules.auditDue(
                                        at.state(), id, moment(at.block().number() + 1, nextTime()))
                        ? new Task.AuditDue(
                                id,
                                revealing.deal(),
                                revealing.index(),
                                revealing.consensus(),
                                revealing.revealDeadline(),
                                revealing.contributions())
                        : task);
    }

    @Override
    public Account account(Address owner) {
        return state().account(owner);
    }

    @Override
    public Rlc wallet(Address owner) {
        return state().wallet(owner);
    }

    @Override
    public long score(Address worker) {
        return state().score(worker);
    }

    @Override
    public List<Category> categories() {
        return state().settings().categories();
    }

    @Override
    public Optional<Asset.App> app(Address address) {
        return asset(Asset.App.class, address);
    }

    @Override
    public Optional<Asset.Dataset> dataset(Address address) {
        return asset(Asset.Dataset.class, address);
    }

    @Override
    public Optional<Asset.Workerpool> workerpool(Address address) {
        return asset(Asset.Workerpool.class, address);
    }

    @Override
    public List<Asset.App> apps(int limit) {
        return state().assets().reversed().stream()
                .filter(Asset.App.class::isInstance)
                .map(Asset.App.class::cast)
                .limit(limit)
                .toList();
    }

    @Override
    public long consumed(Order order) {
        return state().consumed().getOrDefault(domain().hash(order), 0L);
    }

    @Override
    public boolean agreed(Address signer, Bytes32 hash, Bytes signature) {
        var state = state();
        return (!signer.isZero()
                        && signer.equals(state.permissions().presigned().get(hash)))
                || Rules.signed(state, signer, hash, signature);
    }

    @Override
    public News news(News.Cursor cursor, Duration patience) throws InterruptedException {
        state();
        clock.await(() -> !reachable || !newest().block().hash().equals(cursor.hash()), patience);
        state();
        synchronized (this) {
            var known = standing(cursor.hash());
            var entries = new ArrayList<News.Entry>();
            // Not by a sublist, which copies.
            for (int i = Math.toIntExact(known + 1); i < blocks.size(); i++) {
                var made = blocks.get(i);
                for (var mined : made.mined()) {
                    for (var event : mined.receipt().events()) {
                        entries.add(new News.Entry(
                                made.block().number(), mined.receipt().transaction(), event));
                    }
                }
            }
            var head = newest().block();
            return new News(new News.Cursor(head.number(), head.hash()), entries, known != cursor.block());
        }
    }

    @Override
    public Receipt submit(Wallet sender, Transaction transaction) throws Refused, InterruptedException {
        return await(send(sender, transaction));
    }

    @Override
    public Optional<Receipt> receipt(Bytes32 transaction) {
        state();
        return blocks.reversed().stream()
                .flatMap(made -> made.mined().stream())
                .map(Mined::receipt)
                .filter(receipt -> receipt.transaction().equals(transaction))
                .findFirst();
    }

    /* BLOCKS */

    /// Seals a block. Whoever waits for a receipt is told by running `settled`, outside of the lock.
    private Sealed append(List<Pending> taken, List<Runnable> settled) {
        var time = nextTime();
        var number = newest().block().number() + 1;
        var state = newest().state();
        var mined = new ArrayList<Mined>();
        for (var each : taken) {
            try {
                var outcome = Rules.apply(state, each.sender(), each.act(), moment(number, time));
                state = outcome.state();
                var receipt = new Receipt(each.hash(), number, gas(outcome), outcome.events());
                mined.add(new Mined(each.sender(), each.act(), receipt));
                settled.add(() -> each.receipt().complete(receipt));
            } catch (Refused refused) {
                settled.add(() -> each.receipt().completeExceptionally(refused));
            }
        }
        var made = seal(newest().block().hash(), number, time, state, mined);
        blocks = blocks.plus(made);
        return made;
    }

    private Sealed seal(Bytes32 parent, long number, Instant time, State state, List<Mined> mined) {
        var seconds = time.truncatedTo(ChronoUnit.SECONDS);
        // How many blocks were lost makes a block that is made again another one.
        var hash = Keccak.of(parent.bytes(), word(number), word(seconds.getEpochSecond()), word(lost.size()));
        return new Sealed(new Block(number, hash, seconds), parent, state, List.copyOf(mined));
    }

    private Rules.Moment next() {
        return moment(newest().block().number() + 1, nextTime());
    }

    private Rules.Moment moment(long block, Instant time) {
        var known = blocks;
        return new Rules.Moment(
                time,
                block,
                number -> number < known.size()
                        ? Optional.of(known.get(Math.toIntExact(number)).block().hash())
                        : Optional.empty());
    }

    private Instant nextTime() {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var last = newest().block().time();
        return now.isAfter(last) ? now : last;
    }

    /// Nothing to rely on: a price for the call and one for each event.
    private static long gas(Rules.Outcome outcome) {
        return 21_000 + 30_000L * outcome.events().size();
    }

    /// The number of the newest block that stands and that the block with this hash follows from; -1 for none.
    private long standing(Bytes32 hash) {
        var orphan = lost.get(hash);
        if (orphan != null) {
            return standing(orphan.parent());
        }
        return blocks.reversed().stream()
                .map(Sealed::block)
                .filter(block -> block.hash().equals(hash))
                .findFirst()
                .map(Block::number)
                .orElse(-1L);
    }

    private Sealed newest() {
        return blocks.getLast();
    }

    private static Receipt await(CompletableFuture<Receipt> receipt) throws Refused, InterruptedException {
        try {
            return receipt.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Refused refused) {
                throw refused;
            }
            throw new CompletionException(e);
        }
    }

    private <A extends Asset> Optional<A> asset(Class<A> kind, Address address) {
        return state().assets().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .filter(asset -> asset.address().equals(address))
                .findFirst();
    }

    private static byte[] word(long number) {
        return new Bytes32("%064x".formatted(BigInteger.valueOf(number))).bytes();
    }
}
