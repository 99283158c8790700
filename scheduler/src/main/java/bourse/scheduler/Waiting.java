package bourse.scheduler;

import bourse.protocol.Address;
import bourse.protocol.Category;
import bourse.protocol.Deal;
import bourse.protocol.Task;
import bourse.scheduler.Board.Spot;
import bourse.scheduler.Projection.Entry;
import bourse.scheduler.Replicates.Use;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Tasks that want workers, and whose turn it is.
///
/// First come those that are due, the most urgent first: of whose time so little is left that they could be late. Among
/// the others it is the turn of the requester who has had the least ([Uses]), with the most urgent of his tasks. Who is
/// even with another is served by his most urgent task.
///
/// To add, to remove and to go one further costs the logarithm of what there is.
final class Waiting {
    /// A task is due when less than so many times its category's reference time is left for votes.
    private static final int AMPLE = 2;

    private static final Comparator<Spot> URGENCY = Comparator.comparing(
                    (Spot spot) -> due(spot.entry().deal()))
            .thenComparing(spot -> spot.entry().deal().id().value().hex())
            .thenComparingLong(spot -> spot.entry().task().index());
    private static final Comparator<Turn> ORDER =
            Comparator.comparingDouble((Turn turn) -> turn.level).thenComparing(turn -> turn.line.first(), URGENCY);

    private final Uses uses;
    private final TreeSet<Spot> all = new TreeSet<>(URGENCY);
    private final Map<Address, Line> lines = new HashMap<>();
    private final TreeSet<Line> order =
            new TreeSet<>(Comparator.comparingDouble((Line line) -> line.level).thenComparing(Line::first, URGENCY));

    Waiting(Uses uses) {
        this.uses = uses;
    }

    /// When the tasks of a deal are due.
    static Instant due(Deal deal) {
        // In seconds, as the chain counts: this is asked for with each comparison, and to multiply a duration is slow.
        long seconds = deal.category().reference().toSeconds();
        return deal.start().plusSeconds((Category.CONTRIBUTION_RATIO - AMPLE) * seconds);
    }

    /// One requester's tasks. In the order of lines it stands only while it has some, and where it stands is never
    /// changed under it.
    private static final class Line {
        private final Address requester;
        private final TreeSet<Spot> tasks = new TreeSet<>(URGENCY);
        private double level;

        Line(Address requester) {
            this.requester = requester;
        }

        Spot first() {
            return tasks.first();
        }
    }

    boolean add(Spot spot) {
        if (!all.add(spot)) {
            return false;
        }
        var line = lines.computeIfAbsent(spot.requester(), Line::new);
        if (!line.tasks.isEmpty()) {
            order.remove(line);
        }
        line.tasks.add(spot);
        line.level = uses.of(line.requester);
        order.add(line);
        return true;
    }

    boolean remove(Spot spot) {
        var line = lines.get(spot.requester());
        if (line == null || !all.remove(spot)) {
            return false;
        }
        order.remove(line);
        line.tasks.remove(spot);
        if (line.tasks.isEmpty()) {
            lines.remove(line.requester);
        } else {
            order.add(line);
        }
        return true;
    }

    void clear() {
        all.clear();
        lines.clear();
        order.clear();
    }

    int size() {
        return all.size();
    }

    boolean contains(Spot spot) {
        return all.contains(spot);
    }

    /// What one requester waits for, the most urgent first.
    Collection<Spot> of(Address requester) {
        var line = lines.get(requester);
        return line == null ? List.of() : line.tasks;
    }

    /// Of each of a requester's deals that are not due the first task that is wanted; the most urgent first.
    ///
    /// @param most how many deals are looked at
    List<Spot> ofEachDeal(Address requester, Instant chainTime, Predicate<Spot> wanted, int most) {
        var found = new ArrayList<Spot>();
        var line = lines.get(requester);
        if (line != null) {
            var first = line.tasks.stream()
                    .dropWhile(spot -> isDue(spot, chainTime))
                    .findFirst();
            for (int deals = 0; first.isPresent() && deals < most; deals++) {
                var end = lastOfDeal(first.get());
                line.tasks.subSet(first.get(), true, end, true).stream()
                        .filter(wanted)
                        .findFirst()
                        .ifPresent(found::add);
                first = Optional.ofNullable(line.tasks.higher(end));
            }
        }
        return found;
    }

