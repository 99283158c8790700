package bourse.testing;

import static bourse.testing.Draft.refusal;
import static bourse.testing.Draft.require;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Bytes;
import bourse.protocol.Event;
import bourse.protocol.Order;
import bourse.protocol.Refused;
import bourse.protocol.Signed;
import java.lang.reflect.RecordComponent;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Orders on chain: signed, closed, or only shown.
final class Orders {
    private Orders() {}

    /// A closed order counts as used up. Who is not the order's owner needs his signature of the operation.
    static void manage(Draft draft, Order order, boolean closes, Bytes signature) throws Refused {
        var domain = draft.market.domain();
        var owner = switch (order) {
            case Order.App o -> owner(draft, Asset.App.class, o.app());
            case Order.Dataset o -> owner(draft, Asset.Dataset.class, o.dataset());
            case Order.Workerpool o -> owner(draft, Asset.Workerpool.class, o.workerpool());
            case Order.Request o -> o.requester();
        };
        if (!draft.sender.equals(owner)) {
            var operation = domain.hash(order, closes);
            require(
                    Matching.signed(draft, owner, operation, signature),
                    "BadSignature",
                    "signer",
                    owner,
                    "hash",
                    operation);
        }
        var hash = domain.hash(order);
        if (closes) {
            draft.consumed = draft.consumed.plus(hash, order.volume());
        } else {
            draft.permissions = new State.Permissions(
                    draft.permissions.presigned().plus(hash, owner),
                    draft.permissions.allowances(),
                    draft.permissions.keepers(),
                    draft.permissions.operators());
        }
        if (closes) {
            draft.say(new Event.Closed(hash), "Closed" + kind(order) + "Order", hash);
        } else {
            draft.log("Signed" + kind(order) + "Order", hash);
        }
    }

    /// Whether it is true what it says is its reader's business.
    static void broadcast(Draft draft, Signed<? extends Order> shown) {
        var values = new ArrayList<Object>(fields(shown.order()));
        values.add(shown.signature());
        var log = "Broadcast" + kind(shown.order()) + "Order";
        if (shown.order() instanceof Order.Workerpool order) {
            draft.say(new Event.Broadcast(new Signed<>(order, shown.signature())), log, values.toArray());
        } else {
            draft.log(log, values.toArray());
        }
    }

    private static String kind(Order order) {
        return order.getClass().getSimpleName();
    }

    /// Records of orders have the fields of the ABI, in its order.
    private static List<Object> fields(Order order) {
        return Stream.of(order.getClass().getRecordComponents())
                .map(component -> field(component, order))
                .toList();
    }

    private static Object field(RecordComponent component, Order order) {
        try {
            return component.getAccessor().invoke(order);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <A extends Asset> Address owner(Draft draft, Class<A> kind, Address address) throws Refused {
        return draft.asset(kind, address)
                .orElseThrow(() -> refusal("UnknownEntry", "id", new BigInteger(address.hex(), 16)))
                .owner();
    }
}
