package bourse.testing;

import static bourse.testing.Draft.refusal;
import static bourse.testing.Draft.require;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Event;
import bourse.protocol.Keccak;
import bourse.protocol.Malformed;
import bourse.protocol.Order;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Signature;
import bourse.protocol.Signed;
import bourse.protocol.Tag;
import bourse.protocol.Transaction;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/// Four orders that fit each other become a deal.
final class Matching {
    /// Bit 0 of a tag: an enclave. A dataset's order does not say which kind (bits 1 to 3), since the app
    /// brings it.
    private static final BigInteger TEE = BigInteger.ONE;

    private static final BigInteger TEE_FRAMEWORKS = BigInteger.valueOf(0x0e);
    /// A request's tasks are numbered in 40 bits.
    private static final long MAX_INDEX = (1L << 40) - 1;
    /// A deal is written as code (EIP-170), of which the parameters get what the other fields leave.
    private static final int LONGEST_DEAL = 24_575;

    private static final int DEAL_WITHOUT_PARAMS = 344;

    /// The salt of a request that names its sponsor begins with these bytes.
    private static final String SPONSORED =
            Keccak.of("sponsored".getBytes(StandardCharsets.US_ASCII)).hex().substring(0, 12);

    private Matching() {}

    /// A deal that the requester pays.
    static void match(Draft draft, Transaction.Match orders) throws Refused {
        match(draft, orders, orders.request().order().requester());
    }

    /// A deal that the sender pays.
    static void sponsor(Draft draft, Transaction.Match orders) throws Refused {
        var deal = match(draft, orders, draft.sender);
        draft.log("DealSponsored", deal, draft.sender);
    }

    private static DealId match(Draft draft, Transaction.Match orders, Address payer) throws Refused {
        var a = orders.app().order();
        var d = orders.dataset().order();
        var w = orders.workerpool().order();
        var r = orders.request().order();
        affordedBy(payer, r.salt());
        var tag = compatible(draft, a, d, w, r);
        unrestricted(draft, a, d, w, r);

        var app = entry(draft, Asset.App.class, draft.market.apps(), a.app());
        var appHash = agreed(draft, app.owner(), orders.app());
        var datasetOwner = Address.ZERO;
        if (!d.dataset().isZero()) {
            datasetOwner = entry(draft, Asset.Dataset.class, draft.market.datasets(), d.dataset())
                    .owner();
            agreed(draft, datasetOwner, orders.dataset());
        }
        var pool = entry(draft, Asset.Workerpool.class, draft.market.workerpools(), w.workerpool());
        var workerpoolHash = agreed(draft, pool.owner(), orders.workerpool());
        var requestHash = agreed(draft, r.requester(), orders.request());

        var first = draft.consumed(requestHash);
        var volume = volume(draft, orders);
        var deal = new Deal(
                DealId.of(requestHash, first),
                new Deal.Share(a.app(), app.owner(), a.appprice()),
                new Deal.Share(d.dataset(), datasetOwner, d.dataset().isZero() ? Rlc.ZERO : d.datasetprice()),
                new Deal.Share(w.workerpool(), pool.owner(), w.workerpoolprice()),
                Math.max(r.trust(), 1),
                draft.settings.categories().get((int) r.category()),
                tag,
                r.requester(),
                r.beneficiary(),
                r.callback(),
                r.params(),
                draft.now,
                first,
                volume,
                Draft.amount(w.workerpoolprice()).percent(pool.workerStakeRatio()),
                pool.schedulerRatio(),
                payer);
        fits(deal);
        use(draft, appHash, volume);
        var datasetHash = draft.market.domain().hash(d);
        if (deal.hasDataset()) {
            use(draft, datasetHash, volume);
        }
        use(draft, workerpoolHash, volume);
        use(draft, requestHash, volume);
        draft.deals = draft.deals.plus(deal.id(), deal);
        draft.lock(deal.sponsor(), deal.price().times(volume));
        draft.lock(deal.workerpool().owner(), Settlement.poolStake(deal).times(volume));
        draft.log("SchedulerNotice", w.workerpool(), deal.id());
        draft.say(
                new Event.Matched(
                        deal.id(),
                        a.app(),
                        d.dataset(),
                        w.workerpool(),
                        r.requester(),
                        volume,
                        new Event.Orders(
                                appHash, deal.hasDataset() ? datasetHash : Bytes32.ZERO, workerpoolHash, requestHash)),
                "OrdersMatched",
                deal.id(),
                appHash,
                deal.hasDataset() ? datasetHash : Bytes32.ZERO,
                workerpoolHash,
                requestHash,
                volume);
        return deal.id();
    }

