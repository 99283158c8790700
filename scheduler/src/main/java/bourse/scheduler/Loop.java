package bourse.scheduler;

import bourse.classad.ClassAd;
import bourse.classad.Evaluator;
import bourse.protocol.Account;
import bourse.protocol.Address;
import bourse.protocol.Chain;
import bourse.protocol.Contribution;
import bourse.protocol.DealId;
import bourse.protocol.Digest;
import bourse.protocol.News;
import bourse.protocol.Pool;
import bourse.protocol.Rlc;
import bourse.protocol.TaskId;
import bourse.protocol.Time;
import bourse.protocol.Wallet;
import bourse.scheduler.Board.Spot;
import bourse.scheduler.Projection.Entry;
import bourse.scheduler.Replicates.Proposal;
import bourse.scheduler.Replicates.Row;
import bourse.scheduler.View.Candidate;
import bourse.scheduler.View.Open;
import bourse.scheduler.trust.Kinship;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at what has changed, asks the [Planner], does what it says, and waits for news. It alone writes the pool's
/// plans.
///
/// A task is looked at when the chain tells of it, when somebody reports on it, when its alarm rings; a worker
/// when he sits down. What was looked at in vain is not looked at again before one of these happens, so that a turn
/// costs as much as has changed. Transactions run beside it; an action whose transaction is under way is not begun
/// again.
final class Loop {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    /// How long it sleeps at most.
    private static final Duration BREATH = Duration.ofSeconds(1);
    /// How often it looks at what others have written, and when it last led.
    private static final Duration ROUND = Duration.ofMillis(500);
    /// How often it tells who was heard of, and looks at its own account.
    private static final Duration ROLL_CALL = Duration.ofSeconds(10);

    private static final Duration HOUSEKEEPING = Duration.ofMinutes(5);
    /// The clocks of two schedulers and their database may differ by so much.
    private static final Duration SKEW = Duration.ofSeconds(5);
    /// A lease that ended longer ago was counted when it did.
    private static final Duration JUST = Duration.ofSeconds(10);
    /// How long one leads without saying so again.
    private static final Duration REIGN = Duration.ofSeconds(10);
    /// How many leases are given in one transaction of the database.
    private static final int LEASES = 500;

    private static final Duration REMEMBER = Duration.ofDays(7);
    /// What a worker showed with an app counts for so long after he showed it last.
    private static final Duration LEARNT = Duration.ofDays(90);
    private final Chain chain;
    private final Replicates replicates;
    private final Seats seats;
    private final Wallet wallet;
    private final Address workerpool;
    private final Time time;
    private final Terms terms;

    private final Time.Bell bell;
    private final Queue<News> news = new ConcurrentLinkedQueue<>();
    private final Queue<TaskId> touched = new ConcurrentLinkedQueue<>();
    private final Queue<Kinship.Link> found = new ConcurrentLinkedQueue<>();

    private final Projection projection;
    private final Board board;
    private final Credit credit;
    private final Set<Kinship.Link> links = new HashSet<>();
    private final Admission admission;
    private final Examiner examiner;
    /// What the open checks must come out as.
    private final Map<DealId, Digest> answers = new HashMap<>();

    private final Alarms deadlines = new Alarms();
    private final Alarms pauses = new Alarms();
    private final Alarms leases = new Alarms();
    private final Idle idle;
    private final Evaluator evaluator;
    /// Who has sat down since every task was looked at for him.
    private final Set<Address> fresh = new LinkedHashSet<>();
    /// Requesters who might have had more workers but for their quota.
    private final Set<Address> heldBack = new LinkedHashSet<>();
    /// What requesters have got that the tables do not know yet, in core-seconds.
    private final Map<Address, Double> charges = new HashMap<>();
    private final Idle nobody;
    private final Costly costly;

