package bourse.wire;

import bourse.protocol.Address;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Where each workerpool's own server is, for iExec's clients, who call this the compass.
final class CompassPart implements Part {
    private final long chainId;
    private final Function<Address, Optional<URI>> pools;

    record Direction(URI apiUrl) {}

    CompassPart(long chainId, Function<Address, Optional<URI>> pools) {
        this.chainId = chainId;
        this.pools = pools;
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
        var url = exchange.parameter("chainId").equals(Long.toString(chainId))
                ? pools.apply(workerpool)
                : Optional.<URI>empty();
        exchange.json(new Direction(url.orElseThrow(() -> new Refusal(
                Problem.MISSING,
                "nobody here knows where the workerpool %s of chain %s is reached"
                        .formatted(workerpool, exchange.parameter("chainId"))))));
    }
}
