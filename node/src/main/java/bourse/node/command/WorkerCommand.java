package bourse.node.command;

import bourse.node.Problem;
import bourse.node.WorkerService;
import bourse.protocol.Address;
import bourse.protocol.Rlc;
import bourse.protocol.Voting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `bourse worker`.
@Command(
        name = "worker",
        mixinStandardHelpOptions = true,
        description = "Works for the pool that bourse.toml names, and calls its scheduler; nobody needs to reach this"
                + " machine. With `list`: looks at the workers of a pool.",
        subcommands = WorkerCommand.Listing.class)
final class WorkerCommand implements Callable<Integer> {
    @Mixin
    private Common common = new Common();

    @Override
    public Integer call() throws Exception {
        var home = common.home();
        try (var service = WorkerService.start(home, home.settings())) {
            common.print(service.where(), """
                    The worker is up. Ctrl-C ends it: what it computes is given to others, what it promised it keeps
                    when it is started again.
                    worker   %s
                    pool     %s
                    stake    %s free in the market
                    sandbox  %s
                    """.formatted(
                            service.where().worker(),
                            service.where().workerpool(),
                            service.where().free(),
                            service.where().sandbox()));
            new CountDownLatch(1).await(); // until interrupted
        } catch (InterruptedException _) {
            System.err.println("bourse: the worker is down.");
        }
        return 0;
    }

    /// `bourse worker list`.
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "The workers of the market that is up: score, weight, money, and what each is at.")
    static final class Listing implements Callable<Integer> {
        @Mixin
        private Common common = new Common();

        record Row(
                Address worker,
                String name,
                long score,
                long weight,
                Rlc free,
                Rlc locked,
                Instant lastSeen,
                String work) {}

        @Override
        public Integer call() throws Exception {
            var home = common.home();
            if (home.running().isEmpty() && !home.settings().chain().isElsewhere()) {
                throw new Problem(Problem.REFUSED, "no market is up in %s; start one: bourse up".formatted(home));
            }
            var names = home.names();
            try (var market = common.market(home)) {
                var rows = new ArrayList<Row>();
                for (var member : market.pool().members()) {
                    var worker = member.worker();
                    var score = market.chain().score(worker);
                    var account = market.chain().account(worker);
                    rows.add(new Row(
                            worker,
                            names.getOrDefault(worker, worker.brief()),
                            score,
                            Voting.weight(score),
                            account.free(),
                            account.locked(),
                            member.lastSeen(),
                            member.work()
                                    .map(work ->
                                            work.phase() + " " + work.task().brief())
                                    .orElse("idle")));
                }
                rows.sort(java.util.Comparator.comparing(Row::name));
                var text = new StringBuilder("%-12s %-44s %6s %6s %16s %14s  %s%n"
                        .formatted("name", "worker", "score", "weight", "free", "locked", "at"));
                rows.forEach(row -> text.append("%-12s %-44s %6d %6d %16s %14s  %s%n"
                        .formatted(
                                row.name(),
                                row.worker(),
                                row.score(),
                                row.weight(),
                                row.free().decimal(),
                                row.locked().decimal(),
                                row.work())));
                common.print(rows, text.toString());
            }
            return 0;
        }
    }
}