    /// How many tasks are left in all of the orders.
    static long volume(Draft draft, Transaction.Match orders) throws Refused {
        var domain = draft.market.domain();
        var d = orders.dataset().order();
        var first = draft.consumed(domain.hash(orders.request().order()));
        var app = left(draft, orders.app().order());
        var dataset = d.dataset().isZero() ? app : left(draft, d);
        var workerpool = left(draft, orders.workerpool().order());
        var request = Math.min(left(draft, orders.request().order()), Math.max(MAX_INDEX - first, 0));
        var volume = Math.min(Math.min(app, dataset), Math.min(workerpool, request));
        require(
                volume > 0,
                "NoVolumeLeft",
                "app",
                app,
                "dataset",
                dataset,
                "workerpool",
                workerpool,
                "request",
                request);
        return volume;
    }

    /// May the dataset be used in the deal, which has none of its own?
    static void requireCompatible(Draft draft, Signed<Order.Dataset> dataset, DealId id) throws Refused {
        var order = dataset.order();
        var hash = draft.market.domain().hash(order);
        require(
                left(draft, order) > 0,
                "DatasetOrderSpent",
                "orderHash",
                hash,
                "consumed",
                draft.consumed(hash),
                "volume",
                order.volume());
        var owner = draft.asset(Asset.Dataset.class, order.dataset())
                .orElseThrow(() -> refusal(
                        "UnknownEntry", "id", new BigInteger(order.dataset().hex(), 16)))
                .owner();
        agreed(draft, owner, dataset);
        var deal = draft.deals.get(id);
        if (deal == null) {
            throw refusal("UnknownDeal", "dealid", id);
        }
        require(
                !deal.hasDataset(),
                "DealHasDataset",
                "dealid",
                id,
                "dataset",
                deal.dataset().asset());
        admit(draft, 4, order.apprestrict(), deal.app().asset());
        admit(draft, 5, order.workerpoolrestrict(), deal.workerpool().asset());
        admit(draft, 6, order.requesterrestrict(), deal.requester());
        var needed = new Tag(Bytes32.of(word(bits(order.tag()).andNot(TEE_FRAMEWORKS))));
        require(deal.tag().covers(needed), "TagNotOffered", "needed", needed, "offered", deal.tag());
    }

    /// A request can name in its salt who alone may pay for it.
    private static void affordedBy(Address payer, Bytes32 salt) throws Refused {
        if (salt.hex().startsWith(SPONSORED)) {
            var sponsor = new Address(salt.hex().substring(24));
            require(payer.equals(sponsor), "NotTheSponsor", "payer", payer, "sponsor", sponsor);
        }
    }

    /// Do the orders offer what is requested? Returns the tag of the deal: all that any of them needs.
    private static Tag compatible(Draft draft, Order.App a, Order.Dataset d, Order.Workerpool w, Order.Request r)
            throws Refused {
        require(r.category() == w.category(), "CategoryMismatch", "requested", r.category(), "offered", w.category());
        require(
                r.category() < draft.settings.categories().size(),
                "UnknownCategory",
                "category",
                r.category(),
                "count",
                draft.settings.categories().size());
        require(r.trust() <= w.trust(), "TrustNotOffered", "requested", r.trust(), "offered", w.trust());
        affordable("AppPriceTooHigh", a.appprice(), r.appmaxprice());
        affordable("DatasetPriceTooHigh", d.datasetprice(), r.datasetmaxprice());
        affordable("WorkerpoolPriceTooHigh", w.workerpoolprice(), r.workerpoolmaxprice());
        var needed = bits(a.tag()).or(bits(d.tag()).andNot(TEE_FRAMEWORKS)).or(bits(r.tag()));
        var tag = new Tag(Bytes32.of(word(needed)));
        require(w.tag().covers(tag), "TagNotOffered", "needed", tag, "offered", w.tag());
        require(needed.and(TEE).equals(bits(a.tag()).and(TEE)), "AppLacksTee", "needed", tag, "appTag", a.tag());
        require(r.app().equals(a.app()), "AppMismatch", "requested", r.app(), "offered", a.app());
        require(r.dataset().equals(d.dataset()), "DatasetMismatch", "requested", r.dataset(), "offered", d.dataset());
        return tag;
    }

