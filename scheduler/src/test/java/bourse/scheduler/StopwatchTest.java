package bourse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import bourse.classad.ClassAd;
import bourse.classad.Match;
import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Contribution;
import bourse.protocol.Contribution.Status;
import bourse.protocol.Digest;
import bourse.protocol.Task;
import bourse.scheduler.Board.Spot;
import bourse.scheduler.Projection.Entry;
import bourse.scheduler.Replicates.Took;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// How long workers take, as the pool sees it.
class StopwatchTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final Address FAST = new Address("%040x".formatted(1));
    private static final Address SLOW = new Address("%040x".formatted(2));
    private static final Address NEW = new Address("%040x".formatted(3));
    private static final ClassAd MACHINE = ClassAd.parse("[Speed = 1.0; Runtimes = {\"WASM\"}; Requirements = true]");

    private final List<Took> written = new ArrayList<>();
    private final Stopwatch stopwatch = new Stopwatch(tables());
    private int tasks;

    private Replicates tables() {
        return (Replicates) Proxy.newProxyInstance(
                Replicates.class.getClassLoader(), new Class<?>[] {Replicates.class}, (_, method, arguments) -> {
                    if (arguments[0] instanceof List<?> measured) {
                        measured.forEach(one -> written.add((Took) one));
                    }
                    return method.getReturnType() == void.class ? null : List.copyOf(written);
                });
    }

    private static Entry with(Entry entry, Task task) {
        return new Entry(entry.deal(), task, entry.app(), entry.dataset(), entry.ad());
    }

    /// He was asked at noon and voted `after`; then it came out what his vote was worth.
    private Entry works(Address worker, Duration after, Status end) {
        var entry = WaitingTest.task(NEW, 1, NOON, tasks++).entry();
        var row = new Replicates.Proposal(entry.id(), worker, entry.app().address(), 2, 1)
                .begun(NOON, NOON.plusSeconds(30));
        var vote = new Contribution(worker, Status.CONTRIBUTED, Bytes32.ZERO, Bytes32.ZERO, 2);
        var id = entry.deal().id();
        var voted = with(entry, new Task.Active(entry.id(), id, entry.task().index(), List.of(vote)));
        stopwatch.saw(Optional.of(new Spot(entry, List.of(row))), voted, NOON.plus(after));
        stopwatch.saw(
                Optional.of(new Spot(voted, List.of(row))),
                voted,
                NOON.plus(after).plusSeconds(1000));
        var judged = new Contribution(worker, end, Bytes32.ZERO, Bytes32.ZERO, 2);
        stopwatch.ended(ended(voted, judged), true, NOON.plus(after));
        return entry;
    }

    private static Entry ended(Entry entry, Contribution judged) {
        return with(
                entry,
                new Task.Completed(
                        entry.id(),
                        entry.deal().id(),
                        entry.task().index(),
                        new Digest(Bytes32.ZERO),
                        Bytes.EMPTY,
                        Bytes.EMPTY,
                        List.of(judged)));
    }

    private void read() {
        stopwatch.read(NOON, NOON.minus(Duration.ofDays(7)));
    }

    private double seconds(Address worker, ClassAd machine) {
        var entry = WaitingTest.task(NEW, 1, NOON, 0).entry();
        var task = Ads.of(entry.deal(), entry.app(), Ads.expression("pool.rank", "0 - MY.ExpectedSeconds"));
        return -new Match(task, stopwatch.on(worker, machine), Ads.evaluator(() -> NOON)).leftRank();
    }

    @Test
    void aWorkersTimeIsFromBeingAskedToHisVote() {
        works(FAST, Duration.ofSeconds(12), Status.PROVED);

        assertThat(seconds(FAST, MACHINE)).isEqualTo(12);
    }

    @Test
    void whoVotesAtOnceAndIsOutvotedIsNotFast() {
        works(FAST, Duration.ofMillis(1), Status.CONTRIBUTED);
        works(FAST, Duration.ofMillis(1), Status.REJECTED);

        assertThat(seconds(FAST, MACHINE)).as("the reference time").isEqualTo(300);
        assertThat(written).isEmpty();
    }

    @Test
    void aVoteThatWasThereWhenTheTaskWasFirstReadIsNotMeasured() {
        var entry = WaitingTest.task(NEW, 1, NOON, 0).entry();
        var vote = new Contribution(FAST, Status.PROVED, Bytes32.ZERO, Bytes32.ZERO, 2);
        var voted = with(entry, new Task.Active(entry.id(), entry.deal().id(), 0, List.of(vote)));
        stopwatch.saw(Optional.empty(), voted, NOON);
        stopwatch.ended(ended(voted, vote), true, NOON);

        assertThat(written).isEmpty();
    }

    @Test
    void whatAMachineSaysOfItsOwnTimesIsNotBelieved() {
        var liar = "[Speed = 1.0; Took_%s_0 = 0.001; tOOk_x = 1]"
                .formatted(WaitingTest.task(NEW, 1, NOON, 0).entry().app().address());

        assertThat(seconds(NEW, Ads.machine(liar, 1))).isEqualTo(300);
        assertThat(Ads.machine(liar, 1).get("Took_x")).isEmpty();
        for (var speed : List.of("-1", "0", "\"fast\"", "1.0 / 0", "time()")) {
            assertThat(seconds(NEW, Ads.machine("[Speed = %s]".formatted(speed), 1)))
                    .as(speed)
                    .isEqualTo(300);
        }
    }

    @Test
    void whoWasNotMeasuredIsTakenToNeedWhatTheMedianDoesByHisSpeed() {
        works(FAST, Duration.ofSeconds(10), Status.PROVED);
        works(SLOW, Duration.ofSeconds(90), Status.PROVED);
        works(new Address("%040x".formatted(7)), Duration.ofSeconds(30), Status.PROVED);
        read();

        assertThat(seconds(NEW, MACHINE)).isEqualTo(30);
        assertThat(seconds(NEW, ClassAd.parse("[Speed = 2.0]"))).isEqualTo(15);
        assertThat(seconds(SLOW, ClassAd.parse("[Speed = 9.0]")))
                .as("his own word counts no more")
                .isEqualTo(90);
    }

    @Test
    void anotherSchedulerAndALaterOneKnowIt() {
        works(FAST, Duration.ofSeconds(12), Status.PROVED);
        var other = new Stopwatch(tables());
        other.read(NOON, NOON.minus(Duration.ofDays(7)));

        assertThat(other.on(FAST, MACHINE))
                .isEqualTo(stopwatch.on(FAST, MACHINE))
                .isNotEqualTo(MACHINE);
    }

    @Test
    void whatIsOldIsForgotten() {
        works(FAST, Duration.ofSeconds(12), Status.PROVED);
        written.clear();
        stopwatch.read(NOON, NOON.plusSeconds(13));

        assertThat(stopwatch.on(FAST, MACHINE)).isEqualTo(MACHINE);
    }

    /// Between the fastest and the slowest try, and whatever came before, a lasting change is believed soon.
    @Test
    void aMeanFollowsWhatIsMeasured() {
        for (int seed = 0; seed < 100; seed++) {
            var random = new Random(seed);
            var worker = new Address("%040x".formatted(100 + seed));
            double least = Double.MAX_VALUE;
            double most = 0;
            for (int i = 0; i < 1 + random.nextInt(20); i++) {
                var time = Duration.ofMillis(1 + random.nextInt(100_000));
                least = Math.min(least, time.toMillis() / 1000.0);
                most = Math.max(most, time.toMillis() / 1000.0);
                works(worker, time, Status.PROVED);
                assertThat(seconds(worker, MACHINE)).isBetween(least - 1e-9, most + 1e-9);
            }
            for (int i = 0; i < 40; i++) {
                works(worker, Duration.ofSeconds(50), Status.PROVED);
            }
            assertThat(seconds(worker, MACHINE)).isCloseTo(50, within(0.5));
        }
    }

    @Test
    void ofAWorkerOnlySoManyAppsAreKnown() {
        for (int app = 0; app < 3 * Stopwatch.MOST; app++) {
            written.add(new Took(FAST, new Address("%040x".formatted(app)), 0, 1, 1, NOON.plusSeconds(app)));
        }
        read();

        assertThat(stopwatch.on(FAST, MACHINE).size()).isEqualTo(MACHINE.size() + Stopwatch.MOST);
        assertThat(stopwatch.on(NEW, MACHINE).size()).isEqualTo(MACHINE.size() + Stopwatch.MOST);
    }

    @Test
    void theFasterOfTwoComesFirst() {
        var entry = works(FAST, Duration.ofSeconds(20), Status.PROVED);
        works(SLOW, Duration.ofSeconds(200), Status.PROVED);
        var task = Ads.of(entry.deal(), entry.app(), Ads.expression("pool.rank", Terms.RANK));
        var evaluator = Ads.evaluator(() -> NOON);
        var boasting = MACHINE.toBuilder().put("Speed", 50.0).build();
        var idle = Idle.of(
                evaluator,
                List.of(
                        new View.Candidate(SLOW, 2, 1, stopwatch.on(SLOW, boasting)),
                        new View.Candidate(FAST, 2, 1, stopwatch.on(FAST, MACHINE))));
        var chosen = new ArrayList<Address>();
        idle.offer(task, new Idle.Taker() {
            @Override
            public boolean isDone() {
                return false;
            }

            @Override
            public boolean takes(View.Candidate candidate) {
                return chosen.add(candidate.worker());
            }
        });

        assertThat(chosen).containsExactly(FAST, SLOW);
    }
}
