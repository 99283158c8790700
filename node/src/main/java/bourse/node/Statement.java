package bourse.node;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Away;
import bourse.protocol.Contribution;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Digest;
import bourse.protocol.Event;
import bourse.protocol.Failure;
import bourse.protocol.Malformed;
import bourse.protocol.News;
import bourse.protocol.PoolInfo;
import bourse.protocol.Result;
import bourse.protocol.Rlc;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What became of a deal: results checked against the chain, who was right, who was paid, and what it cost.
///
/// @param ok every task was paid, its bytes are what was voted for, and its program did not fail
/// @param spent what was paid, by the requester or his sponsor
/// @param sponsor who paid, if it was not the requester
/// @param accounts everyone who was paid or slashed
/// @param gas by step, in the order of a task's life
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Statement(
        DealId deal,
        Address app,
        String program,
        long trust,
        boolean ok,
        List<OfTask> tasks,
        Rlc spent,
        Optional<Address> sponsor,
        List<OfAccount> accounts,
        List<OfStep> gas) {

    /// One task.
    ///
    /// @param status `COMPLETED`, `FAILED`, or where it stands
    /// @param verified the bytes that were fetched have the digest that the chain paid for
    /// @param directory where they are
    /// @param files what is there, relative to it
    /// @param failure why the program has no answer, as its workers agreed; they were paid for finding that
    /// @param reason why there is no result
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record OfTask(
            long index,
            TaskId id,
            String status,
            Optional<Digest> digest,
            boolean verified,
            Optional<String> directory,
            List<String> files,
            Optional<String> callbackData,
            Optional<Failure> failure,
            List<Vote> votes,
            Optional<String> reason) {
        /// Whether there is an answer, and it is the one that was paid for.
        public boolean ok() {
            return verified && failure.isEmpty();
        }
    }

    /// Somebody's vote.
    ///
    /// @param right it was revealed and is what was paid for. Else, in a paid task, its worker was overruled,
    ///     or silent
    /// @param audit how it went where it had won alone, and others checked it
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Vote(Address worker, String name, boolean right, Optional<Audit> audit) {
        static Vote of(Task task, Contribution vote, Map<Address, String> names) {
            return new Vote(
                    vote.worker(),
                    Statement.name(vote.worker(), names),
                    vote.status() == Contribution.Status.PROVED,
                    vote.audited() ? Optional.of(Audit.of(task, vote)) : Optional.empty());
        }
    }

    /// What came of checking a vote.
    public enum Audit {
        CONFIRMED("confirmed"),
        OVERRULED("overruled"),
        /// It won again, and its worker did not reveal it.
        SILENT("confirmed, but not revealed"),
        /// Too few have voted.
        UNDECIDED("not decided");

        private final String word;

        Audit(String word) {
            this.word = word;
        }

        private static Audit of(Task task, Contribution vote) {
            if (!(task instanceof Task.Completed completed)) {
                return UNDECIDED;
            }
            if (!vote.hash().equals(completed.digest().hash(task.id()))) {
                return OVERRULED;
            }
            return vote.status() == Contribution.Status.PROVED ? CONFIRMED : SILENT;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    public record OfAccount(Address account, String name, Rlc paid, Rlc slashed) {}

    /// @param gas all together
    public record OfStep(String step, int transactions, long gas) {}

    private static final List<String> STEPS = List.of(
            "createApp",
            "deposit",
            "matchOrders",
            "initialize",
            "contribute",
            "contributeAndFinalize",
            "reveal",
            "audit",
            "reopen",
            "finalize",
            "claim");

    /// Fetches the results of all paid tasks to `output`, checks them, and adds everything up.
    ///
    /// @param before gas of the buyer's own transactions ahead of the deal, by step
    public static Statement of(
            Market market,
            Watch.Outcome outcome,
            Asset.App app,
            Path output,
            Map<Address, String> names,
            Map<String, Long> before)
            throws IOException, InterruptedException {
        var deal = outcome.deal();
        var download = new Download(market.blobs());
        var tasks = new ArrayList<OfTask>();
        for (var task : outcome.tasks()) {
            tasks.add(ofTask(market, download, task, output, names));
        }
        return new Statement(
                deal.id(),
                app.address(),
                app.name(),
                deal.trust(),
                tasks.stream().allMatch(OfTask::ok),
                List.copyOf(tasks),
                spent(deal, outcome.entries()),
                Optional.of(deal.sponsor()).filter(payer -> !payer.equals(deal.requester())),
                accounts(deal, outcome.entries(), names),
                gas(market, outcome.entries(), before));
    }

    private static OfTask ofTask(Market market, Download download, Task task, Path output, Map<Address, String> names)
            throws IOException, InterruptedException {
        var votes = task.contributors().stream()
                .map(vote -> Vote.of(task, vote, names))
                .toList();
        if (!(task instanceof Task.Completed completed)) {
            return new OfTask(
                    task.index(),
                    task.id(),
                    status(task),
                    Optional.empty(),
                    false,
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    votes,
                    Optional.of(reason(market, task)));
        }
        var directory = output.resolve(Long.toString(task.index()));
        Optional<String> problem;
        Optional<Result> result = Optional.empty();
        try {
            result = Optional.of(download.fetch(completed, directory));
            problem = result.get().digest().equals(completed.digest())
                    ? Optional.empty()
                    : Optional.of("the bytes that were delivered have digest %s, not the one that was voted for"
                            .formatted(result.get().digest()));
        } catch (IOException | Malformed e) {
            problem = Optional.of("the result can not be fetched: " + e.getMessage());
        }
        var failure = problem.isEmpty() ? result.flatMap(Result::failed) : Optional.<Failure>empty();
        return new OfTask(
                task.index(),
                task.id(),
                "COMPLETED",
                Optional.of(completed.digest()),
                problem.isEmpty(),
                Optional.of(directory.toString()),
                files(directory),
                result.map(Result::callbackData)
                        .filter(data -> data.length() > 0)
                        .map(Object::toString),
                failure,
                votes,
                problem.or(() -> failure.map(why -> failed(why, task))));
    }

    /// That a program failed, why, who says so, and that it was paid for.
    public static String failed(Failure failure, Task task) {
        long workers = task.contributors().stream()
                .filter(vote -> vote.status() == Contribution.Status.PROVED)
                .count();
        return workers == 1
                ? failure + "; found by 1 worker, who was paid"
                : failure + "; found by %d workers alike, who were paid".formatted(workers);
    }

    /// As iExec's clients call it, but for a task that waits for its audit: to them it is REVEALING.
    public static String status(Task task) {
        return task instanceof Task.AuditDue
                ? "AUDIT_DUE"
                : task.getClass().getSimpleName().toUpperCase(Locale.ROOT);
    }

    private static List<String> files(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    /// What the pool remembers of the tries, the most frequent complaint first.
    private static String reason(Market market, Task task) throws InterruptedException {
        PoolInfo.Status status;
        try {
            status = market.pool().status(task.id());
        } catch (Away | Malformed e) {
            return "its pool can not be asked: " + e.getMessage();
        }
        var complaints = new LinkedHashSet<String>();
        status.replicates().stream()
                .map(replicate -> replicate.message())
                .filter(message -> !message.isEmpty())
                .forEach(complaints::add);
        if (!complaints.isEmpty()) {
            return String.join("; ", complaints);
        }
        return task instanceof Task.Failed ? "it was not done in time" : status.explanation();
    }

    private static Rlc spent(Deal deal, List<News.Entry> entries) {
        var spent = Rlc.ZERO;
        for (var entry : entries) {
            if (entry.event() instanceof Event.Seized seized && seized.owner().equals(deal.sponsor())) {
                spent = spent.plus(seized.amount());
            }
        }
        return spent;
    }

    private static List<OfAccount> accounts(Deal deal, List<News.Entry> entries, Map<Address, String> names) {
        var paid = new TreeMap<Address, Rlc>();
        var slashed = new TreeMap<Address, Rlc>();
        for (var entry : entries) {
            if (entry.event() instanceof Event.Rewarded rewarded) {
                paid.merge(rewarded.owner(), rewarded.amount(), Rlc::plus);
            } else if (entry.event() instanceof Event.Seized seized
                    && !seized.owner().equals(deal.sponsor())) {
                slashed.merge(seized.owner(), seized.amount(), Rlc::plus);
            }
        }
        var everyone = new LinkedHashSet<>(paid.keySet());
        everyone.addAll(slashed.keySet());
        return everyone.stream()
                .map(account -> new OfAccount(
                        account,
                        name(account, names),
                        paid.getOrDefault(account, Rlc.ZERO),
                        slashed.getOrDefault(account, Rlc.ZERO)))
                .filter(account ->
                        !account.paid().isZero() || !account.slashed().isZero())
                .sorted(java.util.Comparator.comparing(OfAccount::name))
                .toList();
    }

    private static List<OfStep> gas(Market market, List<News.Entry> entries, Map<String, Long> before)
            throws InterruptedException {
        var steps = new LinkedHashMap<String, OfStep>();
        before.forEach((step, gas) -> steps.put(step, new OfStep(step, 1, gas)));
        var kinds = new LinkedHashMap<bourse.protocol.Bytes32, Set<Class<?>>>();
        entries.forEach(entry -> kinds.computeIfAbsent(entry.transaction(), _ -> new LinkedHashSet<>())
                .add(entry.event().getClass()));
        for (var transaction : kinds.entrySet()) {
            var receipt = market.chain().receipt(transaction.getKey());
            if (receipt.isPresent()) {
                steps.merge(
                        step(transaction.getValue()),
                        new OfStep(
                                step(transaction.getValue()), 1, receipt.get().gas()),
                        (a, b) -> new OfStep(a.step(), a.transactions() + b.transactions(), a.gas() + b.gas()));
            }
        }
        return steps.values().stream()
                .sorted(java.util.Comparator.comparingInt(step -> STEPS.indexOf(step.step())))
                .toList();
    }

    /// The call that makes events of these kinds.
    private static String step(Set<Class<?>> kinds) {
        if (kinds.contains(Event.Matched.class)) {
            return "matchOrders";
        }
        if (kinds.contains(Event.Contributed.class)) {
            return kinds.contains(Event.Finalized.class) ? "contributeAndFinalize" : "contribute";
        }
        if (kinds.contains(Event.Finalized.class)) {
            return "finalize";
        }
        if (kinds.contains(Event.Revealed.class)) {
            return "reveal";
        }
        if (kinds.contains(Event.Audited.class)) {
            return "audit";
        }
        if (kinds.contains(Event.Reopened.class)) {
            return "reopen";
        }
        return kinds.contains(Event.Claimed.class) ? "claim" : "initialize";
    }

    private static String name(Address address, Map<Address, String> names) {
        return names.getOrDefault(address, address.brief());
    }

    /// For people.
    public String text() {
        var text = new StringBuilder();
        var right = new LinkedHashSet<String>();
        var overruled = new LinkedHashSet<String>();
        for (var task : tasks) {
            task.votes().forEach(vote -> {
                if (vote.right()) {
                    right.add(vote.name());
                } else if (task.digest().isPresent()) {
                    overruled.add(vote.name());
                }
            });
            line(text, "task " + task.index(), describe(task));
        }
        line(text, "deal", deal + ", trust " + trust);
        if (!right.isEmpty()) {
            line(text, "computed by", String.join(", ", right));
        }
        if (!overruled.isEmpty()) {
            line(text, "overruled", String.join(", ", overruled));
        }
        tasks.forEach(task -> task.votes()
                .forEach(vote -> vote.audit()
                        .ifPresent(audit -> line(
                                text, "audited", "%s in task %d: %s".formatted(vote.name(), task.index(), audit)))));
        line(text, sponsor.isPresent() ? "sponsor paid" : "you paid", spent.toString());
        accounts.stream()
                .filter(account -> !account.paid().isZero())
                .forEach(account -> line(text, "paid", account.name() + " " + account.paid()));
        accounts.stream()
                .filter(account -> !account.slashed().isZero())
                .forEach(account -> line(text, "slashed", account.name() + " " + account.slashed()));
        var total = gas.stream().mapToLong(OfStep::gas).sum();
        gas.forEach(step -> line(
                text,
                "gas",
                "%-22s %3d × %,9d".formatted(step.step(), step.transactions(), step.gas() / step.transactions())));
        line(text, "gas", "%-22s       %,9d".formatted("all together", total));
        return text.toString();
    }

    private static String describe(OfTask task) {
        if (!task.verified()) {
            return task.status().toLowerCase(Locale.ROOT).replace('_', ' ') + ": "
                    + task.reason().orElse("no reason known");
        }
        if (task.failure().isPresent()) {
            return "FAILED: %s; what it printed: %s/{%s}"
                    .formatted(
                            task.reason().orElseThrow(),
                            task.directory().orElseThrow(),
                            String.join(",", task.files()));
        }
        return "paid; digest %s matches the chain; %s/{%s}%s"
                .formatted(
                        task.digest().orElseThrow(),
                        task.directory().orElseThrow(),
                        String.join(",", task.files()),
                        task.callbackData()
                                .map(data -> "; callback data " + data)
                                .orElse(""));
    }

    private static void line(StringBuilder text, String label, String value) {
        text.append("%-12s %s%n".formatted(label, value));
    }
}
