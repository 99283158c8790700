package bourse.worker;

import bourse.classad.ClassAd;
import bourse.classad.Evaluator;
import bourse.classad.Match;
import bourse.protocol.Address;
import bourse.protocol.Authorization;
import bourse.protocol.Chain;
import bourse.protocol.Deal;
import bourse.protocol.Malformed;
import bourse.protocol.Params;
import bourse.protocol.Pool;
import bourse.protocol.Refused;
import bourse.protocol.Result;
import bourse.protocol.ResultArchive;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import bourse.testing.MemoryBlobs;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/// A pool that gives every task to everyone who asks, and pays for what was delivered.
final class SmallPool implements Pool {
    private static final Duration LEASE = Duration.ofSeconds(3);
    private final Chain chain;
    private final MemoryBlobs blobs;
    private final Wallet scheduler;
    private final Address workerpool;
    private final InstantSource clock;
    private final List<Chain.Index> offers = new ArrayList<>();
    private final Map<Try, Progress> tries = new HashMap<>();
    private final List<Progress> heard = new ArrayList<>();
    private final Set<TaskId> stopped = new HashSet<>();
    private UnaryOperator<Assignment> twist = UnaryOperator.identity();
    private boolean silent;
    private boolean matching;
    private Optional<Ad> asked = Optional.empty();

    private record Try(Address worker, TaskId task) {}

    SmallPool(Chain chain, MemoryBlobs blobs, Wallet scheduler, Address workerpool, InstantSource clock) {
        this.chain = chain;
        this.blobs = blobs;
        this.scheduler = scheduler;
        this.workerpool = workerpool;
        this.clock = clock;
    }

    /* FOR TESTS */

    synchronized void offer(Deal deal) {
        for (long index = deal.first(); index < deal.first() + deal.volume(); index++) {
            offers.add(new Chain.Index(deal.id(), index));
        }
        notifyAll();
    }

    synchronized void stop(TaskId task) {
        stopped.add(task);
    }

    /// Tells assignments otherwise than they are.
    synchronized void twist(UnaryOperator<Assignment> how) {
        twist = how;
    }

    /// From now on it takes no reports.
    synchronized void fallSilent() {
        silent = true;
    }

    /// From now on it gives nobody what his machine does not take.
    synchronized void match() {
        matching = true;
    }

    /// The last question.
    synchronized Optional<Ad> asked() {
        return asked;
    }

    /// What somebody said when he gave up.
    synchronized Optional<Progress.GaveUp> givenUp(TaskId task) {
        return tries.entrySet().stream()
                .filter(entry -> entry.getKey().task().equals(task))
                .map(Map.Entry::getValue)
                .filter(Progress.GaveUp.class::isInstance)
                .map(Progress.GaveUp.class::cast)
                .findFirst();
    }

    /// All reports, in their order.
    synchronized List<Progress> heard() {
        return List.copyOf(heard);
    }

    synchronized boolean hasAssigned(Address worker, TaskId task) {
        return tries.containsKey(new Try(worker, task));
    }

    /* THE DOOR */

    @Override
    public synchronized List<Assignment> ask(Ad ad, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        asked = Optional.of(ad);
        while (System.nanoTime() < end) {
            for (var index : offers) {
                var mine = new Try(ad.worker(), index.task());
                boolean fits = switch (tries.get(mine)) {
                    case null -> true;
                    case Progress.Fetching _, Progress.Computing _, Progress.Ran _ ->
                        !ad.inHand().contains(index.task());
                    case Progress.Contributed _, Progress.Delivered _, Progress.GaveUp _ -> false;
                };
                if (fits && (!matching || suits(ad, index))) {
                    tries.putIfAbsent(mine, new Progress.Fetching());
                    return List.of(twist.apply(assignment(ad.worker(), index)));
                }
            }
            wait(1000);
        }
        return List.of();
    }

    private boolean suits(Ad ad, Chain.Index index) throws InterruptedException {
        var deal = chain.deal(index.deal()).orElseThrow();
        var needs = Params.parse(deal.params()).needs();
        var task = ClassAd.builder()
                .put("Runtime", chain.app(deal.app().asset()).orElseThrow().type())
                .put("RequestCpus", needs.cores())
                .put("RequestDisk", needs.disk())
                .put("RequestGpus", needs.gpus())
                .put("Requirements", true);
        if (needs.memory() > 0) {
            task.put("RequestMemory", needs.memory());
        }
        return new Match(task.build(), ClassAd.parse(ad.machine()), Evaluator.NEW).matches();
    }

    private Assignment assignment(Address worker, Chain.Index index) throws InterruptedException {
        var deal = chain.deal(index.deal()).orElseThrow();
        return new Assignment(
                Authorization.sign(worker, index.task(), Address.ZERO, scheduler),
                deal,
                index.index(),
                chain.app(deal.app().asset()).orElseThrow(),
                chain.dataset(deal.dataset().asset()),
                chain.head().number(),
                false,
                clock.instant().plus(LEASE));
    }

    @Override
    public synchronized List<Verdict> report(Address worker, List<Report> reports) throws InterruptedException {
        var verdicts = new ArrayList<Verdict>();
        for (var report : reports) {
            verdicts.add(hear(worker, report.task(), report.progress()));
        }
        return verdicts;
    }

    private Verdict hear(Address worker, TaskId task, Progress progress) throws InterruptedException {
        if (silent) {
            throw new IllegalStateException("the pool is away");
        }
        heard.add(progress);
        tries.put(new Try(worker, task), progress);
        boolean ended = chain.task(task).filter(Task::ended).isPresent();
        if (progress instanceof Progress.Delivered delivered && !ended) {
            return pay(task, delivered) ? Verdict.STOP : Verdict.CONTINUE;
        }
        return ended || stopped.contains(task) ? Verdict.STOP : Verdict.CONTINUE;
    }

    private boolean pay(TaskId id, Progress.Delivered delivered) throws InterruptedException {
        if (!(chain.task(id).orElseThrow() instanceof Task.Revealing task) || !task.everyWinnerRevealed()) {
            return false;
        }
        try {
            var directory = Files.createTempDirectory("small-pool");
            blobs.fetch(delivered.link().cid(), directory.resolve("zip"), ResultArchive.MOST_BYTES);
            ResultArchive.unpack(directory.resolve("zip"), Files.createDirectory(directory.resolve("result")));
            var result = Result.read(directory.resolve("result"));
            Trees.delete(directory);
            if (!result.digest().hash(id).equals(task.consensus())) {
                throw new IllegalStateException("delivers what was not voted for");
            }
            chain.submit(
                    scheduler, new Transaction.Finalize(id, delivered.link().results(), delivered.callbackData()));
            return true;
        } catch (IOException | Malformed | Refused e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Address workerpool() {
        return workerpool;
    }

    @Override
    public List<Member> members() {
        return List.of();
    }

    @Override
    public List<Log> logs(TaskId task, Address reader) {
        return List.of();
    }

    @Override
    public Optional<Suitability> suitability(TaskId task) {
        return Optional.empty();
    }

    @Override
    public Status status(TaskId task) {
        return new Status(List.of(), "the test decides", false);
    }
}
