package bourse.node;

import bourse.protocol.Account;
import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Block;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Category;
import bourse.protocol.Chain;
import bourse.protocol.Contribution;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Digest;
import bourse.protocol.Domain;
import bourse.protocol.Event;
import bourse.protocol.Keccak;
import bourse.protocol.News;
import bourse.protocol.Order;
import bourse.protocol.Pool;
import bourse.protocol.Receipt;
import bourse.protocol.Rlc;
import bourse.protocol.Tag;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Time;
import bourse.protocol.Transaction;
import bourse.protocol.Voting;
import bourse.protocol.Wallet;
import bourse.scheduler.Checks;
import bourse.scheduler.Scheduler;
import bourse.scheduler.SharedTables;
import bourse.scheduler.Terms;
import bourse.storage.Postgres;
import bourse.testing.MemoryBlobs;
import bourse.wire.Door;
import bourse.wire.Listening;
import bourse.wire.PoolClient;
import bourse.wire.PoolServer;
import bourse.wire.Vitals;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// How many tasks a scheduler brings to their end in a second: assigned, validated by the votes on them, recorded.
///
/// Scheduler, PostgreSQL, HTTP server and workers are real, and share the machine; programs take no time, and the
/// chain is a table in memory that counts votes as the contracts do, in a block every quarter of a second.
final class SchedulerBench {
    private static final String MACHINE =
            "[Runtimes = {\"WASM\"}; Cpus = 64; Memory = 16384; TaskMemory = 256; Disk = 100000;"
                    + " Gpus = 0; Speed = 1.0; Start = true; Requirements = MY.Start && member(TARGET.Runtime, MY.Runtimes)"
                    + " && TARGET.RequestCpus <= MY.Cpus && (TARGET.RequestMemory ?: MY.TaskMemory) <= MY.Memory"
                    + " && TARGET.RequestDisk <= MY.Disk && TARGET.RequestGpus <= MY.Gpus]";

    private static final int CREW = 32;
    private static final Duration RUN = Duration.ofSeconds(20);
    private static final Duration WARM_UP = Duration.ofSeconds(10);

    private SchedulerBench() {}

    public static void main(String[] arguments) throws Exception {
        System.out.printf("| %-58s | %10s | %9s |%n", "", "tasks/s", "asks/s");
        System.out.println("|---|---:|---:|");
        double few = throughput("trust 1, 20,000 queued", 1, 20_000, true);
        throughput("trust 10: four workers vote on each", 10, 20_000, true);
        double many = throughput("trust 1, 1,000,000 queued", 1, 1_000_000, true);
        throughput("trust 1, 20,000 queued, without HTTP and signatures", 1, 20_000, false);
        System.out.printf("%nA million queued tasks cost %.0f %% of the speed.%n", 100 * (1 - many / few));
        connected(100_000);
    }

    private static double throughput(String name, long trust, int queued, boolean http) throws Exception {
        try (var stage = new Stage(trust, http)) {
            for (int i = 0; i < queued / 1000; i++) {
                stage.chain.deal(1000);
            }
            var crew = Executors.newVirtualThreadPerTaskExecutor();
            var asks = new AtomicLong();
            for (int i = 0; i < CREW; i++) {
                crew.execute(() -> stage.work(asks));
            }
            crew.execute(() -> stage.refill(queued));
            Thread.sleep(WARM_UP);
            long before = stage.chain.completed.get();
            long asked = asks.get();
            long start = System.nanoTime();
            Thread.sleep(RUN);
            double seconds = (System.nanoTime() - start) / 1e9;
            double tasks = (stage.chain.completed.get() - before) / seconds;
            System.out.printf("| %-58s | %10.0f | %9.0f |%n", name, tasks, (asks.get() - asked) / seconds);
            crew.shutdownNow();
            return tasks;
        }
    }

    /// What it takes to keep workers waiting.
    private static void connected(int workers) throws Exception {
        try (var stage = new Stage(1, false)) {
            long before = used();
            var crew = Executors.newVirtualThreadPerTaskExecutor();
            for (int i = 0; i < workers; i++) {
                var ad = new Pool.Ad(address("waiting " + i), MACHINE);
                while (i - stage.scheduler.vitals().idle() > 2000) {
                    Thread.sleep(5);
                }
                crew.execute(() -> {
                    try {
                        stage.scheduler.ask(ad, Duration.ofHours(1));
                    } catch (InterruptedException | IllegalStateException _) {
                        // the end
                    }
                });
            }
            while (stage.scheduler.vitals().idle() < workers) {
                Thread.sleep(100);
            }
            System.out.printf("%,d workers that wait take %,d MiB.%n", workers, (used() - before) >> 20);
            crew.shutdownNow();
        }
    }