    private final Set<TaskId> dirty = new LinkedHashSet<>();
    private final Outbox outbox;
    private final Avoidance avoidance;
    private final Reservations reservations;
    private final Stopwatch stopwatch;
    private final Set<Lost> lost = new HashSet<>();
    private final Map<Address, Instant> toldOf = new HashMap<>();
    private volatile Map<Address, Instant> elsewhere = Map.of();
    private News.Cursor landmark;
    private Instant chainTime = Instant.EPOCH;
    private Set<Address> members = Set.of();
    private Instant nextMembers = Instant.MIN;
    private Instant nextRound = Instant.MIN;
    private Instant nextRollCall = Instant.MIN;
    private Instant nextHousekeeping = Instant.MIN;
    private Instant readOthers;
    private Instant reignEnds = Instant.MIN;
    private Instant blameFrom = Instant.MAX;
    private boolean leads;
    private boolean broken;

    private final Counts counts = new Counts();
    private Account purse = new Account(Rlc.ZERO, Rlc.ZERO);
    private Duration oldestWait = Duration.ZERO;
    private final CountDownLatch ready = new CountDownLatch(1);
    private volatile boolean closed;
    private volatile Vitals vitals;

    Loop(
            Chain chain,
            Replicates replicates,
            Seats seats,
            Wallet wallet,
            Address workerpool,
            Time time,
            Terms terms,
            Checks checks,
            ExecutorService threads) {
        this.chain = chain;
        this.replicates = replicates;
        this.seats = seats;
        this.wallet = wallet;
        this.workerpool = workerpool;
        this.time = time;
        this.terms = terms;
        this.evaluator = Ads.evaluator(time);
        this.costly = new Costly(time);
        this.idle = new Idle(evaluator, costly);
        this.nobody = Idle.of(evaluator, List.of());
        this.board = new Board(new Uses(terms.fairness().halfLife()));
        this.board.waiting().read(replicates.uses());
        this.bell = time.bell();
        this.outbox = new Outbox(chain, wallet, time, threads, counts, bell::ring);
        this.landmark = replicates.landmark(workerpool).orElse(News.Cursor.START);
        this.projection = new Projection(chain, workerpool, landmark, Ads.expression("pool.rank", terms.rank()));
        this.credit = new Credit(terms.faulty(), Kinship.of(terms.kin()), replicates.reputations(), replicates.shown());
        this.links.addAll(terms.kin());
        this.examiner = new Examiner(chain, replicates, wallet, checks, threads, counts);
        this.avoidance = new Avoidance(replicates);
        this.reservations = new Reservations(terms.fairness().patience());
        this.admission = new Admission(
                board, credit.gate(), terms.gatePatience(), avoidance, reservations, answers::containsKey);
        this.stopwatch = new Stopwatch(replicates);
        this.stopwatch.read(time.instant(), time.instant().minus(REMEMBER));
        this.readOthers = time.instant();
        this.vitals = state();
    }

    private record Lost(TaskId task, Address worker, Instant lease) {}

    /* FOR THE DOOR'S THREADS */

    /// Waits until the chain was read for the first time.
    ///
    /// @throws IllegalStateException if this loop is closed
    void awaitReady() throws InterruptedException {
        ready.await();
        if (closed) {
            throw new IllegalStateException("this scheduler is closed; ask the one that follows it");
        }
    }

    Optional<Spot> open(TaskId task) {
        return board.of(task);
    }

    /// What keeps workers from an open task, whatever their machines; sentences.
    List<String> hindrances(Spot spot) {
        return Stream.of(
                        terms.fairness().hindrance(board.running(spot.requester())),
                        spot.entry().ad().flatMap(costly::hindrance),
                        reservations.hindrance(spot.id()))
                .flatMap(Optional::stream)
                .toList();
    }

    News.Cursor start() {
        return landmark;
    }

    long block() {
        return projection.block();
    }

    Vitals vitals() {
        return vitals;
    }

    void tell(News latest) {
        news.add(latest);
        bell.ring();
    }

    /// Somebody has reported something about a task that the planner should know.
    void touch(TaskId task) {
        touched.add(task);
        bell.ring();
    }

    /// A machine's ad, with how long it takes for what.
    ClassAd timed(Address worker, ClassAd machine) {
        return stopwatch.on(worker, machine);
    }

    void ring() {
        bell.ring();
    }

    /// A worker has tokens from these.
    void funded(Address worker, Set<Address> funders) {
        funders.stream()
                .filter(funder -> !terms.strangers().contains(funder))
                .forEach(funder -> found.add(new Kinship.Link(worker, funder)));
    }

