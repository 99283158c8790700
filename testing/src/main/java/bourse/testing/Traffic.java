package bourse.testing;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Authorization;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Category;
import bourse.protocol.Contribution;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Digest;
import bourse.protocol.Keccak;
import bourse.protocol.Order;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Tag;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Transaction;
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
/// Before each call a test lets [#pause] go by, then asks for the [#next] with the state that the chain is in. Each
/// seed has its own taste: it makes more of some kinds of calls, and none of others, so that many short stories come
/// to places where one long story does not.
public final class Traffic {
    /// The most digests that workers of a task come to.
    private static final int OPINIONS = 3;
    /// One in so many seeds is about a task to which very many contribute.
    private static final int CROWDS = 40;

    private static final Rlc HUGE = new Rlc(BigInteger.TWO.pow(96));
    /// The tag of a pool that has all there is.
    private static final Tag EVERYTHING = new Tag(new Bytes32("%064x".formatted(0x10f)));

    private static final BigInteger GWEI = BigInteger.TEN.pow(9);
    private static final String SPONSORED =
            Keccak.of(Bytes.utf8("sponsored").bytes()).hex().substring(0, 12);

    private final Generators any;
    private final Market market;
    private final List<Person> people;
    /// Contracts that nobody acts through.
    private final List<Address> outsiders;
    /// Workers without money, where this is about very many of them; else nobody.
    private final List<Person> crowd;
    /// Matches that were tried; their orders may have volume left.
    private final List<Transaction.Match> matches = new ArrayList<>();

    private Rules.Moment moment = new Rules.Moment(Instant.EPOCH, 0, _ -> Optional.empty());

    private final TreeMap<Double, Function<State, Optional<Call>>> kinds = new TreeMap<>();

    /// What somebody does.
    public record Call(Address sender, Act act) {}

    /// @param people the first of them may own the market
    /// @param outsiders contracts that nobody acts through: groups, callbacks
    public Traffic(long seed, Market market, List<Person> people, List<Address> outsiders) {
        this.any = new Generators(seed);
        this.market = market;
        this.people = List.copyOf(people);
        this.outsiders = List.copyOf(outsiders);
        this.crowd = seed % CROWDS == CROWDS - 1 ? any.list(40, () -> Person.contract(any.address())) : List.of();
        kind(0.8, market.isNative() ? this::coins : this::tokens);
        kind(0.6, this::accounts);
        kind(0.3, this::create);
        kind(0.2, this::policy);
        kind(0.6, this::assets);
        kind(5, this::match);
        kind(0.8, this::manage);
        kind(0.1, this::broadcast);
        kind(5, this::initialize);
        kind(0.4, this::initializeArray);
        kind(crowd.isEmpty() ? 26 : 300, this::contribute);
        kind(4, this::contributeAndFinalize);
        kind(20, this::reveal);
        kind(8, this::audit);
        kind(14, this::finish);
        kind(3, this::reopen);
        kind(1, this::decline);
        kind(3, this::claim);
        kind(0.5, this::own);
        kind(0.05, this::nonsense);
    }

    private void kind(double weight, Function<State, Optional<Call>> kind) {
        var taste = any.oneOf(List.of(0.2, 1.0, 1.0, 1.0, 3.0));
        kinds.put((kinds.isEmpty() ? 0 : kinds.lastKey()) + weight * taste, kind);
    }

