package bourse.testing;

import bourse.protocol.Account;
import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Category;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Digest;
import bourse.protocol.Rlc;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/// Everything that the contracts know, as one value: [Rules] makes the next one of it.
///
/// @param tokens what everyone holds outside of the market, the market itself included
/// @param assets apps, datasets and workerpools, in the order of their making
/// @param consumed how much of an order's volume is used up, by its hash
/// @param tasks those that were initialized
/// @param digests what was revealed
/// @param callbacks what callbacks were told
public record State(
        Market market,
        PMap<Address, Rlc> tokens,
        PMap<Address, Account> accounts,
        PMap<Address, Long> scores,
        PVector<Asset> assets,
        PMap<Bytes32, Long> consumed,
        PMap<DealId, Deal> deals,
        PMap<TaskId, Task> tasks,
        PMap<TaskId, Digest> digests,
        PVector<Callback> callbacks) {

    /// By their number; the market's owner has made them.
    public static final List<Category> CATEGORIES = List.of(
            category(0, "XS", "5 minutes", 300),
            category(1, "S", "20 minutes", 1_200),
            category(2, "M", "1 hour", 3_600),
            category(3, "L", "3 hours", 10_800),
            category(4, "XL", "10 hours", 36_000));

    /// A contract was told the result of a task.
    public record Callback(TaskId task, Address contract, Bytes data) {}

    /// Nothing has happened yet, and `tokens` are in people's hands.
    public static State genesis(Market market, Map<Address, Rlc> tokens) {
        return new State(
                market,
                HashTreePMap.from(tokens),
                HashTreePMap.empty(),
                HashTreePMap.empty(),
                TreePVector.empty(),
                HashTreePMap.empty(),
                HashTreePMap.empty(),
                HashTreePMap.empty(),
                HashTreePMap.empty(),
                TreePVector.empty());
    }

    public Account account(Address owner) {
        return accounts.getOrDefault(owner, Account.EMPTY);
    }

    public Rlc wallet(Address owner) {
        return tokens.getOrDefault(owner, Rlc.ZERO);
    }

    public long score(Address worker) {
        return scores.getOrDefault(worker, 0L);
    }

    /// As if `worker` had earned this score.
    public State withScore(Address worker, long score) {
        return new State(
                market,
                tokens,
                accounts,
                scores.plus(worker, score),
                assets,
                consumed,
                deals,
                tasks,
                digests,
                callbacks);
    }

    /// The task at `index` of `deal`, also if nobody has initialized it.
    public Task task(Deal deal, long index) {
        var id = deal.task(index);
        return tasks.getOrDefault(id, new Task.Unset(id, deal.id(), index));
    }

    /// All that accounts have, free and locked.
    public Rlc supply() {
        return accounts.values().stream()
                .map(account -> account.free().plus(account.locked()))
                .reduce(Rlc.ZERO, Rlc::plus);
    }

    private static Category category(long id, String name, String description, int seconds) {
        return new Category(id, name, description, Duration.ofSeconds(seconds));
    }
}
