package bourse.scheduler;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.protocol.Contribution;
import bourse.protocol.Digest;
import bourse.protocol.Draw;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.scheduler.Replicates.Reputation;
import bourse.scheduler.trust.Assumption;
import bourse.scheduler.trust.Book;
import bourse.scheduler.trust.Book.Shown;
import bourse.scheduler.trust.Gate;
import bourse.scheduler.trust.Kinship;
import bourse.scheduler.trust.Law;
import bourse.scheduler.trust.Policy;
import bourse.scheduler.trust.Promise;
import bourse.scheduler.trust.Standing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Whom the pool believes, by what the chain has shown: tells the [Book] of every vote and every end, once.
///
/// Only tasks count on which votes decide: at trust 1 the first result wins, and nothing is learnt. Of a check
/// something is learnt in any case.
final class Credit {
    /// What a worker must be outvoted by, to be caught.
    private static final Promise CONVICTION = new Promise(100);

    private final Policy policy;
    private final Book<TaskId> book;
    private final Map<TaskId, Map<Address, Contribution>> told = new HashMap<>();
    /// Who has answered which check, and what.
    private final Map<TaskId, Map<Address, Bytes32>> answered = new HashMap<>();

    private final Map<Address, Reputation> known = new HashMap<>();
    private final Set<Address> touched = new HashSet<>();

    /// @param faulty how many of the workers that it has not looked at are assumed to lie, 0 to less than 1/2
    /// @param kinship who never checks whom
    Credit(double faulty, Kinship kinship, Collection<Reputation> before, Collection<Shown> shown) {
        this.policy = new Policy(CONVICTION, new Assumption(faulty), new Law.Chain(new Draw(0)), 0);
        this.book = new Book<>(policy, kinship);
        for (var reputation : before) {
            book.recall(reputation.worker(), standing(reputation));
            known.put(reputation.worker(), reputation);
        }
        shown.forEach(book::recall);
    }

    private static Standing standing(Reputation reputation) {
        return reputation.caught()
                ? new Standing.Caught(Standing.Reason.VOTE)
                : new Standing.Good(0, 0, reputation.passed());
    }

    /// Workers turn out to belong together, or with others.
    void relate(Kinship kinship) {
        book.relate(kinship);
    }

    Gate gate() {
        return book.gate();
    }

    /// A task has moved.
    void saw(Address app, long trust, Task task) {
        if (trust <= 1) {
            return;
        }
        var votes = told.computeIfAbsent(task.id(), id -> {
            book.open(id, app);
            return new HashMap<>();
        });
        for (var vote : task.contributors()) {
            var before = votes.put(vote.worker(), vote);
            touched.add(vote.worker());
            if (before == null) {
                book.voted(task.id(), vote.worker(), vote.hash(), (double) vote.power());
            } else if (before.power() != vote.power()) {
                book.weighed(task.id(), vote.worker(), (double) vote.power());
            }
        }
    }

    /// A task has ended. Of one that failed nothing is learnt.
    void ended(Address app, long trust, Task task) {
        saw(app, trust, task);
        told.remove(task.id());
        if (task instanceof Task.Completed completed) {
            book.ended(task.id(), consensus(completed));
        } else {
            book.drop(task.id());
        }
    }

    /// A check has moved: a task whose result is known. It says who tells the truth, at any trust.
    ///
    /// @return for each vote that is new, whether it was right
    List<Boolean> examined(Address app, Task task, Digest answer) {
        var marks = new ArrayList<Boolean>();
        var before = answered.computeIfAbsent(task.id(), _ -> new HashMap<>());
        for (var vote : task.contributors()) {
            if (!vote.hash().equals(before.put(vote.worker(), vote.hash()))) {
                boolean right = vote.hash().equals(answer.hash(task.id()));
                book.checked(vote.worker(), app, right);
                touched.add(vote.worker());
                marks.add(right);
            }
        }
        if (task.ended()) {
            answered.remove(task.id());
        }
        return marks;
    }

    private static Bytes32 consensus(Task.Completed task) {
        return task.digest().hash(task.id());
    }

    /// All that was told of open tasks is void.
    void forgetOpen() {
        told.keySet().forEach(book::drop);
        told.clear();
    }

    /// What has changed since the last call.
    List<Reputation> takeChanges() {
        var changes = new ArrayList<Reputation>();
        for (var worker : touched) {
            var now = switch (book.standing(worker)) {
                case Standing.Good good -> new Reputation(worker, good.remembered(), false);
                case Standing.Caught _ -> new Reputation(worker, 0, true);
            };
            if (!now.equals(known.put(worker, now))) {
                changes.add(now);
            }
        }
        touched.clear();
        return changes;
    }

    /// What workers have shown with apps since the last call.
    List<Shown> takeShown() {
        return book.takeShown();
    }
}
