package bourse.scheduler;

import bourse.protocol.Chain;
import bourse.protocol.OrderBook;
import bourse.protocol.OrderRefused;
import bourse.protocol.Refused;
import bourse.protocol.Time;
import bourse.protocol.Wallet;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a pool's offers in a market's book: looks now and then whether they are there, and renews what is used up.
///
/// A book that is away, or takes no order, does not concern the pool: it is told again at the next look.
public final class Stall implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Stall.class);
    private static final Duration LOOK = Duration.ofSeconds(30);
    /// Who does not lead asks again whether he does.
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Offers offers;
    private final Chain chain;
    private final OrderBook log;
    private final OrderBook market;
    private final Wallet owner;
    private final Time time;
    private final CountDownLatch looked = new CountDownLatch(1);
    private final Thread loop;

    /// Begins at once.
    ///
    /// @param log the book that the chain's log is
    /// @param leads whether this scheduler is the one of its pool that sends transactions
    public Stall(
            Offers offers,
            Chain chain,
            OrderBook log,
            OrderBook market,
            Wallet owner,
            BooleanSupplier leads,
            Time time) {
        this.offers = offers;
        this.chain = chain;
        this.log = log;
        this.market = market;
        this.owner = owner;
        this.time = time;
        this.loop = Thread.ofVirtual().name("stall").start(() -> keep(leads));
    }

    /// Waits until the offers are there for the first time, or some time has passed: the book may be away.
    public void awaitOpen(Duration atMost) throws InterruptedException {
        if (!looked.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("the pool's offers are not in the market yet");
        }
    }

    private void keep(BooleanSupplier leads) {
        try {
            while (true) {
                if (leads.getAsBoolean()) {
                    look();
                    looked.countDown();
                    time.sleep(LOOK);
                } else {
                    time.sleep(SOON);
                }
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    private void look() throws InterruptedException {
        try {
            offers.publish(chain, log, owner);
            var listed =
                    offers.open(market).stream().map(signed -> signed.order()).toList();
            var free = chain.account(owner.address()).free();
            for (var offer : offers.unlisted(offers.open(log), listed, free)) {
                try {
                    market.publish(owner, offer);
                } catch (OrderRefused e) {
                    LOG.warn(
                            "the market does not take the pool's offer for category {}: {}",
                            offer.order().category(),
                            e.getMessage());
                }
            }
        } catch (Refused | RuntimeException e) {
            LOG.warn("the pool's offers are not all in the market; trying again: {}", e.toString(), e);
        }
    }

    @Override
    public void close() {
        loop.interrupt();
        try {
            loop.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
