package bourse.node.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.DealId;
import bourse.protocol.Digest;
import bourse.protocol.News;
import bourse.protocol.Pool;
import bourse.protocol.PoolInfo.Log;
import bourse.protocol.TaskId;
import bourse.scheduler.Replicates;
import bourse.scheduler.Replicates.Phase;
import bourse.scheduler.Replicates.Proposal;
import bourse.scheduler.Replicates.Row;
import bourse.scheduler.Replicates.Use;
import bourse.scheduler.trust.Book.Shown;
import bourse.testing.Generators;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a pool's tables do, wherever they are.
abstract class ReplicatesContract {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private final Generators generators = new Generators(7);
    final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final Address ann = generators.address();
    private final Address bob = generators.address();
    private final Address app = generators.address();
    private final Address workerpool = generators.address();
    private final TaskId task = generators.taskId();
    private final TaskId other = generators.taskId();

    /// One scheduler's way to the tables that all of them share.
    abstract Replicates of(String scheduler) throws Exception;

    @Test
    void assignsAsManyTasksAsAWorkerHasSlots() throws Exception {
        var tables = of("one");

        assertThat(assign(tables, proposal(task, ann, 1), proposal(other, ann, 1)))
                .containsExactly(task);
        assertThat(assign(tables, proposal(other, ann, 1))).isEmpty();
        assertThat(assign(tables, proposal(other, ann, 2))).containsExactly(other);
        assertThat(tables.live(ann, now)).extracting(Row::task).containsExactlyInAnyOrder(task, other);
    }

    @Test
    void showsEachFittingWhatWasGivenBefore() throws Exception {
        var tables = of("one");

        var given = tables.assign(
                List.of(proposal(task, ann, 1), proposal(task, bob, 1)),
                (_, rows) -> rows.isEmpty(),
                now,
                now.plus(LEASE));

        assertThat(given).extracting(Row::worker).containsExactly(ann);
        assertThat(tables.of(List.of(task, other))).containsOnlyKeys(task);
    }

    @Test
    void renewsOnlyLeasesThatRun() throws Exception {
        var tables = of("one");
        assign(tables, proposal(task, ann, 1));

        var later = now.plus(LEASE);
        assertThat(tables.renew(ann, Map.of(task, Phase.COMPUTING, other, Phase.COMPUTING), later, later.plus(LEASE)))
                .containsExactly(task);
        assertThat(tables.renew(
                        ann, Map.of(task, Phase.COMPUTING), later.plus(LEASE).plusMillis(1), later.plus(LEASE)))
                .isEmpty();
        assertThat(tables.live(ann, later.plus(LEASE))).extracting(Row::phase).containsExactly(Phase.COMPUTING);
        assertThat(tables.live(ann, later.plus(LEASE).plusMillis(1))).isEmpty();
    }

    @Test
    void freesTheSlotOfWhoContributesOrGivesUp() throws Exception {
        var tables = of("one");
        assign(tables, proposal(task, ann, 1), proposal(task, bob, 1));

        tables.renew(ann, Map.of(task, Phase.CONTRIBUTED), now, now.plus(LEASE));
        tables.gaveUp(task, bob, Pool.Cause.DISK_FULL, "no room", now.plusSeconds(1));

        assertThat(tables.live(ann, now)).isEmpty();
        assertThat(tables.live(bob, now)).isEmpty();
        assertThat(assign(tables, proposal(other, ann, 1), proposal(other, bob, 1)))
                .hasSize(2);
        assertThat(tables.renew(bob, Map.of(task, Phase.COMPUTING), now, now.plus(LEASE)))
                .isEmpty();
    }

    @Test
    void forgetsHalfOfWhatARequesterHadWithEveryHalfLife() throws Exception {
        var hour = Duration.ofHours(1);
        var one = of("one");
        one.charge(Map.of(ann, 800.0), now, hour);
        of("two").charge(Map.of(ann, 50.0, bob, 300.0), now.plus(hour.multipliedBy(2)), hour);

        assertThat(one.uses())
                .containsExactlyInAnyOrder(
                        new Use(ann, 250, now.plus(hour.multipliedBy(2))),
                        new Use(bob, 300, now.plus(hour.multipliedBy(2))));

        one.charge(Map.of(ann, 10.0), now.plus(hour), hour);
        one.charge(Map.of(bob, 7.0), now.plus(Duration.ofDays(3650)), Duration.ofMinutes(1));
        assertThat(one.uses())
                .as("a clock that is behind takes nothing away, and after years nothing is left")
                .containsExactlyInAnyOrder(
                        new Use(ann, 260, now.plus(hour.multipliedBy(2))),
                        new Use(bob, 7, now.plus(Duration.ofDays(3650))));
        one.forgetBefore(now.plus(Duration.ofDays(7)), now, now);
        assertThat(one.uses()).extracting(Use::requester).containsExactly(bob);
    }

    @Test
    void keepsTheFirstDelivery() throws Exception {
        var tables = of("one");
        var link = generators.link();
        assign(tables, proposal(task, ann, 1));

        tables.delivered(task, ann, link, Bytes.EMPTY, now.plusSeconds(1));
        tables.delivered(task, ann, generators.link(), Bytes.EMPTY, now.plusSeconds(2));
        tables.gaveUp(task, ann, Pool.Cause.TOO_LATE, "", now.plusSeconds(3));

        var row = tables.of(List.of(task)).getOrDefault(task, List.of()).getFirst();
        assertThat(row.link()).contains(link);
        assertThat(row.phase()).isEqualTo(Phase.DELIVERED);
        assertThat(row.since()).isEqualTo(now.plusSeconds(1));
        assertThat(row.cause()).isEmpty();
    }

