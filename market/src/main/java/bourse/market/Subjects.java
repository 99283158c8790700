package bourse.market;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.protocol.Event;
import java.util.LinkedHashSet;
import java.util.Set;

/// What has to be read of the chain again: orders by their hashes, assets, accounts.
record Subjects(Set<Bytes32> orders, Set<Address> assets, Set<Address> accounts) {
    /// As the tables write it.
    enum Sort {
        ORDER,
        ASSET,
        ACCOUNT
    }

    Subjects() {
        this(new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
    }

    /// What the event makes doubtful.
    void note(Event event) {
        switch (event) {
            case Event.Matched matched -> {
                orders.add(matched.orders().app());
                orders.add(matched.orders().dataset());
                orders.add(matched.orders().workerpool());
                orders.add(matched.orders().request());
                orders.remove(Bytes32.ZERO);
            }
            case Event.Closed(var order) -> orders.add(order);
            case Event.Registered registered -> assets.add(registered.asset());
            case Event.PassedOn passed -> assets.add(passed.asset());
            case Event.Moved moved -> {
                accounts.add(moved.from());
                accounts.add(moved.to());
            }
            // Whatever else moves money is told as [Event.Moved], too.
            case Event.Broadcast _, Event.Rewarded _, Event.Seized _, Event.OfTask _ -> {}
        }
    }

    void add(Sort sort, byte[] subject) {
        switch (sort) {
            case ORDER -> orders.add(Bytes32.of(subject));
            case ASSET -> assets.add(Address.of(subject));
            case ACCOUNT -> accounts.add(Address.of(subject));
        }
    }

    void addAll(Subjects others) {
        orders.addAll(others.orders());
        assets.addAll(others.assets());
        accounts.addAll(others.accounts());
    }

    /// All of one sort, in hexadecimal digits.
    Object[] hex(Sort sort) {
        return switch (sort) {
            case ORDER -> orders.stream().map(Bytes32::hex).toArray();
            case ASSET -> assets.stream().map(Address::hex).toArray();
            case ACCOUNT -> accounts.stream().map(Address::hex).toArray();
        };
    }
}
