package bourse.testing;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Authorization;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Category;
import bourse.protocol.Contribution;
import bourse.protocol.Deal;
import bourse.protocol.Digest;
import bourse.protocol.Keccak;
import bourse.protocol.Order;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Tag;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/// Random calls to the market, such as people and their enemies make: most are sensible, some come too early or
/// too late, from the wrong sender, or with one thing wrong. A seed replays them.
///
/// After the [#opening], before each call a test lets [#pause] go by, then asks for the [#next] with the state
/// that the chain is in.
public final class Traffic {
    /// The most digests that workers of a task come to.
    private static final int OPINIONS = 3;

    private static final Rlc HUGE = new Rlc(BigInteger.TWO.pow(96));

    private final Generators any;
    private final Market market;
    private final List<Wallet> people;
    /// Matches that were tried; their orders may have volume left.
    private final List<Transaction.Match> matches = new ArrayList<>();

    private Instant now = Instant.EPOCH;

    private final TreeMap<Double, Function<State, Optional<Call>>> kinds = new TreeMap<>();

    /// A transaction and who sends it.
    public record Call(Wallet sender, Transaction transaction) {}

    public Traffic(long seed, Market market, List<Wallet> people) {
        this.any = new Generators(seed);
        this.market = market;
        this.people = List.copyOf(people);
        kind(3, this::money);
        kind(1, this::create);
        kind(1, this::policy);
        kind(5, this::match);
        kind(0.3, this::close);
        kind(5, this::initialize);
        kind(30, this::contribute);
        kind(4, this::contributeAndFinalize);
        kind(24, this::reveal);
        kind(16, this::finish);
        kind(3, this::reopen);
        kind(1, this::decline);
        kind(3, this::claim);
    }

    private void kind(double weight, Function<State, Optional<Call>> kind) {
        kinds.put((kinds.isEmpty() ? 0 : kinds.lastKey()) + weight, kind);
    }

    /// How long nothing happens: seconds mostly, now and then until just before or after somebody's deadline.
    public Duration pause(State state, Instant now) {
        if (any.chance(0.8)) {
            return Duration.ofSeconds(1 + any.random().nextInt(20));
        }
        return oneOf(openTasks(state))
                .map(task -> Duration.between(
                        now, deadline(state, task).plusSeconds(any.random().nextInt(3) - 1)))
                .filter(Duration::isPositive)
                // Most tasks should get somewhere before their time is over.
                .filter(pause -> pause.compareTo(Duration.ofMinutes(20)) < 0 || any.chance(0.3))
                .orElse(Duration.ofSeconds(1));
    }

    /// What everyone does before the day begins: he deposits half of his tokens.
    public List<Call> opening(State state) {
        return people.stream()
                .map(person -> new Call(
                        person,
                        new Transaction.Deposit(state.wallet(person.address()).percent(50))))
                .toList();
    }

    /// @param now when the block will be made, as far as the sender knows
    public Call next(State state, Instant now) {
        this.now = now;
        while (true) {
            var kind = kinds.ceilingEntry(any.random().nextDouble() * kinds.lastKey());
            var call = kind.getValue().apply(state);
            if (call.isPresent()) {
                return call.get();
            }
        }
    }

    /* MONEY AND ASSETS */

    private Optional<Call> money(State state) {
        var sender = person();
        var free = state.account(sender.address()).free();
        var tokens = state.wallet(sender.address());
        return call(
                sender,
                switch (any.random().nextInt(3)) {
                    case 0 -> new Transaction.Deposit(about(tokens));
                    case 1 -> new Transaction.Withdraw(about(free.percent(10)));
                    default ->
                        new Transaction.Transfer(
                                any.chance(0.05) ? Address.ZERO : person().address(), about(tokens.percent(30)));
                });
    }

    /// Mostly at most `amount`.
    private Rlc about(Rlc amount) {
        return any.chance(0.02) ? HUGE : any.rlc(amount.percent(105));
    }

    private Optional<Call> create(State state) {
        var name = "%d".formatted(any.random().nextInt(20)); // some come twice
        var location = Bytes.utf8(name);
        return call(
                person(),
                switch (any.random().nextInt(3)) {
                    case 0 -> new Transaction.CreateApp(name, Asset.App.WASM, location, Bytes32.ZERO);
                    case 1 -> new Transaction.CreateDataset(name, location, Bytes32.ZERO);
                    default -> new Transaction.CreateWorkerpool(name);
                });
    }

