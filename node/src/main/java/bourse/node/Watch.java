package bourse.node;

import bourse.protocol.Address;
import bourse.protocol.Away;
import bourse.protocol.Bytes32;
import bourse.protocol.Chain.Index;
import bourse.protocol.Deal;
import bourse.protocol.Event;
import bourse.protocol.Malformed;
import bourse.protocol.News;
import bourse.protocol.PoolInfo;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;

/// Follows a deal's tasks to their end, and tells each step.
public final class Watch {
    /// How long it waits for the chain before it looks at the pool again.
    private static final Duration PATIENCE = Duration.ofMillis(150);
    /// Events are hints: this often the tasks themselves are read.
    private static final Duration RECONCILE = Duration.ofSeconds(5);
    /// How long nobody must have been at a task before it counts as given up.
    private static final Duration HOPE = Duration.ofSeconds(5);

    private static final int CHUNK = 200;

    private final Market market;
    private final Deal deal;
    private final Progress progress;
    private final Map<Address, String> names;
    private final InstantSource clock;

    private final Map<TaskId, Long> indexes = new HashMap<>();
    private final Map<Long, Step> steps = new TreeMap<>();
    private final Set<Bytes32> references = new HashSet<>();
    private final List<News.Entry> entries = new ArrayList<>();

    public Watch(Market market, Deal deal, Progress progress, Map<Address, String> names, InstantSource clock) {
        this.market = market;
        this.deal = deal;
        this.progress = progress;
        this.names = names;
        this.clock = clock;
        references.add(deal.id().value());
        LongStream.range(deal.first(), deal.first() + deal.volume()).forEach(index -> {
            var task = deal.task(index);
            indexes.put(task, index);
            references.add(task.value());
            steps.put(index, Step.DEAL);
        });
    }

    /// What became of a deal.
    ///
    /// @param tasks in order; some may not have ended, see [#untilEnded]
    /// @param entries all events about it
    public record Outcome(Deal deal, List<Task> tasks, List<News.Entry> entries) {}

    /// Follows until every task has ended, or until those that have not can not any more: the market ends with
    /// this process, and none of its workers is left that has not tried.
    ///
    /// @param from a cursor from before the deal
    public Outcome untilEnded(News.Cursor from) throws Problem, InterruptedException {
        steps.forEach((index, step) -> progress.step(index, step, ""));
        var cursor = from;
        var reconciled = clock.instant();
        var hopeful = clock.instant();
        while (true) {
            var news = market.chain().news(cursor, PATIENCE);
            cursor = news.cursor();
            if (news.rewound()) {
                entries.clear();
                cursor = News.Cursor.START;
                requireDeal();
            }
            news.entries().forEach(entry -> take(entry, news));
            var now = clock.instant();
            if (steps.values().stream().allMatch(Step::isLast)
                    || reconciled.plus(RECONCILE).isBefore(now)) {
                var tasks = read();
                if (tasks.stream().allMatch(Task::ended)) {
                    progress.end();
                    return new Outcome(deal, tasks, List.copyOf(entries));
                }
                reconciled = now;
            }
            showWhoIsAtWhat();
            if (!market.endsWithThisProcess() || !exhausted()) {
                hopeful = now;
            } else if (hopeful.plus(HOPE).isBefore(now)) {
                progress.end();
                return new Outcome(deal, read(), List.copyOf(entries));
            }
        }
    }

    private void requireDeal() throws Problem, InterruptedException {
        if (market.chain().deal(deal.id()).isEmpty()) {
            throw new Problem(
                    Problem.BROKEN,
                    "the chain was reorganised and has lost deal %s. Nothing was paid; run again."
                            .formatted(deal.id()));
        }
    }

