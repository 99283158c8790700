package bourse.chain;

import static bourse.chain.Contracts.abi;

import bourse.chain.Deployment.Money;
import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Chain;
import bourse.protocol.Domain;
import bourse.protocol.Draw;
import bourse.protocol.Event;
import bourse.protocol.Keccak;
import bourse.protocol.Malformed;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Task;
import bourse.protocol.Transaction;
import bourse.testing.Act;
import bourse.testing.Generators;
import bourse.testing.Market;
import bourse.testing.Person;
import bourse.testing.Rules;
import bourse.testing.State;
import bourse.testing.Traffic;
import com.esaulpaugh.headlong.abi.Tuple;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// A market with people in it, once on a chain and once as a model.
final class TwinWorld implements AutoCloseable {
    private static final Draw DRAW = new Draw(40);
    private static final Rlc RICHES = Rlc.parse("400");
    private static final BigInteger GWEI = BigInteger.TEN.pow(9);
    /// Where the hub keeps its accounts, and a score in an account.
    private static final Bytes32 ACCOUNTS = new Bytes32("%064x".formatted(4));

    private static final int SCORE = 192;
    /// In the middle of one story in so many, everything is compared, as it is at the end of each.
    private static final int MIDDLE = 4;
    /// After so many stories, it is compared through the adapter, too.
    private static final int ADAPTER = 25;

    private static final Artifact OUTSIDER = Artifact.load("Outsider");

    private final Money money;
    private final TwinChain chain;
    private final Artifact hub;
    private final Deployment deployment;
    private final List<Person> people;
    private final List<Address> outsiders;
    private final State start;
    private final long startBlock;
    private final Instant startTime;
    private String snapshot;

    /// One call of a story.
    ///
    /// @param hurries whether it is a question to the very block of the last call
    /// @param dawdles whether very many blocks go by before
    record Step(Duration pause, boolean hurries, boolean dawdles, Traffic.Call call) {}

    /// @param disagreement of the last step, or of what everything has come to after it
    record Story(List<Step> steps, List<String> outcomes, Optional<String> disagreement) {}

    private TwinWorld(Money money, TwinChain chain) throws InterruptedException, Refused {
        this.money = money;
        this.chain = chain;
        this.hub = money == Money.TOKEN ? Contracts.HUB : Contracts.NATIVE_HUB;
        var any = new Generators(0);
        // Most are contracts: a key takes a millisecond to sign.
        var keys = any.list(3, any::wallet);
        var owner = keys.getFirst().address();
        this.deployment = deploy(owner);
        var everyone = new ArrayList<>(keys.stream().map(Person::of).toList());
        for (int i = 0; i < 5; i++) {
            everyone.add(Person.contract(chain.create(owner, OUTSIDER.creation(true, addresses(List.of())))));
        }
        this.people = List.copyOf(everyone);
        var members = Set.of(
                people.get(0).address(), people.get(1).address(), people.get(5).address());
        var group = chain.create(owner, OUTSIDER.creation(true, addresses(List.copyOf(members))));
        var sullen = chain.create(owner, OUTSIDER.creation(false, addresses(List.of())));
        this.outsiders = List.of(group, sullen);
        var market = new Market(
                new Domain(deployment.chainId(), deployment.hub()),
                deployment.token(),
                deployment.apps(),
                deployment.datasets(),
                deployment.workerpools(),
                DRAW);
        var tokens = new HashMap<Address, Rlc>();
        if (money == Money.TOKEN) {
            tokens.put(owner, Rlc.parse("87000000"));
        }
        for (var person : people) {
            chain.setBalance(person.address(), RICHES.nano().multiply(GWEI));
            if (money == Money.COIN) {
                tokens.put(person.address(), RICHES);
            }
        }
        var state = State.genesis(market, tokens)
                .withOwner(owner)
                .withOutsider(group, new State.Outsider(true, members))
                .withOutsider(sullen, new State.Outsider(false, Set.of()));
        for (var person : people.subList(keys.size(), people.size())) {
            state = state.withOutsider(person.address(), new State.Outsider(true, Set.of()));
        }
        var run = new Run(state, chain.mine(1));
        furnish(run, owner);
        for (var person : people) {
            long score = any.chance(0.4) ? 0 : any.size(400);
            setScore(person.address(), score);
            run.state = run.state.withScore(person.address(), score);
        }
        run.compare(List.of()).ifPresent(difference -> {
            throw new AssertionError(difference);
        });
        this.start = run.state;
        this.startBlock = run.block;
        this.startTime = run.time;
        this.snapshot = chain.snapshot();
    }

