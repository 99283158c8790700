package bourse.node.command;

import bourse.node.Problem;
import bourse.protocol.PoolInfo.Suitability;
import bourse.protocol.TaskId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `bourse match`.
@Command(name = "match", description = "Tells which machines suit a task.", subcommands = MatchCommand.Explain.class)
final class MatchCommand {

    /// `bourse match explain`.
    @Command(
            name = "explain",
            mixinStandardHelpOptions = true,
            description = "Which machines of the pool suit a task, clause by clause, and what to ask for instead.")
    static final class Explain implements Callable<Integer> {
        @Mixin
        private Common common = new Common();

        @Parameters(index = "0", paramLabel = "TASK")
        private String id = "";

        @Override
        public Integer call() throws Exception {
            try (var market = common.market(common.home())) {
                var suitability = market.pool()
                        .suitability(TaskId.parse(id))
                        .orElseThrow(() -> new Problem(
                                Problem.REFUSED,
                                "%s is no open task of this pool; `bourse task show` tells how it went".formatted(id)));
                common.print(suitability, text(suitability));
                return 0;
            }
        }

        private static String text(Suitability suitability) {
            var text = new StringBuilder("machines     %d, of which %d suit the task%n"
                    .formatted(suitability.machines(), suitability.suit()));
            text.append("the task     accepts %d%n".formatted(suitability.accepted()));
            suitability.clauses().forEach(clause -> append(text, clause));
            text.append("their owners let %d take it%n".formatted(suitability.accepting()));
            suitability.refusals().forEach(clause -> append(text, clause));
            return text.toString().stripTrailing();
        }

        private static void append(StringBuilder text, Suitability.Clause clause) {
            text.append("  %5d yes, %5d no, %5d unknown   %s%n"
                    .formatted(clause.yes(), clause.no(), clause.unknown(), clause.text()));
            if (clause.onlyObstacle() > 0) {
                text.append("        alone keeps %d from it%n".formatted(clause.onlyObstacle()));
            }
            if (!clause.missing().isEmpty()) {
                text.append("        some machines have no %s%n".formatted(String.join(", ", clause.missing())));
            }
            clause.changes().forEach(change -> text.append("        %s%n".formatted(change)));
        }
    }
}
