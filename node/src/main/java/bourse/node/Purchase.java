package bourse.node;

import bourse.classad.ClassAdException;
import bourse.classad.Form;
import bourse.classad.Limits;
import bourse.classad.Parser;
import bourse.classad.Semantics;
import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Chain;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Event;
import bourse.protocol.InputFile;
import bourse.protocol.Malformed;
import bourse.protocol.News;
import bourse.protocol.Order;
import bourse.protocol.OrderBook.Offer;
import bourse.protocol.OrderBook.Slice;
import bourse.protocol.Params;
import bourse.protocol.Query;
import bourse.protocol.Query.Party;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Tag;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import bourse.sandbox.Program;
import bourse.sandbox.Sandbox;
import bourse.sandbox.oci.Reference;
import bourse.sandbox.oci.Unusable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Buys runs of a program: looks at everything that can be seen beforehand, then signs and matches orders.
///
/// @param market where
/// @param requester who asks, pays and reads
public record Purchase(Market market, Wallet requester, Progress progress) {
    private static final long LARGEST_PROGRAM = 64L << 20;
    private static final int APPS = 1000;
    /// How many offers are looked at, the cheapest first.
    private static final int CANDIDATES = 50;
    /// How long it waits for a sponsor before it looks again; what the chain tells it sees at once.
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Parser PARSER =
            new Parser(Form.NEW, Semantics.OLD, new Limits(8_000, 100, 200, 1_000, 200, 20_000, 1 << 20, 100_000));

    /// What is wanted.
    ///
    /// @param program a WASI program, or an image by its digest
    /// @param inputs files that it may read
    /// @param volume how many tasks
    /// @param most the most that a task may cost
    /// @param callback the contract that is told the result, or [Address#ZERO]
    /// @param tag which kinds of machines it asks for, as every order may
    /// @param needs what a machine must have, as the pool reads it in the params
    public record Wish(
            Program program,
            List<String> arguments,
            List<Path> inputs,
            long volume,
            long trust,
            String category,
            Optional<Rlc> most,
            Address callback,
            Tag tag,
            Params.Needs needs) {
        /// Of a WASI program that any machine runs.
        public Wish(
                Path program,
                List<String> arguments,
                List<Path> inputs,
                long volume,
                long trust,
                String category,
                Optional<Rlc> most,
                Address callback) {
            this(
                    new Program.Wasm(program),
                    arguments,
                    inputs,
                    volume,
                    trust,
                    category,
                    most,
                    callback,
                    Tag.NONE,
                    Params.Needs.NONE);
        }
    }

    /// What was bought.
    ///
    /// @param gas of each transaction that led to it
    public record Bought(Deal deal, Asset.App app, Map<String, Long> gas) {}

    /// What can be refused without a market: the files, and a program that no sandbox runs.
    public static void check(Wish wish) throws Problem {
        expression("--requirements", wish.needs().requirements());
        expression("--rank", wish.needs().rank());
        try {
            switch (wish.program()) {
                case Program.Wasm(var file) -> check(file);
                case Program.Image image -> reference(image);
            }
            for (var input : wish.inputs()) {
                if (!Files.isRegularFile(input)) {
                    throw new Problem(Problem.REFUSED, "there is no input file " + input);
                }
            }
        } catch (IOException e) {
            throw new Problem(Problem.REFUSED, "a file can not be read: " + e.getMessage(), e);
        }
    }

    /// As a pool reads it.
    private static void expression(String option, String text) throws Problem {
        try {
            if (!text.isEmpty()) {
                var _ = PARSER.expression(text);
            }
        } catch (ClassAdException.Syntax e) {
            throw new Problem(
                    Problem.REFUSED,
                    "%s is no expression of ClassAds (docs/classad.md): %s".formatted(option, e.getMessage()),
                    e);
        }
    }

    private static void check(Path program) throws Problem, IOException {
        if (!Files.isRegularFile(program)) {
            throw new Problem(Problem.REFUSED, "there is no program " + program);
        }
        if (Files.size(program) > LARGEST_PROGRAM) {
            throw new Problem(Problem.REFUSED, "a program takes at most 64 MiB: " + program);
        }
        var refusal = Sandbox.inspect(Files.readAllBytes(program));
        if (refusal.isPresent()) {
            throw new Problem(
                    Problem.REFUSED,
                    "%s can not run here: %s".formatted(program, refusal.get().message()));
        }
    }

    private static Reference reference(Program.Image image) throws Problem {
        try {
            return Reference.of(image);
        } catch (Unusable e) {
            throw new Problem(
                    Problem.REFUSED,
                    e.getMessage()
                            + " `docker image inspect --format '{{index .RepoDigests 0}}' IMAGE` tells it once the image"
                            + " is pulled or pushed; so does podman",
                    e);
        }
    }