    /// A worker has given a task up, and who has failed at it.
    void gaveUp(TaskId task, Address worker, boolean failed) {
        counts.gaveUp.increment();
        if (failed) {
            board.of(task)
                    .ifPresent(
                            spot -> avoidance.failed(worker, spot.entry().app().address(), time.instant()));
        }
        touch(task);
    }

    /// Everyone who was heard of lately, by any scheduler, and when.
    Map<Address, Instant> members() {
        var members = new HashMap<>(elsewhere);
        members.putAll(seats.heardLately());
        return members;
    }

    /// Keeps nobody waiting.
    void close() {
        closed = true;
        ready.countDown();
        bell.ring();
    }

    /* ONCE AROUND */

    void turn() throws InterruptedException {
        if (ready.getCount() > 0 && news.isEmpty()) {
            bell.await(BREATH);
            return;
        }
        var now = time.instant();
        if (broken) {
            lookAtEverything();
        }
        broken = true;
        look(now);
        if (!now.isBefore(nextRound)) {
            round(now);
        }
        ready.countDown();
        perform(plan(now), now);
        broken = false;
        vitals = state();
        bell.await(rest());
    }

    /// A turn has failed in the middle, and what it had taken in is lost.
    private void lookAtEverything() {
        blameFrom = time.instant().plus(terms.lease());
        projection.again();
        seats.waiting().forEach(this::waitsStill);
    }

    private Duration rest() {
        if (!news.isEmpty() || !touched.isEmpty() || outbox.isSomethingOver()) {
            return Duration.ZERO;
        }
        var now = time.instant();
        return Stream.of(pauses.first(), leases.first())
                .flatMap(Optional::stream)
                .map(at -> Duration.between(now, at))
                .filter(wait -> wait.compareTo(BREATH) < 0)
                .min(Comparator.naturalOrder())
                .map(wait -> wait.isNegative() ? Duration.ZERO : wait)
                .orElse(BREATH);
    }

    /// Takes in what has changed.
    private void look(Instant now) throws InterruptedException {
        for (var latest = news.peek(); latest != null; latest = news.peek()) {
            projection.take(latest);
            news.remove(); // only once it is taken: a failure in between must not lose it
        }
        for (var task : outbox.takeOver()) {
            projection.stale(task);
            dirty.add(task);
        }
        chainTime = chain.head().time();
        project(now);
        boolean related = false;
        for (var link = found.poll(); link != null; link = found.poll()) {
            related |= links.add(link);
        }
        if (related) {
            credit.relate(Kinship.of(links));
        }
        var reload = new LinkedHashSet<TaskId>();
        for (var task = touched.poll(); task != null; task = touched.poll()) {
            reload.add(task);
        }
        var expired = leases.due(now);
        reload.addAll(expired);
        read(reload);
        expired.stream().flatMap(task -> board.of(task).stream()).forEach(spot -> countLost(spot, now));
        dirty.addAll(reload);
        dirty.addAll(deadlines.due(chainTime));
        dirty.addAll(pauses.due(now));
        for (var change = seats.nextChange(); change.isPresent(); change = seats.nextChange()) {
            seat(change.get());
        }
    }

    private void project(Instant now) throws InterruptedException {
        var changes = projection.refresh(now);
        if (changes.rewound()) {
            board.clear();
            credit.forgetOpen();
            stopwatch.forgetOpen();
            examiner.rewound();
        }
        var unknown = changes.open().stream()
                .filter(entry -> board.of(entry.id()).isEmpty())
                .toList();
        answers.putAll(replicates.known(
                unknown.stream().map(entry -> entry.deal().id()).collect(Collectors.toSet())));
        for (var entry : changes.open()) {
            stopwatch.saw(board.of(entry.id()), entry, now);
            board.put(entry);
            dirty.add(entry.id());
            if (!entry.task().ended()) {
                learn(entry);
            }
        }
        read(unknown.stream().map(Entry::id).toList());
        for (var entry : changes.ended()) {
            examiner.ended(entry, board.of(entry.id()).filter(Loop::hasFailed).isPresent());
            board.remove(entry.id());
            for (var alarms : List.of(deadlines, pauses, leases)) {
                alarms.set(entry.id(), Optional.empty());
            }
            learn(entry);
            stopwatch.ended(entry, leads, now);
            answers.remove(entry.deal().id());
            counts.ended(entry.task());
            entry.task().contributors().stream()
                    .filter(vote -> vote.status() == Contribution.Status.PROVED)
                    .forEach(
                            vote -> avoidance.forgive(vote.worker(), entry.app().address()));
        }
        if (!projection.landmark().equals(landmark)) {
            landmark = projection.landmark();
            replicates.landmark(workerpool, landmark);
        }
    }

