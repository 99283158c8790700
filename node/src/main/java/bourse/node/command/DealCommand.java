package bourse.node.command;

import bourse.node.Problem;
import bourse.node.Statement;
import bourse.protocol.Chain.Index;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Task;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `bourse deal`.
@Command(name = "deal", description = "Looks at deals.", subcommands = DealCommand.Show.class)
final class DealCommand {
    private static final long MOST_TASKS = 1000;

    /// `bourse deal show`.
    @Command(name = "show", mixinStandardHelpOptions = true, description = "A deal, and how its tasks go.")
    static final class Show implements Callable<Integer> {
        @Mixin
        private Common common = new Common();

        @Parameters(index = "0", paramLabel = "ID")
        private String id = "";

        /// @param tasks of the first tasks, how each goes
        record Answer(Deal deal, List<Row> tasks) {}

        record Row(long index, Task task, String status) {}

        @Override
        public Integer call() throws Exception {
            var deal = DealId.parse(id);
            try (var market = common.market(common.home())) {
                var found = market.chain()
                        .deal(deal)
                        .orElseThrow(() -> new Problem(
                                Problem.REFUSED,
                                "the chain has no deal %s; `bourse run` prints a deal's id".formatted(deal)));
                var indexes = LongStream.range(found.first(), found.first() + Math.min(MOST_TASKS, found.volume()))
                        .mapToObj(index -> new Index(deal, index))
                        .toList();
                var rows = market.chain().tasks(indexes).stream()
                        .map(task -> new Row(task.index(), task, Statement.status(task)))
                        .toList();
                common.print(new Answer(found, rows), text(found, rows));
            }
            return 0;
        }

        private static String text(Deal deal, List<Row> rows) {
            var text = new StringBuilder("""
                    deal         %s
                    app          %s at %s
                    workerpool   %s at %s
                    requester    %s
                    category     %s, trust %d
                    params       %s
                    made         %s; contributions until %s, refund after %s
                    tasks        %d
                    """.formatted(
                            deal.id(),
                            deal.app().asset(),
                            deal.app().price(),
                            deal.workerpool().asset(),
                            deal.workerpool().price(),
                            deal.requester(),
                            deal.category().name(),
                            deal.trust(),
                            deal.params(),
                            deal.start(),
                            deal.contributionDeadline(),
                            deal.finalDeadline(),
                            deal.volume()));
            rows.forEach(row -> text.append("  %-5d %-10s %d votes  %s%n"
                    .formatted(
                            row.index(),
                            row.status(),
                            row.task().contributors().size(),
                            row.task().id())));
            return text.toString();
        }
    }
}
