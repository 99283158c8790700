package bourse.testing;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.DealId;
import bourse.protocol.Order;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Transaction;
import java.math.BigInteger;
import java.util.List;

/// All that one can ask of the contracts: what roles send, and what only other programs, the market's owner or an
/// enemy do.
public sealed interface Act {
    /// What a role sends.
    record Common(Transaction transaction) implements Act {}

    /* FREE MONEY, AS A TOKEN */

    record Move(Address to, Rlc amount) implements Act {}

    record MoveFrom(Address owner, Address to, Rlc amount) implements Act {}

    record Approve(Address spender, Rlc amount) implements Act {}

    record IncreaseAllowance(Address spender, Rlc added) implements Act {}

    record DecreaseAllowance(Address spender, Rlc removed) implements Act {}

    record ApproveAndCall(Address spender, Rlc amount) implements Act {}

    /* MONEY ENTERS AND LEAVES */

    /// Of the sender's tokens, the market may take so much.
    record AllowMarket(Rlc amount) implements Act {}

    /// Of what the market may take; likewise the next two.
    record DepositAllowed(Rlc amount) implements Act {}

    record DepositFor(Address target, Rlc amount) implements Act {}

    record DepositForArray(List<Rlc> amounts, List<Address> targets) implements Act {
        public DepositForArray {
            amounts = List.copyOf(amounts);
            targets = List.copyOf(targets);
        }
    }

    record DepositAndMatch(Rlc amount, Transaction.Match match) implements Act {}

    /// With something that is no match.
    record DepositAndCall(Rlc amount, Bytes data) implements Act {}

    record WithdrawTo(Address target, Rlc amount) implements Act {}

    /// The chain's own coin, straight to the market.
    record SendCoins(BigInteger wei) implements Act {}

    /// A deposit of the chain's own coin; likewise the next two.
    record Pay(BigInteger wei) implements Act {}

    record PayFor(Address target, BigInteger wei) implements Act {}

    record PayForArray(List<Rlc> amounts, List<Address> targets, BigInteger wei) implements Act {
        public PayForArray {
            amounts = List.copyOf(amounts);
            targets = List.copyOf(targets);
        }
    }

    /* ORDERS */

    /// Signs an order on chain, or closes it.
    ///
    /// @param signature of the operation, for who is not the order's owner
    record Manage(Order order, boolean closes, Bytes signature) implements Act {}

    record Broadcast(Signed<? extends Order> order) implements Act {}

    /* ASSETS */

    record CreateFor(Address owner, Transaction.CreateWorkerpool pool) implements Act {}

    record PassOn(Address registry, Address from, Address to, Address asset, boolean safely) implements Act {}

    /// `keeper` may pass it on.
    record Entrust(Address registry, Address asset, Address keeper) implements Act {}

    record EntrustAll(Address registry, Address operator, boolean approved) implements Act {}

    /* TASKS */

    /// @param claims whether they are claimed at once
    record InitializeArray(List<DealId> deals, List<Long> indexes, boolean claims) implements Act {
        public InitializeArray {
            deals = List.copyOf(deals);
            indexes = List.copyOf(indexes);
        }
    }

    record ContributeFromEnclave(Transaction.Contribute contribution, Bytes enclaveSignature) implements Act {}

    record FinalizeFromEnclave(Transaction.ContributeAndFinalize contribution, Bytes enclaveSignature) implements Act {}

    /* THE MARKET'S OWNER */

    record CreateCategory(String name, String description, long seconds) implements Act {}

    record NameBroker(Address broker) implements Act {}

    record SetCallbackGas(long gas) implements Act {}

    record Recover() implements Act {}

    record PassMarketOn(Address owner) implements Act {}

    record Renounce() implements Act {}

    /* NOBODY */

    /// A call of a function that is not there.
    record Nonsense(Bytes data) implements Act {}
}
