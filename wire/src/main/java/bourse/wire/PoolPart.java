package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.Denied;
import bourse.protocol.Malformed;
import bourse.protocol.Pool;
import bourse.protocol.Pool.Ad;
import bourse.protocol.Pool.Progress.Ran;
import bourse.protocol.Pool.Report;
import bourse.protocol.TaskId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.type.TypeReference;

/// What a workerpool's workers and requesters ask, with their signature.
final class PoolPart implements Part {
    /// What reports of one call may take: the longest single one fits, of a log whose every character is
    /// escaped. A client sends more in parts.
    static final int REPORTS = 2 * Ran.LONGEST_LOG * "\\u0000".length() + 128 * 1024;

    /// How long a call may wait for something to do.
    static final Duration LONGEST = Duration.ofSeconds(60);

    private final Pool pool;
    private final Guard guard;
    private final int mostPolls;
    private final Map<Address, Integer> polls = new ConcurrentHashMap<>();

    /// What a worker asks with.
    record Ask(Ad ad, Duration patience) {
        static final TypeReference<Ask> TYPE = new TypeReference<>() {};

        Ask {
            if (patience.isNegative() || patience.compareTo(LONGEST) > 0) {
                throw new Malformed("a call waits for 0 to %d seconds, not %s; ask again instead"
                        .formatted(LONGEST.toSeconds(), patience));
            }
        }
    }

    /// What a worker reports with.
    record Reports(Address worker, List<Report> reports) {
        static final TypeReference<Reports> TYPE = new TypeReference<>() {};

        Reports {
            reports = List.copyOf(reports);
            if (reports.isEmpty() || reports.size() > Pool.MOST) {
                throw new Malformed("a call has 1 to %d reports, not %d".formatted(Pool.MOST, reports.size()));
            }
        }
    }

    PoolPart(Pool pool, Guard guard, int mostPolls) {
        this.pool = pool;
        this.guard = guard;
        this.mostPolls = mostPolls;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.post("/v1/pool/ask", Route.ORDINARY, this::ask),
                Route.post("/v1/pool/reports", REPORTS, this::report),
                Route.get("/v1/pool/tasks/{id}/logs", this::logs));
    }

    @Override
    public String document() {
        return "pool.openapi.json";
    }

    private void ask(Exchange exchange) throws IOException, InterruptedException {
        var body = exchange.body();
        var caller = exchange.caller(guard, body);
        var ask = Json.read(body, Ask.TYPE);
        refuseOthers(caller, ask.ad().worker());
        if (polls.merge(caller, 1, Integer::sum) > mostPolls) {
            leave(caller);
            throw new Refusal(
                    Problem.TOO_MANY, "%d calls of yours wait already; let one of them end first".formatted(mostPolls));
        }
        try {
            exchange.json(exchange.waiting(ask.patience(), () -> pool.ask(ask.ad(), ask.patience())));
        } finally {
            leave(caller);
        }
    }

    private void leave(Address caller) {
        polls.computeIfPresent(caller, (_, count) -> count == 1 ? null : count - 1);
    }

    private void report(Exchange exchange) throws IOException, InterruptedException {
        var body = exchange.body();
        var caller = exchange.caller(guard, body);
        var reports = Json.read(body, Reports.TYPE);
        refuseOthers(caller, reports.worker());
        exchange.json(pool.report(caller, reports.reports()));
    }

    private void logs(Exchange exchange) throws IOException, InterruptedException {
        var caller = exchange.caller(guard, exchange.body());
        exchange.json(pool.logs(TaskId.parse(exchange.parameter("id")), caller));
    }

    private static void refuseOthers(Address caller, Address worker) {
        if (!caller.equals(worker)) {
            throw new Denied(
                    "%s signed this call, which speaks for %s; a worker speaks for himself".formatted(caller, worker));
        }
    }
}
