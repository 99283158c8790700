package bourse.testing;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Authorization;
import bourse.protocol.Bytes;
import bourse.protocol.Cid;
import bourse.protocol.Deal;
import bourse.protocol.Digest;
import bourse.protocol.Draw;
import bourse.protocol.Event;
import bourse.protocol.Order;
import bourse.protocol.Receipt;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Sha256;
import bourse.protocol.Signed;
import bourse.protocol.Tag;
import bourse.protocol.TaskId;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A market with people in it: somebody with an app, a pool with its scheduler, a requester and some workers,
/// each with a thousand RLC in his account. The same seed gives the same people.
public final class Scene {
    /// What everyone has.
    public static final Rlc RICHES = Rlc.parse("1000");

    /// The app's bytes, for those who store it.
    public static final String PROGRAM = "the program of the scene";

    private final Generators generators;
    private final VirtualClock clock = VirtualClock.atNoon();
    private final Wallet developer;
    private final Wallet scheduler;
    private final Wallet requester;
    private final List<Wallet> workers;
    private final Model chain;
    private final Address app;
    private final Address workerpool;

    /// Nobody is audited.
    public Scene(long seed, int workers) throws Refused, InterruptedException {
        this(seed, workers, new Draw(0));
    }

    public Scene(long seed, int workers, Draw draw) throws Refused, InterruptedException {
        this.generators = new Generators(seed);
        this.developer = generators.wallet();
        this.scheduler = generators.wallet();
        this.requester = generators.wallet();
        this.workers = generators.list(workers, generators::wallet);
        var everyone = Stream.concat(Stream.of(developer, scheduler, requester), this.workers.stream())
                .toList();
        Map<Address, Rlc> tokens = new HashMap<>();
        everyone.forEach(wallet -> tokens.put(wallet.address(), RICHES));
        this.chain = Model.of(clock, tokens, draw);
        for (var wallet : everyone) {
            chain.submit(wallet, new Transaction.Deposit(RICHES));
        }
        var program = new Cid(Sha256.of(PROGRAM.getBytes(StandardCharsets.UTF_8)));
        this.app = registered(
                developer,
                new Transaction.CreateApp("app", Asset.App.WASM, Bytes.utf8(program.path()), program.sha256()));
        this.workerpool = registered(scheduler, new Transaction.CreateWorkerpool("pool"));
    }

    public VirtualClock clock() {
        return clock;
    }

    public Model chain() {
        return chain;
    }

    public Generators generators() {
        return generators;
    }

    public Wallet developer() {
        return developer;
    }

    public Wallet scheduler() {
        return scheduler;
    }

    public Wallet requester() {
        return requester;
    }

    public List<Wallet> workers() {
        return workers;
    }

    public Wallet worker(int number) {
        return workers.get(number);
    }

    public Address app() {
        return app;
    }

    public Address workerpool() {
        return workerpool;
    }

    /* WHAT PEOPLE DO */

    /// A request for `volume` tasks of category XS at a pool's price of 1 RLC, the app is free.
    public Order.Request request(long trust, long volume) {
        return request(trust, volume, "");
    }

    /// The same, for what `params` say.
    public Order.Request request(long trust, long volume, String params) {
        return new Order.Request(
                app,
                Rlc.ZERO,
                Address.ZERO,
                Rlc.ZERO,
                workerpool,
                Rlc.parse("1"),
                requester.address(),
                volume,
                Tag.NONE,
                0,
                trust,
                requester.address(),
                Address.ZERO,
                params,
                generators.word());
    }

    public Deal deal(long trust, long volume) throws Refused, InterruptedException {
        return deal(request(trust, volume));
    }

    /// Everyone agrees to `request`, at the prices that it offers.
    public Deal deal(Order.Request request) throws Refused, InterruptedException {
        var salt = generators.word();
        var domain = chain.domain();
        var receipt = chain.submit(
                requester,
                new Transaction.Match(
                        domain.sign(
                                new Order.App(
                                        app,
                                        request.appmaxprice(),
                                        request.volume(),
                                        request.tag(),
                                        Address.ZERO,
                                        Address.ZERO,
                                        Address.ZERO,
                                        salt),
                                developer),
                        new Signed<>(Order.Dataset.NONE, Bytes.EMPTY),
                        domain.sign(
                                new Order.Workerpool(
                                        workerpool,
                                        request.workerpoolmaxprice(),
                                        request.volume(),
                                        request.tag(),
                                        request.category(),
                                        request.trust(),
                                        Address.ZERO,
                                        Address.ZERO,
                                        Address.ZERO,
                                        salt),
                                scheduler),
                        domain.sign(request, requester)));
        return chain.deal(receipt.event(Event.Matched.class).deal()).orElseThrow();
    }

    /// A deal's tasks, all initialized.
    public List<TaskId> initialize(Deal deal) throws Refused, InterruptedException {
        var indexes = Stream.iterate(deal.first(), index -> index + 1)
                .limit(deal.volume())
                .toList();
        chain.submit(scheduler, new Transaction.Initialize(deal.id(), indexes));
        return indexes.stream().map(deal::task).toList();
    }

    /// One task of a deal at `trust`, initialized.
    public TaskId task(long trust) throws Refused, InterruptedException {
        return initialize(deal(trust, 1)).getFirst();
    }

    public Authorization authorize(Wallet worker, TaskId task) {
        return Authorization.sign(worker.address(), task, Address.ZERO, scheduler);
    }

    public Receipt contribute(Wallet worker, TaskId task, Digest digest) throws Refused, InterruptedException {
        return chain.submit(
                worker,
                new Transaction.Contribute(
                        authorize(worker, task), digest.hash(task), digest.seal(worker.address(), task)));
    }

    public Receipt reveal(Wallet worker, TaskId task, Digest digest) throws Refused, InterruptedException {
        return chain.submit(worker, new Transaction.Reveal(task, digest));
    }

    public Receipt finish(TaskId task) throws Refused, InterruptedException {
        return chain.submit(scheduler, new Transaction.Finalize(task, Bytes.EMPTY, Bytes.EMPTY));
    }

    /// As if `worker` had earned this score.
    public void score(Wallet worker, long score) {
        chain.amend(state -> state.withScore(worker.address(), score));
    }

    private Address registered(Wallet owner, Transaction transaction) throws Refused, InterruptedException {
        return chain.submit(owner, transaction).event(Event.Registered.class).asset();
    }
}
