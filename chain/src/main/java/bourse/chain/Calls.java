package bourse.chain;

import static bourse.chain.Contracts.APPS;
import static bourse.chain.Contracts.DATASETS;
import static bourse.chain.Contracts.HUB;
import static bourse.chain.Contracts.TOKEN;
import static bourse.chain.Contracts.WORKERPOOL;
import static bourse.chain.Contracts.WORKERPOOLS;
import static bourse.chain.Contracts.abi;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Order;
import bourse.protocol.Signed;
import bourse.protocol.Transaction;
import com.esaulpaugh.headlong.abi.Tuple;
import java.math.BigInteger;
import java.util.Optional;

/// What one can ask of the contracts, as calls of their ABI.
final class Calls {
    /// `OrderOperation.CLOSE`
    private static final int CLOSE = 1;

    private Calls() {}

    static Sender.Call of(Transaction transaction, Address sender, Deployment market) {
        return switch (transaction) {
            case Transaction.CreateApp t ->
                Sender.Call.to(
                        market.apps(),
                        APPS.call(
                                "createApp",
                                abi(sender),
                                t.name(),
                                t.type(),
                                t.location().bytes(),
                                t.checksum().bytes(),
                                new byte[0]));
            case Transaction.CreateDataset t ->
                Sender.Call.to(
                        market.datasets(),
                        DATASETS.call(
                                "createDataset",
                                abi(sender),
                                t.name(),
                                t.location().bytes(),
                                t.checksum().bytes()));
            case Transaction.CreateWorkerpool t ->
                Sender.Call.to(
                        market.workerpools(), WORKERPOOLS.call("createWorkerpool", abi(sender), t.description()));
            case Transaction.SetPolicy t ->
                Sender.Call.to(
                        t.workerpool(),
                        WORKERPOOL.call("changePolicy", abi(t.workerStakeRatio()), abi(t.schedulerRatio())));
            case Transaction.Deposit t
            when market.isNative() ->
                new Sender.Call(
                        Optional.of(market.hub()), Deployment.wei(t.amount()), Contracts.NATIVE_HUB.call("deposit"));
            case Transaction.Deposit t ->
                Sender.Call.to(
                        market.token(),
                        TOKEN.call(
                                "approveAndCall", abi(market.hub()), t.amount().nano(), new byte[0]));
            case Transaction.Transfer t
            when market.isNative() -> new Sender.Call(Optional.of(t.to()), Deployment.wei(t.amount()), Bytes.EMPTY);
            case Transaction.Transfer t ->
                Sender.Call.to(
                        market.token(),
                        TOKEN.call("transfer", abi(t.to()), t.amount().nano()));
            case Transaction.Withdraw t -> hub(market, "withdraw", t.amount().nano());
            case Transaction.Match t -> match(market, "matchOrders", t);
            case Transaction.Sponsor t -> match(market, "sponsorMatchOrders", t.orders());
            case Transaction.Initialize t ->
                t.indexes().size() == 1
                        ? hub(
                                market,
                                "initialize",
                                t.deal().value().bytes(),
                                abi(t.indexes().getFirst()))
                        : hub(
                                market,
                                "initializeArray",
                                t.indexes().stream()
                                        .map(_ -> t.deal().value().bytes())
                                        .toArray(byte[][]::new),
                                t.indexes().stream().map(Contracts::abi).toArray(BigInteger[]::new));
            case Transaction.Claim t ->
                t.tasks().size() == 1
                        ? hub(market, "claim", t.tasks().getFirst().value().bytes())
                        : hub(market, "claimArray", (Object) t.tasks().stream()
                                .map(task -> task.value().bytes())
                                .toArray(byte[][]::new));
            case Transaction.Broadcast t -> hub(market, "broadcastWorkerpoolOrder", tuple(t.order()));
            case Transaction.Close t -> {
                var operation = Tuple.of(tuple(new Signed<>(t.order(), Bytes.EMPTY)), CLOSE, new byte[0]);
                yield hub(
                        market,
                        switch (t.order()) {
                            case Order.App _ -> "manageAppOrder";
                            case Order.Dataset _ -> "manageDatasetOrder";
                            case Order.Workerpool _ -> "manageWorkerpoolOrder";
                            case Order.Request _ -> "manageRequestOrder";
                        },
                        operation);
            }
            case Transaction.Finalize t ->
                hub(
                        market,
                        "finalize",
                        t.task().value().bytes(),
                        t.results().bytes(),
                        t.callbackData().bytes());
            case Transaction.Audit t -> hub(market, "audit", t.task().value().bytes());
            case Transaction.Reopen t -> hub(market, "reopen", t.task().value().bytes());
            case Transaction.Decline t ->
                hub(market, "decline", t.task().value().bytes());
            case Transaction.Contribute t ->
                hub(
                        market,
                        "contribute",
                        t.authorization().task().value().bytes(),
                        t.hash().bytes(),
                        t.seal().bytes(),
                        abi(t.authorization().enclave()),
                        new byte[0],
                        t.authorization().signature().bytes());
            case Transaction.Reveal t ->
                hub(
                        market,
                        "reveal",
                        t.task().value().bytes(),
                        t.digest().value().bytes());
            case Transaction.ContributeAndFinalize t ->
                hub(
                        market,
                        "contributeAndFinalize",
                        t.authorization().task().value().bytes(),
                        t.digest().value().bytes(),
                        t.results().bytes(),
                        t.callbackData().bytes(),
                        abi(t.authorization().enclave()),
                        new byte[0],
                        t.authorization().signature().bytes());
        };
    }

