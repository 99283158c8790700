package bourse.market;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Chain;
import bourse.protocol.Malformed;
import bourse.protocol.Order;
import bourse.protocol.OrderBook.Kind;
import bourse.protocol.OrderRefused;
import bourse.protocol.Rlc;
import bourse.protocol.Signature;
import bourse.protocol.Signed;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Where orders are handed in: what could never be matched is not taken.
///
/// What costs nothing comes first, then the curve, then the chain.
final class Desk {
    /// The width of an amount in the contracts.
    private static final Rlc DEAREST = new Rlc(BigInteger.TWO.pow(96).subtract(BigInteger.ONE));
    /// What a deal has room for, see `docs/contracts.md`.
    private static final int LONGEST_PARAMS = 24_231;
    /// A contract's signature may have any form.
    private static final int LONGEST_SIGNATURE = 2048;

    private final Chain chain;
    private final Ledger ledger;

    Desk(Chain chain, Ledger ledger) {
        this.chain = chain;
        this.ledger = ledger;
    }

    /// What an order says that is never right.
    static void checkForm(Signed<?> signed) {
        if (signed.signature().length() > LONGEST_SIGNATURE) {
            throw new OrderRefused("sign", "a signature takes at most %,d bytes".formatted(LONGEST_SIGNATURE));
        }
        switch (signed.order()) {
            case Order.App o -> checkPrice("appprice", o.appprice());
            case Order.Dataset o -> {
                if (o.dataset().isZero()) {
                    throw new OrderRefused("dataset", "an order of no dataset is for nobody to find");
                }
                checkPrice("datasetprice", o.datasetprice());
            }
            case Order.Workerpool o -> checkPrice("workerpoolprice", o.workerpoolprice());
            case Order.Request o -> {
                checkPrice("appmaxprice", o.appmaxprice());
                checkPrice("datasetmaxprice", o.datasetmaxprice());
                checkPrice("workerpoolmaxprice", o.workerpoolmaxprice());
                int length = o.params().getBytes(StandardCharsets.UTF_8).length;
                if (length > LONGEST_PARAMS || o.params().indexOf('\0') >= 0) {
                    throw new OrderRefused(
                            "params",
                            "params are JSON of at most %,d bytes, these have %,d; put what is long into a file"
                                    .formatted(LONGEST_PARAMS, length));
                }
            }
        }
    }

    private static void checkPrice(String field, Rlc price) {
        if (!DEAREST.covers(price)) {
            throw new OrderRefused(field, "%s is more than any account can hold; ask for less".formatted(field));
        }
    }

    /// Whose order it is.
    ///
    /// @throws OrderRefused if it is not his who calls, or he has not signed it
    Address signer(Address caller, Bytes32 hash, Signed<?> signed) throws InterruptedException {
        var order = signed.order();
        var asset = Row.asset(order);
        var owner = ledger.owner(Kind.of(order), asset)
                .orElseThrow(() -> new OrderRefused(
                        field(order),
                        "%s %s is not registered in the market of %s on chain %d; check the address, and the chain"
                                .formatted(
                                        field(order),
                                        asset,
                                        chain.domain().hub(),
                                        chain.domain().chainId())));
        boolean byKey = keyOf(hash, signed.signature()).filter(owner::equals).isPresent();
        if (!byKey && !chain.agreed(owner, hash, signed.signature())) {
            throw new OrderRefused(
                    "sign",
                    ("%s, who owns the %s, has not signed this order for the market of %s on chain %d; sign it with"
                                    + " his wallet, for this market")
                            .formatted(
                                    owner,
                                    field(order),
                                    chain.domain().hub(),
                                    chain.domain().chainId()));
        }
        if (byKey && !caller.equals(owner)) {
            throw new OrderRefused(field(order), "%s publishes an order of %s; let him do it".formatted(caller, owner));
        }
        return owner;
    }

    /// Who signed, if it is written in the one way that the contracts take without asking anyone.
    private static Optional<Address> keyOf(Bytes32 hash, Bytes bytes) {
        try {
            var signature = Signature.parse(bytes);
            return signature.bytes().equals(bytes) ? Optional.of(signature.signer(hash)) : Optional.empty();
        } catch (Malformed _) {
            return Optional.empty();
        }
    }

    /// @throws OrderRefused if the order could not be matched now
    void checkMatchable(Signed<?> signed, Address signer, long remaining) throws InterruptedException {
        var order = signed.order();
        switch (order) {
            case Order.App _, Order.Dataset _ -> {}
            case Order.Workerpool o -> checkCategory(o.category());
            case Order.Request o -> checkCategory(o.category());
        }
        if (remaining == 0) {
            throw new OrderRefused(
                    "volume", "nothing is left of this order, or it was closed; sign a new one with another salt");
        }
        var need = Row.need(order);
        if (need.isZero()) {
            return;
        }
        var payer = Row.payer(order, signer);
        var free = ledger.free(payer);
        if (!free.covers(need)) {
            throw new OrderRefused(
                    order instanceof Order.Request ? "workerpoolmaxprice" : "workerpoolprice",
                    "one task takes %s of %s, who has %s free in the market; deposit %s first"
                            .formatted(need, payer, free, need.minus(free)));
        }
    }

    private void checkCategory(long category) throws InterruptedException {
        if (ledger.category(category).isEmpty()) {
            throw new OrderRefused("category", "there is no category %d in this market".formatted(category));
        }
    }

    /// The field that names whose order it is.
    private static String field(Order order) {
        return switch (order) {
            case Order.App _ -> "app";
            case Order.Dataset _ -> "dataset";
            case Order.Workerpool _ -> "workerpool";
            case Order.Request _ -> "requester";
        };
    }
}