    private static void affordable(String error, Rlc asked, Rlc accepted) throws Refused {
        require(accepted.covers(asked), error, "asked", asked, "accepted", accepted);
    }

    /// Does everyone accept everyone?
    private static void unrestricted(Draft draft, Order.App a, Order.Dataset d, Order.Workerpool w, Order.Request r)
            throws Refused {
        admit(draft, 0, r.workerpool(), w.workerpool());
        admit(draft, 1, a.datasetrestrict(), d.dataset());
        admit(draft, 2, a.workerpoolrestrict(), w.workerpool());
        admit(draft, 3, a.requesterrestrict(), r.requester());
        admit(draft, 4, d.apprestrict(), a.app());
        admit(draft, 5, d.workerpoolrestrict(), w.workerpool());
        admit(draft, 6, d.requesterrestrict(), r.requester());
        admit(draft, 7, w.apprestrict(), a.app());
        admit(draft, 8, w.datasetrestrict(), d.dataset());
        admit(draft, 9, w.requesterrestrict(), r.requester());
    }

    /// An address lets itself in, and a group (ERC-734) its members.
    private static void admit(Draft draft, int which, Address restriction, Address account) throws Refused {
        require(
                restriction.isZero()
                        || restriction.equals(account)
                        || draft.outsider(restriction)
                                .filter(group -> group.members().contains(account))
                                .isPresent(),
                "Restricted",
                "which",
                which,
                "restriction",
                restriction,
                "account",
                account);
    }

    private static <A extends Asset> A entry(Draft draft, Class<A> kind, Address registry, Address address)
            throws Refused {
        return draft.asset(kind, address)
                .orElseThrow(() -> refusal("NotRegistered", "registry", registry, "entry", address));
    }

    /// Did `owner` sign the order? Returns its hash.
    private static Bytes32 agreed(Draft draft, Address owner, Signed<? extends Order> order) throws Refused {
        var hash = draft.market.domain().hash(order.order());
        var presigned =
                !owner.isZero() && owner.equals(draft.permissions.presigned().get(hash));
        require(
                presigned || signed(draft, owner, hash, order.signature()),
                "BadSignature",
                "signer",
                owner,
                "hash",
                hash);
        return hash;
    }

    /// By a key, or by a contract that agrees (ERC-1271).
    static boolean signed(Draft draft, Address signer, Bytes32 hash, Bytes signature) {
        return draft.outsider(signer)
                .map(contract -> contract.agreeable() && signature.hex().equals(hash.hex()))
                .orElseGet(() -> signed(signer, hash, signature));
    }

    /// As the contracts read a signature: 65 bytes that end in 27 or 28, or 64 (EIP-2098).
    static boolean signed(Address signer, Bytes32 hash, Bytes signature) {
        try {
            return switch (signature.length()) {
                case 64 -> Signature.parse(expanded(signature)).signer(hash).equals(signer);
                case 65 ->
                    (signature.hex().endsWith("1b") || signature.hex().endsWith("1c"))
                            && Signature.parse(signature).signer(hash).equals(signer);
                default -> false;
            };
        } catch (Malformed _) {
            return false;
        }
    }

    /// In the short form, the highest bit of `s` tells the two values of `v` apart.
    private static Bytes expanded(Bytes signature) {
        var s = new BigInteger(signature.hex().substring(64), 16);
        return new Bytes(signature.hex().substring(0, 64)
                + Bytes32.of(word(s.clearBit(255))).hex()
                + (s.testBit(255) ? "1c" : "1b"));
    }

    private static long left(Draft draft, Order order) {
        return Math.max(order.volume() - draft.consumed(draft.market.domain().hash(order)), 0);
    }

    private static void use(Draft draft, Bytes32 order, long volume) {
        draft.consumed = draft.consumed.plus(order, draft.consumed(order) + volume);
    }

    private static void fits(Deal deal) throws Refused {
        Draft.amount(deal.app().price());
        Draft.amount(deal.dataset().price());
        Draft.amount(deal.workerStake());
        var length = DEAL_WITHOUT_PARAMS + deal.params().getBytes(StandardCharsets.UTF_8).length;
        require(length <= LONGEST_DEAL, "BlobTooLong", "length", length, "max", LONGEST_DEAL);
    }

    private static BigInteger bits(Tag tag) {
        return new BigInteger(1, tag.value().bytes());
    }

    private static byte[] word(BigInteger number) {
        return new Bytes32("%064x".formatted(number)).bytes();
    }
}