    /// @throws Problem if it can not be bought; then nothing was spent
    public Bought buy(Wish wish) throws Problem, InterruptedException {
        return telling(() -> {
            var gas = new LinkedHashMap<String, Long>();
            var offer = choose(wish);
            pay(offer, wish, gas);
            var app = app(wish, gas);
            progress.say("orders: app %s, pool %s at %s a task"
                    .formatted(
                            app.address().brief(),
                            offer.order().order().workerpool().brief(),
                            offer.order().order().workerpoolprice()));
            var deal = match(wish, offer, app);
            say(deal);
            return new Bought(deal, app, gas);
        });
    }

    /// Shows everyone a request that `sponsor` alone can match, and beside it an offer of the app that serves this
    /// requester alone; then waits until he has paid, by a [Sponsorship] or as he likes. He may take a part of the
    /// volume; the rest stays his to take.
    ///
    /// @throws Problem if it can not be asked for: the book wants the sponsor to have the money for one task
    public Bought sponsored(Wish wish, Address sponsor) throws Problem, InterruptedException {
        return telling(() -> {
            var gas = new LinkedHashMap<String, Long>();
            var offer = choose(wish);
            var app = app(wish, gas);
            var domain = market.chain().domain();
            var request = request(wish, offer, app).sponsoredBy(sponsor);
            market.book()
                    .publish(
                            requester,
                            domain.sign(Order.App.to(requester.address(), app.address(), wish.volume()), requester));
            var hash = market.book().publish(requester, domain.sign(request, requester));
            progress.say(
                    "request %s waits in the book for %s, who pays at most %s: `bourse order sponsor`; `bourse order cancel` takes it back"
                            .formatted(hash, sponsor, request.maxPrice().times(wish.volume())));
            var deal = await(DealId.of(hash, 0));
            say(deal);
            return new Bought(deal, app, gas);
        });
    }

    private interface Buying {
        Bought buy() throws Problem, Refused, IOException, InterruptedException;
    }

