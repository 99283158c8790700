package bourse.testing;

import static bourse.testing.Draft.require;

import bourse.protocol.Address;
import bourse.protocol.Category;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import java.time.Duration;

/// What the market's owner may do. Nothing of anyone's is in his power.
final class Ownership {
    private static final long LONGEST = Duration.ofDays(3650).toSeconds();
    private static final long MIN_CALLBACK_GAS = 100_000;
    private static final long MAX_CALLBACK_GAS = 1_000_000;

    private Ownership() {}

    static void create(Draft draft, Act.CreateCategory t) throws Refused {
        var known = owned(draft);
        require(
                t.seconds() > 0 && t.seconds() <= LONGEST,
                "DurationOutOfRange",
                "duration",
                t.seconds(),
                "min",
                1,
                "max",
                LONGEST);
        var id = known.categories().size();
        var category = new Category(id, t.name(), t.description(), Duration.ofSeconds(t.seconds()));
        draft.settings = new State.Settings(
                known.owner(),
                known.broker(),
                known.brokerSince(),
                known.callbackGas(),
                known.categories().plus(category));
        draft.log("CreateCategory", id, t.name(), t.description(), t.seconds());
    }

    static void name(Draft draft, Address broker) throws Refused {
        var known = owned(draft);
        draft.settings = new State.Settings(known.owner(), broker, draft.now, known.callbackGas(), known.categories());
        draft.log("TeeBrokerNamed", broker);
    }

    static void setCallbackGas(Draft draft, long gas) throws Refused {
        var known = owned(draft);
        require(
                gas >= MIN_CALLBACK_GAS && gas <= MAX_CALLBACK_GAS,
                "CallbackGasOutOfRange",
                "asked",
                gas,
                "min",
                MIN_CALLBACK_GAS,
                "max",
                MAX_CALLBACK_GAS);
        draft.settings =
                new State.Settings(known.owner(), known.broker(), known.brokerSince(), gas, known.categories());
    }

    /// What came here outside of a deposit, and so is nobody's.
    static void recover(Draft draft) throws Refused {
        var owner = owned(draft).owner();
        var held = draft.tokens.getOrDefault(draft.market.hub(), Rlc.ZERO);
        draft.mint(owner, held.minus(draft.state().supply()));
    }

    static void passOn(Draft draft, Address owner) throws Refused {
        owned(draft);
        require(!owner.isZero(), "NoAccount");
        become(draft, owner);
    }

    static void renounce(Draft draft) throws Refused {
        owned(draft);
        become(draft, Address.ZERO);
    }

    private static void become(Draft draft, Address owner) {
        var known = draft.settings;
        draft.log("OwnershipTransferred", known.owner(), owner);
        draft.settings =
                new State.Settings(owner, known.broker(), known.brokerSince(), known.callbackGas(), known.categories());
    }

    private static State.Settings owned(Draft draft) throws Refused {
        var owner = draft.settings.owner();
        require(draft.sender.equals(owner), "NotOwner", "caller", draft.sender, "owner", owner);
        return draft.settings;
    }
}