    static TwinWorld open(Money money) throws IOException, InterruptedException, Refused {
        var chain = TwinChain.open();
        try {
            return new TwinWorld(money, chain);
        } catch (RuntimeException | Error e) {
            chain.close();
            throw e;
        }
    }

    /* HOW IT BEGINS */

    private Deployment deploy(Address owner) throws InterruptedException {
        var apps = chain.create(owner, Contracts.APPS.creation());
        var datasets = chain.create(owner, Contracts.DATASETS.creation());
        var pools = chain.create(owner, Contracts.WORKERPOOLS.creation());
        var token = money == Money.COIN ? Address.ZERO : chain.create(owner, Contracts.TOKEN.creation(abi(owner)));
        var desk = chain.create(
                owner,
                money == Money.COIN
                        ? Contracts.NATIVE_DESK.creation(abi(apps), abi(datasets), abi(pools))
                        : Contracts.DESK.creation(abi(token), abi(apps), abi(datasets), abi(pools)));
        var address = chain.create(owner, Contracts.HUB.creation(abi(desk), abi(DRAW.ratio())));
        for (var category : Deployment.CATEGORIES) {
            var seconds = abi(category.reference().toSeconds());
            var data = Contracts.HUB.call("createCategory", category.name(), category.description(), seconds);
            var mined = chain.send(
                    owner,
                    TwinChain.Call.to(address, data),
                    chain.mine(1).time().plusSeconds(1));
            if (!mined.success()) {
                throw new IllegalStateException("no category " + category);
            }
        }
        return new Deployment(31337, address, token, apps, datasets, pools);
    }

    /// Everyone has money, free and not, and each kind of asset.
    private void furnish(Run run, Address owner) throws InterruptedException, Refused {
        for (var person : people) {
            var half = RICHES.percent(50);
            if (money == Money.TOKEN) {
                run.must(owner, new Transaction.Transfer(person.address(), RICHES));
                run.must(person.address(), new Transaction.Deposit(half));
            } else {
                run.must(person.address(), new Act.Pay(half.nano().multiply(GWEI)));
            }
            run.must(person.address(), new Transaction.CreateApp("a", "WASM", Bytes.utf8("x"), Bytes32.ZERO));
            run.must(person.address(), new Transaction.CreateDataset("d", Bytes.utf8("y"), Bytes32.ZERO));
            run.must(person.address(), new Transaction.CreateWorkerpool("w"));
        }
    }

    private void setScore(Address worker, long score) throws InterruptedException {
        var slot = Keccak.of(new byte[12], worker.bytes(), ACCOUNTS.bytes());
        var word = chain.storage(deployment.hub(), slot);
        chain.store(deployment.hub(), slot, word.or(BigInteger.valueOf(score).shiftLeft(SCORE)));
    }

    /* STORIES */

    /// A new story.
    Story tell(long seed, int usual) throws InterruptedException {
        var traffic = new Traffic(seed, start.market(), people, outsiders);
        var calls = traffic.isCrowded() ? 2 * usual : usual;
        var run = fresh();
        var steps = new ArrayList<Step>();
        for (int i = 0; i < calls; i++) {
            var hurries = !steps.isEmpty() && traffic.hurries();
            var dawdles = !hurries && traffic.dawdles();
            var pause = hurries ? Duration.ZERO : traffic.pause(run.state, run.time);
            var moment = run.moment(pause, hurries, dawdles);
            var step = new Step(pause, hurries, dawdles, traffic.next(run.state, moment));
            steps.add(step);
            var disagreement = run.step(step);
            if (disagreement.isEmpty() && (i == calls - 1 || (i == calls / 2 && seed % MIDDLE == 0))) {
                disagreement = run.compare(matches(steps));
            }
            if (disagreement.isPresent()) {
                return new Story(steps, run.outcomes, disagreement);
            }
        }
        return new Story(steps, run.outcomes, seed % ADAPTER == 0 ? run.compareThroughTheAdapter() : Optional.empty());
    }

