package bourse.testing;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Wallet;
import java.util.Optional;

/// Somebody with an account: he has a key, or is a contract that takes a hash for its signature ([State.Outsider]).
public record Person(Address address, Optional<Wallet> key) {
    public static Person of(Wallet wallet) {
        return new Person(wallet.address(), Optional.of(wallet));
    }

    public static Person contract(Address address) {
        return new Person(address, Optional.empty());
    }

    Bytes sign(Bytes32 hash) {
        return key.map(wallet -> wallet.sign(hash).bytes()).orElseGet(() -> new Bytes(hash.hex()));
    }

    Bytes signMessage(Bytes32 message) {
        return sign(Wallet.messageHash(message));
    }
}
