package bourse.scheduler;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Chain;
import bourse.protocol.Chain.Index;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Event;
import bourse.protocol.News;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The pool's deals and their tasks, as the chain has them.
///
/// Events only say what to read again. A bag may be larger than memory, so of each deal a window of tasks is
/// held, which moves on as they end. Used by one thread.
final class Projection {
    private static final Logger LOG = LoggerFactory.getLogger(Projection.class);
    private static final int WINDOW = 1000;

    private final Chain chain;
    private final Address workerpool;
    private final Map<DealId, Bag> bags = new LinkedHashMap<>();
    private final Map<TaskId, Index> indexes = new HashMap<>();
    private final Set<Index> stale = new HashSet<>();
    private News.Cursor cursor;

    Projection(Chain chain, Address workerpool, News.Cursor start) {
        this.chain = chain;
        this.workerpool = workerpool;
        this.cursor = start;
    }

    /// A deal with tasks that have not ended.
    private static final class Bag {
        private final Deal deal;
        private final Asset.App app;
        private final Optional<Asset.Dataset> dataset;
        /// The chain up to here does not know the deal.
        private final News.Cursor before;

        private final Map<Long, Task> window = new TreeMap<>();
        /// The first index that was not yet read.
        private long next;

        Bag(Deal deal, Asset.App app, Optional<Asset.Dataset> dataset, News.Cursor before) {
            this.deal = deal;
            this.app = app;
            this.dataset = dataset;
            this.before = before;
            this.next = deal.first();
        }

        /// Indexes to read so that the window is full.
        List<Long> further() {
            long end = Math.min(deal.first() + deal.volume(), next + WINDOW - window.size());
            var further = LongStream.range(next, end).boxed().toList();
            next = end;
            return further;
        }

        boolean isDone() {
            return window.isEmpty() && next == deal.first() + deal.volume();
        }
    }

    /// Notes what is new. [#refresh] reads it.
    void take(News news) throws InterruptedException {
        if (news.rewound()) {
            LOG.info("the chain took blocks back; reading it again");
            bags.clear();
            indexes.clear();
            stale.clear();
        }
        for (var event : news.events()) {
            switch (event) {
                case Event.Matched matched when matched.workerpool().equals(workerpool) -> open(matched.deal());
                case Event.OfTask ofTask -> stale(ofTask.task());
                default -> {}
            }
        }
        cursor = news.cursor();
    }

    private void open(DealId id) throws InterruptedException {
        var deal = chain.deal(id);
        var app = deal.isPresent() ? chain.app(deal.get().app().asset()) : Optional.<Asset.App>empty();
        if (deal.isEmpty() || app.isEmpty()) {
            // Taken back by a reorganisation that the next news will tell of.
            LOG.warn("deal {} is gone", id);
            return;
        }
        var dataset =
                deal.get().hasDataset() ? chain.dataset(deal.get().dataset().asset()) : Optional.<Asset.Dataset>empty();
        bags.putIfAbsent(id, new Bag(deal.get(), app.get(), dataset, cursor));
    }

    void stale(TaskId task) {
        var index = indexes.get(task);
        if (index != null) {
            stale.add(index);
        }
    }

    void everythingIsStale() {
        stale.addAll(indexes.values());
    }

    /// Reads what is stale, and what fits into the windows.
    void refresh() throws InterruptedException {
        read(List.copyOf(stale));
        stale.clear();
        for (var bag : List.copyOf(bags.values())) {
            for (var further = bag.further(); !further.isEmpty(); further = bag.further()) {
                read(further.stream()
                        .map(index -> new Index(bag.deal.id(), index))
                        .toList());
            }
            if (bag.isDone()) {
                bags.remove(bag.deal.id());
            }
        }
    }

    private void read(List<Index> those) throws InterruptedException {
        var tasks = chain.tasks(those);
        for (int i = 0; i < those.size(); i++) {
            var index = those.get(i);
            var task = tasks.get(i);
            var bag = bags.get(index.deal());
            if (bag == null) {
                continue;
            }
            if (task.ended()) {
                bag.window.remove(index.index());
                indexes.remove(task.id());
            } else {
                bag.window.put(index.index(), task);
                indexes.put(task.id(), index);
            }
        }
    }

    /// A task that has not ended, and what a worker has to know of its deal.
    record Entry(Deal deal, Task task, Asset.App app, Optional<Asset.Dataset> dataset) {}

    Collection<Entry> open() {
        var open = new ArrayList<Entry>();
        for (var bag : bags.values()) {
            for (var task : bag.window.values()) {
                open.add(new Entry(bag.deal, task, bag.app, bag.dataset));
            }
        }
        return open;
    }

    /// The newest block that it knows.
    long block() {
        return cursor.block();
    }

    /// Every deal up to here is finished: where to begin after a restart.
    News.Cursor landmark() {
        return bags.values().stream().findFirst().map(bag -> bag.before).orElse(cursor);
    }
}