    /// How long nothing happens: seconds mostly, now and then until just before or after somebody's deadline.
    public Duration pause(State state, Instant now) {
        if (!crowd.isEmpty() || any.chance(0.93)) {
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

    /// Whether this is about a task to which very many contribute; it takes longer.
    public boolean isCrowded() {
        return !crowd.isEmpty();
    }

    /// Whether the next call should come in the very block of the last.
    public boolean hurries() {
        return any.chance(0.08);
    }

    /// Whether so many blocks go by before the next call that the chain has forgotten the last one.
    public boolean dawdles() {
        return any.chance(0.001);
    }

    /// What somebody does next.
    ///
    /// @param soon the block that it will be in, as far as the sender knows
    public Call next(State state, Rules.Moment soon) {
        this.moment = soon;
        while (true) {
            var kind = kinds.ceilingEntry(any.random().nextDouble() * kinds.lastKey());
            var call = kind.getValue().apply(state);
            if (call.isPresent()) {
                return call.get();
            }
        }
    }

    /* MONEY */

    private Optional<Call> tokens(State state) {
        var sender = person();
        var free = state.account(sender.address()).free();
        var tokens = state.wallet(sender.address());
        return switch (any.random().nextInt(14)) {
            case 0, 1 -> call(sender, new Transaction.Deposit(about(tokens)));
            case 2 -> call(sender, new Transaction.Withdraw(about(free.percent(10))));
            case 3 -> call(sender, new Transaction.Transfer(target(), about(tokens.percent(30))));
            case 4 -> call(sender, new Act.AllowMarket(about(tokens)));
            case 5 -> call(sender, new Act.DepositAllowed(about(allowed(state, sender))));
            case 6 -> call(sender, new Act.DepositFor(target(), about(allowed(state, sender))));
            case 7 -> {
                var targets = any.list(any.random().nextInt(3), this::target);
                var amounts = any.list(
                        targets.size() + (any.chance(0.1) ? 1 : 0),
                        () -> about(allowed(state, sender).percent(40)));
                yield call(sender, new Act.DepositForArray(amounts, targets));
            }
            case 8 -> call(sender, new Act.WithdrawTo(target(), about(free.percent(10))));
            case 9 -> call(sender, new Act.DepositAndCall(about(tokens), any.bytes(any.chance(0.3) ? 0 : 200)));
            case 10 ->
                call(sender, new Act.SendCoins(BigInteger.valueOf(any.random().nextInt(3))));
            case 11, 12 ->
                oneOf(matches)
                        .flatMap(match -> call(
                                any.chance(0.8) ? person(match.request().order().requester()) : person(),
                                new Act.DepositAndMatch(about(tokens.percent(20)), match)));
            default -> call(sender, new Transaction.Transfer(market.hub(), about(Rlc.ofNano(1000))));
        };
    }

    private Rlc allowed(State state, Person sender) {
        return state.permissions()
                .allowances()
                .getOrDefault(new State.Grant(market.token(), sender.address(), market.hub()), Rlc.ofNano(1));
    }

    private Optional<Call> coins(State state) {
        var sender = person();
        var free = state.account(sender.address()).free();
        // More than one has can not even be sent.
        var coins = any.rlc(state.wallet(sender.address()).percent(50));
        var wei = coins.isZero()
                ? BigInteger.ZERO
                : coins.nano()
                        .multiply(GWEI)
                        .subtract(BigInteger.valueOf(any.random().nextInt(2)));
        return switch (any.random().nextInt(6)) {
            case 0 -> call(sender, new Act.Pay(wei));
            case 1 -> call(sender, new Act.PayFor(target(), wei));
            case 2 -> {
                var targets = any.list(any.random().nextInt(3), this::target);
                var amounts = any.list(targets.size() + (any.chance(0.1) ? 1 : 0), () -> about(coins.percent(60)));
                yield call(sender, new Act.PayForArray(amounts, targets, wei));
            }
            case 3 -> call(sender, new Act.SendCoins(wei));
            case 4 -> call(sender, new Transaction.Withdraw(about(free.percent(10))));
            default -> call(sender, new Act.WithdrawTo(target(), about(free.percent(10))));
        };
    }

    private Optional<Call> accounts(State state) {
        var sender = person();
        var amount = about(state.account(sender.address()).free().percent(10));
        return switch (any.random().nextInt(6)) {
            case 0 -> call(sender, new Act.Move(target(), amount));
            case 1 -> call(sender, new Act.Approve(target(), any.chance(0.1) ? most() : amount));
            case 2 -> call(sender, new Act.IncreaseAllowance(target(), any.chance(0.1) ? most() : amount));
            case 3 -> call(sender, new Act.ApproveAndCall(target(), amount));
            case 4 -> {
                var grant = grant(state, any.chance(0.8));
                yield call(
                        grant.map(State.Grant::owner).map(this::mostly).orElse(sender),
                        new Act.DecreaseAllowance(
                                grant.map(State.Grant::spender).orElseGet(this::target), about(amount(state, grant))));
            }
            default -> {
                var grant = grant(state, any.chance(0.8));
                yield call(
                        grant.map(State.Grant::spender).map(this::mostly).orElse(sender),
                        new Act.MoveFrom(
                                grant.map(State.Grant::owner).orElseGet(this::target),
                                target(),
                                about(amount(state, grant).percent(50))));
            }
        };
    }

    private Optional<State.Grant> grant(State state, boolean any) {
        return any
                ? oneOf(state.permissions().allowances().keySet().stream()
                        .filter(grant -> grant.contract().equals(market.hub()))
                        .sorted(Comparator.comparing(
                                grant -> grant.owner().hex() + grant.spender().hex()))
                        .toList())
                : Optional.empty();
    }

    private static Rlc amount(State state, Optional<State.Grant> grant) {
        return grant.map(known -> state.permissions().allowances().getOrDefault(known, Rlc.ZERO))
                .orElse(Rlc.ofNano(1));
    }

    private static Rlc most() {
        return new Rlc(BigInteger.TWO.pow(256).subtract(BigInteger.ONE));
    }

    /// Mostly at most `amount`.
    private Rlc about(Rlc amount) {
        return any.chance(0.02) || amount.covers(HUGE) ? HUGE : any.rlc(amount.percent(105));
    }

    /// Somebody, or something, that money can be sent to.
    private Address target() {
        return switch (any.random().nextInt(20)) {
            case 0 -> Address.ZERO;
            case 1 -> market.hub();
            case 2, 3 -> outsider();
            default -> person().address();
        };
    }

    /* ASSETS */

    private Optional<Call> create(State state) {
        var name = any.chance(0.01)
                ? "x".repeat(0x10000)
                : "%d".formatted(any.random().nextInt(6)); // some come twice
        var location = Bytes.utf8(name);
        return switch (any.random().nextInt(5)) {
            case 0 -> call(person(), new Transaction.CreateApp(name, Asset.App.WASM, location, Bytes32.ZERO));
            case 1 -> call(person(), new Transaction.CreateDataset(name, location, Bytes32.ZERO));
            case 2 -> call(person(), new Transaction.CreateWorkerpool(name));
            case 3 ->
                call(
                        person(),
                        new Transaction.CreateWorkerpool("x".repeat(any.random().nextInt(24_500, 24_560))));
            default -> call(person(), new Act.CreateFor(target(), new Transaction.CreateWorkerpool(name)));
        };
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

    private Optional<Call> assets(State state) {
        return oneOf(state.assets()).flatMap(asset -> {
            var registry = registry(asset);
            var address = any.chance(0.97) ? asset.address() : any.address();
            var keeper = Optional.ofNullable(state.permissions().keepers().get(address));
            var sender = keeper.filter(_ -> any.chance(0.5)).orElse(asset.owner());
            return switch (any.random().nextInt(4)) {
                case 0 -> call(mostly(asset.owner()), new Act.Entrust(registry, address, target()));
                case 1 -> call(person(), new Act.EntrustAll(registry, target(), any.chance(0.7)));
                default ->
                    call(
                            any.chance(0.8) ? person(sender) : person(),
                            new Act.PassOn(
                                    registry,
                                    any.chance(0.95) ? asset.owner() : person().address(),
                                    target(),
                                    address,
                                    any.chance(0.5)));
            };
        });
    }

    private Address registry(Asset asset) {
        if (any.chance(0.02)) {
            return market.apps();
        }
        return switch (asset) {
            case Asset.App _ -> market.apps();
            case Asset.Dataset _ -> market.datasets();
            case Asset.Workerpool _ -> market.workerpools();
        };
    }

    /* DEALS */

    private Optional<Call> match(State state) {
        // Enough is going on.
        if (openTasks(state).size() > 6 && any.chance(0.8)) {
            return Optional.empty();
        }
        if (any.chance(0.2)) {
            return oneOf(matches).flatMap(this::match);
        }
        return oneOf(assets(state, Asset.App.class))
                .flatMap(app -> oneOf(assets(state, Asset.Workerpool.class)).flatMap(pool -> {
                    var dataset = any.chance(0.3)
                            ? oneOf(assets(state, Asset.Dataset.class))
                            : Optional.<Asset.Dataset>empty();
                    var match = match(app, dataset, pool, person());
                    matches.add(match);
                    return match(match);
                }));
    }

    /// Somebody hands the orders in, or pays them.
    private Optional<Call> match(Transaction.Match match) {
        var salt = match.request().order().salt().hex();
        var sender = salt.startsWith(SPONSORED) ? mostly(new Address(salt.substring(24))) : person();
        return any.chance(salt.startsWith(SPONSORED) ? 0.8 : 0.15)
                ? call(sender, new Transaction.Sponsor(match))
                : call(sender, match);
    }

    private Transaction.Match match(
            Asset.App app, Optional<Asset.Dataset> dataset, Asset.Workerpool pool, Person requester) {
        var price = any.chance(0.02) ? HUGE : crowd.isEmpty() ? any.rlc(Rlc.parse("2")) : Rlc.ZERO;
        var category = any.random().nextInt(any.chance(0.02) ? 7 : 5);
        var trust = crowd.isEmpty()
                ? switch (any.random().nextInt(3)) {
                    case 0 -> any.random().nextInt(2);
                    case 1 -> 2 + any.random().nextInt(3);
                    default -> any.size(any.chance(0.9) ? 100 : 1_000_000);
                }
                : 1L << 50;
        var tag = any.chance(0.85) ? Tag.NONE : any.tag();
        var appAddress = mostlyThere(app);
        var poolAddress = mostlyThere(pool);
        var a = new Order.App(
                appAddress,
                any.chance(0.01) ? HUGE : any.chance(0.5) ? Rlc.ZERO : any.rlc(Rlc.parse("1")),
                any.size(10),
                tag,
                restriction(dataset.map(Asset.Dataset::address).orElse(Address.ZERO)),
                restriction(pool.address()),
                restriction(requester.address()),
                any.word());
        var d = dataset.map(asset -> new Order.Dataset(
                        mostlyThere(asset),
                        any.chance(0.01) ? HUGE : any.rlc(Rlc.parse("1")),
                        any.size(10),
                        any.chance(0.95) ? Tag.NONE : any.tag(),
                        restriction(app.address()),
                        restriction(pool.address()),
                        restriction(requester.address()),
                        any.word()))
                .orElse(Order.Dataset.NONE);
        var w = new Order.Workerpool(
                poolAddress,
                price,
                any.size(10),
                any.chance(0.7) ? tag : any.chance(0.8) ? EVERYTHING : any.tag(),
                any.chance(0.98) ? category : 0,
                any.chance(0.95) ? trust : 0,
                restriction(app.address()),
                restriction(d.dataset()),
                restriction(requester.address()),
                any.word());
        var r = new Order.Request(
                any.chance(0.98) ? appAddress : any.address(),
                any.chance(0.97) ? a.appprice() : Rlc.ZERO,
                any.chance(0.98) ? d.dataset() : any.address(),
                any.chance(0.97) ? d.datasetprice() : Rlc.ZERO,
                restriction(pool.address()),
                any.chance(0.97) ? price : Rlc.ZERO,
                requester.address(),
                any.size(10),
                any.chance(0.95) ? Tag.NONE : any.tag(),
                category,
                trust,
                any.address(),
                any.chance(0.8) ? Address.ZERO : any.chance(0.8) ? outsider() : any.address(),
                any.chance(0.004) ? "x".repeat(any.random().nextInt(24_225, 24_240)) : any.text(20),
                any.chance(0.9) ? any.word() : sponsoredBy(person()));
        return new Transaction.Match(
                sign(a, app.owner()),
                dataset.map(asset -> sign(d, asset.owner())).orElse(new Signed<>(d, Bytes.EMPTY)),
                sign(w, pool.owner()),
                sign(r, requester.address()));
    }

    /// Some name what nobody has registered.
    private Address mostlyThere(Asset asset) {
        return any.chance(0.99) ? asset.address() : any.address();
    }

    private Bytes32 sponsoredBy(Person sponsor) {
        return new Bytes32(SPONSORED
                + any.word().hex().substring(0, 12)
                + sponsor.address().hex());
    }

    private Address restriction(Address fitting) {
        return any.chance(0.93)
                ? Address.ZERO
                : any.chance(0.7) ? fitting : any.chance(0.8) ? outsider() : any.address();
    }

    /// Some sign later, on chain, or forget to.
    private <O extends Order> Signed<O> sign(O order, Address owner) {
        if (any.chance(0.03)) {
            return new Signed<>(order, Bytes.EMPTY);
        }
        var signer = any.chance(0.99) ? person(owner) : person();
        return new Signed<>(order, signer.sign(market.domain().hash(order)));
    }

    private Optional<Call> manage(State state) {
        return oneOf(matches).flatMap(match -> {
            var orders =
                    List.<Signed<? extends Order>>of(match.app(), match.dataset(), match.workerpool(), match.request());
            // Who has not signed yet does it now.
            var signed = orders.stream()
                    .filter(order -> order.signature().length() == 0)
                    .<Signed<? extends Order>>map(order -> order)
                    .findFirst()
                    .filter(_ -> any.chance(0.6))
                    .orElseGet(() -> any.oneOf(orders));
            var order = signed.order();
            var owner = switch (order) {
                case Order.App o -> owner(state, o.app());
                case Order.Dataset o -> owner(state, o.dataset());
                case Order.Workerpool o -> owner(state, o.workerpool());
                case Order.Request o -> o.requester();
            };
            var closes = any.chance(0.4);
            if (any.chance(0.3)) {
                var signature = person(owner).sign(market.domain().hash(order, any.chance(0.9) == closes));
                return call(person(), new Act.Manage(order, closes, signature));
            }
            return closes
                    ? call(mostly(owner), new Transaction.Close(order))
                    : call(mostly(owner), new Act.Manage(order, false, Bytes.EMPTY));
        });
    }

    private Optional<Call> broadcast(State state) {
        return oneOf(matches).flatMap(match -> switch (any.random().nextInt(4)) {
            case 0 -> call(person(), new Act.Broadcast(match.app()));
            case 1 -> call(person(), new Act.Broadcast(match.dataset()));
            case 2 -> call(person(), new Act.Broadcast(match.request()));
            default -> call(person(), new Transaction.Broadcast(match.workerpool()));
        });
    }

    /* TASKS */

    private Optional<Call> initialize(State state) {
        return oneOf(deals(state)).flatMap(deal -> {
            var wanted = deal.first() + any.random().nextLong(deal.volume() + (any.chance(0.02) ? 1 : 0));
            var fresh = any.chance(0.9) && state.tasks().containsKey(deal.task(wanted));
            return fresh || (!crowd.isEmpty() && openTasks(state).size() > 1)
                    ? Optional.empty()
                    : call(
                            person(),
                            new Transaction.Initialize(
                                    any.chance(0.98) ? deal.id() : new DealId(any.word()), List.of(wanted)));
        });
    }

    /// Some claim what nobody opened while there was time.
    private Optional<Call> initializeArray(State state) {
        var late = deals(state).stream()
                .filter(deal -> !moment.now().isBefore(deal.finalDeadline()))
                .toList();
        var claims = any.chance(late.isEmpty() ? 0.1 : 0.8);
        var deals = new ArrayList<DealId>();
        var indexes = new ArrayList<Long>();
        for (int i = any.random().nextInt(4); i > 0; i--) {
            var deal = oneOf(claims && any.chance(0.95) ? late : deals(state));
            var index = deal.map(one -> one.first() + any.random().nextLong(one.volume()))
                    .orElse(0L);
            var fresh =
                    deal.map(one -> !state.tasks().containsKey(one.task(index))).orElse(false);
            if (fresh || any.chance(0.05)) {
                deals.add(deal.map(Deal::id).orElseGet(() -> new DealId(any.word())));
                indexes.add(index);
            }
        }
        if (any.chance(0.05)) {
            indexes.add(0L);
        }
        return call(person(), new Act.InitializeArray(deals, indexes, claims));
    }

    private Optional<Call> contribute(State state) {
        return oneInTime(state, Task.Active.class).flatMap(task -> {
            var worker = crowd.isEmpty() ? person() : any.oneOf(crowd);
            var voted =
                    task.contributors().stream().anyMatch(vote -> vote.worker().equals(worker.address()));
            if (voted && any.chance(0.9)) {
                return Optional.empty();
            }
            // A vote that stands is right, mostly. Who audits a liar says something else.
            var digest = digest(task.id(), any.chance(0.8) ? 0 : any.random().nextInt(OPINIONS));
            var hash = digest.hash(task.id());
            var seal = any.chance(0.98) ? digest.seal(worker.address(), task.id()) : any.word();
            var enclave = enclave(state, task);
            var authorization = authorize(state, worker, task, enclave);
            var contribution = new Transaction.Contribute(authorization, hash, seal);
            return enclave.isEmpty() || any.chance(0.05)
                    ? call(worker, contribution)
                    : call(
                            worker,
                            new Act.ContributeFromEnclave(
                                    contribution, enclave.get().signMessage(Keccak.of(hash.bytes(), seal.bytes()))));
        });
    }

    private Optional<Call> contributeAndFinalize(State state) {
        return anyTask(state, Task.Active.class)
                .filter(task ->
                        any.chance(0.1) || deal(state, task).map(Deal::trust).orElse(0L) == 1)
                .flatMap(task -> {
                    var worker = person();
                    var digest = digest(task.id(), 0);
                    var enclave = enclave(state, task);
                    var contribution = new Transaction.ContributeAndFinalize(
                            authorize(state, worker, task, enclave), digest, any.bytes(40), callbackData(state, task));
                    var sealed = Keccak.of(
                            digest.hash(task.id()).bytes(),
                            digest.seal(worker.address(), task.id()).bytes());
                    return enclave.isEmpty() || any.chance(0.05)
                            ? call(worker, contribution)
                            : call(
                                    worker,
                                    new Act.FinalizeFromEnclave(
                                            contribution, enclave.get().signMessage(sealed)));
                });
    }

    private Optional<Call> reveal(State state) {
        return oneInTime(state, Task.Revealing.class)
                .filter(task -> any.chance(0.1) || !Rules.auditDue(state, task.id(), moment))
                .flatMap(task -> {
                    var winners = task.contributors().stream()
                            .filter(vote -> vote.status() == Contribution.Status.CONTRIBUTED)
                            .filter(vote -> any.chance(0.05) || isFor(task, vote))
                            .map(Contribution::worker)
                            .toList();
                    var sender = winners.isEmpty() ? person() : mostly(any.oneOf(winners));
                    return winners.isEmpty() && any.chance(0.95)
                            ? Optional.empty()
                            : call(sender, new Transaction.Reveal(task.id(), won(task)));
                });
    }

    private static boolean isFor(Task task, Contribution vote) {
        return task instanceof Task.Revealing revealing && vote.hash().equals(revealing.consensus());
    }

    private Optional<Call> audit(State state) {
        return oneInTime(state, Task.Revealing.class)
                .filter(task -> any.chance(0.1) || Rules.auditDue(state, task.id(), moment))
                .flatMap(task -> call(person(), new Transaction.Audit(task.id())));
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
                        || (revealing.reveals() > 0 && moment.now().isAfter(revealing.revealDeadline())));
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
                                    .filter(deal -> moment.now().isAfter(deal.finalDeadline()))
                                    .isPresent())
                    .ifPresent(task -> tasks.add(task.id()));
        }
        return tasks.isEmpty() ? Optional.empty() : call(person(), new Transaction.Claim(tasks));
    }

