package bourse.testing;

import static bourse.testing.Draft.refusal;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.DealId;
import bourse.protocol.Event;
import bourse.protocol.Order;
import bourse.protocol.Refused;
import bourse.protocol.Signed;
import bourse.protocol.TaskId;
import bourse.protocol.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/// The market's law, as one pure function.
///
/// It says what the contracts do, written from the protocol's rules and not from their code: random calls go to
/// both, and every balance, status, score and event must agree.
public final class Rules {
    private Rules() {}

    /// When something happens.
    ///
    /// @param now the block's time, in whole seconds
    /// @param block the block's number
    /// @param hashes of the blocks before, by their number
    public record Moment(Instant now, long block, LongFunction<Optional<Bytes32>> hashes) {}

    /// What a transaction did.
    ///
    /// @param events what clients hear of it
    /// @param logs all that contracts say, the market's and the token's, in their order
    public record Outcome(State state, List<Event> events, List<Log> logs) {
        public Outcome {
            events = List.copyOf(events);
            logs = List.copyOf(logs);
        }
    }

    /// What a contract says, under its ABI's name.
    public record Log(Address contract, String name, List<String> values) {
        public Log {
            values = List.copyOf(values);
        }
    }

    /// @throws Refused with the name of the contracts' error and its values; then nothing has changed
    public static Outcome apply(State before, Address sender, Transaction transaction, Moment moment) throws Refused {
        return apply(before, sender, new Act.Common(transaction), moment);
    }

    /// @throws Refused with the name of the contracts' error and its values; then nothing has changed
    public static Outcome apply(State before, Address sender, Act act, Moment moment) throws Refused {
        var draft = new Draft(before, sender, moment);
        switch (act) {
            case Act.Common t -> apply(draft, t.transaction());
            case Act.Move t -> draft.move(sender, t.to(), t.amount());
            case Act.MoveFrom t -> Money.moveFrom(draft, t);
            case Act.Approve t -> Money.approve(draft, t.spender(), t.amount());
            case Act.IncreaseAllowance t -> Money.increase(draft, t);
            case Act.DecreaseAllowance t -> Money.decrease(draft, t);
            case Act.ApproveAndCall t -> Money.approveAndCall(draft, t);
            case Act.AllowMarket t -> Money.allowMarket(draft, t.amount());
            case Act.DepositAllowed t -> Money.deposit(draft, sender, t.amount());
            case Act.DepositFor t -> Money.deposit(draft, t.target(), t.amount());
            case Act.DepositForArray t -> Money.deposit(draft, t);
            case Act.DepositAndMatch t -> Money.depositAndMatch(draft, t);
            case Act.DepositAndCall t -> Money.depositAndCall(draft, t);
            case Act.WithdrawTo t -> Money.withdraw(draft, t.target(), t.amount());
            case Act.SendCoins t -> Money.send(draft, t.wei());
            case Act.Pay t -> Money.pay(draft, sender, t.wei());
            case Act.PayFor t -> Money.pay(draft, t.target(), t.wei());
            case Act.PayForArray t -> Money.pay(draft, t);
            case Act.Manage t -> Orders.manage(draft, t.order(), t.closes(), t.signature());
            case Act.Broadcast t -> Orders.broadcast(draft, t.order());
            case Act.CreateFor t -> Registries.create(draft, t.owner(), t.pool());
            case Act.PassOn t -> Registries.passOn(draft, t);
            case Act.Entrust t -> Registries.entrust(draft, t);
            case Act.EntrustAll t -> Registries.entrust(draft, t);
            case Act.InitializeArray t -> Tasks.initialize(draft, t);
            case Act.ContributeFromEnclave t -> Tasks.contribute(draft, t.contribution(), t.enclaveSignature());
            case Act.FinalizeFromEnclave t ->
                Tasks.contributeAndFinalize(draft, t.contribution(), t.enclaveSignature());
            case Act.CreateCategory t -> Ownership.create(draft, t);
            case Act.NameBroker t -> Ownership.name(draft, t.broker());
            case Act.SetCallbackGas t -> Ownership.setCallbackGas(draft, t.gas());
            case Act.Recover _ -> Ownership.recover(draft);
            case Act.PassMarketOn t -> Ownership.passOn(draft, t.owner());
            case Act.Renounce _ -> Ownership.renounce(draft);
            case Act.Nonsense t -> throw refusal("UnknownFunction", "selector", Money.selector(t.data()));
        }
        return new Outcome(draft.state(), draft.events, draft.logs);
    }

    private static void apply(Draft draft, Transaction transaction) throws Refused {
        switch (transaction) {
            case Transaction.CreateApp t -> Registries.create(draft, t);
            case Transaction.CreateDataset t -> Registries.create(draft, t);
            case Transaction.CreateWorkerpool t -> Registries.create(draft, draft.sender, t);
            case Transaction.SetPolicy t -> Registries.setPolicy(draft, t);
            case Transaction.Deposit t -> {
                Money.allowMarket(draft, t.amount());
                Money.deposit(draft, draft.sender, t.amount());
            }
            case Transaction.Withdraw t -> Money.withdraw(draft, draft.sender, t.amount());
            case Transaction.Transfer t -> Money.transfer(draft, draft.sender, t.to(), t.amount());
            case Transaction.Broadcast t -> Orders.broadcast(draft, t.order());
            case Transaction.Close t -> Orders.manage(draft, t.order(), true, Bytes.EMPTY);
            case Transaction.Match t -> Matching.match(draft, t);
            case Transaction.Sponsor t -> Matching.sponsor(draft, t.orders());
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
            case Transaction.Contribute t -> Tasks.contribute(draft, t, Bytes.EMPTY);
            case Transaction.ContributeAndFinalize t -> Tasks.contributeAndFinalize(draft, t, Bytes.EMPTY);
            case Transaction.Reveal t -> Tasks.reveal(draft, t);
            case Transaction.Finalize t -> Tasks.finish(draft, t);
            case Transaction.Audit t -> Audits.audit(draft, t.task());
            case Transaction.Reopen t -> Tasks.reopen(draft, t.task());
            case Transaction.Decline t -> Tasks.decline(draft, t.task());
        }
    }

    /* WHAT ONE CAN ASK */

    /// Whether the task waits for an audit at `moment`; a [bourse.protocol.Chain] shows it as
    /// [bourse.protocol.Task.AuditDue] then.
    public static boolean auditDue(State state, TaskId task, Moment moment) {
        return Audits.due(new Draft(state, Address.ZERO, moment), task);
    }

    /// How many tasks a deal of these orders would have.
    ///
    /// @throws Refused as the contracts' `computeDealVolume`
    public static long volume(State state, Transaction.Match orders) throws Refused {
        return Matching.volume(new Draft(state, Address.ZERO, NEVER), orders);
    }

    /// Fails where the dataset may not be used in the deal, as the contracts' `assertDatasetDealCompatibility`.
    public static void requireCompatible(State state, Signed<Order.Dataset> dataset, DealId deal) throws Refused {
        Matching.requireCompatible(new Draft(state, Address.ZERO, NEVER), dataset, deal);
    }

    /// Whether `signer` agreed to `hash`, by his key or as a contract; as the contracts' `verifySignature`.
    public static boolean signed(State state, Address signer, Bytes32 hash, Bytes signature) {
        return Matching.signed(new Draft(state, Address.ZERO, NEVER), signer, hash, signature);
    }

    /// For questions in which time plays no part.
    private static final Moment NEVER = new Moment(Instant.EPOCH, 0, _ -> Optional.empty());
}
