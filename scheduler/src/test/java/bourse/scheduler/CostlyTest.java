package bourse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.classad.Budget;
import bourse.classad.ClassAd;
import bourse.classad.pool.Matcher;
import bourse.protocol.Address;
import bourse.scheduler.View.Candidate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What strangers' expressions may take.
class CostlyTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final String MANY = "{[]" + ",[]".repeat(40) + "}";
    /// Some thousands of steps, and true.
    private static final String HOSTILE =
            "countMatches(countMatches(TARGET.Disk > 0, " + MANY + ") > 0, " + MANY + ") + TARGET.Disk > 0";

    private Instant now = NOON;
    private final Costly costly = new Costly(() -> now);

    /// As workers describe theirs.
    private static ClassAd machine(int disk) {
        return Ads.machine("""
                [Cpus = 4; TotalCpus = 4; Memory = 4096; TotalMemory = 8192; TaskMemory = 512; Disk = %d; Gpus = 0;
                Speed = 1.5; Runtimes = {"WASM"}; Apps = {"0x1"}; Watts = 15.0; Start = true;
                Requirements = MY.Start && member(TARGET.Runtime, MY.Runtimes) && TARGET.RequestCpus <= MY.TotalCpus
                    && TARGET.RequestCpus <= MY.Cpus && (TARGET.RequestMemory ?: MY.TaskMemory) <= MY.TotalMemory
                    && (TARGET.RequestMemory ?: MY.TaskMemory) <= MY.Memory && TARGET.RequestDisk <= MY.Disk
                    && TARGET.RequestGpus <= MY.Gpus]""".formatted(disk), 2);
    }

    private static ClassAd task(String requirements) {
        return ClassAd.parse("[RequestCpus = 1; Requirements = %s]".formatted(requirements));
    }

    /// How many machines of so many are offered a task.
    private int offered(ClassAd task, int machines, String requirements) {
        var candidates = IntStream.range(0, machines)
                .mapToObj(i -> new Candidate(
                        new Address("%040x".formatted(i)),
                        1,
                        1,
                        ClassAd.parse("[Cpus = 1; Disk = %d; Requirements = %s]".formatted(i + 1, requirements))))
                .toList();
        var seen = new ArrayList<Candidate>();
        Idle.of(Ads.evaluator(() -> now), costly, candidates).offer(task, new Idle.Taker() {
            @Override
            public boolean isDone() {
                return false;
            }

            @Override
            public boolean takes(Candidate candidate) {
                seen.add(candidate);
                return false;
            }
        });
        return seen.size();
    }

    @Test
    void anExpressionThatTakesTooMuchIsShownToNobodyForAWhileAndItIsSaid() {
        var hostile = task(HOSTILE);

        assertThat(offered(hostile, 200, "true")).as("before it was known").isLessThan(100);
        assertThat(costly.hindrance(hostile).orElseThrow()).contains("200 steps", "simplify");
        assertThat(offered(hostile, 1, "true")).as("while it rests").isZero();
        assertThat(offered(task("TARGET.Disk > 0"), 200, "true")).as("others").isEqualTo(200);

        now = NOON.plusSeconds(61);
        assertThat(costly.hindrance(hostile)).isEmpty();
        assertThat(offered(hostile, 1, "true")).as("afterwards").isEqualTo(1);
    }

    @Test
    void nobodyPaysForWhatMachinesSay() {
        var honest = task("TARGET.Disk > 0");
        var theirs = "countMatches(countMatches(MY.Disk > 0, %1$s) > 0, %1$s) + MY.Disk > 0".formatted(MANY);

        assertThat(offered(honest, 12, theirs)).isEqualTo(12);
        assertThat(costly.hindrance(honest)).isEmpty();
    }

    @Test
    void whatTasksAskForIsLookedAtForAllMachinesAtOnce() {
        var entry = WaitingTest.task(Address.ZERO, 1, NOON, 0).entry();
        var task = Ads.of(entry.deal(), entry.app(), Ads.expression("pool.rank", Terms.RANK));
        var matcher = Matcher.<Integer>columnar(Ads.evaluator(() -> now));
        for (int i = 0; i < 2_000; i++) {
            matcher.put(i, machine(1_000 + i));
        }
        var budget = Budget.of(20_000); // ten steps for each: too few to ask them one by one

        assertThat(matcher.matches(task, Integer.MAX_VALUE, budget)).hasSize(2_000);
        assertThat(budget.isSpent()).isFalse();
    }

    @Test
    void whatTheDefaultRankTakesIsFarFromTooMuch() {
        var entry = WaitingTest.task(Address.ZERO, 1, NOON, 0).entry();
        var task = Ads.of(entry.deal(), entry.app(), Ads.expression("pool.rank", Terms.RANK));
        var apps = "{" + "\"0x1\", ".repeat(30) + "\"0x2\"}";

        assertThat(offered(task, 200, "true; Runtimes = {\"WASM\"}; Apps = " + apps))
                .isEqualTo(200);
        assertThat(costly.rests(task)).isFalse();
        assertThat(List.of(task)).allMatch(ad -> costly.hindrance(ad).isEmpty());
    }
}