    /// No task, but where the tasks of one's deal end.
    private static Spot lastOfDeal(Spot spot) {
        var entry = spot.entry();
        var task = new Task.Unset(entry.id(), entry.deal().id(), Long.MAX_VALUE);
        return new Spot(new Entry(entry.deal(), task, entry.app(), entry.dataset(), entry.ad()), List.of());
    }

    static boolean isDue(Spot spot, Instant chainTime) {
        return !due(spot.entry().deal()).isAfter(chainTime);
    }

    /// Requesters got so many core-seconds.
    void charge(Map<Address, Double> amounts, Instant now) {
        amounts.forEach((requester, amount) -> {
            uses.add(requester, amount, now);
            var line = lines.get(requester);
            if (line != null) {
                order.remove(line);
                line.level = uses.of(requester);
                order.add(line);
            }
        });
    }

    /// Goes by what the pool's tables say from now on.
    void read(Collection<Use> all) {
        uses.read(all);
        order.clear();
        for (var line : lines.values()) {
            line.level = uses.of(line.requester);
            order.add(line);
        }
    }

    /// Once along all that wait, which must not change meanwhile.
    ///
    /// @param chainTime by which tasks are due
    /// @param now by which requesters have had something
    /// @param taken levels of those who got something since they were charged; what is [Turns#took] is added
    Turns turns(Instant chainTime, Instant now, Map<Address, Double> taken) {
        return new Turns(chainTime, now, taken);
    }

    private static final class Turn {
        private final Line line;
        private final Iterator<Spot> rest;
        private double level;
        /// Whether nobody behind it has been called yet.
        private boolean last = true;
        /// Comes before the rest.
        private @Nullable Spot again;

        Turn(Line line, Iterator<Spot> rest, double level) {
            this.line = line;
            this.rest = rest;
            this.level = level;
        }

        boolean hasNext() {
            return again != null || rest.hasNext();
        }

        Spot next() {
            var spot = again == null ? rest.next() : again;
            again = null;
            return spot;
        }
    }

    final class Turns {
        private final Instant chainTime;
        private final Instant now;
        private final Map<Address, Double> taken;
        private final Iterator<Spot> due;
        private final Iterator<Line> uncalled = order.iterator();
        private final PriorityQueue<Turn> called = new PriorityQueue<>(ORDER);
        private boolean calling;
        private @Nullable Turn turn;
        private @Nullable Spot current;

        private Turns(Instant chainTime, Instant now, Map<Address, Double> taken) {
            this.chainTime = chainTime;
            this.now = now;
            this.taken = taken;
            this.due = all.stream().takeWhile(spot -> isDue(spot, chainTime)).iterator();
        }

        Optional<Spot> next() {
            current = due.hasNext() ? due.next() : ofWhoHadLeast();
            return Optional.ofNullable(current);
        }

        private @Nullable Spot ofWhoHadLeast() {
            if (!calling) {
                calling = true;
                call();
            }
            if (turn != null && turn.hasNext()) {
                called.add(turn);
            }
            turn = called.poll();
            if (turn == null) {
                return null;
            }
            if (turn.last) {
                turn.last = false;
                call();
            }
            return turn.next();
        }

        /// Calls the next requester; and whoever follows one who has got something in this round, for he stands further
        /// in front than he should.
        private void call() {
            while (uncalled.hasNext()) {
                var line = uncalled.next();
                var rest = line.tasks.stream()
                        .dropWhile(spot -> isDue(spot, chainTime))
                        .iterator();
                if (rest.hasNext()) {
                    double level = taken.getOrDefault(line.requester, line.level);
                    called.add(new Turn(line, rest, level));
                    if (level <= line.level) {
                        return;
                    }
                }
            }
        }

        /// The requester of the task that came last was given so many core-seconds for it.
        void took(double amount) {
            if (current == null) {
                throw new IllegalStateException("it was nobody's turn");
            }
            var requester = current.requester();
            double level = Uses.sum(taken.getOrDefault(requester, uses.of(requester)), uses.level(amount, now));
            taken.put(requester, level);
            if (turn != null) {
                turn.level = level;
            }
        }

        /// The task that came last comes once more, when it is its requester's turn again. Only of one that is not due.
        void again() {
            if (turn == null) {
                throw new IllegalStateException("what is due has no turn");
            }
            turn.again = current;
        }

        /// The requester of the task that came last gets nothing more; those of his tasks that are due come all the
        /// same.
        void leave() {
            turn = null;
        }
    }
}
