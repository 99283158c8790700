package bourse.protocol;

import org.bouncycastle.jcajce.provider.digest.Keccak.Digest256;

/// Ethereum's hash: Keccak-256, before NIST changed the padding.
public final class Keccak {
    private Keccak() {}

    /// The hash of the parts one after the other, as Solidity's `keccak256(abi.encodePacked(...))`.
    public static Bytes32 of(byte[]... parts) {
        var digest = new Digest256();
        for (var part : parts) {
            digest.update(part);
        }
        return Bytes32.of(digest.digest());
    }
}
