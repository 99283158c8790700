package bourse.node;

import bourse.chain.Anvil;
import bourse.chain.Deployment;
import bourse.chain.Relay;
import bourse.chain.RpcChain;
import bourse.protocol.Address;
import bourse.protocol.Blobs;
import bourse.protocol.Chain;
import bourse.protocol.Malformed;
import bourse.protocol.OrderBook;
import bourse.protocol.PoolInfo;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Time;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import bourse.sandbox.Isolation;
import bourse.scheduler.Scheduler;
import bourse.scheduler.SharedTables;
import bourse.scheduler.Stall;
import bourse.storage.Directory;
import bourse.storage.Postgres;
import bourse.wire.Gateway;
import bourse.wire.Listening;
import bourse.wire.PoolServer;
import bourse.wire.Vitals;
import bourse.worker.Worker;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A whole market in one process, on a chain of its own: every door is the object behind it.
///
/// What it needs it makes, once; what it finds in the home it goes on with. Money comes from a bank, the
/// chain's first account, for it is play money: whoever has little gets more when the market starts.
public final class Laptop implements Market {
    private static final Logger LOG = LoggerFactory.getLogger(Laptop.class);
    /// The coins of a bank, in wei: where money is coins, all that it gives away comes from these.
    public static final BigInteger BANK = BigInteger.TEN.pow(28);

    private static final BigInteger GAS_MONEY = BigInteger.TEN.pow(22);
    /// For gas, where money is coins; somebody who has less gets it once more.
    private static final Rlc GAS = Rlc.parse("100");

    private static final Rlc REQUESTERS_PURSE = Rlc.parse("10000");
    private static final Rlc STAKE = Rlc.parse("10000");
    /// For the pool's offers to be in the book.
    private static final Duration OPENING = Duration.ofSeconds(20);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Anvil anvil;
    private final Chain chain;
    private final Blobs blobs;
    private final OrderBook log;
    private final Postgres database;
    private final Wallet owner;
    private final Scheduler scheduler;
    private final List<Worker> workers = new ArrayList<>();
    private final Deployment deployment;
    private final Isolation isolation;
    private volatile OrderBook book;

    /// Who works.
    ///
    /// @param workers how many
    /// @param liars how many of them lie
    public record Crew(int workers, int liars) {
        public Crew {
            if (workers < 0 || liars < 0 || liars > workers) {
                throw new Malformed("--liars is 0 to --workers, %d of %d is not".formatted(liars, workers));
            }
        }

        /// In whose names they work. A liar's score falls, so he keeps a name of his own; he comes first, so
        /// that he is asked, too.
        List<String> names() {
            var names = new ArrayList<String>();
            for (int i = 1; i <= liars; i++) {
                names.add("liar-" + i);
            }
            for (int i = 1; i <= workers - liars; i++) {
                names.add("worker-" + i);
            }
            return names;
        }
    }

    /// Starts everything, in the order in which one part needs another.
    ///
    /// @throws Problem if another market runs in the home, or something it needs is missing
    public static Laptop start(Home home, Settings settings, Crew crew) throws Problem, InterruptedException {
        var parts = new ArrayDeque<AutoCloseable>();
        try {
            return new Laptop(home, settings, crew, parts);
        } catch (Deployment.Foreign e) {
            closeAll(parts);
            throw foreign(home, e);
        } catch (IOException | RuntimeException e) {
            closeAll(parts);
            throw new Problem(Problem.BROKEN, "the market did not start: " + e.getMessage(), e);
        } catch (Refused e) {
            closeAll(parts);
            throw new Problem(Problem.BROKEN, "the market's contracts refused its start: " + e.getMessage(), e);
        } catch (Problem | InterruptedException e) {
            closeAll(parts);
            throw e;
        }
    }

    /// What to do about a market that this version can not read.
    static Problem foreign(Home home, Deployment.Foreign cause) {
        return new Problem(
                Problem.BROKEN,
                "the market in %s was made by another version of Bourse, which this one can not read; move %s away or"
                                .formatted(home, home)
                        + " delete it, and run again",
                cause);
    }

    private Laptop(Home home, Settings settings, Crew crew, Deque<AutoCloseable> parts)
            throws IOException, Refused, Problem, InterruptedException {
        FileChannel lock = home.lock();
        parts.push(lock);
        try (var side = Executors.newVirtualThreadPerTaskExecutor()) {
            // The slow ones side by side: the database, and the keystores.
            var server = side.submit(() -> Postgres.embedded(home.resolve("database")));
            var wallets = new ArrayList<Future<Wallet>>();
            crew.names().forEach(name -> wallets.add(side.submit(() -> home.wallet(name))));
            var requester = side.submit(() -> home.wallet("requester"));
            var poolsOwner = side.submit(() -> home.wallet("scheduler"));
            var checks = side.submit(() -> Founding.checks(home, settings.pool()));
            var bank = home.wallet("bank");

            anvil = keep(parts, Anvil.at(home.resolve("chain")));
            anvil.fund(bank.address(), BANK);
            deployment = Deployment.at(
                    home.resolve("chain/deployment.json"),
                    anvil.uri(),
                    bank,
                    settings.market().draw(),
                    settings.market().money());
            chain = keep(parts, RpcChain.connect(anvil.uri(), deployment.hub()));
            log = new Relay(chain);
            book = log;
            blobs = Directory.at(home.resolve("blobs"));

            var settled = new ArrayList<Callable<Void>>();
            settled.add(() -> purse(bank, get(requester).address()));
            for (var buyer : get(checks).buyers()) {
                settled.add(() -> purse(bank, buyer.address()));
            }
            for (var wallet : wallets) {
                settled.add(() -> stake(bank, get(wallet)));
            }
            var settling = settled.stream().map(side::submit).toList();
            owner = get(poolsOwner);
            stake(bank, owner);
            var workerpool = Founding.pool(chain, log, owner, settings.pool(), home.resolve("chain/workerpool"));
            for (var one : settling) {
                get(one);
            }

            database = keep(parts, get(server));
            var tables = database.of("scheduler");
            scheduler = keep(
                    parts,
                    new Scheduler(
                                    chain,
                                    blobs,
                                    new SharedTables(tables, "laptop"),
                                    owner,
                                    workerpool,
                                    Time.SYSTEM,
                                    settings.pool().terms(),
                                    get(checks))
                            .start());
            var sandbox = keep(parts, Lent.sandbox(home, settings.workers()));
            isolation = sandbox.isolation();
            var machine = Lent.machine(home, settings.workers());
            for (int i = 0; i < wallets.size(); i++) {
                var name = crew.names().get(i);
                var worker = new Worker(
                        chain,
                        scheduler,
                        blobs,
                        name.startsWith("liar") ? new Liar(sandbox) : sandbox,
                        get(wallets.get(i)),
                        Files.createDirectories(home.resolve("workers").resolve(name)),
                        Time.SYSTEM,
                        Lent.settings(settings.workers(), wallets.size()),
                        machine);
                workers.add(keep(parts, worker.start()));
            }
        }
        this.parts.addAll(parts);
    }

