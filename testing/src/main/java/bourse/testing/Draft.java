package bourse.testing;

import bourse.protocol.Account;
import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Bytes32;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Digest;
import bourse.protocol.Event;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.pcollections.PMap;
import org.pcollections.PVector;

/// The next state while one transaction makes it, and the escrow's verbs. Forgotten if the transaction is refused.
final class Draft {
    /// The width of an amount in the contracts.
    private static final Rlc MAX_AMOUNT = new Rlc(BigInteger.TWO.pow(96).subtract(BigInteger.ONE));

    final Market market;
    final Address sender;
    final Instant now;
    final List<Event> events = new ArrayList<>();
    PMap<Address, Rlc> tokens;
    PMap<Address, Account> accounts;
    PMap<Address, Long> scores;
    PVector<Asset> assets;
    PMap<Bytes32, Long> consumed;
    PMap<DealId, Deal> deals;
    PMap<TaskId, Task> tasks;
    PMap<TaskId, Digest> digests;
    PVector<State.Callback> callbacks;

    Draft(State before, Address sender, Instant now) {
        this.market = before.market();
        this.sender = sender;
        this.now = now;
        this.tokens = before.tokens();
        this.accounts = before.accounts();
        this.scores = before.scores();
        this.assets = before.assets();
        this.consumed = before.consumed();
        this.deals = before.deals();
        this.tasks = before.tasks();
        this.digests = before.digests();
        this.callbacks = before.callbacks();
    }

    State state() {
        return new State(market, tokens, accounts, scores, assets, consumed, deals, tasks, digests, callbacks);
    }

    /* READING */

    Account account(Address owner) {
        return accounts.getOrDefault(owner, Account.EMPTY);
    }

    long score(Address worker) {
        return scores.getOrDefault(worker, 0L);
    }

    long consumed(Bytes32 order) {
        return consumed.getOrDefault(order, 0L);
    }

    <A extends Asset> Optional<A> asset(Class<A> kind, Address address) {
        return assets.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .filter(asset -> asset.address().equals(address))
                .findFirst();
    }

    /* REFUSING */

    /// @param values the error's values, each after its name
    static void require(boolean condition, String error, Object... values) throws Refused {
        if (!condition) {
            throw refusal(error, values);
        }
    }

    static Refused refusal(String error, Object... values) {
        var named = new LinkedHashMap<String, String>();
        for (int i = 0; i < values.length; i += 2) {
            named.put(values[i].toString(), text(values[i + 1]));
        }
        return new Refused(error, named, error + named);
    }

    private static String text(Object value) {
        return switch (value) {
            case Instant time -> Long.toString(time.getEpochSecond());
            case Rlc amount -> amount.nano().toString();
            default -> value.toString();
        };
    }

    /* MONEY */

    static Rlc amount(Rlc value) throws Refused {
        require(MAX_AMOUNT.covers(value), "AmountTooLarge", "amount", value, "max", MAX_AMOUNT);
        return value;
    }

    /// From somebody's tokens to somebody's tokens, outside of the market.
    void transfer(Address from, Address to, Rlc amount) throws Refused {
        var balance = tokens.getOrDefault(from, Rlc.ZERO);
        require(
                balance.covers(amount),
                "ERC20InsufficientBalance",
                "sender",
                from,
                "balance",
                balance,
                "needed",
                amount);
        tokens = tokens.plus(from, balance.minus(amount));
        tokens = tokens.plus(to, tokens.getOrDefault(to, Rlc.ZERO).plus(amount));
    }

    void free(Address owner, Rlc amount) {
        var account = account(owner);
        accounts = accounts.plus(owner, new Account(account.free().plus(amount), account.locked()));
    }

    void take(Address owner, Rlc amount) throws Refused {
        var account = account(owner);
        require(
                account.free().covers(amount),
                "InsufficientFree",
                "account",
                owner,
                "free",
                account.free(),
                "needed",
                amount);
        accounts = accounts.plus(owner, new Account(account.free().minus(amount), account.locked()));
    }

    void lock(Address owner, Rlc amount) throws Refused {
        take(owner, amount);
        var account = account(owner);
        accounts = accounts.plus(
                owner, new Account(account.free(), account.locked().plus(amount)));
    }

    void unlock(Address owner, Rlc amount) {
        var account = account(owner);
        accounts = accounts.plus(
                owner, new Account(account.free().plus(amount), account.locked().minus(amount)));
    }

    /// Takes what was locked away from its owner. It goes to others.
    void seize(Address owner, Rlc amount, TaskId task) {
        if (!amount.isZero()) {
            var account = account(owner);
            accounts = accounts.plus(
                    owner, new Account(account.free(), account.locked().minus(amount)));
            events.add(new Event.Seized(owner, amount, task.value()));
        }
    }

    /// Gives what was seized.
    void reward(Address owner, Rlc amount, TaskId task) {
        if (!amount.isZero()) {
            free(owner, amount);
            events.add(new Event.Rewarded(owner, amount, task.value()));
        }
    }

    /// What the kitty gets stays locked until a task succeeds.
    void toKitty(Rlc amount, TaskId task) {
        if (!amount.isZero()) {
            var kitty = account(Market.KITTY);
            accounts = accounts.plus(
                    Market.KITTY, new Account(kitty.free(), kitty.locked().plus(amount)));
            events.add(new Event.Rewarded(Market.KITTY, amount, task.value()));
        }
    }
}