    @Test
    void tellsWhatOthersHaveWritten() throws Exception {
        var one = of("one");
        var two = of("two");
        var before = Instant.now().minusSeconds(60);
        assign(one, proposal(task, ann, 1));

        assertThat(one.writtenByOthers(before)).isEmpty();
        assertThat(two.writtenByOthers(before)).extracting(Row::worker).containsExactly(ann);
        assertThat(two.writtenByOthers(Instant.now().plusSeconds(60))).isEmpty();
    }

    @Test
    void letsOneLeadUntilItRetires() throws Exception {
        var one = of("one");
        var two = of("two");

        assertThat(one.lead(workerpool, Duration.ofHours(1))).isTrue();
        assertThat(two.lead(workerpool, Duration.ofHours(1))).isFalse();
        assertThat(one.lead(workerpool, Duration.ofHours(1))).isTrue();
        two.retire(workerpool);
        assertThat(two.lead(workerpool, Duration.ofHours(1))).isFalse();
        one.retire(workerpool);
        assertThat(two.lead(workerpool, Duration.ofHours(1))).isTrue();
    }

    @Test
    void remembersWhatItIsTold() throws Exception {
        var tables = of("one");
        var cursor = new News.Cursor(7, generators.word());
        var log = new Log(ann, now, "out", "err");
        var avoided = new Replicates.Avoided(ann, app, 2, now);
        var reputation = new Replicates.Reputation(ann, 1.5, true);

        tables.landmark(workerpool, cursor);
        tables.keep(task, log);
        tables.avoid(avoided);
        var shown = new Shown(ann, app, 1.5);
        tables.remember(List.of(reputation), List.of(shown, new Shown(bob, app, 2)));
        tables.remember(List.of(), List.of(new Shown(bob, app, 0)));
        tables.heard(Map.of(ann, now, bob, now.minusSeconds(60)));
        tables.heard(Map.of(ann, now.minusSeconds(30)));

        assertThat(tables.landmark(workerpool)).contains(cursor);
        assertThat(tables.logs(task)).containsExactly(log);
        assertThat(tables.avoided()).containsExactly(avoided);
        assertThat(tables.reputations()).containsExactly(reputation);
        assertThat(tables.shown()).containsExactly(shown);
        assertThat(tables.heardSince(now)).containsExactly(Map.entry(ann, now));
        tables.forgive(ann, app);
        assertThat(tables.avoided()).isEmpty();
    }

    @Test
    void keepsTheNewestTimesOfEachWorker() throws Exception {
        var tables = of("one");
        var first = new Replicates.Took(ann, app, 0, 20.5, 1, now);
        var again = new Replicates.Took(ann, app, 0, 21.5, 2, now.plusSeconds(1));
        var larger = new Replicates.Took(ann, app, 1, 300, 1, now.plusSeconds(2));
        var last = new Replicates.Took(ann, workerpool, 0, 3, 1, now.plusSeconds(3));
        var bobs = new Replicates.Took(bob, app, 0, 5, 1, now);
        tables.took(List.of(first, bobs), 2);
        tables.took(List.of(again, larger), 2);

        assertThat(of("other").took(Instant.EPOCH)).containsExactlyInAnyOrder(again, larger, bobs);
        assertThat(of("other").took(now.plusSeconds(2))).containsExactly(larger);
        tables.took(List.of(last), 2);
        assertThat(tables.took(Instant.EPOCH)).containsExactlyInAnyOrder(larger, last, bobs);
        tables.forgetBefore(now.plusSeconds(3), now, now);
        assertThat(tables.took(Instant.EPOCH)).containsExactly(last);
    }

    @Test
    void rememberWhenEachWasAskedWhateverHeSaysLater() throws Exception {
        var tables = of("one");
        assign(tables, proposal(task, ann, 1));
        var later = now.plusSeconds(9);
        tables.renew(ann, Map.of(task, Phase.COMPUTING), later, later.plus(LEASE));

        assertThat(tables.of(List.of(task)).get(task)).singleElement().satisfies(row -> {
            assertThat(row.begun()).isEqualTo(now);
            assertThat(row.since()).isEqualTo(later);
        });
    }

    @Test
    void knowsTheAnswersOfChecksOnly() throws Exception {
        var check = new DealId(Bytes32.random());
        var other = new DealId(Bytes32.random());
        var answer = new Digest(Bytes32.random());
        of("one").know(check, answer);

        assertThat(of("other").known(List.of(check, other))).containsExactly(Map.entry(check, answer));
    }

    @Test
    void forgetsWhatIsOld() throws Exception {
        var tables = of("one");
        assign(tables, proposal(task, ann, 1));
        tables.keep(task, new Log(ann, now, "", ""));

        tables.forgetBefore(now, now, now);
        assertThat(tables.of(List.of(task))).isNotEmpty();
        assertThat(tables.logs(task)).isNotEmpty();

        tables.forgetBefore(now.plus(LEASE).plusSeconds(1), now, now.plusSeconds(1));
        assertThat(tables.of(List.of(task))).isEmpty();
        assertThat(tables.logs(task)).isEmpty();
    }

    private Proposal proposal(TaskId of, Address worker, int slots) {
        return new Proposal(of, worker, app, 2, slots);
    }

    private List<TaskId> assign(Replicates tables, Proposal... proposals) {
        return tables.assign(List.of(proposals), (_, _) -> true, now, now.plus(LEASE)).stream()
                .map(Row::task)
                .toList();
    }
}
