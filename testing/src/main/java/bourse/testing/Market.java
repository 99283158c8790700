package bourse.testing;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Domain;
import bourse.protocol.Draw;
import bourse.protocol.Keccak;
import java.util.Arrays;

/// Where the contracts are.
///
/// @param domain the hub and its chain
/// @param token what people pay with; [Address#ZERO] where that is the chain's own coin
/// @param apps the registry of apps; likewise the others
/// @param draw how many of the results that one worker gave alone are checked
public record Market(Domain domain, Address token, Address apps, Address datasets, Address workerpools, Draw draw) {
    /// Nobody's account, in which the stakes of those who failed wait for those who succeed. PoCo's constant:
    /// the first 20 bytes of keccak256("iExecKitty"), less one.
    public static final Address KITTY = Address.parse("0x99c2268479b93fDe36232351229815DF80837e23");

    /// Somewhere on a chain of no importance.
    public static Market anywhere(Draw draw) {
        return new Market(
                new Domain(31337, named("hub")),
                named("token"),
                named("apps"),
                named("datasets"),
                named("workerpools"),
                draw);
    }

    /// Whether people pay with the chain's own coin.
    boolean isNative() {
        return token.isZero();
    }

    Address hub() {
        return domain.hub();
    }

    private static Address named(String name) {
        return Address.of(Arrays.copyOf(Keccak.of(Bytes.utf8(name).bytes()).bytes(), 20));
    }
}
