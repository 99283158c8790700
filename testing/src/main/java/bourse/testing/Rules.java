package bourse.testing;

import static bourse.testing.Draft.refusal;
import static bourse.testing.Draft.require;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Event;
import bourse.protocol.Order;
import bourse.protocol.Refused;
import bourse.protocol.Transaction;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;

/// The market's law, as one pure function.
///
/// It says what the contracts do, written from the protocol's rules and not from their code: random calls go to
/// both, and every balance, status, score and event must agree.
public final class Rules {
    private Rules() {}

    /// What a transaction did.
    public record Outcome(State state, List<Event> events) {
        public Outcome {
            events = List.copyOf(events);
        }
    }

    /// @param now the block's time, in whole seconds
    /// @throws Refused with the name of the contracts' error; then nothing has changed
    public static Outcome apply(State before, Address sender, Transaction transaction, Instant now) throws Refused {
        var draft = new Draft(before, sender, now);
        switch (transaction) {
            case Transaction.CreateApp t -> Registries.create(draft, t);
            case Transaction.CreateDataset t -> Registries.create(draft, t);
            case Transaction.CreateWorkerpool t -> Registries.create(draft, t);
            case Transaction.SetPolicy t -> Registries.setPolicy(draft, t);
            case Transaction.Deposit t -> {
                Draft.amount(before.supply().plus(t.amount()));
                draft.transfer(sender, draft.market.hub(), t.amount());
                draft.free(sender, t.amount());
            }
            case Transaction.Withdraw t -> {
                draft.take(sender, t.amount());
                draft.transfer(draft.market.hub(), sender, t.amount());
            }
            case Transaction.Transfer t -> {
                require(!t.to().isZero(), "ERC20InvalidReceiver", "receiver", t.to());
                draft.transfer(sender, t.to(), t.amount());
            }
            // Whether it is true what it says is its reader's business.
            case Transaction.Broadcast t -> draft.events.add(new Event.Broadcast(t.order()));
            case Transaction.Close t -> close(draft, t.order());
            case Transaction.Match t -> Matching.match(draft, t);
            case Transaction.Initialize t -> {
                for (var index : t.indexes()) {
                    Tasks.initialize(draft, t.deal(), index);
                }
            }
            case Transaction.Claim t -> {
                for (var task : t.tasks()) {
                    Tasks.claim(draft, task);
                }
            }
            case Transaction.Contribute t -> Tasks.contribute(draft, t);
            case Transaction.ContributeAndFinalize t -> Tasks.contributeAndFinalize(draft, t);
            case Transaction.Reveal t -> Tasks.reveal(draft, t);
            case Transaction.Finalize t -> Tasks.finish(draft, t);
            case Transaction.Audit t -> throw Draft.refusal("NothingToAudit", "taskid", t.task());
            case Transaction.Reopen t -> Tasks.reopen(draft, t.task());
            case Transaction.Decline t -> Tasks.decline(draft, t.task());
        }
        return new Outcome(draft.state(), draft.events);
    }

    /// A closed order counts as used up.
    private static void close(Draft draft, Order order) throws Refused {
        var owner = switch (order) {
            case Order.App o -> owner(draft, Asset.App.class, o.app());
            case Order.Dataset o -> owner(draft, Asset.Dataset.class, o.dataset());
            case Order.Workerpool o -> owner(draft, Asset.Workerpool.class, o.workerpool());
            case Order.Request o -> o.requester();
        };
        require(draft.sender.equals(owner), "BadSignature", "signer", owner);
        draft.consumed = draft.consumed.plus(draft.market.domain().hash(order), order.volume());
    }

    private static <A extends Asset> Address owner(Draft draft, Class<A> kind, Address address) throws Refused {
        return draft.asset(kind, address)
                .orElseThrow(() -> refusal("UnknownEntry", "id", new BigInteger(address.hex(), 16)))
                .owner();
    }
}