    private Optional<Call> policy(State state) {
        return oneOf(assets(state, Asset.Workerpool.class))
                .flatMap(pool -> call(
                        mostly(pool.owner()),
                        new Transaction.SetPolicy(
                                pool.address(),
                                any.random().nextInt(any.chance(0.1) ? 1100 : 60),
                                any.random().nextInt(any.chance(0.1) ? 110 : 20))));
    }

    /* DEALS */

    private Optional<Call> match(State state) {
        if (any.chance(0.3)) {
            return oneOf(matches).flatMap(match -> call(person(), match));
        }
        return oneOf(assets(state, Asset.App.class))
                .flatMap(app -> oneOf(assets(state, Asset.Workerpool.class)).flatMap(pool -> {
                    var dataset = any.chance(0.3)
                            ? oneOf(assets(state, Asset.Dataset.class))
                            : Optional.<Asset.Dataset>empty();
                    var match = match(app, dataset, pool, person());
                    matches.add(match);
                    return call(person(), match);
                }));
    }

    private Transaction.Match match(
            Asset.App app, Optional<Asset.Dataset> dataset, Asset.Workerpool pool, Wallet requester) {
        var price = any.chance(0.02) ? HUGE : any.rlc(Rlc.parse("2"));
        var category = any.random().nextInt(any.chance(0.02) ? 6 : 5);
        var trust = any.chance(0.3) ? any.random().nextInt(2) : any.size(100);
        var tag = any.chance(0.9) ? Tag.NONE : any.tag();
        var a = new Order.App(
                app.address(),
                any.chance(0.5) ? Rlc.ZERO : any.rlc(Rlc.parse("1")),
                any.size(10),
                tag,
                restriction(dataset.map(Asset.Dataset::address).orElse(Address.ZERO)),
                restriction(pool.address()),
                restriction(requester.address()),
                any.word());
        var d = dataset.map(asset -> new Order.Dataset(
                        asset.address(),
                        any.rlc(Rlc.parse("1")),
                        any.size(10),
                        any.chance(0.9) ? Tag.NONE : any.tag(),
                        restriction(app.address()),
                        restriction(pool.address()),
                        restriction(requester.address()),
                        any.word()))
                .orElse(Order.Dataset.NONE);
        var w = new Order.Workerpool(
                pool.address(),
                price,
                any.size(10),
                any.chance(0.9) ? tag : any.tag(),
                any.chance(0.98) ? category : 0,
                any.chance(0.95) ? trust : 0,
                restriction(app.address()),
                restriction(d.dataset()),
                restriction(requester.address()),
                any.word());
        var r = new Order.Request(
                any.chance(0.98) ? app.address() : any.address(),
                any.chance(0.97) ? a.appprice() : Rlc.ZERO,
                any.chance(0.98) ? d.dataset() : any.address(),
                any.chance(0.97) ? d.datasetprice() : Rlc.ZERO,
                restriction(pool.address()),
                any.chance(0.97) ? price : Rlc.ZERO,
                requester.address(),
                any.size(10),
                any.chance(0.9) ? Tag.NONE : any.tag(),
                category,
                trust,
                any.address(),
                any.chance(0.8) ? Address.ZERO : any.address(),
                any.text(20),
                any.word());
        return new Transaction.Match(
                sign(a, app.owner()),
                dataset.map(asset -> sign(d, asset.owner())).orElse(new Signed<>(d, Bytes.EMPTY)),
                sign(w, pool.owner()),
                sign(r, requester.address()));
    }

    private Address restriction(Address fitting) {
        return any.chance(0.9) ? Address.ZERO : any.chance(0.9) ? fitting : any.address();
    }

    private <O extends Order> Signed<O> sign(O order, Address owner) {
        var signer = any.chance(0.99) ? wallet(owner) : person();
        return market.domain().sign(order, signer);
    }

    private Optional<Call> close(State state) {
        return oneOf(matches).flatMap(match -> {
            var order = any.oneOf(List.of(match.app(), match.dataset(), match.workerpool(), match.request()))
                    .order();
            return call(
                    switch (order) {
                        case Order.App o -> mostly(owner(state, o.app()));
                        case Order.Dataset o -> mostly(owner(state, o.dataset()));
                        case Order.Workerpool o -> mostly(owner(state, o.workerpool()));
                        case Order.Request o -> mostly(o.requester());
                    },
                    new Transaction.Close(order));
        });
    }