    private static Sender.Call match(Deployment market, String function, Transaction.Match orders) {
        return hub(
                market,
                function,
                tuple(orders.app()),
                tuple(orders.dataset()),
                tuple(orders.workerpool()),
                tuple(orders.request()));
    }

    private static Sender.Call hub(Deployment market, String function, Object... arguments) {
        return Sender.Call.to(market.hub(), HUB.call(function, arguments));
    }

    /// An order as the struct of its ABI, its signature last.
    static Tuple tuple(Signed<? extends Order> signed) {
        var signature = signed.signature().bytes();
        return switch (signed.order()) {
            case Order.App o ->
                Tuple.from(
                        abi(o.app()),
                        o.appprice().nano(),
                        abi(o.volume()),
                        o.tag().value().bytes(),
                        abi(o.datasetrestrict()),
                        abi(o.workerpoolrestrict()),
                        abi(o.requesterrestrict()),
                        o.salt().bytes(),
                        signature);
            case Order.Dataset o ->
                Tuple.from(
                        abi(o.dataset()),
                        o.datasetprice().nano(),
                        abi(o.volume()),
                        o.tag().value().bytes(),
                        abi(o.apprestrict()),
                        abi(o.workerpoolrestrict()),
                        abi(o.requesterrestrict()),
                        o.salt().bytes(),
                        signature);
            case Order.Workerpool o ->
                Tuple.from(
                        abi(o.workerpool()),
                        o.workerpoolprice().nano(),
                        abi(o.volume()),
                        o.tag().value().bytes(),
                        abi(o.category()),
                        abi(o.trust()),
                        abi(o.apprestrict()),
                        abi(o.datasetrestrict()),
                        abi(o.requesterrestrict()),
                        o.salt().bytes(),
                        signature);
            case Order.Request o ->
                Tuple.from(
                        abi(o.app()),
                        o.appmaxprice().nano(),
                        abi(o.dataset()),
                        o.datasetmaxprice().nano(),
                        abi(o.workerpool()),
                        o.workerpoolmaxprice().nano(),
                        abi(o.requester()),
                        abi(o.volume()),
                        o.tag().value().bytes(),
                        abi(o.category()),
                        abi(o.trust()),
                        abi(o.beneficiary()),
                        abi(o.callback()),
                        o.params(),
                        o.salt().bytes(),
                        signature);
        };
    }
}