    /// The same steps again, or some of them.
    private Story retell(List<Step> steps) throws InterruptedException {
        var run = fresh();
        for (int i = 0; i < steps.size(); i++) {
            var disagreement = run.step(steps.get(i));
            if (disagreement.isPresent()) {
                return new Story(steps.subList(0, i + 1), run.outcomes, disagreement);
            }
        }
        return new Story(steps, run.outcomes, run.compare(matches(steps)).or(() -> run.compareThroughTheAdapter()));
    }

    /// The story with as few steps as it takes, as text.
    String shrunk(long seed, Story story) throws InterruptedException {
        var best = story;
        for (int size = Math.max(1, story.steps().size() / 2); size > 0; size /= 2) {
            for (int from = best.steps().size() - size; from >= 0; from -= size) {
                if (from + size > best.steps().size()) {
                    continue;
                }
                var again = retell(without(best.steps(), from, size));
                if (again.disagreement().isPresent()) {
                    best = again;
                }
            }
        }
        var text = new StringBuilder("%s (%d of %d steps matter)"
                .formatted(
                        best.disagreement().orElseThrow(),
                        best.steps().size(),
                        story.steps().size()));
        for (var step : best.steps()) {
            text.append("\n  ").append(step);
        }
        return text.append("\nand at first: ")
                .append(story.disagreement().orElseThrow())
                .toString();
    }

    /// The steps but for some, in whose place time goes by.
    private static List<Step> without(List<Step> steps, int from, int size) {
        var rest = new ArrayList<>(steps.subList(0, from));
        var pause = steps.subList(from, from + size).stream().map(Step::pause).reduce(Duration.ZERO, Duration::plus);
        for (var step : steps.subList(from + size, steps.size())) {
            rest.add(new Step(step.pause().plus(pause), step.hurries(), step.dawdles(), step.call()));
            pause = Duration.ZERO;
        }
        return rest;
    }

    private Run fresh() throws InterruptedException {
        chain.revert(snapshot);
        snapshot = chain.snapshot();
        return new Run(start, new TwinChain.Mined(startBlock, startTime, true, Optional.empty(), List.of()));
    }

    /// The orders that were seen last.
    private static List<Transaction.Match> matches(List<Step> steps) {
        var matches = steps.stream()
                .map(step -> step.call().act())
                .flatMap(act -> switch (act) {
                    case Act.Common(Transaction.Match match) -> Stream.of(match);
                    case Act.Common(Transaction.Sponsor(var match)) -> Stream.of(match);
                    default -> Stream.<Transaction.Match>empty();
                })
                .distinct()
                .toList();
        return matches.subList(Math.max(0, matches.size() - 4), matches.size());
    }

    /* WHAT THE MODEL HAS NO WORDS FOR */

    Refused refusalOfTrust(BigInteger trust) throws InterruptedException {
        var traffic = new Traffic(0, start.market(), people, outsiders);
        while (true) {
            var call = traffic.next(start, new Rules.Moment(startTime, startBlock, chain::hash));
            if (call.act() instanceof Act.Common(Transaction.Match match)) {
                var pool = Calls.tuple(match.workerpool());
                var request = Calls.tuple(match.request());
                var data = Contracts.HUB.call(
                        "matchOrders",
                        Calls.tuple(match.app()),
                        Calls.tuple(match.dataset()),
                        with(pool, 5, trust, 4, BigInteger.ZERO),
                        with(request, 10, trust, 9, BigInteger.ZERO));
                return TwinChain.refused(
                        chain.ask(call.sender(), TwinChain.Call.to(deployment.hub(), data))
                                .data(),
                        hub);
            }
        }
    }

