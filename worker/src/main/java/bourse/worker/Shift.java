package bourse.worker;

import bourse.protocol.Pool;
import bourse.protocol.Pool.Assignment;
import bourse.protocol.Time;
import bourse.sandbox.Sandbox;
import bourse.worker.machine.Lent;
import bourse.worker.machine.Machine;
import bourse.worker.machine.Permit;
import bourse.worker.machine.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// When a worker works: looks at its machine again and again, and does what the rules say of it.
///
/// It has a say from an assignment to its promise. What was promised is kept, whoever uses the machine.
final class Shift {
    private static final Logger LOG = LoggerFactory.getLogger(Shift.class);
    /// How soon the machine's owner has it for himself again.
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final boolean always;
    private final Machine.Share machine;
    private final Lent lent;
    private final Sandbox sandbox;
    private final Time time;
    private final Set<Turn> turns = new HashSet<>();
    private Permit permit;
    private Instant looked;
    /// Whether it was this worker that paused the sandbox.
    private boolean paused;

    Shift(Settings settings, Machine machine, Sandbox sandbox, Time time) {
        this.always = settings.machine().always();
        this.machine = machine.share();
        this.lent = new Lent(settings.slots(), settings.limits().memoryBytes());
        this.sandbox = sandbox;
        this.time = time;
        this.looked = time.instant();
        this.permit = always ? new Permit.Work(settings.cores(), settings.slots()) : Standing.NEW.permit();
    }

    /// Looks until it is interrupted. Where nothing is ruled, there is nothing to be looked at.
    void follow() throws InterruptedException {
        if (always) {
            return;
        }
        try {
            while (true) {
                try {
                    look();
                } catch (RuntimeException e) {
                    LOG.warn("this machine's programs could not be paused or resumed, trying again: {}", e.toString());
                }
                time.sleep(LOOK);
            }
        } finally {
            var _ = machine.look(0, lent); // its programs end
        }
    }

    /// Once.
    private synchronized void look() {
        var now = time.instant();
        boolean worked = permit instanceof Permit.Work;
        if (worked) {
            turns.forEach(turn -> turn.worked = turn.worked.plus(Duration.between(looked, now)));
        }
        looked = now;
        permit = machine.look(worked ? turns.size() : 0, lent).permit();
        switch (permit) {
            case Permit.Work _ -> resume();
            case Permit.Pause(var why) -> {
                pause();
                turns.stream().filter(turn -> turn.isTooLate(now)).forEach(turn -> turn.leave(why));
            }
            case Permit.Leave(var why) -> {
                pause();
                turns.forEach(turn -> turn.leave(why));
            }
        }
        notifyAll();
    }

    /// Each time: others that share the sandbox may have resumed it.
    private void pause() {
        paused = true;
        sandbox.pause();
    }

    private void resume() {
        if (paused) {
            sandbox.resume();
            paused = false;
        }
    }

    /// Waits until there may be asked for something.
    ///
    /// @return what may be asked for
    synchronized Permit.Work awaitRoom() throws InterruptedException {
        while (true) {
            if (permit instanceof Permit.Work(int cores, int slots) && slots > turns.size()) {
                return new Permit.Work(cores, slots - turns.size());
            }
            wait();
        }
    }

    synchronized Turn begin(Assignment assignment) {
        var turn = new Turn(assignment);
        turns.add(turn);
        if (permit instanceof Permit.Leave(var why)) {
            turn.leave(why);
        }
        return turn;
    }

    /// One task, from its assignment on. Its owner closes it when it is promised or given up.
    final class Turn implements AutoCloseable {
        private final Instant deadline;
        private final Duration budget;
        private Duration worked = Duration.ZERO;
        private Optional<Thread> at = Optional.empty();
        private Optional<String> left = Optional.empty();

        private Turn(Assignment assignment) {
            deadline = assignment.deal().contributionDeadline();
            budget = assignment.deal().category().reference();
        }

        /// What is interrupted where the machine's owner comes back.
        interface Work<T> {
            T run() throws GaveUp, InterruptedException;
        }

        /// @throws GaveUp also if the owner came back, and stays
        <T> T during(Work<T> work) throws GaveUp, InterruptedException {
            enter();
            try {
                return work.run();
            } catch (InterruptedException e) {
                synchronized (Shift.this) {
                    if (left.isPresent()) {
                        throw ownerReturned(left.get());
                    }
                }
                throw e;
            } finally {
                exit();
            }
        }

        private void enter() throws GaveUp {
            synchronized (Shift.this) {
                if (left.isPresent()) {
                    throw ownerReturned(left.get());
                }
                at = Optional.of(Thread.currentThread());
            }
        }

        /// From here on nobody is interrupted because of the owner, nor was he.
        private void exit() {
            synchronized (Shift.this) {
                at = Optional.empty();
                if (left.isPresent()) {
                    var _ = Thread.interrupted();
                }
            }
        }

        /// Whether the deadline is missed if it takes all of its time from now on.
        private boolean isTooLate(Instant now) {
            var rest = budget.minus(worked);
            return !now.plus(rest.isNegative() ? Duration.ZERO : rest).isBefore(deadline);
        }

        private void leave(String why) {
            if (left.isEmpty()) {
                left = Optional.of(why);
                at.ifPresent(Thread::interrupt);
            }
        }

        @Override
        public void close() {
            synchronized (Shift.this) {
                turns.remove(this);
                Shift.this.notifyAll();
            }
        }
    }

    private static GaveUp ownerReturned(String why) {
        return new GaveUp(Pool.Cause.OWNER_RETURNED, "this machine's owner needs it: " + why);
    }
}
