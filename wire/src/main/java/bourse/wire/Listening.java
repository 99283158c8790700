package bourse.wire;

import bourse.protocol.Malformed;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/// Where a server listens.
///
/// @param host a name or an address of this machine; `0.0.0.0` for all
/// @param port 0 for any that is free
/// @param tls empty for plain HTTP; with it, `host` or `origin` is the name in the certificate
/// @param origin the URL under which others reach it, which stands in what they sign; empty: as it listens
public record Listening(String host, int port, Optional<Pem> tls, Optional<URI> origin, Limits limits) {
    public Listening {
        if (port < 0 || port > 65535) {
            throw new Malformed("a port is 0 to 65535, not " + port);
        }
        origin.ifPresent(Door::origin);
    }

    /// A certificate and its key, as PEM files.
    ///
    /// @param chain the certificate first, then those that vouch for it
    /// @param key in PKCS#8, not encrypted
    public record Pem(Path chain, Path key) {}

    /// For this machine alone, without TLS.
    public static Listening onLoopback(int port) {
        return new Listening("127.0.0.1", port, Optional.empty(), Optional.empty(), Limits.DEFAULT);
    }
}