    Refused refusalOfRatio(int ratio) throws InterruptedException {
        var creation = Contracts.HUB.creation(abi(deployment.hub()), abi(ratio));
        var answer =
                chain.ask(people.getFirst().address(), new TwinChain.Call(Optional.empty(), creation, BigInteger.ZERO));
        return TwinChain.refused(answer.data(), hub);
    }

    private static Tuple with(Tuple order, int field, Object value, int other, Object otherValue) {
        var values = new Object[order.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i == field ? value : i == other ? otherValue : order.get(i);
        }
        return Tuple.from(values);
    }

    private static com.esaulpaugh.headlong.abi.Address[] addresses(List<Address> addresses) {
        return addresses.stream().map(Contracts::abi).toArray(com.esaulpaugh.headlong.abi.Address[]::new);
    }

    @Override
    public void close() {
        chain.close();
    }

    /// Both, from one state on.
    private final class Run {
        private final List<String> outcomes = new ArrayList<>();
        private State state;
        private long block;
        private Instant time;

        Run(State state, TwinChain.Mined newest) {
            this.state = state;
            this.block = newest.block();
            this.time = newest.time();
        }

        Rules.Moment moment(Duration pause, boolean hurries, boolean dawdles) {
            if (hurries) {
                return new Rules.Moment(time, block, chain::hash);
            }
            var skipped = dawdles ? Draw.MEMORY : 0;
            return new Rules.Moment(time.plus(pause).plusSeconds(skipped), block + skipped + 1, chain::hash);
        }

        void must(Address sender, Transaction transaction) throws InterruptedException {
            must(sender, new Act.Common(transaction));
        }

        void must(Address sender, Act act) throws InterruptedException {
            step(new Step(Duration.ofSeconds(1), false, false, new Traffic.Call(sender, act)))
                    .ifPresent(disagreement -> {
                        throw new AssertionError(disagreement);
                    });
        }

        /// Both do it; says how they disagree.
        Optional<String> step(Step step) throws InterruptedException {
            var moment = moment(step.pause(), step.hurries(), step.dawdles());
            if (step.dawdles()) {
                var skipped = chain.mine(Draw.MEMORY);
                block = skipped.block();
                time = skipped.time();
            }
            var sender = step.call().sender();
            var act = step.call().act();
            var call = TwinCalls.of(act, sender, deployment);
            Rules.Outcome outcome;
            try {
                outcome = Rules.apply(state, sender, act, moment);
            } catch (Refused refused) {
                outcomes.add(refused.error());
                var answer = step.hurries()
                        ? chain.ask(sender, call)
                        : chain.ask(sender, call, moment.block(), moment.now());
                return answer.success()
                        ? Optional.of("the contracts do what the model refuses: " + said(refused))
                        : difference("the refusal", said(TwinChain.refused(answer.data(), hub)), said(refused));
            }
            if (step.hurries()) {
                var answer = chain.ask(sender, call);
                return answer.success() ? Optional.empty() : Optional.of(refusal(answer));
            }
            var mined = chain.send(sender, call, moment.now());
            block = mined.block();
            time = mined.time();
            if (!mined.success()) {
                return Optional.of(refusal(chain.ask(sender, call)));
            }
            if (block != moment.block() || !time.equals(moment.now())) {
                throw new IllegalStateException("block %d at %s is not %s".formatted(block, time, moment));
            }
            outcomes.add((act instanceof Act.Common(var transaction) ? transaction : act)
                    .getClass()
                    .getSimpleName());
            state = outcome.state();
            return difference("the log", logs(mined), outcome.logs())
                    .or(() -> difference("what clients hear", events(mined), outcome.events()));
        }

        private String refusal(TwinChain.Answer answer) {
            return "the contracts refuse what the model does: "
                    + (answer.success() ? "later, they do it" : said(TwinChain.refused(answer.data(), hub)));
        }

