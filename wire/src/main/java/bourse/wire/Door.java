package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.Domain;
import bourse.protocol.Malformed;
import java.net.URI;
import java.util.Locale;

/// A door of a server, as its callers know it.
///
/// @param origin where they reach it: `http` or `https`, a host, and a port if it is not the scheme's own
/// @param audience whom they mean: the workerpool's address, or the store's
/// @param domain the market in which their signatures count
public record Door(URI origin, Address audience, Domain domain) {
    /// @throws Malformed if `origin` has a path, or anything else that is not named above
    public Door {
        origin(origin);
    }

    /// The one way to write where a server is: what callers sign.
    static String origin(URI uri) {
        var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        var path = uri.getRawPath();
        boolean plain = (scheme.equals("http") || scheme.equals("https"))
                && uri.getHost() != null
                && uri.getRawUserInfo() == null
                && (path == null || path.isEmpty() || path.equals("/"))
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null;
        if (!plain) {
            throw new Malformed("a server's URL has a scheme, a host and a port, such as https://pool.example:8443;"
                    + " this has not, or more: " + uri);
        }
        int ownPort = scheme.equals("https") ? 443 : 80;
        return "%s://%s:%d"
                .formatted(scheme, uri.getHost().toLowerCase(Locale.ROOT), uri.getPort() < 0 ? ownPort : uri.getPort());
    }
}