    private static long used() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(200);
        }
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static Address address(String name) {
        return Address.of(java.util.Arrays.copyOf(
                Keccak.of(name.getBytes(StandardCharsets.UTF_8)).bytes(), 20));
    }

    private static final class Stage implements AutoCloseable {
        private final Wallet owner = Wallet.random();
        private final Address workerpool = address("pool");
        private final Table chain;
        private final Postgres postgres;
        private final Scheduler scheduler;
        private final Optional<PoolServer> server;

        Stage(long trust, boolean http) throws Exception {
            chain = new Table(trust, workerpool, owner.address());
            postgres = Postgres.embedded(Files.createTempDirectory("bourse-bench"));
            scheduler = new Scheduler(
                            chain,
                            new MemoryBlobs(),
                            new SharedTables(postgres.of("scheduler"), "bench"),
                            owner,
                            workerpool,
                            Time.SYSTEM,
                            Terms.DEFAULT,
                            Checks.NONE)
                    .start();
            server = http
                    ? Optional.of(new PoolServer(scheduler, workerpool, chain, Listening.onLoopback(0), Vitals.UP))
                    : Optional.empty();
        }

        /// A worker with many slots, whose programs take no time.
        void work(AtomicLong asks) {
            var wallet = Wallet.random();
            var door = server.map(s -> new Door(s.uri(), workerpool, chain.domain()));
            try (var client =
                    door.map(d -> new PoolClient(d, wallet, Optional.empty())).orElse(null)) {
                Pool pool = client == null ? scheduler : client;
                while (true) {
                    var ad = new Pool.Ad(wallet.address(), MACHINE, Pool.MOST, Set.of());
                    var assignments = pool.ask(ad, Duration.ofSeconds(20));
                    asks.incrementAndGet();
                    if (assignments.isEmpty()) {
                        continue;
                    }
                    assignments.forEach(one -> chain.vote(one, wallet.address()));
                    pool.report(
                            wallet.address(),
                            assignments.stream()
                                    .map(one -> new Pool.Report(one.task(), new Pool.Progress.Contributed()))
                                    .toList());
                }
            } catch (InterruptedException _) {
                // the end
            } catch (RuntimeException e) {
                if (!Thread.currentThread().isInterrupted()) {
                    System.err.println(e);
                }
            }
        }

        void refill(int queued) {
            try {
                while (true) {
                    Thread.sleep(100);
                    while (chain.offered.get() - chain.completed.get() < queued) {
                        chain.deal(1000);
                    }
                }
            } catch (InterruptedException _) {
                // the end
            }
        }

        @Override
        public void close() {
            server.ifPresent(PoolServer::close);
            scheduler.close();
            postgres.close();
            chain.close();
        }
    }

    /// Deals and votes in memory.
    private static final class Table implements Chain, AutoCloseable {
        private static final Event.Orders NO_ORDERS =
                new Event.Orders(Bytes32.ZERO, Bytes32.ZERO, Bytes32.ZERO, Bytes32.ZERO);
        private static final Category CATEGORY = new Category(0, "XS", "", Duration.ofMinutes(5));
        private static final Digest DIGEST = new Digest(Keccak.of(new byte[] {42}));
        private final long trust;
        private final Address workerpool;
        private final Address owner;
        private final Asset.App app = new Asset.App(
                address("app"), address("author"), "app", Asset.App.WASM, Bytes.of(new byte[34]), Bytes32.ZERO);
        private final Map<DealId, Deal> deals = new ConcurrentHashMap<>();
        private final Map<TaskId, Task> tasks = new ConcurrentHashMap<>();
        private final List<News.Entry> pending = new ArrayList<>();
        private final Map<Long, List<News.Entry>> blocks = new ConcurrentHashMap<>();
        private final AtomicLong offered = new AtomicLong();
        private final AtomicLong completed = new AtomicLong();
        private long head;
        private Instant time = Instant.now();
        private final Thread miner = Thread.ofVirtual().start(this::mine);

        Table(long trust, Address workerpool, Address owner) {
            this.trust = trust;
            this.workerpool = workerpool;
            this.owner = owner;
        }

        private void mine() {
            try {
                while (true) {
                    Thread.sleep(250);
                    synchronized (this) {
                        head++;
                        time = Instant.now();
                        blocks.put(head, List.copyOf(pending));
                        blocks.remove(head - 1000);
                        pending.clear();
                        notifyAll();
                    }
                }
            } catch (InterruptedException _) {
                // closed
            }
        }

        @Override
        public void close() {
            miner.interrupt();
        }

        private synchronized void tell(Event event) {
            pending.add(new News.Entry(head + 1, Bytes32.ZERO, event));
        }

        void deal(int volume) {
            var id = new DealId(Bytes32.random());
            var share = new Deal.Share(app.address(), app.owner(), Rlc.ZERO);
            var deal = new Deal(
                    id,
                    share,
                    new Deal.Share(Address.ZERO, Address.ZERO, Rlc.ZERO),
                    new Deal.Share(workerpool, owner, Rlc.parse("1")),
                    trust,
                    CATEGORY,
                    Tag.NONE,
                    address("requester"),
                    address("requester"),
                    Address.ZERO,
                    "",
                    Instant.now(),
                    0,
                    volume,
                    Rlc.parse("0.35"),
                    5,
                    address("requester"));
            deals.put(id, deal);
            offered.addAndGet(volume);
            tell(new Event.Matched(id, app.address(), Address.ZERO, workerpool, deal.requester(), volume, NO_ORDERS));
        }

        /// As `contribute` does, and what follows once enough agree.
        void vote(Pool.Assignment assignment, Address worker) {
            var id = assignment.task();
            tasks.computeIfPresent(id, (_, task) -> {
                if (!(task instanceof Task.Active active)) {
                    return task;
                }
                var votes = new ArrayList<>(active.contributions());
                votes.add(new Contribution(
                        worker, Contribution.Status.PROVED, DIGEST.hash(id), Bytes32.ZERO, Voting.weight(0)));
                boolean sure = trust == 1 || new Voting(trust, votes).credibility() >= 1 - 1.0 / trust;
                if (!sure) {
                    tell(new Event.Contributed(id, worker, DIGEST.hash(id)));
                    return new Task.Active(id, active.deal(), active.index(), votes);
                }
                completed.incrementAndGet();
                tell(new Event.Finalized(id, Bytes.EMPTY));
                return new Task.Completed(id, active.deal(), active.index(), DIGEST, Bytes.EMPTY, Bytes.EMPTY, votes);
            });
        }

        @Override
        public Domain domain() {
            return new Domain(65535, address("hub"));
        }

        @Override
        public synchronized Block head() {
            return new Block(head, Bytes32.ZERO, time);
        }

        @Override
        public Optional<Deal> deal(DealId id) {
            return Optional.ofNullable(deals.get(id));
        }

        @Override
        public List<Task> tasks(Collection<Index> indexes) {
            return indexes.stream()
                    .map(index ->
                            tasks.getOrDefault(index.task(), new Task.Unset(index.task(), index.deal(), index.index())))
                    .toList();
        }

        @Override
        public Optional<Task> task(TaskId id) {
            return Optional.ofNullable(tasks.get(id));
        }

        @Override
        public Account account(Address owner) {
            return new Account(Rlc.parse("1000"), Rlc.ZERO);
        }

        @Override
        public Rlc wallet(Address owner) {
            return Rlc.ZERO;
        }

        @Override
        public Set<Address> funders(Address owner) {
            return Set.of();
        }

        @Override
        public long score(Address worker) {
            return 0;
        }

        @Override
        public List<Category> categories() {
            return List.of(CATEGORY);
        }

        @Override
        public Optional<Asset.App> app(Address address) {
            return Optional.of(app);
        }

        @Override
        public Optional<Asset.Dataset> dataset(Address address) {
            return Optional.empty();
        }

        @Override
        public Optional<Asset.Workerpool> workerpool(Address address) {
            return Optional.empty();
        }

        @Override
        public List<Asset.App> apps(int limit) {
            return List.of(app);
        }

        @Override
        public boolean agreed(Address signer, Bytes32 hash, Bytes signature) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long consumed(Order order) {
            return 0;
        }

        @Override
        public synchronized News news(News.Cursor cursor, Duration patience) throws InterruptedException {
            long end = System.nanoTime() + patience.toNanos();
            while (head <= Math.max(0, cursor.block()) && System.nanoTime() < end) {
                wait(1000);
            }
            var news = new ArrayList<News.Entry>();
            for (long block = Math.max(1, cursor.block() + 1); block <= head; block++) {
                news.addAll(blocks.getOrDefault(block, List.of()));
            }
            return new News(new News.Cursor(head, Bytes32.ZERO), news, false);
        }

        @Override
        public Receipt submit(Wallet sender, Transaction transaction) throws InterruptedException {
            long mined;
            synchronized (this) {
                mined = head + 1;
            }
            if (transaction instanceof Transaction.Initialize initialize) {
                for (var index : initialize.indexes()) {
                    var id = initialize.deal().task(index);
                    tasks.put(id, new Task.Active(id, initialize.deal(), index, List.of()));
                    tell(new Event.Initialized(id));
                }
            }
            synchronized (this) {
                while (head < mined) {
                    wait(1000);
                }
            }
            return new Receipt(Bytes32.ZERO, mined, 50_000, List.of());
        }

        @Override
        public Optional<Receipt> receipt(Bytes32 transaction) {
            return Optional.empty();
        }
    }
}
