package bourse.wire;

import bourse.protocol.PoolInfo;
import bourse.protocol.TaskId;
import java.util.List;

/// What anyone may ask a workerpool.
final class PoolInfoPart implements Part {
    private final PoolInfo pool;

    PoolInfoPart(PoolInfo pool) {
        this.pool = pool;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/v1/pool", exchange -> exchange.json(pool.workerpool())),
                Route.get("/v1/pool/members", exchange -> exchange.json(pool.members())),
                Route.get(
                        "/v1/pool/tasks/{id}",
                        exchange -> exchange.json(pool.status(TaskId.parse(exchange.parameter("id"))))),
                Route.get(
                        "/v1/pool/tasks/{id}/machines",
                        exchange -> exchange.json(pool.suitability(TaskId.parse(exchange.parameter("id"))))));
    }

    @Override
    public String document() {
        return "pool-info.openapi.json";
    }
}
