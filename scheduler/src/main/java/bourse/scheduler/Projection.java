package bourse.scheduler;

import bourse.classad.ClassAd;
import bourse.classad.Expression;
import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Chain;
import bourse.protocol.Chain.Index;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Event;
import bourse.protocol.Malformed;
import bourse.protocol.News;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The pool's deals and their tasks, as the chain has them.
///
/// Events only say what to read again, and what nothing was told of for long is read again, too. There may be more
/// tasks than memory: of the most urgent deals a window of tasks is held, which moves on as they end, and of each
/// requester some of his, so that he has his turn. What it does costs as much as has changed, however much there is.
/// Used by one thread.
final class Projection {
    private static final Logger LOG = LoggerFactory.getLogger(Projection.class);
    /// How many tasks are read of a deal at a time, and held of all deals together.
    private static final int WINDOW = 1000;

    private static final int MOST = 20_000;
    /// Of a requester of whom fewer are held, more are read than that, until it is twice as many.
    private static final int FEW = 200;
    /// What was not read for so long is read again, so many at a time.
    private static final Duration RECONCILE = Duration.ofSeconds(30);

    private static final int SLICE = 500;

    private final Chain chain;
    private final Address workerpool;
    private final Expression rank;
    private final SequencedMap<DealId, Bag> bags = new LinkedHashMap<>();
    /// Deals that the news told of and the chain did not know, and where to begin to hear of them again.
    private final SequencedMap<DealId, News.Cursor> gone = new LinkedHashMap<>();
    /// Of each requester the bags of which not all was read, the most urgent first.
    private final Map<Address, TreeSet<Bag>> unread = new HashMap<>();
    /// The window: what was read longest ago comes first.
    private final Map<TaskId, Held> held = new LinkedHashMap<>();

    private final Map<Address, Integer> heldOf = new HashMap<>();
    private final Set<Index> stale = new LinkedHashSet<>();
    private boolean rewound;
    private News.Cursor cursor;

    /// @param rank how much the pool likes a machine for a task
    Projection(Chain chain, Address workerpool, News.Cursor start, Expression rank) {
        this.chain = chain;
        this.rank = rank;
        this.workerpool = workerpool;
        this.cursor = start;
    }

    /// A deal with tasks that have not ended.
    private static final class Bag {
        private static final Comparator<Bag> URGENCY = Comparator.comparing(
                        (Bag bag) -> bag.deal.contributionDeadline())
                .thenComparing(bag -> bag.deal.id().value().hex());

        private final Deal deal;
        private final Asset.App app;
        private final Optional<Asset.Dataset> dataset;
        private final Optional<ClassAd> ad;
        /// The chain up to here does not know the deal.
        private final News.Cursor before;

        private int open;
        /// The first index that was not yet read.
        private long next;

        Bag(Deal deal, Asset.App app, Optional<Asset.Dataset> dataset, Optional<ClassAd> ad, News.Cursor before) {
            this.deal = deal;
            this.ad = ad;
            this.app = app;
            this.dataset = dataset;
            this.before = before;
            this.next = deal.first();
        }

        private long end() {
            return deal.first() + deal.volume();
        }
    }

    private record Held(Bag bag, Entry entry, Instant read) {}

    /// A task that has not ended, and what a worker has to know of its deal.
    ///
    /// @param ad what it asks of a machine; nothing where the deal's parameters make no sense
    record Entry(Deal deal, Task task, Asset.App app, Optional<Asset.Dataset> dataset, Optional<ClassAd> ad) {
        TaskId id() {
            return task.id();
        }
    }

    /// What is different from what was read before.
    ///
    /// @param rewound the chain took blocks back: all that was told before is void
    /// @param open tasks that are new, or have moved, if only to an end that is not believed yet
    /// @param ended tasks that were open
    record Changes(boolean rewound, List<Entry> open, List<Entry> ended) {}

    /// Notes what is new. [#refresh] reads it.
    void take(News news) throws InterruptedException {
        if (news.rewound()) {
            LOG.info("the chain took blocks back; reading it again");
            bags.clear();
            gone.clear();
            unread.clear();
            letGo();
            rewound = true;
        }
        for (var event : news.events()) {
            switch (event) {
                case Event.Matched matched when matched.workerpool().equals(workerpool) -> meet(matched.deal());
                case Event.OfTask ofTask -> stale(ofTask.task());
                default -> {}
            }
        }
        cursor = news.cursor();
    }

    private void meet(DealId id) throws InterruptedException {
        if (bags.containsKey(id)) {
            return;
        }
        var bag = open(id, cursor);
        if (bag.isPresent()) {
            bags.put(id, bag.get());
        } else {
            LOG.warn("deal {} is gone", id);
            gone.putIfAbsent(id, landmark());
        }
    }

    /// A deal that is gone was taken back by a reorganisation that the next news will tell of; but where the chain has
    /// gone back again by then, they will not. So it is asked for until the news are as far as the chain.
    private void meetAgain() throws InterruptedException {
        if (gone.isEmpty()) {
            return;
        }
        for (var id : List.copyOf(gone.keySet())) {
            var bag = open(id, landmark());
            if (bag.isPresent()) {
                bags.putFirst(id, bag.get());
                gone.remove(id);
            }
        }
        if (chain.head().hash().equals(cursor.hash())) {
            gone.clear();
        }
    }

