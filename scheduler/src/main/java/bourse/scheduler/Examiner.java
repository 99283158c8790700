package bourse.scheduler;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Chain;
import bourse.protocol.DealId;
import bourse.protocol.Event;
import bourse.protocol.Order;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Tag;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import bourse.scheduler.Projection.Entry;
import bourse.scheduler.Recipes.Recipe;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Buys checks for the pool: tasks whose result it knows already, as deals like any other, in a name that is not
/// the pool's.
///
/// What a check's answer is stands in the tables before the deal stands on chain, so that every scheduler of the
/// pool knows it for what it is as soon as it sees it. Used by the loop's thread; what is sent runs beside it.
final class Examiner {
    private static final Logger LOG = LoggerFactory.getLogger(Examiner.class);
    /// How many are open at a time.
    private static final int MOST = 4;
    /// How many of the chain's newest apps are looked through for one's own.
    private static final int APPS = 1000;
    /// How long it rests when a purchase was refused, as for want of money.
    private static final Duration REST = Duration.ofMinutes(1);

    private final Chain chain;
    private final Replicates replicates;
    private final Wallet pool;
    private final Checks checks;
    private final ExecutorService threads;
    private final Counts counts;
    private final Recipes recipes = new Recipes();
    private final Queue<Word> words = new ConcurrentLinkedQueue<>();
    private long decided;
    private long bought;
    private boolean buying;
    private Instant rests = Instant.MIN;

    Examiner(Chain chain, Replicates replicates, Wallet pool, Checks checks, ExecutorService threads, Counts counts) {
        this.chain = chain;
        this.replicates = replicates;
        this.pool = pool;
        this.checks = checks;
        this.threads = threads;
        this.counts = counts;
    }

    /// What a purchase tells the loop.
    private sealed interface Word {
        /// It is about to be on chain under that name.
        record Asked(Recipe recipe, DealId copy) implements Word {}

        record Bought() implements Word {}

        record NotBought(Optional<DealId> copy) implements Word {}
    }

    /// A task has ended.
    ///
    /// @param failed whether its program did
    void ended(Entry entry, boolean failed) {
        if (checks.areBought()) {
            listen(Instant.MIN);
            if (entry.deal().trust() > 1 && !recipes.isCopy(entry.deal().id())) {
                decided++;
            }
            recipes.ended(entry, failed);
        }
    }

    /// The chain took blocks back: nobody knows which copies are left.
    void rewound() {
        recipes.dropAll();
    }

    /// Buys a check if one is due.
    ///
    /// @param stuck whether tasks wait for somebody to be trusted: then one is due in any case
    void buy(boolean stuck, Instant now) {
        listen(now);
        boolean due = bought < checks.share() * decided || (stuck && recipes.underway() == 0);
        if (checks.areBought() && due && !buying && recipes.underway() < MOST && !now.isBefore(rests)) {
            recipes.next(checks.random()).ifPresent(this::order);
        }
    }

    private void listen(Instant now) {
        for (var word = words.poll(); word != null; word = words.poll()) {
            switch (word) {
                case Word.Asked asked -> recipes.ask(asked.recipe(), asked.copy());
                case Word.Bought _ -> {
                    bought++;
                    buying = false;
                }
                case Word.NotBought not -> {
                    not.copy().ifPresent(recipes::drop);
                    rests = now.plus(REST);
                    buying = false;
                }
            }
        }
    }

    private void order(Recipe recipe) {
        var buyer = checks.buyers().get(checks.random().nextInt(checks.buyers().size()));
        buying = true;
        threads.execute(() -> {
            var name = new AtomicReference<DealId>();
            try {
                order(recipe, buyer, name);
                counts.checks.increment();
                words.add(new Word.Bought());
                return;
            } catch (Refused e) {
                LOG.warn(
                        "no check could be bought in the name of {}: {}. Send it RLC, and what its chain takes for"
                                + " gas, or set pool.checks = 0",
                        buyer.address(),
                        e.getMessage());
            } catch (RuntimeException e) {
                LOG.warn("buying a check failed: {}", e.toString(), e);
            } catch (InterruptedException _) {
                return; // closing
            }
            words.add(new Word.NotBought(Optional.ofNullable(name.get())));
        });
    }

    private void order(Recipe recipe, Wallet buyer, AtomicReference<DealId> name) throws Refused, InterruptedException {
        var deal = recipe.of().deal();
        pay(buyer, deal.workerpool().price());
        var app = app(buyer, recipe.of().app());
        var domain = chain.domain();
        var offer = new Order.Workerpool(
                deal.workerpool().asset(),
                deal.workerpool().price(),
                1,
                Tag.NONE,
                deal.category().id(),
                deal.trust(),
                Address.ZERO,
                Address.ZERO,
                buyer.address(),
                salt());
        var request =
                Order.Request.of(app, offer, buyer.address(), 1, deal.trust(), Address.ZERO, deal.params(), salt());
        var copy = DealId.of(domain.hash(request), 0);
        if (recipe.stage() == Recipes.Stage.KNOWN) {
            replicates.know(copy, recipe.answer());
        }
        name.set(copy);
        words.add(new Word.Asked(recipe, copy));
        chain.submit(
                buyer,
                new Transaction.Match(
                        domain.sign(
                                new Order.App(
                                        app, Rlc.ZERO, 1, Tag.NONE, Address.ZERO, Address.ZERO, Address.ZERO, salt()),
                                buyer),
                        new Signed<>(Order.Dataset.NONE, Bytes.EMPTY),
                        domain.sign(offer, pool),
                        domain.sign(request, buyer)));
    }

    private Bytes32 salt() {
        var salt = new byte[32];
        checks.random().nextBytes(salt);
        return Bytes32.of(salt);
    }

    /// Sees to it that the buyer's account covers a task, from his own tokens; the contracts say if it can not.
    private void pay(Wallet buyer, Rlc price) throws Refused, InterruptedException {
        var free = chain.account(buyer.address()).free();
        if (!free.covers(price)) {
            chain.submit(buyer, new Transaction.Deposit(price.minus(free)));
        }
    }

    /// The same program, registered by the buyer as requesters do.
    private Address app(Wallet buyer, Asset.App model) throws Refused, InterruptedException {
        var wanted = new Transaction.CreateApp(model.name(), model.type(), model.location(), model.checksum());
        for (var app : chain.apps(APPS)) {
            if (app.owner().equals(buyer.address()) && wanted.describes(app)) {
                return app.address();
            }
        }
        return chain.submit(buyer, wanted).event(Event.Registered.class).asset();
    }
}