    /* TASKS */

    private Optional<Call> initialize(State state) {
        return oneOf(deals(state)).flatMap(deal -> {
            var wanted = deal.first() + any.random().nextLong(deal.volume() + (any.chance(0.02) ? 1 : 0));
            var fresh = any.chance(0.9) && state.tasks().containsKey(deal.task(wanted));
            return fresh ? Optional.empty() : call(person(), new Transaction.Initialize(deal.id(), List.of(wanted)));
        });
    }

    private Optional<Call> contribute(State state) {
        return oneInTime(state, Task.Active.class).flatMap(task -> {
            var worker = person();
            var voted =
                    task.contributors().stream().anyMatch(vote -> vote.worker().equals(worker.address()));
            if (voted && any.chance(0.9)) {
                return Optional.empty();
            }
            var digest = digest(task.id(), any.chance(0.8) ? 0 : any.random().nextInt(OPINIONS));
            var seal = any.chance(0.98) ? digest.seal(worker.address(), task.id()) : any.word();
            return call(
                    worker, new Transaction.Contribute(authorize(state, worker, task), digest.hash(task.id()), seal));
        });
    }

    private Optional<Call> contributeAndFinalize(State state) {
        return anyTask(state, Task.Active.class)
                .filter(task ->
                        any.chance(0.1) || deal(state, task).map(Deal::trust).orElse(0L) == 1)
                .flatMap(task -> {
                    var worker = person();
                    return call(
                            worker,
                            new Transaction.ContributeAndFinalize(
                                    authorize(state, worker, task),
                                    digest(task.id(), 0),
                                    any.bytes(40),
                                    callbackData(state, task)));
                });
    }

    private Optional<Call> reveal(State state) {
        return oneInTime(state, Task.Revealing.class).flatMap(task -> {
            var winners = task.contributors().stream()
                    .filter(vote -> vote.status() == Contribution.Status.CONTRIBUTED)
                    .map(Contribution::worker)
                    .toList();
            var sender = oneOf(winners).map(this::mostly).orElse(person());
            return call(sender, new Transaction.Reveal(task.id(), won(task)));
        });
    }

    private Optional<Call> finish(State state) {
        return anyTask(state, Task.Revealing.class)
                // Sensible schedulers wait for reveals; some do not.
                .filter(task -> any.chance(0.1) || mayFinish(task))
                .flatMap(task -> call(
                        scheduler(state, task),
                        new Transaction.Finalize(task.id(), any.bytes(40), callbackData(state, task))));
    }

    private boolean mayFinish(Task task) {
        return task instanceof Task.Revealing revealing
                && (revealing.everyWinnerRevealed()
                        || (revealing.reveals() > 0 && now.isAfter(revealing.revealDeadline())));
    }

    private Optional<Call> reopen(State state) {
        return anyTask(state, Task.Revealing.class)
                .flatMap(task -> call(scheduler(state, task), new Transaction.Reopen(task.id())));
    }

    private Optional<Call> decline(State state) {
        return anyTask(state, Task.Active.class)
                .flatMap(task -> call(scheduler(state, task), new Transaction.Decline(task.id())));
    }

    private Optional<Call> claim(State state) {
        var tasks = new ArrayList<TaskId>();
        for (int i = 0; i < any.size(3); i++) {
            anyTask(state, any.chance(0.5) ? Task.Active.class : Task.Revealing.class)
                    .filter(task -> any.chance(0.05)
                            || deal(state, task)
                                    .filter(deal -> now.isAfter(deal.finalDeadline()))
                                    .isPresent())
                    .ifPresent(task -> tasks.add(task.id()));
        }
        return tasks.isEmpty() ? Optional.empty() : call(person(), new Transaction.Claim(tasks));
    }

    /* WHAT PEOPLE COME TO */

    /// The result that workers find is the callback's data 0; liars find others.
    private static Digest digest(TaskId task, int opinion) {
        return new Digest(Keccak.of(data(task, opinion).bytes()));
    }

    private static Bytes data(TaskId task, int opinion) {
        return new Bytes(task.value().hex() + "%02x".formatted(opinion));
    }

    private Digest won(Task task) {
        for (int opinion = 0; opinion < OPINIONS; opinion++) {
            var digest = digest(task.id(), opinion);
            if (any.chance(0.97)
                    && task instanceof Task.Revealing revealing
                    && digest.hash(task.id()).equals(revealing.consensus())) {
                return digest;
            }
        }
        return any.digest();
    }

