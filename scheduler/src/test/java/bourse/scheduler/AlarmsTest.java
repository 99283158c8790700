package bourse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Bytes32;
import bourse.protocol.Sha256;
import bourse.protocol.TaskId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AlarmsTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private final Alarms alarms = new Alarms();

    private static TaskId task(int i) {
        return new TaskId(Bytes32.of(Sha256.digest().digest(new byte[] {(byte) i})));
    }

    @Test
    void ringsOnceWhenItsTimeHasCome() {
        alarms.set(task(1), Optional.of(NOON));

        assertThat(alarms.due(NOON.minusMillis(1))).isEmpty();
        assertThat(alarms.due(NOON)).containsExactly(task(1));
        assertThat(alarms.due(NOON.plusSeconds(9))).isEmpty();
        assertThat(alarms.first()).isEmpty();
    }

    @Test
    void aTaskHasOneAlarmTheLastThatWasSet() {
        alarms.set(task(1), Optional.of(NOON));
        alarms.set(task(1), Optional.of(NOON.plusSeconds(5)));
        alarms.set(task(2), Optional.of(NOON.plusSeconds(1)));
        alarms.set(task(2), Optional.empty());

        assertThat(alarms.first()).contains(NOON.plusSeconds(5));
        assertThat(alarms.due(NOON.plusSeconds(4))).isEmpty();
        assertThat(alarms.due(NOON.plusSeconds(5))).containsExactly(task(1));
    }

    @Test
    void tellsWhatAMapWithTimesWouldTell() {
        var any = new Random(7);
        Map<TaskId, Instant> expected = new HashMap<>();
        var now = NOON;
        for (int step = 0; step < 5000; step++) {
            var task = task(any.nextInt(20));
            var at = any.nextInt(5) == 0 ? Optional.<Instant>empty() : Optional.of(now.plusSeconds(any.nextInt(100)));
            alarms.set(task, at);
            at.ifPresentOrElse(time -> expected.put(task, time), () -> expected.remove(task));
            if (any.nextInt(3) == 0) {
                now = now.plusSeconds(any.nextInt(20));
                var time = now;
                var due = expected.keySet().stream()
                        .filter(one -> !time.isBefore(expected.getOrDefault(one, Instant.MAX)))
                        .toList();
                assertThat(alarms.due(now)).containsExactlyInAnyOrderElementsOf(due);
                due.forEach(expected::remove);
            }
            assertThat(alarms.first()).isEqualTo(expected.values().stream().min(Instant::compareTo));
        }
    }
}
