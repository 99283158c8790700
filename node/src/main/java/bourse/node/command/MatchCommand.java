package bourse.node.command;

import bourse.node.Problem;
import bourse.protocol.Bytes32;
import bourse.protocol.Fitting;
import bourse.protocol.PoolInfo.Suitability;
import bourse.protocol.TaskId;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `bourse match`.
@Command(
        name = "match",
        description = "Tells which machines suit a task, and which orders an order.",
        subcommands = MatchCommand.Explain.class)
final class MatchCommand {

    /// `bourse match explain`.
    @Command(
            name = "explain",
            mixinStandardHelpOptions = true,
            description =
                    "Of a task: which machines of the pool suit it, clause by clause, and what to ask for instead. Of an"
                            + " order: with which others it could be matched, and which field stops the rest.")
    static final class Explain implements Callable<Integer> {
        @Mixin
        private Common common = new Common();

        @Parameters(index = "0", paramLabel = "TASK|ORDER", description = "A task's id, or an order's hash.")
        private String id = "";

        @Override
        public Integer call() throws Exception {
            try (var market = common.market(common.home())) {
                var suitability = market.pool().suitability(TaskId.parse(id));
                if (suitability.isPresent()) {
                    common.print(suitability.get(), text(suitability.get()));
                    return 0;
                }
                var order = market.book()
                        .find(Bytes32.parse(id))
                        .orElseThrow(
                                () -> new Problem(
                                        Problem.REFUSED,
                                        "%s is no open task of this pool, and no order of the book; ".formatted(id)
                                                + "`bourse task show` tells how a task went, `bourse order book` lists orders"));
                var fitting = Fitting.of(market.book(), order);
                common.print(fitting, text(fitting));
                return 0;
            }
        }

        private static String text(Fitting fitting) {
            var text = new StringBuilder("%s order %s: %s, %,d left%n"
                    .formatted(name(fitting.kind()), fitting.order(), name(fitting.status()), fitting.remaining()));
            for (var side : fitting.sides()) {
                text.append("%s orders  %d%s, of which %d fit%n"
                        .formatted(name(side.kind()), side.looked(), side.more() ? " and more" : "", side.fit()));
                side.best().forEach(hash -> text.append("  %s%n".formatted(hash)));
                side.stoppedBy().forEach((field, many) -> text.append("  %5d stopped by %s%n".formatted(many, field)));
                side.stopped()
                        .forEach(stopped -> stopped.obstacles()
                                .forEach(obstacle -> text.append("  %s  %s: %s%n"
                                        .formatted(stopped.order(), obstacle.field(), obstacle.why()))));
            }
            return text.toString().stripTrailing();
        }

        private static String name(Enum<?> value) {
            return value.name().toLowerCase(Locale.ROOT);
        }

        private static String text(Suitability suitability) {
            var text = new StringBuilder("machines     %d, of which %d suit the task%n"
                    .formatted(suitability.machines(), suitability.suit()));
            text.append("the task     accepts %d%n".formatted(suitability.accepted()));
            suitability.clauses().forEach(clause -> append(text, clause));
            text.append("their owners let %d take it%n".formatted(suitability.accepting()));
            suitability.refusals().forEach(clause -> append(text, clause));
            suitability.hindrances().forEach(why -> text.append("but %s%n".formatted(why)));
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