    private Bytes callbackData(State state, Task task) {
        var hasCallback = deal(state, task).map(Deal::hasCallback).orElse(false);
        if (any.chance(0.05)) {
            return any.bytes(8);
        }
        for (int opinion = 0; hasCallback && opinion < OPINIONS; opinion++) {
            var digest = state.digests().get(task.id());
            if (digest != null && digest(task.id(), opinion).equals(digest)) {
                return data(task.id(), opinion);
            }
        }
        return hasCallback ? data(task.id(), 0) : Bytes.EMPTY;
    }

    private Authorization authorize(State state, Wallet worker, Task task) {
        return Authorization.sign(
                worker.address(), task.id(), any.chance(0.99) ? Address.ZERO : any.address(), scheduler(state, task));
    }

    private Instant deadline(State state, Task task) {
        var deal = deal(state, task).orElseThrow();
        return switch (any.random().nextInt(3)) {
            case 0 -> deal.contributionDeadline();
            case 1 -> deal.finalDeadline();
            default ->
                task instanceof Task.Revealing revealing
                        ? revealing.revealDeadline()
                        : deal.start().plus(deal.category().reference().multipliedBy(Category.REVEAL_RATIO));
        };
    }

    /* WHO AND WHICH */

    private Wallet person() {
        return any.oneOf(people);
    }

    private Wallet mostly(Address owner) {
        return any.chance(0.97) ? wallet(owner) : person();
    }

    private Wallet wallet(Address address) {
        return people.stream()
                .filter(wallet -> wallet.address().equals(address))
                .findFirst()
                .orElseGet(this::person);
    }

    private Wallet scheduler(State state, Task task) {
        return mostly(deal(state, task).map(deal -> deal.workerpool().owner()).orElse(Address.ZERO));
    }

    private Address owner(State state, Address asset) {
        return assets(state, Asset.class).stream()
                .filter(each -> each.address().equals(asset))
                .map(Asset::owner)
                .findFirst()
                .orElse(Address.ZERO);
    }

    private static Optional<Deal> deal(State state, Task task) {
        return Optional.ofNullable(state.deals().get(task.deal()));
    }

    private List<Deal> deals(State state) {
        return state.deals().values().stream()
                .filter(deal -> isOurs(deal.workerpool().owner()))
                .sorted(Comparator.comparing(deal -> deal.id().value().hex()))
                .toList();
    }

    private List<Task> openTasks(State state) {
        return tasks(state, Task.class).stream().filter(task -> !task.ended()).toList();
    }

    /// Mostly one in state `kind`.
    private Optional<Task> anyTask(State state, Class<? extends Task> kind) {
        return oneOf(tasks(state, any.chance(0.97) ? kind : Task.class));
    }

    /// Mostly one for which it is not too late.
    private Optional<Task> oneInTime(State state, Class<? extends Task> kind) {
        return Stream.generate(() -> anyTask(state, kind))
                .limit(4)
                .flatMap(Optional::stream)
                .filter(task -> any.chance(0.02) || now.isBefore(nextDeadline(state, task)))
                // Tasks that others are at are nearer to their end.
                .max(Comparator.comparingInt(task -> task.contributors().size()));
    }

    private static Instant nextDeadline(State state, Task task) {
        return task instanceof Task.Revealing revealing
                ? revealing.revealDeadline()
                : deal(state, task).orElseThrow().contributionDeadline();
    }

    private List<Task> tasks(State state, Class<? extends Task> kind) {
        return state.tasks().values().stream()
                .filter(kind::isInstance)
                .filter(task ->
                        isOurs(deal(state, task).orElseThrow().workerpool().owner()))
                .sorted(Comparator.comparing(task -> task.id().value().hex()))
                .toList();
    }

    private <A extends Asset> List<A> assets(State state, Class<A> kind) {
        return state.assets().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .filter(asset -> isOurs(asset.owner()))
                .toList();
    }

    /// The market may have a past, with other people.
    private boolean isOurs(Address owner) {
        return people.stream().anyMatch(wallet -> wallet.address().equals(owner));
    }

    private <T> Optional<T> oneOf(List<T> values) {
        return values.isEmpty() ? Optional.empty() : Optional.of(any.oneOf(values));
    }

    private static Optional<Call> call(Wallet sender, Transaction transaction) {
        return Optional.of(new Call(sender, transaction));
    }
}
