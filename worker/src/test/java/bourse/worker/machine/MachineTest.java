package bourse.worker.machine;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.testing.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MachineTest {
    private static final Lent LENT = new Lent(1, 1);
    private static final Rules RULES = new Rules(
            Hours.ALWAYS, OptionalDouble.of(2), OptionalInt.of(0), Duration.ZERO, 100, 100, Duration.ofMinutes(10));

    private final VirtualClock clock = VirtualClock.atNoon();
    private double load;

    private Condition measure() {
        return new Condition(
                clock.instant(),
                8,
                OptionalDouble.of(load),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty());
    }

    /// Each by himself, one could work at a load at which the other, after his pause, does not yet.
    @Test
    void decidesTheSameForAllWhoShareIt() {
        var machine = new Machine(RULES, _ -> measure());
        var one = machine.share();
        var other = machine.share();
        assertThat(one.look(0, LENT).permit()).isInstanceOf(Permit.Work.class);
        assertThat(other.look(0, LENT).permit()).isInstanceOf(Permit.Work.class);
        load = 3;
        assertThat(one.look(0, LENT).permit()).isInstanceOf(Permit.Pause.class);

        load = 1.9;
        clock.advance(Duration.ofMinutes(2));

        assertThat(other.look(0, LENT).permit()).isInstanceOf(Permit.Pause.class);
    }

    @Test
    void countsTheProgramsOfAll() {
        var running = new ArrayList<Integer>();
        var machine = new Machine(RULES, programs -> {
            running.add(programs);
            return measure();
        });
        var one = machine.share();
        var other = machine.share();

        one.look(2, LENT);
        other.look(1, LENT);
        one.look(0, LENT);
        other.look(1, LENT);

        assertThat(running).containsExactly(2, 3, 1, 1);
    }
}
