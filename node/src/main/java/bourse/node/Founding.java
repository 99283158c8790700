package bourse.node;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Chain;
import bourse.protocol.Event;
import bourse.protocol.OrderBook;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import bourse.scheduler.Checks;
import bourse.scheduler.Offers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/// What must stand on chain before a pool or a worker can do anything: its registration, its offers, a deposit.
final class Founding {
    private Founding() {}

    /// The pool that the settings name, or the one that `file` remembers if it is as the settings want it, or a new
    /// one; with an offer for each category in the chain's log.
    ///
    /// @param log the book that this is
    /// @throws Problem if the pool belongs to somebody else, or is none
    static Address pool(Chain chain, OrderBook log, Wallet owner, Settings.Pool settings, Path file)
            throws IOException, Problem, Refused, InterruptedException {
        var workerpool = settings.registered().isPresent()
                ? named(chain, owner, settings.registered().get())
                : remembered(chain, owner, settings, file);
        offers(workerpool, settings).publish(chain, log, owner);
        return workerpool;
    }

    static Offers offers(Address workerpool, Settings.Pool settings) {
        return new Offers(workerpool, settings.pricePerMinute(), settings.trust());
    }

    private static Address named(Chain chain, Wallet owner, Address address) throws Problem, InterruptedException {
        var pool = chain.workerpool(address)
                .orElseThrow(() -> new Problem(
                        Problem.REFUSED,
                        "pool.address %s is no workerpool of this market; leave it empty to register one"
                                .formatted(address)));
        if (!pool.owner().equals(owner.address())) {
            throw new Problem(
                    Problem.REFUSED,
                    "the pool %s belongs to %s, and the wallet here is %s: a scheduler needs its owner's wallet"
                            .formatted(address, pool.owner(), owner.address()));
        }
        return address;
    }

    private static Address remembered(Chain chain, Wallet owner, Settings.Pool settings, Path file)
            throws IOException, Refused, InterruptedException {
        if (Files.exists(file)) {
            var known = chain.workerpool(Address.parse(Files.readString(file).strip()));
            if (known.filter(pool -> suits(pool, owner, settings)).isPresent()) {
                return known.get().address();
            }
        }
        var receipt = chain.submit(owner, new Transaction.CreateWorkerpool("a pool of Bourse"));
        var workerpool = receipt.event(Event.Registered.class).asset();
        chain.submit(owner, new Transaction.SetPolicy(workerpool, settings.workerStake(), settings.schedulerReward()));
        Files.writeString(file, workerpool.toString());
        return workerpool;
    }

    private static boolean suits(Asset.Workerpool pool, Wallet owner, Settings.Pool settings) {
        return pool.owner().equals(owner.address())
                && pool.workerStakeRatio() == settings.workerStake()
                && pool.schedulerRatio() == settings.schedulerReward();
    }

    /// In whose names the pool buys checks.
    static Checks checks(Home home, Settings.Pool settings) throws Problem {
        var buyers = new ArrayList<Wallet>();
        for (int i = 1; settings.checks() > 0 && i <= settings.buyers(); i++) {
            buyers.add(home.wallet("buyer-" + i));
        }
        return new Checks(buyers, settings.checks());
    }

    /// Puts tokens of the wallet into the market, so that it has `wanted` free there.
    ///
    /// @param gas what it keeps of them, where they are the coins that gas is paid with
    /// @return what it has free then, which is less if it has no more tokens
    static Rlc deposit(Chain chain, Wallet wallet, Rlc wanted, Rlc gas) throws Refused, InterruptedException {
        var free = chain.account(wallet.address()).free();
        var has = chain.wallet(wallet.address());
        var tokens = has.covers(gas) ? has.minus(gas) : Rlc.ZERO;
        if (!free.covers(wanted)) {
            var missing = wanted.minus(free);
            var amount = tokens.covers(missing) ? missing : tokens;
            if (!amount.isZero()) {
                chain.submit(wallet, new Transaction.Deposit(amount));
            }
        }
        return chain.account(wallet.address()).free();
    }
}
