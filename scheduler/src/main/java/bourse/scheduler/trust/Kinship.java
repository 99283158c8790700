package bourse.scheduler.trust;

import bourse.protocol.Address;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// Which workers are one party: they have an owner or a source of funds in common, or are linked by others who
/// have. Such never check each other.
///
/// @param heads the party of each address that has company
public record Kinship(Map<Address, Address> heads) {
    public static final Kinship NONE = new Kinship(Map.of());

    public Kinship {
        heads = Map.copyOf(heads);
    }

    /// Two addresses that belong together: a worker and who owns it, a worker and who paid for its gas or its
    /// stake.
    ///
    /// The market's own faucet, an exchange, a bridge fund strangers: whoever makes links leaves them out.
    public record Link(Address one, Address other) {}

    public static Kinship of(Collection<Link> links) {
        var parents = new HashMap<Address, Address>();
        for (var link : links) {
            parents.putIfAbsent(link.one(), link.one());
            parents.putIfAbsent(link.other(), link.other());
            parents.put(head(parents, link.one()), head(parents, link.other()));
        }
        var heads = new HashMap<Address, Address>();
        parents.keySet().forEach(address -> heads.put(address, head(parents, address)));
        return new Kinship(heads);
    }

    private static Address head(Map<Address, Address> parents, Address address) {
        var head = address;
        for (var parent = parents.getOrDefault(head, head); !parent.equals(head); ) {
            head = parent;
            parent = parents.getOrDefault(head, head);
        }
        return head;
    }

    public boolean related(Address one, Address other) {
        return one.equals(other)
                || (!heads.isEmpty() && heads.getOrDefault(one, one).equals(heads.getOrDefault(other, other)));
    }
}
