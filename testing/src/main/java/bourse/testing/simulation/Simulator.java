package bourse.testing.simulation;

import bourse.protocol.Time;
import bourse.testing.VirtualClock;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Plays blocking programs on one thread and a clock of its own, so that a seed replays all that they do.
///
/// Their virtual threads run one at a time, each until it waits; which one is next, the seed says. When all of
/// them wait, the clock goes to the next alarm at once. So an hour takes moments, and what depends on who was
/// faster is decided by the seed alone.
///
/// A program waits by its [Machine]'s clock, or by locks, queues and futures of `java.util.concurrent`, without a
/// time limit. Who waits for a monitor, for real time, or for another simulation in the same JVM is woken from
/// outside, at no moment that the seed knows: that ends the simulation as [Disturbed].
///
/// The JVM needs `--add-opens java.base/java.lang=ALL-UNNAMED`: that virtual threads may run on other threads than
/// the JDK's is not yet for everyone. With `-Djdk.trackAllThreads=false`, it forgets threads that never end.
public final class Simulator {
    /// So many steps without the clock going on: somebody tries again and again without waiting.
    private static final int MOST_STEPS_AT_ONCE = 200_000;
    /// So many steps: the play waits for what never comes, while others go on.
    private static final int MOST_STEPS = 20_000_000;

    private final VirtualClock clock;
    private final SplittableRandom random;
    private final Chronicle chronicle = new Chronicle();
    private final IdentityHashMap<Runnable, Fiber> fibers = new IdentityHashMap<>();
    private final List<Fiber> ready = new ArrayList<>();
    private final TreeSet<Alarm> alarms =
            new TreeSet<>(Comparator.comparing(Alarm::time).thenComparingLong(Alarm::number));
    private long started;
    private long rung;
    private volatile Optional<Throwable> failure = Optional.empty();
    /// Who may wake threads: the one that runs the simulation, or the one of it that runs.
    private Thread carrier = Thread.currentThread();

    private Thread running = carrier;

    public Simulator(long seed, VirtualClock clock) {
        this.random = new SplittableRandom(seed);
        this.clock = clock;
    }

    /// Numbers of the seed, which nobody else draws.
    public RandomGenerator random() {
        return random.split();
    }

    public Chronicle chronicle() {
        return chronicle;
    }

    /// A machine that is switched on, with a clock that is right.
    public Machine machine(String name) {
        return machine(name, Duration.ZERO);
    }

    /// @param skew by how much its clock is ahead
    public Machine machine(String name, Duration skew) {
        return new Machine(name, skew);
    }

    /// Ends the simulation: something is wrong.
    public void fail(Throwable why) {
        if (failure.isEmpty()) {
            failure = Optional.of(why);
        }
    }