    private void take(News.Entry entry, News news) {
        if (!concernsUs(entry.event())) {
            return;
        }
        entries.add(entry);
        switch (entry.event()) {
            case Event.Contributed e -> step(e.task(), Step.CONTRIBUTED, name(e.worker()));
            case Event.ConsensusReached e -> step(e.task(), Step.CONSENSUS, "");
            case Event.Revealed e -> step(e.task(), Step.REVEALED, name(e.worker()));
            case Event.Reopened e when isAudit(entry, e.task(), news) -> audit(e.task());
            case Event.Reopened e -> reopen(e.task());
            case Event.Finalized e -> step(e.task(), Step.PAID, "");
            case Event.Claimed e -> step(e.task(), Step.REFUNDED, "");
            case Event.Initialized _, Event.Audited _, Event.Declined _, Event.Judged _ -> {}
            case Event.Registered _, Event.PassedOn _, Event.Moved _, Event.Closed _ -> {}
            case Event.Matched _, Event.Broadcast _, Event.Rewarded _, Event.Seized _ -> {}
        }
    }

    private boolean concernsUs(Event event) {
        return switch (event) {
            case Event.OfTask e -> indexes.containsKey(e.task());
            case Event.Matched e -> e.deal().equals(deal.id());
            case Event.Rewarded e -> references.contains(e.reference());
            case Event.Seized e -> references.contains(e.reference());
            case Event.Registered _, Event.PassedOn _, Event.Moved _, Event.Closed _, Event.Broadcast _ -> false;
        };
    }

    private void step(TaskId task, Step step, String detail) {
        long index = indexes.getOrDefault(task, -1L);
        var before = steps.get(index);
        if (before == null || before.isLast() || before.compareTo(step) > 0) {
            return;
        }
        steps.put(index, step);
        progress.step(index, step, detail);
    }

    /// An audit says that a task is open again, and then in the same transaction why.
    private static boolean isAudit(News.Entry reopened, TaskId task, News news) {
        return news.entries()
                .contains(new News.Entry(reopened.block(), reopened.transaction(), new Event.Audited(task)));
    }

    private void audit(TaskId task) {
        steps.put(indexes.getOrDefault(task, -1L), Step.AUDIT);
        progress.step(indexes.getOrDefault(task, -1L), Step.AUDIT, "drawn for an audit");
    }

    private void reopen(TaskId task) {
        steps.put(indexes.getOrDefault(task, -1L), Step.DEAL);
        progress.say("task %s is open again: nobody revealed in time".formatted(task.brief()));
    }

    /// Of a pool that is away, or is not known here, one hears less; what counts the chain tells.
    private List<PoolInfo.Member> members() throws InterruptedException {
        try {
            return market.pool().members();
        } catch (Away | Malformed _) {
            return List.of();
        }
    }

    /// What only the pool knows. Each is told once: the step and the worker together are new.
    private void showWhoIsAtWhat() throws InterruptedException {
        for (var member : members()) {
            member.work().filter(work -> indexes.containsKey(work.task())).ifPresent(work -> {
                var step = work.phase().equals("ASSIGNED") ? Step.ASSIGNED : Step.COMPUTING;
                var before = steps.get(indexes.get(work.task()));
                if (before != null && before.compareTo(step) < 0) {
                    step(work.task(), step, name(member.worker()));
                }
            });
        }
    }

    /// Whether nobody is left to try for any open task.
    private boolean exhausted() throws InterruptedException {
        for (var entry : steps.entrySet()) {
            if (!entry.getValue().isLast()
                    && !market.pool().status(deal.task(entry.getKey())).exhausted()) {
                return false;
            }
        }
        return true;
    }

    private List<Task> read() throws InterruptedException {
        var tasks = new ArrayList<Task>();
        var all = steps.keySet().stream()
                .map(index -> new Index(deal.id(), index))
                .toList();
        for (int i = 0; i < all.size(); i += CHUNK) {
            tasks.addAll(market.chain().tasks(all.subList(i, Math.min(all.size(), i + CHUNK))));
        }
        tasks.forEach(task -> {
            switch (task) {
                case Task.Completed _ -> step(task.id(), Step.PAID, "");
                case Task.Failed _ -> step(task.id(), Step.REFUNDED, "");
                case Task.Unset _, Task.Active _, Task.Revealing _, Task.AuditDue _ -> {}
            }
        });
        return Collections.unmodifiableList(tasks);
    }

    private String name(Address address) {
        return names.getOrDefault(address, address.brief());
    }
}