    private Optional<Bag> open(DealId id, News.Cursor before) throws InterruptedException {
        var deal = chain.deal(id);
        var app = deal.isPresent() ? chain.app(deal.get().app().asset()) : Optional.<Asset.App>empty();
        if (deal.isEmpty() || app.isEmpty()) {
            return Optional.empty();
        }
        var dataset =
                deal.get().hasDataset() ? chain.dataset(deal.get().dataset().asset()) : Optional.<Asset.Dataset>empty();
        var bag = new Bag(deal.get(), app.get(), dataset, ad(deal.get(), app.get()), before);
        queue(bag);
        return Optional.of(bag);
    }

    private Optional<ClassAd> ad(Deal deal, Asset.App app) {
        try {
            return Optional.of(Ads.of(deal, app, rank));
        } catch (Malformed e) {
            LOG.info("nobody can run deal {}: {}", deal.id(), e.getMessage());
            return Optional.empty();
        }
    }

    void stale(TaskId task) {
        var known = held.get(task);
        if (known != null) {
            stale.add(new Index(known.bag().deal.id(), known.entry().task().index()));
        }
    }

    /// Reads what is stale, and what fits into the window.
    Changes refresh(Instant now) throws InterruptedException {
        var changes = new Changes(rewound, new ArrayList<>(), new ArrayList<>());
        held.values().stream()
                .limit(SLICE)
                .takeWhile(one -> one.read().plus(RECONCILE).isBefore(now))
                .toList()
                .forEach(one -> stale(one.entry().id()));
        meetAgain();
        var suspects = List.copyOf(stale);
        stale.clear();
        read(suspects, now, changes);
        for (var next = nextUnread(); next.isPresent(); next = nextUnread()) {
            var bag = next.get();
            long end = Math.min(bag.end(), bag.next + WINDOW);
            boolean believed = read(
                    LongStream.range(bag.next, end)
                            .mapToObj(index -> new Index(bag.deal.id(), index))
                            .toList(),
                    now,
                    changes);
            if (!believed) {
                break;
            }
            bag.next = end;
            if (end == bag.end()) {
                unqueue(bag);
                close(bag);
            }
        }
        rewound = false;
        return changes;
    }

    /// That a task has ended is believed only where the news are as far as the chain: else it may have ended in a
    /// block that is taken back before anything was told of it, and nothing will be. Until then it is one of those
    /// that are open, and read again.
    ///
    /// @return whether all was believed
    private boolean read(List<Index> those, Instant now, Changes changes) throws InterruptedException {
        if (those.isEmpty()) {
            return true;
        }
        var tasks = chain.tasks(those);
        boolean settled =
                tasks.stream().noneMatch(Task::ended) || chain.head().hash().equals(cursor.hash());
        for (var task : tasks) {
            var bag = bags.get(task.deal());
            if (bag == null) {
                continue;
            }
            var before = held.remove(task.id());
            if (before != null) {
                count(bag, -1);
            }
            if (before == null && task.ended()) {
                continue;
            }
            var entry = new Entry(bag.deal, task, bag.app, bag.dataset, bag.ad);
            if (!task.ended() || !settled) {
                held.put(task.id(), new Held(bag, entry, now));
                count(bag, 1);
                if (before == null) {
                    bag.open++;
                }
                if (before == null || !before.entry().task().equals(task)) {
                    changes.open().add(entry);
                }
                if (task.ended()) {
                    stale(task.id());
                }
            } else {
                bag.open--;
                changes.ended().add(entry);
                close(bag);
            }
        }
        return settled;
    }

    private void close(Bag bag) {
        if (bag.open == 0 && bag.next == bag.end()) {
            bags.remove(bag.deal.id());
        }
    }

    /// Forgets the tasks, to read them all again.
    void again() {
        letGo();
        unread.clear();
        for (var bag : bags.values()) {
            bag.open = 0;
            bag.next = bag.deal.first();
            queue(bag);
        }
        rewound = true;
    }

    private void letGo() {
        held.clear();
        heldOf.clear();
        stale.clear();
    }

    private boolean mayHoldMore(Address requester) {
        return held.size() < (heldOf.getOrDefault(requester, 0) < FEW ? 2 * MOST : MOST);
    }

    private void count(Bag bag, int by) {
        heldOf.merge(bag.deal.requester(), by, (some, more) -> some + more == 0 ? null : some + more);
    }

    private void queue(Bag bag) {
        unread.computeIfAbsent(bag.deal.requester(), _ -> new TreeSet<>(Bag.URGENCY))
                .add(bag);
    }

    private void unqueue(Bag bag) {
        unread.computeIfPresent(bag.deal.requester(), (_, bags) -> {
            bags.remove(bag);
            return bags.isEmpty() ? null : bags;
        });
    }

    /// Of which bag tasks are to be read.
    private Optional<Bag> nextUnread() {
        return unread.entrySet().stream()
                .filter(one -> mayHoldMore(one.getKey()))
                .map(one -> one.getValue().first())
                .min(Bag.URGENCY);
    }

    /// The newest block that it knows.
    long block() {
        return cursor.block();
    }

    /// Tasks of the pool's deals that were not read yet.
    long unread() {
        return unread.values().stream()
                .flatMap(Set::stream)
                .mapToLong(bag -> bag.end() - bag.next)
                .sum();
    }

    /// Every deal up to here is finished: where to begin after a restart.
    News.Cursor landmark() {
        return Stream.concat(gone.values().stream(), bags.values().stream().map(bag -> bag.before))
                .findFirst()
                .orElse(cursor);
    }
}
