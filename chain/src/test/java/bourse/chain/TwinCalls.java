package bourse.chain;

import static bourse.chain.Calls.tuple;
import static bourse.chain.Contracts.APPS;
import static bourse.chain.Contracts.HUB;
import static bourse.chain.Contracts.NATIVE_HUB;
import static bourse.chain.Contracts.TOKEN;
import static bourse.chain.Contracts.WORKERPOOLS;
import static bourse.chain.Contracts.abi;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Order;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Transaction;
import bourse.testing.Act;
import com.esaulpaugh.headlong.abi.Function;
import com.esaulpaugh.headlong.abi.Tuple;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/// All that one can ask of the contracts, as calls of their ABI.
final class TwinCalls {
    /// The name is overloaded.
    private static final Function SAFE_TRANSFER = Function.parse("safeTransferFrom(address,address,uint256)");

    private TwinCalls() {}

    static TwinChain.Call of(Act act, Address sender, Deployment market) {
        return switch (act) {
            case Act.Common(var transaction) -> {
                var call = Calls.of(transaction, sender, market);
                yield new TwinChain.Call(call.to(), call.data(), BigInteger.ZERO);
            }
            case Act.Move t -> hub(market, "transfer", abi(t.to()), nano(t.amount()));
            case Act.MoveFrom t -> hub(market, "transferFrom", abi(t.owner()), abi(t.to()), nano(t.amount()));
            case Act.Approve t -> hub(market, "approve", abi(t.spender()), nano(t.amount()));
            case Act.IncreaseAllowance t -> hub(market, "increaseAllowance", abi(t.spender()), nano(t.added()));
            case Act.DecreaseAllowance t -> hub(market, "decreaseAllowance", abi(t.spender()), nano(t.removed()));
            case Act.ApproveAndCall t -> hub(market, "approveAndCall", abi(t.spender()), nano(t.amount()), new byte[0]);
            case Act.AllowMarket t ->
                TwinChain.Call.to(market.token(), TOKEN.call("approve", abi(market.hub()), nano(t.amount())));
            case Act.DepositAllowed t -> hub(market, "deposit", nano(t.amount()));
            case Act.DepositFor t -> hub(market, "depositFor", nano(t.amount()), abi(t.target()));
            case Act.DepositForArray t -> hub(market, "depositForArray", nanos(t.amounts()), addresses(t.targets()));
            case Act.DepositAndMatch t -> depositAndCall(market, t.amount(), matchOrders(t.match()));
            case Act.DepositAndCall t -> depositAndCall(market, t.amount(), t.data());
            case Act.WithdrawTo t -> hub(market, "withdrawTo", nano(t.amount()), abi(t.target()));
            case Act.SendCoins t -> paying(market, Bytes.EMPTY, t.wei());
            case Act.Pay t -> paying(market, NATIVE_HUB.call("deposit"), t.wei());
            case Act.PayFor t -> paying(market, NATIVE_HUB.call("depositFor", abi(t.target())), t.wei());
            case Act.PayForArray t ->
                paying(market, NATIVE_HUB.call("depositForArray", nanos(t.amounts()), addresses(t.targets())), t.wei());
            case Act.Manage t ->
                hub(
                        market,
                        "manage" + kind(t.order()) + "Order",
                        Tuple.of(
                                tuple(new Signed<>(t.order(), Bytes.EMPTY)),
                                t.closes() ? 1 : 0,
                                t.signature().bytes()));
            case Act.Broadcast t -> hub(market, "broadcast" + kind(t.order().order()) + "Order", tuple(t.order()));
            case Act.CreateFor t ->
                TwinChain.Call.to(
                        market.workerpools(),
                        WORKERPOOLS.call(
                                "createWorkerpool", abi(t.owner()), t.pool().description()));
            case Act.PassOn t -> {
                var arguments = Tuple.of(abi(t.from()), abi(t.to()), id(t.asset()));
                yield TwinChain.Call.to(
                        t.registry(),
                        t.safely()
                                ? Bytes.of(SAFE_TRANSFER.encodeCall(arguments).array())
                                : APPS.call("transferFrom", abi(t.from()), abi(t.to()), id(t.asset())));
            }
            case Act.Entrust t -> TwinChain.Call.to(t.registry(), APPS.call("approve", abi(t.keeper()), id(t.asset())));
            case Act.EntrustAll t ->
                TwinChain.Call.to(t.registry(), APPS.call("setApprovalForAll", abi(t.operator()), t.approved()));
            case Act.InitializeArray t ->
                hub(
                        market,
                        t.claims() ? "initializeAndClaimArray" : "initializeArray",
                        t.deals().stream().map(deal -> deal.value().bytes()).toArray(byte[][]::new),
                        t.indexes().stream().map(Contracts::abi).toArray(BigInteger[]::new));
            case Act.ContributeFromEnclave(var t, var signature) ->
                hub(
                        market,
                        "contribute",
                        t.authorization().task().value().bytes(),
                        t.hash().bytes(),
                        t.seal().bytes(),
                        abi(t.authorization().enclave()),
                        signature.bytes(),
                        t.authorization().signature().bytes());
            case Act.FinalizeFromEnclave(var t, var signature) ->
                hub(
                        market,
                        "contributeAndFinalize",
                        t.authorization().task().value().bytes(),
                        t.digest().value().bytes(),
                        t.results().bytes(),
                        t.callbackData().bytes(),
                        abi(t.authorization().enclave()),
                        signature.bytes(),
                        t.authorization().signature().bytes());
            case Act.CreateCategory t -> hub(market, "createCategory", t.name(), t.description(), abi(t.seconds()));
            case Act.NameBroker t -> hub(market, "setTeeBroker", abi(t.broker()));
            case Act.SetCallbackGas t -> hub(market, "setCallbackGas", abi(t.gas()));
            case Act.Recover _ -> hub(market, "recover");
            case Act.PassMarketOn t -> hub(market, "transferOwnership", abi(t.owner()));
            case Act.Renounce _ -> hub(market, "renounceOwnership");
            case Act.Nonsense t -> TwinChain.Call.to(market.hub(), t.data());
        };
    }

    static Bytes matchOrders(Transaction.Match t) {
        return HUB.call("matchOrders", tuple(t.app()), tuple(t.dataset()), tuple(t.workerpool()), tuple(t.request()));
    }

    /// An entry's number in its registry.
    static BigInteger id(Address asset) {
        return new BigInteger(asset.hex(), 16);
    }

    private static TwinChain.Call depositAndCall(Deployment market, Rlc amount, Bytes data) {
        return TwinChain.Call.to(
                market.token(), TOKEN.call("approveAndCall", abi(market.hub()), nano(amount), data.bytes()));
    }

    private static TwinChain.Call hub(Deployment market, String function, Object... arguments) {
        return TwinChain.Call.to(market.hub(), HUB.call(function, arguments));
    }

    private static TwinChain.Call paying(Deployment market, Bytes data, BigInteger wei) {
        return new TwinChain.Call(Optional.of(market.hub()), data, wei);
    }

    private static String kind(Order order) {
        return order.getClass().getSimpleName();
    }

    private static BigInteger nano(Rlc amount) {
        return amount.nano();
    }

    private static BigInteger[] nanos(List<Rlc> amounts) {
        return amounts.stream().map(Rlc::nano).toArray(BigInteger[]::new);
    }

    private static com.esaulpaugh.headlong.abi.Address[] addresses(List<Address> addresses) {
        return addresses.stream().map(Contracts::abi).toArray(com.esaulpaugh.headlong.abi.Address[]::new);
    }
}
