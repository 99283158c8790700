package bourse.worker.machine;

import bourse.worker.machine.Permit.Leave;
import bourse.worker.machine.Permit.Pause;
import bourse.worker.machine.Permit.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// When a machine may work, and how much of it. All of it is a function of what was measured and what was
/// before.
///
/// @param maxLoad of others: up to so many threads; empty for any
/// @param battery how full it must be where there is no mains, in percent, 0 for any; empty for never without
/// @param userIdle how long nobody must have used the machine; zero where that does not matter
/// @param cores what programs may use of them, 1 to 100 percent, but at least one
/// @param memory what programs may use of it, 1 to 100 percent
/// @param patience how long a task is paused before it is given up
public record Rules(
        Hours hours,
        OptionalDouble maxLoad,
        OptionalInt battery,
        Duration userIdle,
        int cores,
        int memory,
        Duration patience) {
    public static final Rules ALWAYS = new Rules(
            Hours.ALWAYS, OptionalDouble.empty(), OptionalInt.of(0), Duration.ZERO, 100, 100, Duration.ofMinutes(10));

    /// A pause takes at least so long: who is at the limit would stop and go with each look.
    static final Duration LEAST_PAUSE = Duration.ofMinutes(1);
    /// To work again after a pause, others must need so much less than to begin it.
    private static final double CALM = 0.8;
    /// And the battery so many percent more.
    private static final int CHARGED = 5;

    public Rules {
        if (cores < 1
                || cores > 100
                || memory < 1
                || memory > 100
                || battery.orElse(0) < 0
                || battery.orElse(0) > 100
                || !(maxLoad.orElse(1) > 0)
                || userIdle.isNegative()
                || patience.isNegative()) {
            throw new IllegalArgumentException(
                    "a machine works with 1 to 100 percent of cores and memory, at 0 to 100 percent of battery, below a"
                            + " load above 0, and with no negative time: %s, %s, %s, %s, %s, %s"
                                    .formatted(cores, memory, battery, maxLoad, userIdle, patience));
        }
    }

    /// Whether nothing has to be measured, for it may always work.
    public boolean always() {
        return hours.spans().isEmpty()
                && maxLoad.isEmpty()
                && battery.orElse(-1) == 0
                && userIdle.isZero()
                && cores == 100
                && memory == 100;
    }

    /// What may be done now, whatever was before: [Work] or [Pause].
    public Permit permit(Condition now, Lent lent) {
        return permit(now, lent, false);
    }

    /// The same, with regard to what was before. A pause comes at once, and ends no sooner than after a
    /// minute, and with some reserve; after [#patience] it is no longer one.
    public Standing next(Standing before, Condition now, Lent lent) {
        var permit = permit(now, lent, !(before.permit() instanceof Work));
        return switch (before.permit()) {
            case Work _ -> new Standing(permit, permit instanceof Work ? before.since() : now.time());
            case Pause _, Leave _ -> {
                var paused = Duration.between(before.since(), now.time());
                if (permit instanceof Work) {
                    yield paused.compareTo(LEAST_PAUSE) < 0 ? before : new Standing(permit, now.time());
                }
                // The first thing that is measured begins a pause, too.
                var since = before.equals(Standing.NEW) ? now.time() : before.since();
                boolean isLong = Duration.between(since, now.time()).compareTo(patience) >= 0;
                yield new Standing(isLong ? new Leave(why(permit)) : permit, since);
            }
        };
    }

    /// What this machine can not measure, though there is a rule about it.
    public List<String> unmeasured(Condition now) {
        var names = new ArrayList<String>();
        if (maxLoad.isPresent() && now.load().isEmpty()) {
            names.add("load");
        }
        if (battery.orElse(-1) != 0 && now.onMains().isEmpty()) {
            names.add("battery");
        }
        if (!userIdle.isZero() && now.userIdle().isEmpty()) {
            names.add("user activity");
        }
        if (memory < 100 && now.memory().isEmpty()) {
            names.add("memory");
        }
        return names;
    }

    /// @param strict whether some reserve is wanted, after a pause
    private Permit permit(Condition now, Lent lent, boolean strict) {
        var obstacle = obstacle(now, strict);
        if (obstacle.isPresent()) {
            return new Pause(obstacle.get());
        }
        int room = room(now, lent.taskMemory());
        if (room == 0) {
            return new Pause("%d %% of this machine's memory is less than one task needs".formatted(memory));
        }
        boolean full = now.freeMemory().orElse(Long.MAX_VALUE) < lent.taskMemory();
        return new Work(cores(now), full ? 0 : Math.min(lent.slots(), room));
    }

    /// How many programs may run at once, each on one core and with `taskMemory` bytes.
    public int room(Condition machine, long taskMemory) {
        long byMemory = memory(machine).orElse(Long.MAX_VALUE) / taskMemory;
        return (int) Math.min(cores(machine), byMemory);
    }

    /// How much memory programs may use, all together, in bytes; empty where nobody knows how much there is.
    public OptionalLong memory(Condition machine) {
        var all = machine.memory();
        return all.isEmpty() ? all : OptionalLong.of(all.getAsLong() * memory / 100);
    }

    /// How many cores programs may use, all together.
    public int cores(Condition machine) {
        return Math.max(1, machine.cores() * cores / 100);
    }

    private Optional<String> obstacle(Condition now, boolean strict) {
        if (!hours.contain(now.time())) {
            return Optional.of("it is not one of this machine's hours");
        }
        if (!userIdle.isZero()
                && now.userIdle().filter(idle -> idle.compareTo(userIdle) < 0).isPresent()) {
            return Optional.of("somebody uses this machine");
        }
        if (now.onMains().filter(plugged -> !plugged).isPresent()) {
            if (battery.isEmpty()) {
                return Optional.of("this machine runs on battery");
            }
            int least = battery.getAsInt();
            int wanted = Math.min(100, strict && least > 0 ? least + CHARGED : least);
            if (now.battery().orElse(100) < wanted) {
                return Optional.of("this machine's battery is below %d %%".formatted(least));
            }
        }
        double most = maxLoad.orElse(Double.POSITIVE_INFINITY);
        if (now.load().orElse(0) > (strict ? most * CALM : most)) {
            return Optional.of("others keep this machine busy");
        }
        return Optional.empty();
    }

    private static String why(Permit permit) {
        return switch (permit) {
            case Work _ -> "";
            case Pause(var why) -> why;
            case Leave(var why) -> why;
        };
    }
}
