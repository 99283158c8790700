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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/// Everything that the contracts know, as one value: [Rules] makes the next one of it.
///
/// @param tokens what everyone holds outside of the market, the market itself included
/// @param assets apps, datasets and workerpools, in the order of their making
/// @param consumed how much of an order's volume is used up, by its hash
/// @param tasks those that were initialized; none of them is a [Task.AuditDue], for whether one is depends on the block
/// @param digests what was revealed
/// @param votes what else is known of the votes in tasks
/// @param callbacks what callbacks were told
/// @param outsiders contracts that are not the market's
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
        PMap<TaskId, Vote> votes,
        PVector<Callback> callbacks,
        Settings settings,
        Permissions permissions,
        PMap<Address, Outsider> outsiders) {

    /// By their number; the market's owner has made them.
    public static final List<Category> CATEGORIES = List.of(
            category(0, "XS", "5 minutes", 300),
            category(1, "S", "20 minutes", 1_200),
            category(2, "M", "1 hour", 3_600),
            category(3, "L", "3 hours", 10_800),
            category(4, "XL", "10 hours", 36_000));

    /// A contract was told the result of a task.
    public record Callback(TaskId task, Address contract, Bytes data) {}

    /// What is known of the vote in a task, beside the contributions.
    ///
    /// @param drawBlock where one worker has won alone, the block whose hash draws whether his result is checked
    /// @param audited whether a check was ever due
    /// @param won what has won, as long as that was not undone
    /// @param enclaves who contributed out of which
    public record Vote(OptionalLong drawBlock, boolean audited, Optional<Won> won, PMap<Address, Address> enclaves) {
        static final Vote NONE = new Vote(OptionalLong.empty(), false, Optional.empty(), HashTreePMap.empty());

        Vote won(Won consensus, OptionalLong draw) {
            return new Vote(draw.isPresent() ? draw : drawBlock, audited, Optional.of(consensus), enclaves);
        }

        /// Everything is open again.
        Vote undone(boolean audit) {
            return new Vote(audit ? OptionalLong.empty() : drawBlock, audited || audit, Optional.empty(), enclaves);
        }

        Vote in(Address enclave, Address worker) {
            return enclave.isZero() ? this : new Vote(drawBlock, audited, won, enclaves.plus(worker, enclave));
        }
    }

    /// A result that has won.
    public record Won(Bytes32 consensus, Instant revealDeadline) {}

    /// What the market's owner has chosen.
    ///
    /// @param owner [Address#ZERO] where there is none any more
    /// @param broker who authorizes contributions of enclaves in deals younger than `brokerSince`; zero: schedulers
    public record Settings(
            Address owner, Address broker, Instant brokerSince, long callbackGas, PVector<Category> categories) {
        /// As a market begins.
        public static Settings of(Address owner) {
            return new Settings(owner, Address.ZERO, Instant.EPOCH, 100_000, TreePVector.from(CATEGORIES));
        }
    }

    /// What people have allowed by a transaction.
    ///
    /// @param presigned who signed an order on chain, by its hash
    /// @param allowances of tokens, and of free money in the market
    /// @param keepers who may pass an asset on, beside its owner
    /// @param operators who may pass all assets of somebody on
    public record Permissions(
            PMap<Bytes32, Address> presigned,
            PMap<Grant, Rlc> allowances,
            PMap<Address, Address> keepers,
            PSet<Grant> operators) {
        static final Permissions NONE =
                new Permissions(HashTreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty(), HashTreePSet.empty());
    }

    /// Of `owner` to `spender`, in one of the market's contracts.
    public record Grant(Address contract, Address owner, Address spender) {}

    /// A contract of somebody's.
    ///
    /// @param agreeable it takes what is sent to it, and agrees to any hash that is its own signature (ERC-1271)
    /// @param members whom it knows as members of a group (ERC-734)
    public record Outsider(boolean agreeable, Set<Address> members) {
        public Outsider {
            members = Set.copyOf(members);
        }
    }

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
                HashTreePMap.empty(),
                TreePVector.empty(),
                Settings.of(Address.ZERO),
                Permissions.NONE,
                HashTreePMap.empty());
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

    public Vote vote(TaskId task) {
        return votes.getOrDefault(task, Vote.NONE);
    }

    /// As if `worker` had earned this score.
    public State withScore(Address worker, long score) {
        return with(scores.plus(worker, score), settings, outsiders);
    }

    /// As if somebody else owned the market.
    public State withOwner(Address owner) {
        return with(
                scores,
                new Settings(
                        owner,
                        settings.broker(),
                        settings.brokerSince(),
                        settings.callbackGas(),
                        settings.categories()),
                outsiders);
    }

    /// With a contract of somebody's.
    public State withOutsider(Address address, Outsider outsider) {
        return with(scores, settings, outsiders.plus(address, outsider));
    }

    private State with(PMap<Address, Long> scores, Settings settings, PMap<Address, Outsider> outsiders) {
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