    /// Whatever has begun is closed again, whether or not the rest begins.
    private static <T extends AutoCloseable> T keep(Deque<AutoCloseable> parts, T part) {
        parts.push(part);
        return part;
    }

    private static <T> T get(Future<T> future) throws IOException, Refused, Problem, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Problem cause -> throw cause;
                case Refused cause -> throw cause;
                case IOException cause -> throw cause;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    /* MONEY TO BEGIN WITH */

    private Void purse(Wallet bank, Address requester) throws Refused, InterruptedException {
        var account = chain.account(requester);
        boolean isNew = chain.wallet(requester).isZero()
                && account.free().isZero()
                && account.locked().isZero();
        gas(bank, requester);
        if (isNew) {
            chain.submit(bank, new Transaction.Transfer(requester, REQUESTERS_PURSE));
        }
        return null;
    }

    private Void stake(Wallet bank, Wallet wallet) throws Refused, InterruptedException {
        gas(bank, wallet.address());
        if (!chain.account(wallet.address()).free().times(2).covers(STAKE)) {
            chain.submit(bank, new Transaction.Transfer(wallet.address(), STAKE));
            chain.submit(wallet, new Transaction.Deposit(STAKE));
        }
        return null;
    }

    /// Where coins are money, they are not set but sent: what somebody has stays his.
    private void gas(Wallet bank, Address account) throws Refused, InterruptedException {
        if (!deployment.isNative()) {
            anvil.fund(account, GAS_MONEY);
        } else if (!chain.wallet(account).covers(GAS)) {
            chain.submit(bank, new Transaction.Transfer(account, GAS));
        }
    }

    /* THE MARKET */

    @Override
    public Chain chain() {
        return chain;
    }

    @Override
    public Blobs blobs() {
        return blobs;
    }

    @Override
    public OrderBook book() {
        return book;
    }

    @Override
    public PoolInfo pool() {
        return scheduler;
    }

    /// Opens the pool to others: workers, and whoever asks how a task goes.
    public PoolServer serve(Listening listening) {
        return new PoolServer(
                scheduler,
                scheduler.workerpool(),
                chain,
                listening,
                new Vitals(List::of, new Meters().of(scheduler::vitals)::text));
    }

    /// Keeps an order book for everyone, in which the pool's offers stand. From then on it is the market's.
    ///
    /// @return where it is reached
    /// @throws Problem if it can not be
    public URI trade(Settings settings) throws Problem, InterruptedException {
        try {
            var service = keep(
                    parts,
                    new MarketService(
                            chain,
                            database.of("market"),
                            settings.market(),
                            Listening.onLoopback(settings.market().port()),
                            new Directions(List.of(), Optional.empty()),
                            () -> {}));
            book = service.book();
            var stall = keep(
                    parts,
                    new Stall(
                            Founding.offers(scheduler.workerpool(), settings.pool()),
                            chain,
                            log,
                            book,
                            owner,
                            () -> scheduler.vitals().leads(),
                            Time.SYSTEM));
            stall.awaitOpen(OPENING);
            return service.where().url();
        } catch (RuntimeException e) {
            throw new Problem(Problem.BROKEN, "the order book did not start: " + e.getMessage(), e);
        }
    }

    /// Shows the market to this machine, and to iExec's clients on it.
    ///
    /// @param pool where [#serve] is reached
    /// @param port 0 for any that is free
    public Gateway show(URI pool, int port) {
        return new Gateway(blobs, scheduler, chain.domain().chainId(), Map.of(scheduler.workerpool(), pool), port);
    }

    @Override
    public boolean endsWithThisProcess() {
        return true;
    }

    Anvil anvil() {
        return anvil;
    }

    List<Worker> workers() {
        return List.copyOf(workers);
    }

    /// What programs are held by here.
    public Isolation isolation() {
        return isolation;
    }

    public URI rpc() {
        return anvil.uri();
    }

    public Address hub() {
        return deployment.hub();
    }

    @Override
    public void close() {
        closeAll(parts);
    }

    /// In the reverse of the order in which they were started.
    private static void closeAll(Deque<AutoCloseable> parts) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.warn("a part of the market did not close well: {}", e.toString(), e);
            }
        }
    }
}