    /* THE MARKET'S OWNER, AND NOBODY */

    private Optional<Call> own(State state) {
        var sender = any.chance(0.9) ? person(state.settings().owner()) : person();
        return call(
                sender,
                switch (any.random().nextInt(20)) {
                    case 0, 1, 2, 3 ->
                        new Act.CreateCategory(
                                any.text(10),
                                any.text(10),
                                any.chance(0.1) ? 0 : any.size(any.chance(0.2) ? 400_000_000 : 40_000));
                    case 4, 5, 6, 7, 8 -> new Act.NameBroker(any.chance(0.2) ? Address.ZERO : person().address());
                    case 9, 10, 11 -> new Act.SetCallbackGas(any.random().nextInt(1_200_000));
                    case 12, 13, 14, 15 -> new Act.Recover();
                    case 16, 17, 18 -> new Act.PassMarketOn(any.chance(0.1) ? Address.ZERO : person().address());
                    default -> new Act.Renounce();
                });
    }

    private Optional<Call> nonsense(State state) {
        return call(
                person(), new Act.Nonsense(new Bytes("deadbeef" + any.bytes(40).hex())));
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

    /// The enclave that works, where one is asked for, and sometimes where none is.
    private Optional<Person> enclave(State state, Task task) {
        var wanted = deal(state, task).map(deal -> deal.tag().wantsEnclave()).orElse(false);
        return any.chance(wanted ? 0.95 : 0.05) ? Optional.of(person()) : Optional.empty();
    }

    private Authorization authorize(State state, Person worker, Task task, Optional<Person> enclave) {
        var settings = state.settings();
        var brokered = enclave.isPresent()
                && !settings.broker().isZero()
                && deal(state, task)
                        .filter(deal -> deal.start().isAfter(settings.brokerSince()))
                        .isPresent();
        var signer = brokered && any.chance(0.95) ? person(settings.broker()) : scheduler(state, task);
        var challenge = enclave.map(Person::address).orElse(Address.ZERO);
        var message = Keccak.of(worker.address().bytes(), task.id().value().bytes(), challenge.bytes());
        return new Authorization(worker.address(), task.id(), challenge, signer.signMessage(message));
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

    private Person person() {
        return any.oneOf(people);
    }

    private Address outsider() {
        return oneOf(outsiders).orElseGet(any::address);
    }

    private Person mostly(Address owner) {
        return any.chance(0.97) ? person(owner) : person();
    }

    /// Who has this address. Contracts that nobody acts through have somebody else act.
    private Person person(Address address) {
        return Stream.concat(people.stream(), crowd.stream())
                .filter(person -> person.address().equals(address))
                .findFirst()
                .orElseGet(this::person);
    }

    private Person scheduler(State state, Task task) {
        return mostly(deal(state, task).map(deal -> deal.workerpool().owner()).orElse(Address.ZERO));
    }

    private static Address owner(State state, Address asset) {
        return state.assets().stream()
                .filter(each -> each.address().equals(asset))
                .map(Asset::owner)
                .findFirst()
                .orElse(Address.ZERO);
    }

    private static Optional<Deal> deal(State state, Task task) {
        return Optional.ofNullable(state.deals().get(task.deal()));
    }

    private static List<Deal> deals(State state) {
        return state.deals().values().stream()
                .sorted(Comparator.comparing(deal -> deal.id().value().hex()))
                .toList();
    }

    private static List<Task> openTasks(State state) {
        return tasks(state, Task.class).stream().filter(task -> !task.ended()).toList();
    }

    /// Mostly one in state `kind`.
    private Optional<Task> anyTask(State state, Class<? extends Task> kind) {
        return oneOf(tasks(state, any.chance(0.99) ? kind : Task.class));
    }

    /// Mostly one for which it is not too late.
    private Optional<Task> oneInTime(State state, Class<? extends Task> kind) {
        return Stream.generate(() -> anyTask(state, kind))
                .limit(4)
                .flatMap(Optional::stream)
                .filter(task -> any.chance(0.02) || moment.now().isBefore(nextDeadline(state, task)))
                // Tasks that others are at are nearer to their end.
                .max(Comparator.comparingInt(task -> task.contributors().size()));
    }

    private static Instant nextDeadline(State state, Task task) {
        return task instanceof Task.Revealing revealing
                ? revealing.revealDeadline()
                : deal(state, task).orElseThrow().contributionDeadline();
    }

    private static List<Task> tasks(State state, Class<? extends Task> kind) {
        return state.tasks().values().stream()
                .filter(kind::isInstance)
                .sorted(Comparator.comparing(task -> task.id().value().hex()))
                .toList();
    }

    private static <A extends Asset> List<A> assets(State state, Class<A> kind) {
        return state.assets().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private <T> Optional<T> oneOf(List<T> values) {
        return values.isEmpty() ? Optional.empty() : Optional.of(any.oneOf(values));
    }

    private static Optional<Call> call(Person sender, Transaction transaction) {
        return call(sender, new Act.Common(transaction));
    }

    private static Optional<Call> call(Person sender, Act act) {
        return Optional.of(new Call(sender.address(), act));
    }
}
