package bourse.worker.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.worker.machine.Permit.Leave;
import bourse.worker.machine.Permit.Pause;
import bourse.worker.machine.Permit.Work;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// What holds for any rules, on any machine.
class RulesTest {
    private static final Instant NOON = Instant.parse("2020-02-02T12:00:00Z");
    private static final long GIB = 1L << 30;
    private static final Lent LENT = new Lent(4, GIB);
    private static final Condition IDLE = condition(0, 100, true, Duration.ofHours(1));

    private static Condition condition(double load, int battery, boolean onMains, Duration userIdle) {
        return new Condition(
                NOON,
                8,
                OptionalDouble.of(load),
                OptionalInt.of(battery),
                Optional.of(onMains),
                Optional.of(userIdle),
                OptionalLong.of(16 * GIB),
                OptionalLong.of(8 * GIB));
    }

    private static Condition at(Condition condition, Instant time) {
        return new Condition(
                time,
                condition.cores(),
                condition.load(),
                condition.battery(),
                condition.onMains(),
                condition.userIdle(),
                condition.memory(),
                condition.freeMemory());
    }

    /* ANY RULES, ANY MACHINE */

    private static Rules rules(SplittableRandom random) {
        var hours = random.nextBoolean() ? Hours.ALWAYS : Hours.parse("08:00-12:30", ZoneId.of("UTC"));
        return new Rules(
                hours,
                random.nextBoolean() ? OptionalDouble.empty() : OptionalDouble.of(random.nextDouble(0.1, 4)),
                random.nextInt(4) == 0 ? OptionalInt.empty() : OptionalInt.of(random.nextInt(101)),
                Duration.ofSeconds(random.nextInt(3) * 100L),
                random.nextInt(1, 101),
                random.nextInt(1, 101),
                Duration.ofSeconds(random.nextInt(900)));
    }

