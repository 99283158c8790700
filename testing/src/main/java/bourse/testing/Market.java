package bourse.testing;

import bourse.protocol.Address;
import bourse.protocol.Domain;
import bourse.protocol.Keccak;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Where the contracts are.
///
/// @param domain the hub and its chain
/// @param apps the registry of apps; likewise the others
public record Market(Domain domain, Address apps, Address datasets, Address workerpools) {
    /// Nobody's account, in which the stakes of those who failed wait for those who succeed (PoCo).
    public static final Address KITTY = kitty();

    /// Somewhere on a chain of no importance.
    public static Market anywhere() {
        return new Market(new Domain(31337, named("hub")), named("apps"), named("datasets"), named("workerpools"));
    }

    Address hub() {
        return domain.hub();
    }

    private static Address kitty() {
        var number = new BigInteger(1, keccak("iExecKitty")).subtract(BigInteger.ONE);
        return new Address("%064x".formatted(number).substring(24));
    }

    private static Address named(String name) {
        return Address.of(Arrays.copyOfRange(keccak(name), 12, 32));
    }

    private static byte[] keccak(String text) {
        return Keccak.of(text.getBytes(StandardCharsets.UTF_8)).bytes();
    }
}
