package bourse.testing;

import static bourse.testing.Draft.refusal;
import static bourse.testing.Draft.require;

import bourse.protocol.Contribution;
import bourse.protocol.Draw;
import bourse.protocol.Event;
import bourse.protocol.Refused;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import java.util.OptionalLong;

/// Where one worker wins alone, the hash of that block draws whether others check him.
final class Audits {
    private Audits() {}

    /// Where a result has won: the block that draws, if it is one worker's alone.
    static OptionalLong draw(Draft draft, long trust, Task.Revealing task) {
        return task.winners() == 1 && trust > 1 && draft.market.draw().ratio() > 0
                ? OptionalLong.of(draft.moment.block())
                : OptionalLong.empty();
    }

    /// Opens a task again whose result is to be checked. The winner's vote stays, and counts no more than a new
    /// worker's.
    static void audit(Draft draft, TaskId id) throws Refused {
        var waiting = draft.vote(id).drawBlock();
        if (!(draft.tasks.get(id) instanceof Task.Revealing task) || waiting.isEmpty() || task.reveals() > 0) {
            throw refusal("NothingToAudit", "taskid", id);
        }
        require(drawn(draft, id, waiting.getAsLong()), "NothingToAudit", "taskid", id);
        var deadline = task.revealDeadline();
        require(draft.now.isBefore(deadline), "TooLate", "taskid", id, "deadline", deadline);
        draft.votes = draft.votes.plus(id, draft.vote(id).undone(true));
        draft.tasks = draft.tasks.plus(
                id,
                new Task.Active(
                        id,
                        task.deal(),
                        task.index(),
                        task.contributions().stream()
                                .map(vote -> isFor(task, vote) ? underAudit(vote) : vote)
                                .toList()));
        // Who knows nothing of audits sees a task that is open once more.
        draft.say(new Event.Reopened(id), "TaskReopen", id);
        draft.say(new Event.Audited(id), "TaskAudit", id);
    }

    /// Nothing is revealed that is to be checked.
    static void requireSpared(Draft draft, TaskId id) throws Refused {
        var waiting = draft.vote(id).drawBlock();
        require(waiting.isEmpty() || !drawn(draft, id, waiting.getAsLong()), "AuditDue", "taskid", id);
    }

    /// Whether [#audit] is what comes next, if it comes in time.
    static boolean due(Draft draft, TaskId id) {
        var waiting = draft.vote(id).drawBlock();
        try {
            return draft.tasks.get(id) instanceof Task.Revealing task
                    && task.reveals() == 0
                    && waiting.isPresent()
                    && drawn(draft, id, waiting.getAsLong());
        } catch (Refused tooEarly) {
            return false;
        }
    }

    /// What nobody drew in time is checked, so that waiting gains nothing.
    private static boolean drawn(Draft draft, TaskId id, long block) throws Refused {
        var moment = draft.moment;
        require(moment.block() > block, "DrawTooEarly", "taskid", id, "afterBlock", block);
        return moment.block() - block > Draw.MEMORY
                || draft.market.draw().audits(id, moment.hashes().apply(block).orElseThrow());
    }

    private static boolean isFor(Task.Revealing task, Contribution vote) {
        return vote.hash().equals(task.consensus()) && vote.status() != Contribution.Status.REJECTED;
    }

    private static Contribution underAudit(Contribution vote) {
        return new Contribution(vote.worker(), vote.status(), vote.hash(), vote.seal(), vote.weight(), true);
    }
}