    private static Condition condition(SplittableRandom random, Instant time) {
        return new Condition(
                time,
                random.nextInt(1, 17),
                random.nextInt(4) == 0 ? OptionalDouble.empty() : OptionalDouble.of(random.nextDouble(5)),
                random.nextInt(4) == 0 ? OptionalInt.empty() : OptionalInt.of(random.nextInt(101)),
                random.nextInt(4) == 0 ? Optional.empty() : Optional.of(random.nextBoolean()),
                random.nextInt(4) == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(random.nextInt(400))),
                random.nextInt(4) == 0 ? OptionalLong.empty() : OptionalLong.of(random.nextLong(1, 32 * GIB)),
                random.nextInt(4) == 0 ? OptionalLong.empty() : OptionalLong.of(random.nextLong(8 * GIB)));
    }

    private static void forMany(Consumer<SplittableRandom> check) {
        for (long seed = 0; seed < 5_000; seed++) {
            check.accept(new SplittableRandom(seed));
        }
    }

    @Test
    void lendsNoMoreThanItsOwnerGrants() {
        forMany(random -> {
            var rules = rules(random);
            var now = condition(random, NOON);

            if (rules.permit(now, LENT) instanceof Work(int cores, int slots)) {
                assertThat(cores).isBetween(1, Math.max(1, now.cores() * rules.cores() / 100));
                assertThat(slots).isBetween(0, Math.min(LENT.slots(), cores));
                now.memory()
                        .ifPresent(all ->
                                assertThat(slots * LENT.taskMemory()).isLessThanOrEqualTo(all * rules.memory() / 100));
                assertThat(slots == 0 || now.freeMemory().orElse(LENT.taskMemory()) >= LENT.taskMemory())
                        .isTrue();
            }
        });
    }

    @Test
    void worksOnlyWhereEveryRuleAllowsIt() {
        forMany(random -> {
            var rules = rules(random);
            var now = condition(random, NOON);

            if (rules.permit(now, LENT) instanceof Work) {
                assertThat(rules.hours().contain(now.time())).isTrue();
                assertThat(now.load().orElse(0))
                        .isLessThanOrEqualTo(rules.maxLoad().orElse(9));
                now.userIdle().ifPresent(idle -> assertThat(idle).isGreaterThanOrEqualTo(rules.userIdle()));
                if (now.onMains().equals(Optional.of(false))) {
                    assertThat(rules.battery()).isPresent();
                    now.battery()
                            .ifPresent(left -> assertThat(left)
                                    .isGreaterThanOrEqualTo(rules.battery().orElseThrow()));
                }
            }
        });
    }

    @Test
    void whatCanNotBeMeasuredForbidsNothing() {
        forMany(random -> {
            var rules = rules(random);
            var now = condition(random, NOON);
            var blind = new Condition(
                    now.time(),
                    now.cores(),
                    OptionalDouble.empty(),
                    OptionalInt.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty());

            assertThat(rules.permit(blind, LENT) instanceof Work)
                    .isEqualTo(rules.hours().contain(now.time()));
        });
    }

    @Test
    void answersTheSameWhenItIsAskedAgain() {
        forMany(random -> {
            var rules = rules(random);
            var now = condition(random, NOON);
            var before = new Standing(new Pause("before"), NOON.minusSeconds(random.nextInt(1000)));

            assertThat(rules.permit(now, LENT))
                    .isEqualTo(rules.permit(now, LENT))
                    .isNotInstanceOf(Leave.class);
            assertThat(rules.next(before, now, LENT)).isEqualTo(rules.next(before, now, LENT));
        });
    }

    /// A machine that changes all the time, looked at every second for half an hour.
    private static List<Standing> halfAnHour(SplittableRandom random, Rules rules) {
        var standings = new ArrayList<Standing>();
        var standing = Standing.NEW;
        for (int second = 0; second < 1800; second++) {
            standing = rules.next(standing, condition(random, NOON.plusSeconds(second)), LENT);
            standings.add(standing);
        }
        return standings;
    }

    @Test
    void doesNotFlap() {
        for (long seed = 0; seed < 200; seed++) {
            var random = new SplittableRandom(seed);
            var standings = halfAnHour(random, rules(random));
            int pausedFor = 0;
            boolean first = true;
            for (var standing : standings) {
                if (standing.permit() instanceof Work) {
                    assertThat(first || pausedFor == 0 || pausedFor >= Rules.LEAST_PAUSE.toSeconds())
                            .as("seed %d: a pause of %d s", seed, pausedFor)
                            .isTrue();
                    first = false;
                    pausedFor = 0;
                } else {
                    pausedFor++;
                }
            }
        }
    }

    @Test
    void leavesAfterItsPatienceAndNeverBefore() {
        for (long seed = 0; seed < 200; seed++) {
            var random = new SplittableRandom(seed);
            var rules = rules(random);
            var second = new int[1];
            for (var standing : halfAnHour(random, rules)) {
                var paused = Duration.between(standing.since(), NOON.plusSeconds(second[0]++));
                switch (standing.permit()) {
                    case Work _ -> {}
                    case Pause _ ->
                        assertThat(paused.compareTo(rules.patience()) < 0 || paused.compareTo(Rules.LEAST_PAUSE) < 0)
                                .isTrue();
                    case Leave _ -> assertThat(paused).isGreaterThanOrEqualTo(rules.patience());
                }
            }
        }
    }

    /* ONE BY ONE */

    private static final Rules CAREFUL = new Rules(
            Hours.ALWAYS,
            OptionalDouble.of(2),
            OptionalInt.of(50),
            Duration.ofMinutes(5),
            50,
            25,
            Duration.ofMinutes(10));

    @Test
    void beginsAtOnceOnAnIdleMachine() {
        assertThat(CAREFUL.next(Standing.NEW, IDLE, LENT)).isEqualTo(new Standing(new Work(4, 4), NOON));
    }

    @Test
    void pausesAtOnceForWhoeverUsesIt() {
        var working = new Standing(new Work(4, 4), NOON.minusSeconds(1));

        assertThat(CAREFUL.next(working, condition(0, 100, true, Duration.ofSeconds(1)), LENT))
                .isEqualTo(new Standing(new Pause("somebody uses this machine"), NOON));
    }

    @Test
    void saysWhatIsInTheWay() {
        assertThat(CAREFUL.permit(condition(2.1, 100, true, Duration.ofHours(1)), LENT))
                .isEqualTo(new Pause("others keep this machine busy"));
        assertThat(CAREFUL.permit(condition(0, 49, false, Duration.ofHours(1)), LENT))
                .isEqualTo(new Pause("this machine's battery is below 50 %"));
        assertThat(CAREFUL.permit(condition(0, 49, true, Duration.ofHours(1)), LENT))
                .isInstanceOf(Work.class);
    }

    @Test
    void goesOnOnlyWithSomeReserve() {
        var paused = new Standing(new Pause("others keep this machine busy"), NOON.minusSeconds(90));
        var atTheLimit = condition(1.9, 100, true, Duration.ofHours(1));

        assertThat(CAREFUL.permit(atTheLimit, LENT)).isInstanceOf(Work.class);
        assertThat(CAREFUL.next(paused, atTheLimit, LENT).permit()).isInstanceOf(Pause.class);
        assertThat(CAREFUL.next(paused, condition(1.5, 100, true, Duration.ofHours(1)), LENT)
                        .permit())
                .isInstanceOf(Work.class);
    }

    @Test
    void isPatientFromTheBeginningOfThePause() {
        var paused = new Standing(new Pause("somebody uses this machine"), NOON);
        var used = condition(0, 100, true, Duration.ZERO);

        assertThat(CAREFUL.next(paused, at(used, NOON.plusSeconds(599)), LENT).permit())
                .isInstanceOf(Pause.class);
        assertThat(CAREFUL.next(paused, at(used, NOON.plusSeconds(600)), LENT))
                .isEqualTo(new Standing(new Leave("somebody uses this machine"), NOON));
    }

    @Test
    void beginsNothingWhereMemoryIsShort() {
        var full = new Condition(
                NOON,
                8,
                IDLE.load(),
                IDLE.battery(),
                IDLE.onMains(),
                IDLE.userIdle(),
                IDLE.memory(),
                OptionalLong.of(GIB - 1));

        assertThat(CAREFUL.permit(full, LENT)).isEqualTo(new Work(4, 0));
        assertThat(CAREFUL.permit(IDLE, new Lent(4, 5 * GIB))).isInstanceOf(Pause.class);
    }

    @Test
    void tellsWhatItCanNotGoBy() {
        var blind = new Condition(
                NOON,
                8,
                OptionalDouble.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty());

        assertThat(CAREFUL.unmeasured(blind)).containsExactly("load", "battery", "user activity", "memory");
        assertThat(CAREFUL.unmeasured(IDLE)).isEmpty();
        assertThat(Rules.ALWAYS.unmeasured(blind)).isEmpty();
        assertThat(Rules.ALWAYS.always()).isTrue();
        assertThat(CAREFUL.always()).isFalse();
    }

    @Test
    void refusesSharesThatAreNone() {
        assertThatThrownBy(() -> new Rules(
                        Hours.ALWAYS, OptionalDouble.empty(), OptionalInt.of(0), Duration.ZERO, 0, 100, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
