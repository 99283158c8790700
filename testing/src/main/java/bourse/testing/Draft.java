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
import java.util.stream.Stream;
import org.pcollections.PMap;
import org.pcollections.PVector;

/// The next state while one transaction makes it, and the escrow's verbs. Forgotten if the transaction is refused.
final class Draft {
    /// The width of an amount in the contracts.
    private static final Rlc MAX_AMOUNT = new Rlc(BigInteger.TWO.pow(96).subtract(BigInteger.ONE));
    /// An allowance of tokens that is never used up.
    private static final Rlc ENDLESS = new Rlc(BigInteger.TWO.pow(256).subtract(BigInteger.ONE));

    final Market market;
    final Address sender;
    final Rules.Moment moment;
    final Instant now;
    final List<Event> events = new ArrayList<>();
    final List<Rules.Log> logs = new ArrayList<>();
    PMap<Address, Rlc> tokens;
    PMap<Address, Account> accounts;
    PMap<Address, Long> scores;
    PVector<Asset> assets;
    PMap<Bytes32, Long> consumed;
    PMap<DealId, Deal> deals;
    PMap<TaskId, Task> tasks;
    PMap<TaskId, Digest> digests;
    PMap<TaskId, State.Vote> votes;
    PVector<State.Callback> callbacks;
    State.Settings settings;
    State.Permissions permissions;
    private final PMap<Address, State.Outsider> outsiders;

    Draft(State before, Address sender, Rules.Moment moment) {
        this.market = before.market();
        this.sender = sender;
        this.moment = moment;
        this.now = moment.now();
        this.tokens = before.tokens();
        this.accounts = before.accounts();
        this.scores = before.scores();
        this.assets = before.assets();
        this.consumed = before.consumed();
        this.deals = before.deals();
        this.tasks = before.tasks();
        this.digests = before.digests();
        this.votes = before.votes();
        this.callbacks = before.callbacks();
        this.settings = before.settings();
        this.permissions = before.permissions();
        this.outsiders = before.outsiders();
    }

    State state() {
        return new State(
                market,
                tokens,
                accounts,
                scores,
                assets,
                consumed,
                deals,
                tasks,
                digests,
                votes,
                callbacks,
                settings,
                permissions,
                outsiders);
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

    State.Vote vote(TaskId task) {
        return votes.getOrDefault(task, State.Vote.NONE);
    }

    Rlc allowance(Address contract, Address owner, Address spender) {
        return permissions.allowances().getOrDefault(new State.Grant(contract, owner, spender), Rlc.ZERO);
    }

    <A extends Asset> Optional<A> asset(Class<A> kind, Address address) {
        return assets.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .filter(asset -> asset.address().equals(address))
                .findFirst();
    }

    /// The contract at `address`, if it is one of somebody's.
    Optional<State.Outsider> outsider(Address address) {
        return Optional.ofNullable(outsiders.get(address));
    }

    /* SAYING */

    /// Something happened that clients hear of.
    ///
    /// @param values the log's, in its order
    void say(Event event, String log, Object... values) {
        events.add(event);
        log(log, values);
    }

    void log(String name, Object... values) {
        logOf(market.hub(), name, values);
    }

    void logOf(Address contract, String name, Object... values) {
        logs.add(new Rules.Log(
                contract,
                name,
                Stream.of(values)
                        // Not for people: digits do.
                        .map(value -> value instanceof Address address ? "0x" + address.hex() : text(value))
                        .toList()));
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
        if (!market.isNative()) {
            logOf(market.token(), "Transfer", from, to, amount);
        }
    }

    /// The market takes tokens that it was allowed to take.
    void collect(Address from, Rlc amount) throws Refused {
        var allowance = allowance(market.token(), from, market.hub());
        if (!allowance.equals(ENDLESS)) {
            require(
                    allowance.covers(amount),
                    "ERC20InsufficientAllowance",
                    "spender",
                    market.hub(),
                    "allowance",
                    allowance,
                    "needed",
                    amount);
            allow(market.token(), from, market.hub(), allowance.minus(amount));
        }
        transfer(from, market.hub(), amount);
    }

    void allow(Address contract, Address owner, Address spender, Rlc amount) {
        permissions = new State.Permissions(
                permissions.presigned(),
                permissions.allowances().plus(new State.Grant(contract, owner, spender), amount),
                permissions.keepers(),
                permissions.operators());
    }

    /// Money enters the market.
    void mint(Address to, Rlc amount) throws Refused {
        require(!to.isZero(), "NoAccount");
        amount(state().supply().plus(amount(amount)));
        free(to, amount);
        moved(Address.ZERO, to, amount);
    }

    /// Money leaves the market.
    void burn(Address from, Rlc amount) throws Refused {
        take(from, amount);
        moved(from, Address.ZERO, amount);
    }

    /// From one account to another.
    void move(Address from, Address to, Rlc amount) throws Refused {
        require(!to.isZero(), "NoAccount");
        take(from, amount);
        free(to, amount);
        moved(from, to, amount);
    }

    private void free(Address owner, Rlc amount) {
        var account = account(owner);
        accounts = accounts.plus(owner, new Account(account.free().plus(amount), account.locked()));
    }

    private void take(Address owner, Rlc amount) throws Refused {
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

    private void moved(Address from, Address to, Rlc amount) {
        say(new Event.Moved(from, to, amount), "Transfer", from, to, amount);
    }

    void lock(Address owner, Rlc amount) throws Refused {
        if (!amount.isZero()) {
            take(owner, amount);
            var account = account(owner);
            accounts = accounts.plus(
                    owner, new Account(account.free(), account.locked().plus(amount)));
            moved(owner, market.hub(), amount);
            log("Lock", owner, amount);
        }
    }

    void unlock(Address owner, Rlc amount) {
        if (!amount.isZero()) {
            var account = account(owner);
            accounts = accounts.plus(
                    owner,
                    new Account(account.free().plus(amount), account.locked().minus(amount)));
            moved(market.hub(), owner, amount);
            log("Unlock", owner, amount);
        }
    }

    /// Takes what was locked away from its owner. It goes to others.
    void seize(Address owner, Rlc amount, TaskId task) {
        if (!amount.isZero()) {
            var account = account(owner);
            accounts = accounts.plus(
                    owner, new Account(account.free(), account.locked().minus(amount)));
            say(new Event.Seized(owner, amount, task.value()), "Seize", owner, amount, task);
        }
    }

    /// Gives what was seized.
    void reward(Address owner, Rlc amount, TaskId task) {
        if (!amount.isZero()) {
            free(owner, amount);
            moved(market.hub(), owner, amount);
            say(new Event.Rewarded(owner, amount, task.value()), "Reward", owner, amount, task);
        }
    }

    /// What the kitty gets stays locked until a task succeeds.
    void toKitty(Rlc amount, TaskId task) {
        if (!amount.isZero()) {
            var kitty = account(Market.KITTY);
            accounts = accounts.plus(
                    Market.KITTY, new Account(kitty.free(), kitty.locked().plus(amount)));
            say(new Event.Rewarded(Market.KITTY, amount, task.value()), "Reward", Market.KITTY, amount, task);
            log("Lock", Market.KITTY, amount);
        }
    }
}
