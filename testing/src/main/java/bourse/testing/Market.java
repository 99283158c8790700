package bourse.testing;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Domain;
import bourse.protocol.Keccak;
import java.util.Arrays;

/// Where the contracts are.
///
/// @param domain the hub and its chain
/// @param apps the registry of apps; likewise the others
public record Market(Domain domain, Address apps, Address datasets, Address workerpools) {
    /// Nobody's account, in which the stakes of those who failed wait for those who succeed. PoCo's constant:
    /// the first 20 bytes of keccak256("iExecKitty"), less one.
    public static final Address KITTY = Address.parse("0x99c2268479b93fDe36232351229815DF80837e23");

    /// Somewhere on a chain of no importance.
    public static Market anywhere() {
        return new Market(new Domain(31337, named("hub")), named("apps"), named("datasets"), named("workerpools"));
    }

    Address hub() {
        return domain.hub();
    }

    private static Address named(String name) {
        return Address.of(Arrays.copyOf(Keccak.of(Bytes.utf8(name).bytes()).bytes(), 20));
    }
}
