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
import java.util.Arrays;
import java.util.HexFormat;

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
        var address = register(draft, draft.market.apps(), description);
        add(draft, new Asset.App(address, draft.sender, app.name(), app.type(), app.location(), app.checksum()));
    }

    static void create(Draft draft, Transaction.CreateDataset dataset) throws Refused {
        var description = dataset.checksum().hex() + field(Bytes.utf8(dataset.name())) + field(dataset.location());
        var address = register(draft, draft.market.datasets(), description);
        add(draft, new Asset.Dataset(address, draft.sender, dataset.name(), dataset.location(), dataset.checksum()));
    }

    static void create(Draft draft, Transaction.CreateWorkerpool pool) throws Refused {
        var address = register(draft, draft.market.workerpools(), field(Bytes.utf8(pool.description())));
        add(
                draft,
                new Asset.Workerpool(address, draft.sender, pool.description(), WORKER_STAKE_RATIO, SCHEDULER_RATIO));
    }

    static void setPolicy(Draft draft, Transaction.SetPolicy policy) throws Refused {
        var pool = draft.asset(Asset.Workerpool.class, policy.workerpool())
                .orElseThrow(() ->
                        refusal("NotRegistered", "registry", draft.market.workerpools(), "entry", policy.workerpool()));
        require(draft.sender.equals(pool.owner()), "CallerIsNotOwner", "caller", draft.sender, "owner", pool.owner());
        bounded(policy.workerStakeRatio(), MAX_WORKER_STAKE_RATIO);
        bounded(policy.schedulerRatio(), 100);
        draft.assets = draft.assets.with(
                draft.assets.indexOf(pool),
                new Asset.Workerpool(
                        pool.address(),
                        pool.owner(),
                        pool.description(),
                        policy.workerStakeRatio(),
                        policy.schedulerRatio()));
    }

    private static void bounded(int ratio, int max) throws Refused {
        require(ratio <= max, "RatioTooHigh", "ratio", ratio, "max", max);
    }

    private static void add(Draft draft, Asset asset) {
        draft.assets = draft.assets.plus(asset);
    }

    private static Address register(Draft draft, Address registry, String description) throws Refused {
        require(description.length() / 2 <= LONGEST_DESCRIPTION, "CloneArgumentsTooLong");
        var address = address(registry, draft.sender, description);
        require(draft.asset(Asset.class, address).isEmpty(), "FailedDeployment");
        draft.events.add(new Event.Registered(registry, address, draft.sender));
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
