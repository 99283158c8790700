package bourse.chain;

import static bourse.chain.Contracts.address;
import static bourse.chain.Contracts.big;
import static bourse.chain.Contracts.bytes;
import static bourse.chain.Contracts.number;
import static bourse.chain.Contracts.word;

import bourse.protocol.Account;
import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Category;
import bourse.protocol.Chain;
import bourse.protocol.Contribution;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Digest;
import bourse.protocol.Malformed;
import bourse.protocol.Rlc;
import bourse.protocol.Tag;
import bourse.protocol.Task;
import com.esaulpaugh.headlong.abi.Tuple;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The structs that the contracts' views return, as nouns.
final class Views {
    /// `TaskStatus.REVEALING`
    private static final int REVEALING = 2;

    private Views() {}

    static Account account(Tuple view) {
        return new Account(new Rlc(big(view, 0)), new Rlc(big(view, 1)));
    }

    static Category category(long id, Tuple view) {
        return new Category(id, view.get(0), view.get(1), Duration.ofSeconds(number(view, 2)));
    }

    static Asset.App app(Address address, Tuple view) {
        return new Asset.App(address, address(view, 0), view.get(1), view.get(2), bytes(view, 3), word(view, 4));
    }

    static Asset.Dataset dataset(Address address, Tuple view) {
        return new Asset.Dataset(address, address(view, 0), view.get(1), bytes(view, 2), word(view, 3));
    }

    static Asset.Workerpool workerpool(Address address, Tuple view) {
        return new Asset.Workerpool(
                address, address(view, 0), view.get(1), (int) number(view, 2), (int) number(view, 3));
    }

    /// The deal, if there is one.
    static Optional<Deal> deal(DealId id, Tuple view, List<Category> categories) {
        long volume = number(view, 12);
        if (volume == 0) {
            return Optional.empty();
        }
        long category = number(view, 4);
        if (category >= categories.size()) {
            throw new Malformed("deal %s is of category %d, which was not there just now".formatted(id, category));
        }
        return Optional.of(new Deal(
                id,
                share(view.get(0)),
                share(view.get(1)),
                share(view.get(2)),
                number(view, 3),
                categories.get((int) category),
                new Tag(word(view, 5)),
                address(view, 6),
                address(view, 7),
                address(view, 8),
                view.get(9),
                instant(number(view, 10)),
                number(view, 11),
                volume,
                new Rlc(big(view, 13)),
                (int) number(view, 14),
                address(view, 15)));
    }

    private static Deal.Share share(Tuple view) {
        return new Deal.Share(address(view, 0), address(view, 1), new Rlc(big(view, 2)));
    }

    /// Who has contributed to a task.
    static List<Address> contributors(Tuple view) {
        com.esaulpaugh.headlong.abi.Address[] contributors = view.get(10);
        return Stream.of(contributors).map(Contracts::address).toList();
    }

    /// Where a task is in its deal, if it was initialized.
    static Optional<Chain.Index> index(Tuple view) {
        return status(view) == 0
                ? Optional.empty()
                : Optional.of(new Chain.Index(new DealId(word(view, 1)), number(view, 2)));
    }

    /// Whether a result that one worker gave alone is hidden yet, so that the draw decides what is next.
    static boolean waitsForDraw(Tuple view, Tuple voting) {
        return status(view) == REVEALING && number(voting, 2) > 0 && number(view, 8) == 0;
    }

    /// @param auditDue whether its result is to be checked before anything is revealed
    static Task task(Chain.Index index, Tuple view, List<Contribution> contributions, boolean auditDue) {
        var id = index.task();
        return switch (status(view)) {
            case 0 -> new Task.Unset(id, index.deal(), index.index());
            case 1 -> new Task.Active(id, index.deal(), index.index(), contributions);
            case REVEALING ->
                auditDue
                        ? new Task.AuditDue(
                                id, index.deal(), index.index(), word(view, 7), instant(number(view, 5)), contributions)
                        : new Task.Revealing(
                                id,
                                index.deal(),
                                index.index(),
                                word(view, 7),
                                instant(number(view, 5)),
                                (int) number(view, 9),
                                (int) number(view, 8),
                                contributions);
            case 3 ->
                new Task.Completed(
                        id,
                        index.deal(),
                        index.index(),
                        new Digest(word(view, 11)),
                        bytes(view, 12),
                        bytes(view, 14),
                        contributions);
            case 4 -> new Task.Failed(id, index.deal(), index.index(), contributions);
            default -> throw new Malformed("task %s has a status beyond FAILED".formatted(id));
        };
    }

    private static int status(Tuple view) {
        return view.get(0);
    }

    /// @param position where the worker is among the contributors
    static Contribution contribution(Address worker, Tuple view, Tuple voting, int position) {
        var status = switch (view.<Integer>get(0)) {
            case 1 -> Contribution.Status.CONTRIBUTED;
            case 2 -> Contribution.Status.PROVED;
            case 3 -> Contribution.Status.REJECTED;
            default -> throw new Malformed("%s has not contributed".formatted(worker));
        };
        var weights = voting.<BigInteger[]>get(0);
        var audited = voting.<boolean[]>get(1);
        if (position >= weights.length) {
            throw new Malformed("%s has contributed, and has no weight".formatted(worker));
        }
        return new Contribution(
                worker, status, word(view, 1), word(view, 2), weights[position].longValueExact(), audited[position]);
    }

    private static Instant instant(long seconds) {
        return Instant.ofEpochSecond(seconds);
    }
}
