package bourse.scheduler;

import bourse.protocol.Address;
import bourse.protocol.Authorization;
import bourse.protocol.Blobs;
import bourse.protocol.Chain;
import bourse.protocol.Denied;
import bourse.protocol.News;
import bourse.protocol.Pool;
import bourse.protocol.PoolInfo;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Time;
import bourse.protocol.Voting;
import bourse.protocol.Wallet;
import bourse.scheduler.Board.Spot;
import bourse.scheduler.Replicates.Phase;
import bourse.scheduler.Replicates.Row;
import bourse.scheduler.View.Candidate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Leads one workerpool, as its owner; several may, on the same tables. This is the door that workers come to; the
/// work is done by the [Loop] behind it.
///
/// Everything held in memory can be lost: workers that wait ask again, transactions that were under way are
/// planned again, and leases run out.
public final class Scheduler implements Pool, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
    private static final int LONGEST_MESSAGE = 1000;
    /// How long a worker's weight and stake are believed without asking the chain again.
    private static final Duration STANDING = Duration.ofSeconds(15);
    /// How long it is believed where his tokens came from.
    private static final Duration TRACE = Duration.ofMinutes(10);

    private final Chain chain;
    private final Replicates replicates;
    private final ResultCheck check;
    private final Wallet wallet;
    private final Address workerpool;
    private final Time time;
    private final Terms terms;
    private final Seats seats;
    private final Machines machines;
    private final Map<Address, Standing> standings = new ConcurrentHashMap<>();
    /// What workers were told to do, of which they have not said anything yet.
    private final Map<Address, Set<TaskId>> unconfirmed = new ConcurrentHashMap<>();
    /// What has failed again and again, and since when.
    private final Map<String, Instant> failing = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Loop loop;

    /// @param replicates the pool's tables
    /// @param wallet the owner of `workerpool`
    public Scheduler(
            Chain chain,
            Blobs blobs,
            Replicates replicates,
            Wallet wallet,
            Address workerpool,
            Time time,
            Terms terms,
            Checks checks) {
        this.chain = chain;
        this.replicates = replicates;
        this.check = new ResultCheck(blobs);
        this.wallet = wallet;
        this.workerpool = workerpool;
        this.time = time;
        this.terms = terms;
        this.seats = new Seats(time);
        this.machines = new Machines(time, seats::machines);
        this.loop = new Loop(chain, replicates, seats, wallet, workerpool, time, terms, checks, threads);
    }

    /// What the chain says of a worker.
    ///
    /// @param traced when it was last asked where he has his tokens from
    private record Standing(long weight, Instant read, Instant traced) {}

    public Scheduler start() {
        threads.execute(this::followTheChain);
        threads.execute(() -> repeat("planning", loop::turn));
        return this;
    }

    /// Sends every worker away, and gives way to another scheduler at once.
    @Override
    public void close() {
        threads.shutdownNow();
        loop.close();
        seats.close();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("the scheduler's threads did not end in time");
            }
            loop.retire();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("another scheduler has to wait until this one's time is over: {}", e.toString());
        }
    }

    private void followTheChain() {
        var cursor = new News.Cursor[] {loop.start()};
        repeat("following the chain", () -> {
            var latest = chain.news(cursor[0], Duration.ofSeconds(10));
            // A deal from before the fork may be gone, or have come back: from the beginning, then.
            cursor[0] = latest.rewound() ? News.Cursor.START : latest.cursor();
            loop.tell(latest.rewound() ? new News(News.Cursor.START, List.of(), true) : latest);
        });
    }

    private interface Step {
        void run() throws InterruptedException;
    }

    /// Repeats a step for ever. What goes wrong in it is told, and tried again: nothing is kept that could be half
    /// done.
    private void repeat(String what, Step step) {
        while (!threads.isShutdown()) {
            try {
                step.run();
                failing.remove(what);
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException e) {
                if (threads.isShutdown()) {
                    return;
                }
                LOG.warn("{} failed, trying again: {}", what, e.toString(), e);
                failing.putIfAbsent(what, time.instant());
                try {
                    time.sleep(Duration.ofSeconds(1));
                } catch (InterruptedException _) {
                    return;
                }
            }
        }
    }

    /* WORKERS */

    @Override
    public Address workerpool() {
        return workerpool;
    }

    @Override
    public List<Assignment> ask(Ad ad, Duration patience) throws InterruptedException {
        var worker = ad.worker();
        var standing = admit(worker);
        seats.heard(worker);
        loop.awaitReady();
        var again = assignments(toldInVain(ad));
        if (!again.isEmpty()) {
            return again;
        }
        var machine = loop.timed(worker, Ads.machine(ad.machine(), standing.weight()));
        var candidate = new Candidate(worker, standing.weight(), ad.free(), machine);
        var seat = seats.take(candidate, ad.free() + ad.inHand().size());
        loop.ring();
        var rows = seats.await(seat, patience);
        var told = unconfirmed.computeIfAbsent(worker, _ -> ConcurrentHashMap.newKeySet());
        rows.forEach(row -> told.add(row.task()));
        return assignments(rows);
    }

    /// What he was told already, but did not hear. The tables know; they need not be asked of a worker that this
    /// scheduler knows, and who has said something about everything that he was told.
    private List<Row> toldInVain(Ad ad) {
        var worker = ad.worker();
        var told = unconfirmed.get(worker);
        if (told != null) {
            told.removeAll(ad.inHand());
            if (told.isEmpty()) {
                return List.of();
            }
        }
        var live = replicates.live(worker, time.instant()).stream()
                .filter(row -> !ad.inHand().contains(row.task()))
                .limit(ad.free())
                .toList();
        var now = unconfirmed.computeIfAbsent(worker, _ -> ConcurrentHashMap.newKeySet());
        now.clear();
        live.forEach(row -> now.add(row.task()));
        return live;
    }

    private Standing admit(Address worker) throws InterruptedException {
        if (!terms.admitted().isEmpty() && !terms.admitted().contains(worker)) {
            throw new Denied(
                    "this pool takes the workers on its list only, and %s is not: ask its operator".formatted(worker));
        }
        var now = time.instant();
        var known = standings.get(worker);
        if (known != null && known.read().plus(STANDING).isAfter(now)) {
            return known;
        }
        if (!terms.stake().isZero()) {
            var account = chain.account(worker);
            if (!account.free().plus(account.locked()).covers(terms.stake())) {
                throw new Denied("this pool takes workers that have %s in the market, and %s has %s: deposit more"
                        .formatted(terms.stake(), worker, account.free().plus(account.locked())));
            }
        }
        var traced = known == null ? Instant.EPOCH : known.traced();
        if (!traced.plus(TRACE).isAfter(now)) {
            loop.funded(worker, chain.funders(worker));
            traced = now;
        }
        var standing = new Standing(Voting.weight(chain.score(worker)), now, traced);
        standings.values().removeIf(other -> other.read().plus(STANDING).isBefore(now) && standings.size() > 10_000);
        standings.put(worker, standing);
        return standing;
    }

    private List<Assignment> assignments(List<Row> rows) {
        return rows.stream()
                .flatMap(row -> loop.open(row.task()).stream().map(spot -> assignment(spot, row)))
                .toList();
    }

    private Assignment assignment(Spot spot, Row row) {
        var entry = spot.entry();
        return new Assignment(
                Authorization.sign(row.worker(), entry.id(), Address.ZERO, wallet),
                entry.deal(),
                entry.task().index(),
                entry.app(),
                entry.dataset(),
                loop.block(),
                spot.rows().stream()
                        .anyMatch(other -> !other.worker().equals(row.worker())
                                && other.cause()
                                        .filter(cause -> cause.fault() == Fault.PROGRAM)
                                        .isPresent()),
                row.lease());
    }

    @Override
    public List<Verdict> report(Address worker, List<Report> reports) throws InterruptedException {
        var now = time.instant();
        seats.heard(worker);
        loop.awaitReady();
        var phases = new LinkedHashMap<TaskId, Phase>();
        var told = unconfirmed.getOrDefault(worker, Set.of());
        for (var report : reports) {
            if (!told.isEmpty()) {
                told.remove(report.task());
            }
            phase(report.progress()).ifPresent(phase -> phases.put(report.task(), phase));
        }
        var renewed = replicates.renew(worker, phases, now, now.plus(terms.lease()));
        var verdicts = new ArrayList<Verdict>();
        for (var report : reports) {
            var task = report.task();
            var deal = loop.open(task).map(spot -> spot.entry().deal().id().toString());
            try (var _ = MDC.putCloseable("deal", deal.orElse("unknown"));
                    var _ = MDC.putCloseable("task", task.toString());
                    var _ = MDC.putCloseable("worker", worker.toString())) {
                boolean goesOn = switch (report.progress()) {
                    case Progress.Fetching _, Progress.Computing _, Progress.Contributed _ ->
                        renewed.contains(task) && isOpen(task);
                    case Progress.Ran ran -> {
                        boolean his = renewed.contains(task);
                        if (his) {
                            replicates.keep(task, new Log(worker, now, ran.stdout(), ran.stderr()));
                        }
                        yield his && isOpen(task);
                    }
                    case Progress.GaveUp gaveUp -> {
                        giveUp(worker, task, gaveUp);
                        yield false;
                    }
                    case Progress.Delivered delivered -> isOpen(task) && !take(task, worker, delivered);
                };
                verdicts.add(goesOn ? Verdict.CONTINUE : Verdict.STOP);
            }
        }
        return verdicts;
    }

    private static Optional<Phase> phase(Progress progress) {
        return switch (progress) {
            case Progress.Fetching _ -> Optional.of(Phase.FETCHING);
            case Progress.Computing _, Progress.Ran _ -> Optional.of(Phase.COMPUTING);
            case Progress.Contributed _ -> Optional.of(Phase.CONTRIBUTED);
            case Progress.Delivered _, Progress.GaveUp _ -> Optional.empty();
        };
    }

    /// Whether the chain still waits for something: a task that this scheduler does not hold may be held by another.
    private boolean isOpen(TaskId task) throws InterruptedException {
        return loop.open(task).isPresent()
                || chain.task(task).filter(known -> !known.ended()).isPresent();
    }

    private void giveUp(Address worker, TaskId task, Progress.GaveUp gaveUp) {
        LOG.info("{} gave up task {}: {}", worker, task, gaveUp.message());
        replicates.gaveUp(task, worker, gaveUp.cause(), brief(gaveUp.message()), time.instant());
        loop.gaveUp(task, worker, gaveUp.cause().fault() == Fault.WORKER);
    }

    /// Whether the result is the consensus. Who delivers has seen a block that the loop may not have looked at yet.
    private boolean take(TaskId task, Address worker, Progress.Delivered delivered) throws InterruptedException {
        var known = loop.open(task).map(spot -> spot.entry().task()).filter(Task.Revealing.class::isInstance);
        if (known.isEmpty()) {
            known = chain.task(task);
        }
        if (known.isEmpty()
                || !(known.get() instanceof Task.Revealing revealing)
                || !check.holds(revealing, delivered.link(), delivered.callbackData())) {
            return false;
        }
        replicates.delivered(task, worker, delivered.link(), delivered.callbackData(), time.instant());
        loop.touch(task);
        return true;
    }

    private static String brief(String message) {
        return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE) + "…";
    }

    /* WHO WANTS TO KNOW */

    @Override
    public List<Member> members() {
        var work = new HashMap<Address, Work>();
        replicates
                .live(time.instant())
                .forEach(row -> work.putIfAbsent(
                        row.worker(), new Work(row.task(), row.phase().name())));
        return loop.members().entrySet().stream()
                .map(entry ->
                        new Member(entry.getKey(), entry.getValue(), Optional.ofNullable(work.get(entry.getKey()))))
                .toList();
    }

    @Override
    public Status status(TaskId task) throws InterruptedException {
        loop.awaitReady();
        var now = time.instant();
        var tries = replicates.of(List.of(task)).getOrDefault(task, List.of()).stream()
                .map(row -> new PoolInfo.Replicate(
                        row.worker(),
                        row.at(now) instanceof bourse.scheduler.Replicate.Lost
                                ? "LOST"
                                : row.phase().name(),
                        row.since(),
                        row.message()))
                .toList();
        var spot = loop.open(task);
        if (spot.isEmpty()) {
            return new Status(tries, "is no open task of this pool", false);
        }
        var open = spot.get().at(now);
        var view = new View(
                chain.head().time(), now, List.of(), List.of(), loop.members().keySet());
        var explanation = Planner.explain(open, view);
        boolean wants = Planner.wantsWorkers(open, view);
        if (wants) {
            explanation = String.join(
                    "; ",
                    Stream.concat(Stream.of(explanation), loop.hindrances(spot.get()).stream())
                            .toList());
        }
        if (wants && open.ad().filter(machines::noneSuits).isPresent()) {
            explanation += "; it suits no machine of the pool now: `bourse match explain` tells why";
        }
        return new Status(tries, explanation, Planner.exhausted(open, view));
    }

    @Override
    public Optional<Suitability> suitability(TaskId task) throws InterruptedException {
        loop.awaitReady();
        return loop.open(task)
                .flatMap(spot -> spot.entry().ad().map(ad -> machines.explain(ad, loop.hindrances(spot))));
    }

    @Override
    public List<Log> logs(TaskId task, Address reader) throws InterruptedException {
        var deal = chain.task(task)
                .map(Task::deal)
                .or(() -> loop.open(task).map(spot -> spot.entry().deal().id()));
        var mine = deal.isPresent() ? chain.deal(deal.get()) : Optional.<bourse.protocol.Deal>empty();
        if (mine.isEmpty()
                || !mine.get().workerpool().asset().equals(workerpool)
                || !mine.get().requester().equals(reader)) {
            throw new Denied("what the program of task %s printed is for the deal's requester, who signs his question"
                    .formatted(task));
        }
        return replicates.logs(task);
    }

    /// What does not work, and since when. It is tried again.
    public Map<String, Instant> failing() {
        return Map.copyOf(failing);
    }

    /// How the pool does.
    public Vitals vitals() {
        return loop.vitals();
    }
}