    /// Tells what went wrong as a problem of whoever wants to buy.
    private static Bought telling(Buying buying) throws Problem, InterruptedException {
        try {
            return buying.buy();
        } catch (Refused | Malformed e) {
            throw new Problem(Problem.REFUSED, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new Problem(Problem.BROKEN, "storage failed: " + e.getMessage(), e);
        }
    }

    private Deal await(DealId id) throws InterruptedException {
        var head = market.chain().head();
        var cursor = new News.Cursor(head.number(), head.hash());
        var deal = market.chain().deal(id);
        while (deal.isEmpty()) {
            cursor = market.chain().news(cursor, PATIENCE).cursor();
            deal = market.chain().deal(id);
        }
        return deal.get();
    }

    private void say(Deal deal) {
        progress.say("deal %s: %s, trust %d".formatted(deal.id(), tasks(deal.volume()), deal.trust()));
    }

    /// The cheapest offer that serves the wish. What the book says is looked up on chain, for a book may err.
    private Offer choose(Wish wish) throws Problem, InterruptedException {
        var category = market.chain().categories().stream()
                .filter(one -> one.name().equals(wish.category()))
                .findFirst()
                .orElseThrow(() -> new Problem(
                        Problem.REFUSED, "there is no category %s; try XS, S, M, L or XL".formatted(wish.category())));
        var query = new Query.Workerpools(
                Optional.of(category.id()),
                Optional.empty(),
                Optional.empty(),
                wish.trust(),
                Party.EVERYONE,
                Party.EVERYONE,
                new Party.One(requester.address(), false),
                new Query.Fit(wish.tag(), Optional.empty(), wish.volume()),
                new Slice(0, CANDIDATES));
        var best = best(query);
        var price = best.order().order().workerpoolprice();
        if (wish.most().isPresent() && !wish.most().get().covers(price)) {
            throw new Problem(
                    Problem.REFUSED,
                    "the cheapest pool asks %s a task, more than --max-price %s"
                            .formatted(price, wish.most().get().decimal()));
        }
        return best;
    }

    /// @throws Problem if there is none
    private Offer best(Query.Workerpools query) throws Problem, InterruptedException {
        var volume = query.fit().minVolume();
        var tag = query.fit().minTag();
        var good = new ArrayList<Offer>();
        for (var candidate : market.book().query(query).orders()) {
            if (query.admits(candidate) && stands(market.chain(), candidate.order(), volume)) {
                var offer = new Offer(candidate.order(), candidate.remaining());
                if (isFunded(offer.order().order(), volume)) {
                    return offer;
                }
                good.add(offer);
            }
        }
        if (good.isEmpty()) {
            throw new Problem(
                    Problem.REFUSED,
                    "no pool offers %s of this category at trust %d%s; `bourse order book` shows what there is"
                            .formatted(
                                    tasks(volume), query.minTrust(), tag.equals(Tag.NONE) ? "" : " with tag " + tag));
        }
        return good.getFirst(); // the contracts say what its owner lacks
    }

    /// Whether the owner has signed an order, and so much of it is left: a book may err.
    static boolean stands(Chain chain, Signed<? extends Order> signed, long volume) throws InterruptedException {
        var order = signed.order();
        var owner = switch (order) {
            case Order.App o -> chain.app(o.app()).map(Asset::owner);
            case Order.Dataset o -> chain.dataset(o.dataset()).map(Asset::owner);
            case Order.Workerpool o -> chain.workerpool(o.workerpool()).map(Asset::owner);
            case Order.Request o -> Optional.of(o.requester());
        };
        return owner.isPresent()
                && order.volume() - chain.consumed(order) >= volume
                && chain.agreed(owner.get(), chain.domain().hash(order), signed.signature());
    }

    /// Whether its owner can stake for all tasks.
    private boolean isFunded(Order.Workerpool offer, long volume) throws InterruptedException {
        var pool = market.chain().workerpool(offer.workerpool()).orElseThrow();
        return market.chain().account(pool.owner()).free().covers(offer.stake().times(volume));
    }

    private void pay(Offer offer, Wish wish, Map<String, Long> gas) throws Problem, Refused, InterruptedException {
        var cost = offer.order().order().workerpoolprice().times(wish.volume());
        var deposited = cover(market, requester, cost, tasks(wish.volume()));
        deposited.ifPresent(used -> gas.put("deposit", used));
    }

    /// Sees to it that an account covers what `tasks` cost, from its owner's own tokens.
    ///
    /// @return the gas of a deposit, if one was needed
    static Optional<Long> cover(Market market, Wallet payer, Rlc cost, String tasks)
            throws Problem, Refused, InterruptedException {
        var free = market.chain().account(payer.address()).free();
        if (free.covers(cost)) {
            return Optional.empty();
        }
        var lacking = cost.minus(free);
        var tokens = market.chain().wallet(payer.address());
        if (!tokens.covers(lacking)) {
            throw new Problem(
                    Problem.REFUSED,
                    "%s cost %s; account %s has %s in the market and %s outside. Send it %s more, or ask for less"
                            .formatted(tasks, cost, payer.address(), free, tokens, lacking.minus(tokens)));
        }
        return Optional.of(
                market.chain().submit(payer, new Transaction.Deposit(lacking)).gas());
    }

    static String tasks(long volume) {
        return "%d %s".formatted(volume, volume == 1 ? "task" : "tasks");
    }

    /// The requester's own registered app of this program; registers it if there is none.
    private Asset.App app(Wish wish, Map<String, Long> gas) throws Problem, Refused, IOException, InterruptedException {
        var wanted = registration(wish.program());
        for (var app : market.chain().apps(APPS)) {
            if (app.owner().equals(requester.address()) && wanted.describes(app)) {
                return app;
            }
        }
        var receipt = market.chain().submit(requester, wanted);
        gas.put("createApp", receipt.gas());
        var address = receipt.event(Event.Registered.class).asset();
        return market.chain().app(address).orElseThrow();
    }

    /// As workers look for it: a program by its place in storage, an image by the name that engines pull.
    private Transaction.CreateApp registration(Program program) throws Problem, IOException {
        return switch (program) {
            case Program.Wasm(var file) -> {
                var cid = market.blobs().put(file);
                yield new Transaction.CreateApp(
                        file.getFileName().toString(), Asset.App.WASM, Bytes.utf8(cid.path()), cid.sha256());
            }
            case Program.Image image -> {
                var reference = reference(image);
                yield new Transaction.CreateApp(
                        reference.name(),
                        Asset.App.DOCKER,
                        Bytes.utf8(reference.toString()),
                        Bytes32.parse("0x" + reference.digest()));
            }
        };
    }

    private Deal match(Wish wish, Offer offer, Asset.App app) throws Refused, IOException, InterruptedException {
        var domain = market.chain().domain();
        var receipt = market.chain()
                .submit(
                        requester,
                        new Transaction.Match(
                                domain.sign(Order.App.open(app.address(), Rlc.ZERO, wish.volume()), requester),
                                new Signed<>(Order.Dataset.NONE, Bytes.EMPTY),
                                offer.order(),
                                domain.sign(request(wish, offer, app), requester)));
        DealId id = receipt.event(Event.Matched.class).deal();
        return market.chain().deal(id).orElseThrow();
    }

    private Order.Request request(Wish wish, Offer offer, Asset.App app) throws IOException {
        var inputs = new ArrayList<String>();
        for (var input : wish.inputs()) {
            var stored = new InputFile.Source.Stored(market.blobs().put(input));
            inputs.add(new InputFile(input.getFileName().toString(), stored).address());
        }
        return Order.Request.of(
                        app.address(),
                        offer.order().order(),
                        requester.address(),
                        wish.volume(),
                        wish.trust(),
                        wish.callback(),
                        new Params(wish.arguments(), inputs, wish.needs()).json(),
                        Bytes32.random())
                .withTag(wish.tag());
    }
}
