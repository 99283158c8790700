package bourse.wire;

import bourse.protocol.Address;
import java.net.URI;
import java.util.List;
import java.util.Map;

/// Where each workerpool's own server is, for iExec's clients, who call this the compass.
final class CompassPart implements Part {
    private final long chainId;
    private final Map<Address, URI> pools;

    record Direction(URI apiUrl) {}

    CompassPart(long chainId, Map<Address, URI> pools) {
        this.chainId = chainId;
        this.pools = Map.copyOf(pools);
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/{chainId}/workerpools/{address}", this::direction));
    }

    @Override
    public String document() {
        return "compass.openapi.json";
    }

    @Override
    public boolean isForPages() {
        return true;
    }

    private void direction(Exchange exchange) {
        var workerpool = Address.parse(exchange.parameter("address"));
        var url = pools.get(workerpool);
        if (url == null || !exchange.parameter("chainId").equals(Long.toString(chainId))) {
            throw new Refusal(
                    Problem.MISSING,
                    "nobody here knows where the workerpool %s of chain %s is reached"
                            .formatted(workerpool, exchange.parameter("chainId")));
        }
        exchange.json(new Direction(url));
    }
}
