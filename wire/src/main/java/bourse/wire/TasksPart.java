package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.Chain;
import bourse.protocol.Contribution;
import bourse.protocol.PoolInfo;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// How a task goes, for iExec's clients (`iexec task debug`): the API of a workerpool, in the words of their own
/// scheduler, which are translated here.
///
/// What the chain tells goes before what the pool remembers. A program's exit status (`appExitCode`) is no part of it:
/// it stands in the result, where all workers agree on it.
final class TasksPart implements Part {
    private final PoolInfo pool;
    private final Address workerpool;
    private final Chain chain;
    private final Challenges challenges;

    /// A task.
    ///
    /// @param dateStatusList what is known of its past
    record Told(TaskId chainTaskId, String currentStatus, List<Dated> dateStatusList, List<Replicate> replicates) {}

    record Dated(String status, Instant date) {}

    /// One worker's try.
    ///
    /// @param statusUpdateList the newest that the pool remembers; empty if it only knows him from the chain
    record Replicate(Address walletAddress, String currentStatus, List<Dated> statusUpdateList) {}

    record Logs(List<Log> computeLogsList) {}

    record Log(Address walletAddress, String stdout, String stderr) {}

    TasksPart(PoolInfo pool, Address workerpool, Chain chain, Challenges challenges) {
        this.pool = pool;
        this.workerpool = workerpool;
        this.chain = chain;
        this.challenges = challenges;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/tasks/logs/challenge", this::challenge),
                Route.get("/tasks/{id}/logs", this::logs),
                Route.get("/tasks/{id}", this::task));
    }

    @Override
    public String document() {
        return "tasks.openapi.json";
    }

    @Override
    public boolean isForPages() {
        return true;
    }

    private void challenge(Exchange exchange) {
        exchange.json(challenges.issue(exchange.query("chainId"), Address.parse(exchange.query("address"))));
    }

    private void logs(Exchange exchange) throws InterruptedException {
        var caller = challenges.caller(exchange.authorization());
        var logs = pool.logs(TaskId.parse(exchange.parameter("id")), caller);
        exchange.json(new Logs(logs.stream()
                .map(log -> new Log(log.worker(), log.stdout(), log.stderr()))
                .toList()));
    }

    private void task(Exchange exchange) throws InterruptedException {
        var id = TaskId.parse(exchange.parameter("id"));
        var task = chain.task(id)
                .orElseThrow(() -> new Refusal(
                        Problem.MISSING, "the chain has no task %s, or it was not initialized yet".formatted(id)));
        var deal = chain.deal(task.deal()).orElseThrow();
        if (!deal.workerpool().asset().equals(workerpool)) {
            throw new Refusal(
                    Problem.MISSING,
                    "the task %s is of the pool %s; this is %s"
                            .formatted(id, deal.workerpool().asset(), workerpool));
        }
        var tries = pool.status(id).replicates();
        exchange.json(new Told(
                id, status(task, tries), List.of(new Dated("RECEIVED", deal.start())), replicates(task, tries)));
    }

    private static String status(Task task, List<PoolInfo.Replicate> tries) {
        return switch (task) {
            case Task.Unset _ -> "RECEIVED";
            case Task.Active _ -> tries.isEmpty() ? "INITIALIZED" : "RUNNING";
            case Task.Revealing t -> t.reveals() > 0 ? "AT_LEAST_ONE_REVEALED" : "CONSENSUS_REACHED";
            case Task.AuditDue _ -> "CONSENSUS_REACHED";
            case Task.Completed _ -> "COMPLETED";
            case Task.Failed _ -> "FAILED";
        };
    }

    private static List<Replicate> replicates(Task task, List<PoolInfo.Replicate> tries) {
        var votes = task.contributors().stream()
                .collect(Collectors.toMap(Contribution::worker, Function.identity(), (_, last) -> last));
        var replicates = new ArrayList<Replicate>();
        for (var one : tries) {
            var remembered = status(one.phase());
            var vote = votes.remove(one.worker());
            replicates.add(new Replicate(
                    one.worker(),
                    vote == null ? remembered : status(task, vote),
                    List.of(new Dated(remembered, one.since()))));
        }
        votes.values().forEach(vote -> replicates.add(new Replicate(vote.worker(), status(task, vote), List.of())));
        return List.copyOf(replicates);
    }

    private static String status(Task task, Contribution vote) {
        return switch (vote.status()) {
            case CONTRIBUTED -> task.ended() ? "FAILED" : "CONTRIBUTED";
            case PROVED -> task.ended() ? "COMPLETED" : "REVEALED";
            case REJECTED -> "FAILED";
        };
    }

    /// Other phases are passed on as they are: they are for people to read.
    private static String status(String phase) {
        return switch (phase) {
            case "ASSIGNED" -> "STARTED";
            case "FETCHING" -> "APP_DOWNLOADING";
            case "DELIVERED" -> "RESULT_UPLOADED";
            case "GAVE_UP" -> "ABORTED";
            case "LOST" -> "WORKER_LOST";
            default -> phase;
        };
    }
}
