package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.Denied;
import bourse.protocol.Malformed;
import io.helidon.http.Method;
import java.util.ArrayList;
import java.util.List;

/// What iExec's clients ask a secret management service (SMS) before they sign or match: is a secret there? None is,
/// for
/// none are kept here, and whoever brings one is refused.
final class SecretsPart implements Part {
    /// Before they are asked for: what names a secret in each path.
    private interface Naming {
        void check(Exchange exchange);
    }

    @Override
    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        add(routes, "/secrets/web3", exchange -> Address.parse(exchange.query("secretAddress")));
        add(routes, "/secrets/web2", exchange -> {
            Address.parse(exchange.query("ownerAddress"));
            name(exchange.query("secretName"));
        });
        add(routes, "/requesters/{address}/secrets/{name}", exchange -> {
            Address.parse(exchange.parameter("address"));
            name(exchange.parameter("name"));
        });
        add(routes, "/apps/{address}/secrets", exchange -> Address.parse(exchange.parameter("address")));
        return routes;
    }

    private static void add(List<Route> routes, String path, Naming naming) {
        routes.add(Route.head(path, exchange -> {
            naming.check(exchange);
            throw new Refusal(Problem.MISSING, "nobody has left this secret here");
        }));
        Answer refused = exchange -> {
            naming.check(exchange);
            throw new Denied("secrets are not kept here; use apps, datasets and results that need none");
        };
        routes.add(Route.post(path, Route.ORDINARY, refused));
        if (path.endsWith("web2")) { // the one kind that may be replaced
            routes.add(new Route(Method.PUT, path, Route.ORDINARY, false, refused));
        }
    }

    private static void name(String name) {
        if (name.isEmpty() || name.length() > 4096) {
            throw new Malformed("a secret's name has 1 to 4096 characters");
        }
    }

    @Override
    public String document() {
        return "secrets.openapi.json";
    }

    @Override
    public boolean isForPages() {
        return true;
    }
}