    /// What a task tells of those who vote on it.
    private void learn(Entry entry) {
        var answer = answers.get(entry.deal().id());
        if (answer != null) {
            for (boolean right : credit.examined(entry.app().address(), entry.task(), answer)) {
                (right ? counts.passed : counts.caught).increment();
            }
        } else if (entry.task().ended()) {
            credit.ended(entry.app().address(), entry.deal().trust(), entry.task());
        } else {
            credit.saw(entry.app().address(), entry.deal().trust(), entry.task());
        }
    }

    private static boolean hasFailed(Spot spot) {
        return spot.rows().stream()
                .flatMap(row -> row.cause().stream())
                .anyMatch(cause -> cause.fault() == Pool.Fault.PROGRAM);
    }

    private void read(Collection<TaskId> tasks) {
        var known = tasks.stream().filter(task -> board.of(task).isPresent()).toList();
        replicates.of(known).forEach(board::put);
    }

    /// Leases that have just ended, of workers who could have renewed them: nobody is blamed for a time in which the
    /// pool was away itself, and nobody twice.
    private void countLost(Spot spot, Instant now) {
        if (!leads || now.isBefore(blameFrom)) {
            return;
        }
        for (var row : spot.rows()) {
            boolean isLost = row.at(now) instanceof Replicate.Lost
                    && row.lease().plus(JUST).isAfter(now)
                    && !spot.at(now).hasContributed(row.worker())
                    && lost.add(new Lost(row.task(), row.worker(), row.lease()));
            if (isLost) {
                LOG.info("task {}: nothing was heard of {} since {}", spot.id(), row.worker(), row.since());
                counts.lost.increment();
                avoidance.failed(row.worker(), row.app(), now);
            }
        }
    }

    private void waitsStill(Seats.Seat seat) {
        idle.add(seat.candidate());
        fresh.add(seat.worker());
    }

    private void seat(Seats.Change change) {
        var worker = change.seat().worker();
        if (change.came()) {
            waitsStill(change.seat());
        } else if (seats.of(worker).isEmpty()) {
            idle.remove(worker);
            fresh.remove(worker);
        }
    }

    /// What is done now and then: what other schedulers have written, and who leads.
    private void round(Instant now) throws InterruptedException {
        var since = readOthers.minus(SKEW);
        readOthers = now;
        for (var row : replicates.writtenByOthers(since)) {
            if (board.put(row.task(), List.of(row))) {
                dirty.add(row.task());
            }
        }
        replicates.charge(charges, now, terms.fairness().halfLife());
        charges.clear();
        lead(now);
        if (leads) {
            replicates.remember(credit.takeChanges(), credit.takeShown());
        }
        if (!now.isBefore(nextRollCall)) {
            rollCall(now);
            nextRollCall = now.plus(ROLL_CALL);
        }
        if (!now.isBefore(nextHousekeeping)) {
            replicates.forgetBefore(now.minus(REMEMBER), now.minus(LEARNT), now.minus(terms.keepLogs()));
            lost.removeIf(one -> one.lease().isBefore(now.minus(HOUSEKEEPING)));
            nextHousekeeping = now.plus(HOUSEKEEPING);
        }
        if (leads) {
            boolean stuck = !idle.isEmpty() && oldestWait.multipliedBy(2).compareTo(terms.gatePatience()) > 0;
            examiner.buy(stuck, now);
        }
        var views = views(now);
        fresh.addAll(reservations.renew(
                board, idle.all(), members, (spot, candidate) -> isGiven(spot, candidate, views, now), now));
        oldestWait =
                board.oldestWait().map(first -> Duration.between(first, now)).orElse(Duration.ZERO);
        nextRound = now.plus(ROUND);
    }

