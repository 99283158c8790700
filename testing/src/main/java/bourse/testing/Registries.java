package bourse.testing;

import static bourse.testing.Draft.refusal;
import static bourse.testing.Draft.require;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Bytes;
import bourse.protocol.Event;
import bourse.protocol.Keccak;
import bourse.protocol.Refused;
import bourse.protocol.Transaction;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import org.pcollections.PMap;

/// Who owns which app, dataset and workerpool.
///
/// An entry's address follows from its owner and its description: it is a clone (ERC-1167) that carries the
/// description behind its code, made by CREATE2 (EIP-1014) with the owner as salt.
final class Registries {
    private static final int WORKER_STAKE_RATIO = 30;
    private static final int SCHEDULER_RATIO = 1;
    private static final int MAX_WORKER_STAKE_RATIO = 1000;
    private static final int LONGEST_FIELD = 0xffff;
    private static final int LONGEST_DESCRIPTION = 0x5fd3;

    private Registries() {}

    static void create(Draft draft, Transaction.CreateApp app) throws Refused {
        var description = app.checksum().hex()
                + field(Bytes.utf8(app.name()))
                + field(Bytes.utf8(app.type()))
                + field(app.location())
                + field(Bytes.EMPTY); // the measurement of an enclave
        var address = register(draft, draft.market.apps(), draft.sender, description);
        add(draft, new Asset.App(address, draft.sender, app.name(), app.type(), app.location(), app.checksum()));
    }

    static void create(Draft draft, Transaction.CreateDataset dataset) throws Refused {
        var description = dataset.checksum().hex() + field(Bytes.utf8(dataset.name())) + field(dataset.location());
        var address = register(draft, draft.market.datasets(), draft.sender, description);
        add(draft, new Asset.Dataset(address, draft.sender, dataset.name(), dataset.location(), dataset.checksum()));
    }

    static void create(Draft draft, Address owner, Transaction.CreateWorkerpool pool) throws Refused {
        var description = field(Bytes.utf8(pool.description()));
        var address = register(draft, draft.market.workerpools(), owner, description);
        add(draft, new Asset.Workerpool(address, owner, pool.description(), WORKER_STAKE_RATIO, SCHEDULER_RATIO));
    }

    static void setPolicy(Draft draft, Transaction.SetPolicy policy) throws Refused {
        var pool = draft.asset(Asset.Workerpool.class, policy.workerpool())
                .orElseThrow(() ->
                        refusal("NotRegistered", "registry", draft.market.workerpools(), "entry", policy.workerpool()));
        require(draft.sender.equals(pool.owner()), "CallerIsNotOwner", "caller", draft.sender, "owner", pool.owner());
        bounded(policy.workerStakeRatio(), MAX_WORKER_STAKE_RATIO);
        bounded(policy.schedulerRatio(), 100);
        replace(
                draft,
                pool,
                new Asset.Workerpool(
                        pool.address(),
                        pool.owner(),
                        pool.description(),
                        policy.workerStakeRatio(),
                        policy.schedulerRatio()));
        draft.logOf(
                pool.address(),
                "PolicyUpdate",
                pool.workerStakeRatio(),
                policy.workerStakeRatio(),
                pool.schedulerRatio(),
                policy.schedulerRatio());
    }

    /* WHO OWNS AN ENTRY, OR MAY ACT FOR HIM */

    /// Gives an asset to somebody else. A contract has to agree, where it is done safely.
    static void passOn(Draft draft, Act.PassOn t) throws Refused {
        var asset = entry(draft, t.registry(), t.asset());
        var owner = asset.owner();
        require(owner.equals(t.from()), "NotTheOwner", "from", t.from(), "owner", owner);
        require(
                mayAct(draft, t.registry(), owner)
                        || draft.sender.equals(draft.permissions.keepers().get(t.asset())),
                "NotAllowed",
                "caller",
                draft.sender,
                "id",
                id(t.asset()));
        require(!t.to().isZero(), "NoRecipient");
        // The market's contracts own nothing.
        var takes = !t.to().equals(draft.market.hub())
                && draft.outsider(t.to()).map(State.Outsider::agreeable).orElse(true);
        require(!t.safely() || takes, "UnsafeRecipient", "to", t.to());
        keep(draft, draft.permissions.keepers().minus(t.asset()));
        replace(draft, asset, of(asset, t.to()));
        draft.events.add(new Event.PassedOn(t.registry(), t.asset(), owner, t.to()));
        draft.logOf(t.registry(), "Transfer", owner, t.to(), id(t.asset()));
    }