        private static String said(Refused refused) {
            return refused.error() + new TreeMap<>(refused.values());
        }

        private static Optional<String> difference(String what, Object is, Object should) {
            return is.equals(should)
                    ? Optional.empty()
                    : Optional.of("%s on chain is%n    %s%n  and in the model%n    %s".formatted(what, is, should));
        }

        private List<Rules.Log> logs(TwinChain.Mined mined) {
            return mined.logs().stream().map(this::log).toList();
        }

        private Rules.Log log(JsonNode log) {
            var source = Address.parse(log.path("address").asString(""));
            var topics =
                    log.path("topics").valueStream().map(JsonNode::asString).toList();
            var topic = Bytes32.parse(topics.getFirst());
            var event = Stream.of(artifact(source), Contracts.WORKERPOOL, OUTSIDER)
                    .flatMap(contract -> contract.event(topic).stream())
                    .findFirst()
                    .orElseThrow(() -> new Malformed("nobody knows the log " + log));
            var values = event.decodeArgs(
                    topics.stream().map(each -> Bytes.parse(each).bytes()).toArray(byte[][]::new),
                    Bytes.parse(log.path("data").asString("")).bytes());
            return new Rules.Log(source, event.getName(), TwinViews.flat(values));
        }

        private Artifact artifact(Address source) {
            return source.equals(deployment.hub())
                    ? hub
                    : source.equals(deployment.token()) ? Contracts.TOKEN : Contracts.APPS;
        }

        /// What the adapter makes of it.
        private List<Event> events(TwinChain.Mined mined) {
            return mined.logs().stream()
                    .flatMap(log -> {
                        try {
                            return Events.of(
                                    log,
                                    deployment,
                                    id -> Optional.ofNullable(state.deals().get(id)))
                                    .stream();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    })
                    .toList();
        }

        /// All that one can see.
        Optional<String> compare(List<Transaction.Match> matches) throws InterruptedException {
            var everyone = Stream.concat(
                            people.stream().map(Person::address),
                            Stream.concat(outsiders.stream(), TwinViews.others(deployment).stream()))
                    .toList();
            var differences =
                    new ArrayList<>(TwinViews.differences(chain, state, deployment, hub, everyone, matches, outcomes));
            if (money == Money.COIN) {
                var balances = chain.balances(everyone);
                for (int i = 0; i < balances.size(); i++) {
                    var should = state.wallet(everyone.get(i)).nano().multiply(GWEI);
                    // Where fees go that nobody pays.
                    if (!balances.get(i).equals(should)) {
                        differences.add(
                                "%s has %s wei and should have %s".formatted(everyone.get(i), balances.get(i), should));
                    }
                }
            }
            return differences.isEmpty() ? Optional.empty() : Optional.of(String.join("\n  ", differences));
        }

        /// Deals, tasks and assets as the adapter reads them.
        Optional<String> compareThroughTheAdapter() {
            try (var adapter = RpcChain.connect(chain.uri(), deployment)) {
                var next = moment(Duration.ofSeconds(1), false, false);
                for (var deal : state.deals().values()) {
                    var read = adapter.deal(deal.id());
                    if (!read.equals(Optional.of(deal))) {
                        return difference("a deal", read, deal);
                    }
                }
                for (var task : state.tasks().values()) {
                    var read = adapter.tasks(List.of(new Chain.Index(task.deal(), task.index())))
                            .getFirst();
                    var should = shown(task, next);
                    if (!read.equals(should)) {
                        return difference("a task", read, should);
                    }
                }
                return Optional.empty();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private Task shown(Task task, Rules.Moment next) {
            return task instanceof Task.Revealing waiting && Rules.auditDue(state, task.id(), next)
                    ? new Task.AuditDue(
                            waiting.id(),
                            waiting.deal(),
                            waiting.index(),
                            waiting.consensus(),
                            waiting.revealDeadline(),
                            waiting.contributions())
                    : task;
        }
    }
}
