package bourse.node.command;

import bourse.node.Download;
import bourse.node.Market;
import bourse.node.Problem;
import bourse.node.Statement;
import bourse.protocol.Malformed;
import bourse.protocol.PoolInfo;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bourse task`.
@Command(
        name = "task",
        description = "Looks at tasks, and fetches their results.",
        subcommands = {TaskCommand.Show.class, TaskCommand.Fetch.class})
final class TaskCommand {

    private static Task find(Market market, TaskId id) throws Problem, InterruptedException {
        return market.chain()
                .task(id)
                .orElseThrow(() -> new Problem(
                        Problem.REFUSED,
                        "the chain has no task %s, or it was not begun yet; `bourse deal show` lists tasks"
                                .formatted(id)));
    }

    /// `bourse task show`.
    @Command(name = "show", mixinStandardHelpOptions = true, description = "A task, its votes, and what it waits for.")
    static final class Show implements Callable<Integer> {
        @Mixin
        private Common common = new Common();

        @Parameters(index = "0", paramLabel = "ID")
        private String id = "";

        record Answer(String status, Task task, PoolInfo.Status pool) {}

        @Override
        public Integer call() throws Exception {
            var home = common.home();
            try (var market = common.market(home)) {
                var task = find(market, TaskId.parse(id));
                var pool = market.pool().status(task.id());
                var names = home.names();
                var text = new StringBuilder("task         %s%n".formatted(task.id()))
                        .append("deal         %s, index %d%n".formatted(task.deal(), task.index()))
                        .append("status       %s%n".formatted(Statement.status(task)));
                if (task instanceof Task.Completed completed) {
                    text.append("digest       %s%n".formatted(completed.digest()));
                    text.append(
                            "results      %s%n".formatted(completed.results().asUtf8()));
                    if (completed.callbackData().length() > 0) {
                        text.append("callback     %s%n".formatted(completed.callbackData()));
                    }
                } else if (!task.ended()) {
                    text.append("waits        %s%n".formatted(pool.explanation()));
                }
                task.contributors()
                        .forEach(vote -> text.append("vote         %-12s %-11s weight %d%s, %s%n"
                                .formatted(
                                        names.getOrDefault(
                                                vote.worker(), vote.worker().brief()),
                                        vote.status(),
                                        vote.weight(),
                                        vote.audited() ? " (audited, counts " + vote.power() + ")" : "",
                                        vote.hash())));
                pool.replicates()
                        .forEach(replicate -> text.append("replicate    %-12s %-11s %s%n"
                                .formatted(
                                        names.getOrDefault(
                                                replicate.worker(),
                                                replicate.worker().brief()),
                                        replicate.phase(),
                                        replicate.message())));
                common.print(new Answer(Statement.status(task), task, pool), text.toString());
            }
            return 0;
        }
    }

    /// `bourse task download`.
    @Command(
            name = "download",
            mixinStandardHelpOptions = true,
            description = "Fetches a paid task's result, and checks it against the chain.")
    static final class Fetch implements Callable<Integer> {
        @Mixin
        private Common common = new Common();

        @Parameters(index = "0", paramLabel = "ID")
        private String id = "";

        @Option(names = "--output", paramLabel = "DIR", description = "Default: results/ and the task's first digits")
        private @Nullable Path output;

        record Downloaded(TaskId task, String directory, String digest, boolean verified) {}

        @Override
        public Integer call() throws Exception {
            try (var market = common.market(common.home())) {
                var task = find(market, TaskId.parse(id));
                if (!(task instanceof Task.Completed completed)) {
                    throw new Problem(
                            Problem.REFUSED,
                            "task %s is %s: it has no result".formatted(task.id(), Statement.status(task)));
                }
                var digits = task.id().value().hex().substring(0, 8);
                var directory = output != null ? output : Path.of("results", digits);
                var verified = fetch(market, completed, directory);
                common.print(
                        new Downloaded(
                                task.id(),
                                directory.toString(),
                                completed.digest().toString(),
                                verified),
                        "%s; the digest %s".formatted(directory, verified ? "matches the chain" : "DOES NOT MATCH"));
                return verified ? 0 : Problem.FAILED;
            }
        }

        private static boolean fetch(Market market, Task.Completed task, Path directory) throws Problem {
            try {
                return new Download(market.blobs())
                        .fetch(task, directory)
                        .digest()
                        .equals(task.digest());
            } catch (IOException | Malformed e) {
                throw new Problem(Problem.FAILED, "the result can not be fetched: " + e.getMessage(), e);
            }
        }
    }
}