    private void lead(Instant now) {
        if (leads && now.plus(REIGN.dividedBy(2)).isBefore(reignEnds)) {
            return;
        }
        boolean led = leads;
        leads = replicates.lead(workerpool, REIGN);
        reignEnds = now.plus(REIGN);
        if (leads && !led) {
            blameFrom = now.plus(terms.lease());
            LOG.info("this scheduler leads pool {} now", workerpool);
            board.all().forEach(spot -> dirty.add(spot.id()));
        }
    }

    private void rollCall(Instant now) throws InterruptedException {
        var news = seats.heardLately();
        news.entrySet().removeIf(entry -> entry.getValue().equals(toldOf.put(entry.getKey(), entry.getValue())));
        replicates.heard(news);
        toldOf.values().removeIf(at -> at.plus(Seats.LATELY).isBefore(now));
        elsewhere = replicates.heardSince(now.minus(Seats.LATELY));
        avoidance.read();
        stopwatch.read(now, now.minus(REMEMBER));
        board.waiting().read(replicates.uses());
        purse = chain.account(wallet.address());
    }

    /* WHAT TO DO */

    private List<Action> plan(Instant now) {
        var actions = new ArrayList<Action>();
        var views = views(now);
        var changed = dirty.stream()
                .flatMap(task -> board.of(task).stream())
                .map(spot -> spot.at(now))
                .sorted(Planner.MOST_URGENT)
                .toList();
        dirty.clear();
        for (var open : changed) {
            actions.addAll(consider(open, views, now));
        }
        var newcomers = Idle.of(
                evaluator,
                costly,
                idle.all().stream()
                        .filter(candidate -> fresh.contains(candidate.worker()))
                        .toList());
        fresh.clear();
        var recruiter = new Recruiter(
                evaluator, board, terms.fairness().quota(), idle, newcomers, heldBack, views, chainTime, now);
        actions.addAll(
                recruiter.recruit(changed.stream().map(open -> open.task().id()).toList()));
        return actions;
    }

    /// Sees what a task wants; what can be done without workers is done at once.
    private List<? extends Action> consider(Open open, Function<Open, View> views, Instant now) {
        var view = views.apply(open);
        var task = open.task().id();
        boolean wants = Planner.wantsWorkers(open, view);
        board.of(task).ifPresent(spot -> {
            board.wants(spot, wants, now);
            board.runs(spot, open.pending().size());
        });
        deadlines.set(task, Planner.nextDeadline(open, view));
        var gateOpens = wants && !admission.isOpenToAll(open, now)
                ? Optional.of(board.waitsSince(task, now).plus(terms.gatePatience()))
                : Optional.<Instant>empty();
        pauses.set(
                task,
                Stream.of(Planner.nextPause(open, view), gateOpens, outbox.rest(task))
                        .flatMap(Optional::stream)
                        .filter(at -> at.isAfter(now))
                        .min(Comparator.naturalOrder()));
        leases.set(task, nextLease(task, now));
        return Planner.next(open, nobody, view);
    }

    private Optional<Instant> nextLease(TaskId task, Instant now) {
        return board.of(task).stream()
                .flatMap(spot -> spot.rows().stream())
                .filter(row -> row.cause().isEmpty() && row.link().isEmpty())
                .map(Row::lease)
                .filter(lease -> !lease.isBefore(now))
                .min(Comparator.naturalOrder())
                // It is over only when its end is past.
                .map(lease -> lease.plusMillis(1));
    }

    private Function<Open, View> views(Instant now) {
        if (members.isEmpty() || !now.isBefore(nextMembers)) {
            members = members().keySet();
            nextMembers = now.plus(ROUND);
        }
        return admission.views(members, chainTime, now);
    }

    /* DOING IT */

    private void perform(List<Action> actions, Instant now) {
        outbox.send(leads ? only(Action.OnChain.class, actions) : List.of(), now);
        only(Action.Assign.class, actions).stream()
                .gather(Gatherers.windowFixed(LEASES))
                .forEach(batch -> assign(batch, now));
    }

