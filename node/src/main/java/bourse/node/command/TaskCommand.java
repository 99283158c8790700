package bourse.node.command;

import bourse.node.Download;
import bourse.node.Market;
import bourse.node.Problem;
import bourse.node.Statement;
import bourse.protocol.Failure;
import bourse.protocol.Malformed;
import bourse.protocol.PoolInfo;
import bourse.protocol.Result;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
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
        subcommands = {TaskCommand.Show.class, TaskCommand.Logs.class, TaskCommand.Fetch.class})
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

        /// @param failure why the program has no answer
        @JsonInclude(JsonInclude.Include.NON_ABSENT)
        record Answer(String status, Task task, PoolInfo.Status pool, Optional<Failure> failure) {}

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
                Optional<Failure> failure = Optional.empty();
                if (task instanceof Task.Completed completed) {
                    failure = new Download(market.blobs()).failure(completed);
                    failure.ifPresent(why -> text.append("failed       %s%n".formatted(Statement.failed(why, task))));
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
                common.print(new Answer(Statement.status(task), task, pool, failure), text.toString());
            }
            return 0;
        }
    }

    /// `bourse task logs`.
    @Command(
            name = "logs",
            mixinStandardHelpOptions = true,
            description = "What the program printed on each worker, as long as the pool keeps it: for the requester.")
    static final class Logs implements Callable<Integer> {
        @Mixin
        private Common common = new Common();

        @Parameters(index = "0", paramLabel = "ID")
        private String id = "";

        @Override
        public Integer call() throws Exception {
            var home = common.home();
            try (var market = common.market(home)) {
                var logs = market.pool()
                        .logs(TaskId.parse(id), home.wallet("requester").address());
                var names = home.names();
                var text = new StringBuilder();
                for (var log : logs) {
                    var name = names.getOrDefault(log.worker(), log.worker().brief());
                    text.append("--- %s, %s: standard output%n%s%n".formatted(name, log.at(), log.stdout()));
                    text.append("--- %s, %s: standard error%n%s%n".formatted(name, log.at(), log.stderr()));
                }
                common.print(logs, logs.isEmpty() ? "nothing was printed, or it was long ago" : text.toString());
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

        /// @param verified the bytes have the digest that the chain paid for
        /// @param failure why the program has no answer
        @JsonInclude(JsonInclude.Include.NON_ABSENT)
        record Downloaded(TaskId task, String directory, String digest, boolean verified, Optional<Failure> failure) {}

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
                var result = fetch(market, completed, directory);
                var verified = result.digest().equals(completed.digest());
                common.print(
                        new Downloaded(
                                task.id(),
                                directory.toString(),
                                completed.digest().toString(),
                                verified,
                                result.failed()),
                        "%s; the digest %s%s"
                                .formatted(
                                        directory,
                                        verified ? "matches the chain" : "DOES NOT MATCH",
                                        result.failed()
                                                .map(why -> "%nFAILED: %s".formatted(Statement.failed(why, task)))
                                                .orElse("")));
                return verified && result.failed().isEmpty() ? 0 : Problem.FAILED;
            }
        }

        private static Result fetch(Market market, Task.Completed task, Path directory) throws Problem {
            try {
                return new Download(market.blobs()).fetch(task, directory);
            } catch (IOException | Malformed e) {
                throw new Problem(Problem.FAILED, "the result can not be fetched: " + e.getMessage(), e);
            }
        }
    }
}