    static void entrust(Draft draft, Act.Entrust t) throws Refused {
        var owner = entry(draft, t.registry(), t.asset()).owner();
        require(mayAct(draft, t.registry(), owner), "NotAllowed", "caller", draft.sender, "id", id(t.asset()));
        keep(draft, draft.permissions.keepers().plus(t.asset(), t.keeper()));
        draft.logOf(t.registry(), "Approval", owner, t.keeper(), id(t.asset()));
    }

    static void entrust(Draft draft, Act.EntrustAll t) {
        var grant = new State.Grant(t.registry(), draft.sender, t.operator());
        var operators = draft.permissions.operators();
        draft.permissions = new State.Permissions(
                draft.permissions.presigned(),
                draft.permissions.allowances(),
                draft.permissions.keepers(),
                t.approved() ? operators.plus(grant) : operators.minus(grant));
        draft.logOf(t.registry(), "ApprovalForAll", draft.sender, t.operator(), t.approved());
    }

    private static boolean mayAct(Draft draft, Address registry, Address owner) {
        return draft.sender.equals(owner)
                || draft.permissions.operators().contains(new State.Grant(registry, owner, draft.sender));
    }

    private static void keep(Draft draft, PMap<Address, Address> keepers) {
        draft.permissions = new State.Permissions(
                draft.permissions.presigned(), draft.permissions.allowances(), keepers, draft.permissions.operators());
    }

    private static Asset entry(Draft draft, Address registry, Address address) throws Refused {
        return draft.asset(Asset.class, address)
                .filter(asset -> registry.equals(
                        switch (asset) {
                            case Asset.App _ -> draft.market.apps();
                            case Asset.Dataset _ -> draft.market.datasets();
                            case Asset.Workerpool _ -> draft.market.workerpools();
                        }))
                .orElseThrow(() -> refusal("UnknownEntry", "id", id(address)));
    }

    private static Asset of(Asset asset, Address owner) {
        return switch (asset) {
            case Asset.App a -> new Asset.App(a.address(), owner, a.name(), a.type(), a.location(), a.checksum());
            case Asset.Dataset d -> new Asset.Dataset(d.address(), owner, d.name(), d.location(), d.checksum());
            case Asset.Workerpool w ->
                new Asset.Workerpool(w.address(), owner, w.description(), w.workerStakeRatio(), w.schedulerRatio());
        };
    }

    /// An entry's number is its address.
    private static BigInteger id(Address address) {
        return new BigInteger(address.hex(), 16);
    }

    private static void replace(Draft draft, Asset old, Asset asset) {
        draft.assets = draft.assets.with(draft.assets.indexOf(old), asset);
    }

    private static void bounded(int ratio, int max) throws Refused {
        require(ratio <= max, "RatioTooHigh", "ratio", ratio, "max", max);
    }

    private static void add(Draft draft, Asset asset) {
        draft.assets = draft.assets.plus(asset);
    }

    private static Address register(Draft draft, Address registry, Address owner, String description) throws Refused {
        require(!owner.isZero(), "NoRecipient");
        require(description.length() / 2 <= LONGEST_DESCRIPTION, "CloneArgumentsTooLong");
        var address = address(registry, owner, description);
        require(draft.asset(Asset.class, address).isEmpty(), "AlreadyRegistered", "entry", address);
        draft.events.add(new Event.Registered(registry, address, owner));
        draft.logOf(registry, "Transfer", Address.ZERO, owner, id(address));
        return address;
    }

    /// A field of variable size: its length in two bytes, then itself.
    private static String field(Bytes value) throws Refused {
        require(value.length() <= LONGEST_FIELD, "FieldTooLong", "length", value.length(), "max", LONGEST_FIELD);
        return "%04x".formatted(value.length()) + value.hex();
    }

    private static Address address(Address registry, Address owner, String description) {
        // What all entries are clones of is the first contract that the registry makes: keccak(rlp([registry, 1])).
        var master = last20(Keccak.of(HexFormat.of().parseHex("d694" + registry.hex() + "01"))
                .bytes());
        var code = "61%04x3d81600a3d39f3363d3d373d3d3d363d73%s5af43d82803e903d91602b57fd5bf3%s"
                .formatted(description.length() / 2 + 45, master.hex(), description);
        return last20(Keccak.of(
                        new byte[] {(byte) 0xff},
                        registry.bytes(),
                        new byte[12],
                        owner.bytes(),
                        Keccak.of(HexFormat.of().parseHex(code)).bytes())
                .bytes());
    }

    private static Address last20(byte[] hash) {
        return Address.of(Arrays.copyOfRange(hash, 12, 32));
    }
}