    private static <A extends Action> List<A> only(Class<A> kind, List<Action> actions) {
        return actions.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private void assign(List<Action.Assign> actions, Instant now) {
        var proposals = new ArrayList<Proposal>();
        for (var action : actions) {
            var spot = board.of(action.task());
            var seat = seats.of(action.worker());
            if (spot.isPresent() && seat.isPresent()) {
                proposals.add(new Proposal(
                        action.task(),
                        action.worker(),
                        spot.get().entry().app().address(),
                        seat.get().candidate().weight(),
                        seat.get().slots()));
            }
        }
        var unsure = proposals.stream()
                .filter(proposal -> admission.isUnsure(proposal, now))
                .map(Proposal::task)
                .collect(Collectors.toSet());
        var views = views(now);
        var given = replicates.assign(
                proposals, (proposal, rows) -> fits(proposal, rows, views, now), now, now.plus(terms.lease()));
        counts.assigned.add(given.size());
        counts.unsure.add(
                given.stream().filter(row -> unsure.contains(row.task())).count());
        given.stream()
                .collect(Collectors.groupingBy(Row::task, LinkedHashMap::new, Collectors.toList()))
                .forEach(board::put);
        given.stream()
                .collect(Collectors.groupingBy(Row::worker, LinkedHashMap::new, Collectors.toList()))
                .forEach((worker, rows) -> seats.of(worker).ifPresent(seat -> {
                    idle.remove(worker);
                    seats.answer(seat, rows);
                }));
        charge(given, now);
        actions.forEach(action -> dirty.add(action.task()));
        var got = new HashSet<TaskId>();
        given.forEach(row -> got.add(row.task()));
        // Another scheduler was there first, or the worker has more than he can take: see what is true.
        actions.stream()
                .map(Action.Assign::task)
                .filter(task -> !got.contains(task))
                .forEach(task -> {
                    projection.stale(task);
                    touched.add(task);
                });
        actions.stream().flatMap(action -> seats.of(action.worker()).stream()).forEach(this::waitsStill);
        bell.ring();
    }

    /// Requesters have got something. The tables are told in the next round: what is lost with this process is half a
    /// second of turns.
    private void charge(List<Row> given, Instant now) {
        var amounts = new HashMap<Address, Double>();
        given.stream()
                .flatMap(row -> board.of(row.task()).stream())
                .filter(spot -> spot.cost() > 0)
                .forEach(spot -> amounts.merge(spot.requester(), spot.cost(), Double::sum));
        board.waiting().charge(amounts, now);
        amounts.forEach((requester, amount) -> charges.merge(requester, amount, Double::sum));
    }

    /// Whether a worker may still be asked, where another scheduler has asked others meanwhile.
    private boolean fits(Proposal proposal, List<Row> rows, Function<Open, View> views, Instant now) {
        var spot = board.of(proposal.task());
        if (spot.isEmpty()) {
            return false;
        }
        // A result that another scheduler was given a moment ago: this one's view of the chain is behind.
        if (rows.stream()
                .anyMatch(
                        row -> row.link().isPresent() && row.since().plus(SKEW).isAfter(now))) {
            return false;
        }
        var asked = new Spot(spot.get().entry(), rows);
        var seat = seats.of(proposal.worker());
        return seat.isPresent() && isGiven(asked, seat.get().candidate(), views, now);
    }

    private boolean isGiven(Spot spot, Candidate candidate, Function<Open, View> views, Instant now) {
        var open = spot.at(now);
        var him = Idle.of(evaluator, List.of(candidate));
        return Planner.next(open, him, views.apply(open)).stream().anyMatch(Action.Assign.class::isInstance);
    }

    /// Gives way to others.
    void retire() {
        replicates.retire(workerpool);
    }

    private Vitals state() {
        return new Vitals(
                leads,
                board.states(),
                projection.unread(),
                board.wantingCount(),
                oldestWait,
                idle.size(),
                members.size(),
                counts.snapshot(),
                purse,
                projection.block());
    }
}