    /// A thread was woken from outside. That says nothing about what is simulated; where it happens by accident, as
    /// it may between simulations that share a lock of the JVM, the seed can be played again.
    public static final class Disturbed extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Disturbed(String message) {
            super(message);
        }
    }

    /// What a simulation is about.
    public interface Play {
        void run() throws Exception;
    }

    /// Runs until `play` has ended, on a machine of its own. What others are at then, is never finished.
    public void run(Play play) throws Exception {
        carrier = Thread.currentThread();
        running = carrier;
        var stage = machine("stage");
        var ended = new boolean[1];
        stage.start(() -> {
            try {
                play.run();
            } catch (Exception | Error e) {
                fail(e);
            } finally {
                ended[0] = true;
            }
        });
        int steps = 0;
        int atOnce = 0;
        while (!ended[0] && failure.isEmpty()) {
            if (ready.isEmpty()) {
                awaitNextAlarm();
                atOnce = 0;
            } else if (atOnce++ >= MOST_STEPS_AT_ONCE) {
                throw new IllegalStateException("somebody tries for ever without waiting\n" + everyone());
            } else if (steps++ >= MOST_STEPS) {
                throw new IllegalStateException("the play does not end\n" + everyone());
            } else {
                step(ready.remove(random.nextInt(ready.size())));
            }
        }
        if (failure.isPresent()) {
            switch (failure.get()) {
                case Exception e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }
    }

    private void step(Fiber next) {
        next.ready = false;
        next.machine.count();
        if (!next.machine.on) {
            return;
        }
        chronicle.note(clock.instant(), next.name, "goes on");
        running = next.thread;
        next.continuation.run();
        running = carrier;
        if (next.thread.getState() == Thread.State.TERMINATED) {
            fibers.remove(next.continuation);
        }
    }

    private void awaitNextAlarm() {
        if (alarms.isEmpty()) {
            throw new IllegalStateException("everyone waits, and nobody for time to pass\n" + everyone());
        }
        clock.advanceTo(alarms.first().time());
        while (!alarms.isEmpty() && !alarms.first().time().isAfter(clock.instant())) {
            LockSupport.unpark(alarms.removeFirst().sleeper());
        }
    }

    /// Where each thread stands.
    private String everyone() {
        return fibers.values().stream()
                .filter(fiber -> fiber.machine.on)
                .sorted(Comparator.comparingLong(fiber -> fiber.number))
                .map(fiber -> Stream.concat(
                                Stream.of(fiber.name),
                                Stream.of(fiber.thread.getStackTrace()).map(line -> "    at " + line))
                        .collect(Collectors.joining("\n")))
                .collect(Collectors.joining("\n"));
    }

    /// A thread of a machine, known by its continuation: what is to be executed for it to go on.
    private static final class Fiber {
        private final long number;
        private final Machine machine;
        private final Thread thread;
        private final Runnable continuation;
        private final String name;
        private boolean ready;

        Fiber(long number, Machine machine, Runnable continuation) {
            this.number = number;
            this.machine = machine;
            this.continuation = continuation;
            this.thread = Jdk.threadOf(continuation);
            this.name = machine.name + "/" + number + "/" + thread.getName();
        }
    }

    private record Alarm(Instant time, long number, Machine machine, Thread sleeper) {}

    /// Where a program runs: its threads, and the threads that they start. It is also the clock by which they wait.
    public final class Machine implements Time {
        private final String name;
        private final Duration skew;
        private final Executor executor = this::execute;
        private final List<Fiber> frozen = new ArrayList<>();
        private final List<Runnable> mourners = new ArrayList<>();
        private boolean on = true;
        private boolean freezes;
        private long left = Long.MAX_VALUE;

        private Machine(String name, Duration skew) {
            this.name = name;
            this.skew = skew;
        }

        /// Writes down what happens here.
        public void note(String what) {
            chronicle.note(clock.instant(), name, what);
        }

        /// Starts a thread.
        public Thread start(Runnable task) {
            var thread = Jdk.thread(executor, "", task);
            thread.start();
            return thread;
        }

        public boolean isOn() {
            return on;
        }

        /// Switches it off: its threads stop where they are, for good, and never learn of it.
        public void kill() {
            if (on) {
                note("dies");
                on = false;
                ready.removeIf(fiber -> fiber.machine.equals(this));
                fibers.values().removeIf(fiber -> fiber.machine.equals(this));
                alarms.removeIf(alarm -> alarm.machine().equals(this));
                frozen.clear();
                List.copyOf(mourners).forEach(Runnable::run);
            }
        }

        /// Switches it off after so many steps of its threads.
        public void killAfter(long steps) {
            left = steps;
        }

        /// Lets others go on before the thread that calls this, and the machine die.
        @SuppressWarnings("ThreadPriorityCheck") // the simulation is the one scheduler that may be relied on
        public void pass() {
            Thread.yield();
        }

        /// Runs `then` when it is switched off.
        public Vigil mourn(Runnable then) {
            if (on) {
                mourners.add(then);
            } else {
                then.run();
            }
            return () -> mourners.remove(then);
        }

        /// Its threads stop where they are, until [#thaw].
        public void freeze() {
            freezes = true;
            ready.stream().filter(fiber -> fiber.machine.equals(this)).forEach(frozen::add);
            ready.removeAll(frozen);
            frozen.forEach(fiber -> fiber.ready = false);
        }

        public void thaw() {
            freezes = false;
            frozen.forEach(Simulator.this::add);
            frozen.clear();
        }

        private void count() {
            if (left-- == 0) {
                kill();
            }
        }

        private void execute(Runnable continuation) {
            var current = Thread.currentThread();
            if (!current.equals(running) && !current.equals(carrier)) {
                fail(new Disturbed(name + " was woken from outside of the simulation, by " + current
                        + ": somebody waits for a monitor, for real time, or for another simulation"));
                return;
            }
            if (!on) {
                return;
            }
            var fiber = fibers.computeIfAbsent(continuation, _ -> new Fiber(started++, this, continuation));
            if (freezes) {
                frozen.add(fiber);
            } else {
                add(fiber);
            }
        }

        @Override
        public Instant instant() {
            return clock.instant().plus(skew);
        }

        @Override
        public Bell bell() {
            return new VirtualBell(this);
        }
    }

    /// Somebody who wants to know when a machine dies, until this is closed.
    public interface Vigil extends AutoCloseable {
        @Override
        void close();
    }

    /// In the order in which they were started: in which order they became ready, the addresses of objects may have
    /// had a say.
    private void add(Fiber fiber) {
        if (!fiber.ready) {
            fiber.ready = true;
            int place = ready.size();
            while (place > 0 && ready.get(place - 1).number > fiber.number) {
                place--;
            }
            ready.add(place, fiber);
        }
    }

    private final class VirtualBell implements Time.Bell {
        private final Machine machine;
        private boolean rings;
        private Optional<Thread> waiter = Optional.empty();

        VirtualBell(Machine machine) {
            this.machine = machine;
        }

        @Override
        public void ring() {
            rings = true;
            waiter.ifPresent(LockSupport::unpark);
        }

        @Override
        public boolean await(Duration atMost) throws InterruptedException {
            var me = Thread.currentThread();
            var alarm = new Alarm(clock.instant().plus(atMost), rung++, machine, me);
            waiter = Optional.of(me);
            try {
                alarms.add(alarm);
                while (!rings && clock.instant().isBefore(alarm.time()) && !me.isInterrupted()) {
                    LockSupport.park(this);
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                boolean rang = rings;
                rings = false;
                return rang;
            } finally {
                alarms.remove(alarm);
                waiter = Optional.empty();
            }
        }
    }

    /// What the JDK does not show.
    private static final class Jdk {
        private static final Method NEW_VIRTUAL_THREAD = method();

        private Jdk() {}

        private static Method method() {
            try {
                var method = Class.forName("java.lang.ThreadBuilders")
                        .getDeclaredMethod("newVirtualThread", Executor.class, String.class, int.class, Runnable.class);
                method.setAccessible(true);
                return method;
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        static Thread thread(Executor executor, String name, Runnable task) {
            try {
                return (Thread) NEW_VIRTUAL_THREAD.invoke(null, executor, name, 0, task);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException(e);
            }
        }

        /// A continuation is a method of its thread, and holds nothing else.
        static Thread threadOf(Runnable continuation) {
            try {
                var thread = continuation.getClass().getDeclaredFields()[0];
                thread.setAccessible(true);
                return (Thread) thread.get(continuation);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
