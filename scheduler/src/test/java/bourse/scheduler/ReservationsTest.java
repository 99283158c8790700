package bourse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.classad.ClassAd;
import bourse.classad.Evaluator;
import bourse.classad.Match;
import bourse.protocol.Address;
import bourse.protocol.TaskId;
import bourse.scheduler.Projection.Entry;
import bourse.scheduler.View.Candidate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A machine of four cores, always more small tasks than it takes, and one that needs all of it.
class ReservationsTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Address REQUESTER = new Address("%040x".formatted(1));
    private static final Address WORKER = new Address("%040x".formatted(100));

    private Instant now = NOON;
    private final Evaluator evaluator = Ads.evaluator(() -> now);
    private final Board board = new Board(new Uses(Duration.ofHours(1)));
    /// On which tasks the worker has voted already.
    private final Set<TaskId> voted = new HashSet<>();
    private Reservations reservations = new Reservations(PATIENCE);

    private TaskId task(int deal, long cores) {
        var entry = WaitingTest.task(REQUESTER, deal, NOON, 0).entry();
        var ad = ClassAd.parse("[RequestCpus = %d; Requirements = TARGET.Cpus >= MY.RequestCpus]".formatted(cores));
        board.put(new Entry(entry.deal(), entry.task(), entry.app(), entry.dataset(), Optional.of(ad)));
        board.wants(board.of(entry.id()).orElseThrow(), true, now);
        return entry.id();
    }

    private static Candidate machine(int cores) {
        return new Candidate(
                WORKER, 1, 4, ClassAd.parse("[Cpus = %d; TotalCpus = 4; Requirements = true]".formatted(cores)));
    }

    private Set<Address> renew(Candidate... idle) {
        return renew(List.of(WORKER), idle);
    }

    private Set<Address> renew(List<Address> members, Candidate... idle) {
        return reservations.renew(
                board,
                List.of(idle),
                members,
                (spot, candidate) -> !voted.contains(spot.id())
                        && new Match(spot.entry().ad().orElseThrow(), candidate.ad(), evaluator).matches(),
                now);
    }

    /// In which minute the large task begins, if a small one ends in each; none if it never does.
    private Optional<Integer> begins() {
        Queue<TaskId> running = new ArrayDeque<>();
        int deals = 1;
        for (int i = 0; i < 4; i++) {
            var small = task(deals++, 1);
            board.wants(board.of(small).orElseThrow(), false, now);
            running.add(small);
        }
        task(deals++, 1);
        var large = task(0, 4);
        for (int minute = 1; minute < 200; minute++) {
            now = NOON.plus(Duration.ofMinutes(minute));
            Optional.ofNullable(running.poll()).ifPresent(board::remove);
            var machine = machine(4 - running.size());
            var idle = new Idle(evaluator, new Costly(() -> now));
            idle.add(machine);
            renew(machine);
            var given = new Recruiter(
                            evaluator,
                            board,
                            0,
                            idle,
                            Idle.of(evaluator, List.of(machine)),
                            new LinkedHashSet<>(),
                            open -> new View(NOON, now, List.of(), List.of(), List.of())
                                    .shunning((worker, _) -> reservations.keepsFrom(
                                            worker, open.task().id())),
                            NOON,
                            now)
                    .recruit(List.of());
            for (var assigned : given) {
                if (assigned.task().equals(large)) {
                    return Optional.of(minute);
                }
                running.add(assigned.task());
                board.wants(board.of(assigned.task()).orElseThrow(), false, now);
                task(deals++, 1);
            }
        }
        return Optional.empty();
    }

    @Test
    void aTaskThatNeedsAWholeMachineIsNotCrowdedOutForEver() {
        // When it has waited for ten minutes, there is one core, and the three others come one by one.
        assertThat(begins()).hasValue(13);
    }

    @Test
    void itIsWithoutAReservation() {
        reservations = new Reservations(Duration.ofDays(365));

        assertThat(begins()).isEmpty();
    }

    @Test
    void nothingIsKeptForATaskThatNoMachineCouldTake() {
        var huge = task(0, 5);
        now = NOON.plus(PATIENCE);

        renew(machine(1));

        assertThat(reservations.hindrance(huge)).isEmpty();
        assertThat(reservations.keepsFrom(WORKER, task(1, 1))).isFalse();
    }

    @Test
    void nothingIsKeptWhereThereIsRoom() {
        var large = task(0, 4);
        now = NOON.plus(PATIENCE);

        renew(machine(4));

        assertThat(reservations.hindrance(large)).isEmpty();
    }

    @Test
    void aMachineIsEverybodysAgainWhenNobodyWaitsForIt() {
        var large = task(0, 4);
        now = NOON.plus(PATIENCE);
        renew(machine(1));
        assertThat(reservations.hindrance(large).orElseThrow()).contains(WORKER.toString());
        assertThat(reservations.keepsFrom(WORKER, task(1, 1))).isTrue();
        assertThat(reservations.keepsFrom(WORKER, large)).isFalse();

        board.remove(large);

        assertThat(renew(machine(1))).containsExactly(WORKER);
        assertThat(reservations.keepsFrom(WORKER, task(1, 1))).isFalse();
    }

    @Test
    void aWorkerThatIsGoneKeepsNothing() {
        var large = task(0, 4);
        now = NOON.plus(PATIENCE);
        renew(machine(1));

        renew(List.of());

        assertThat(reservations.hindrance(large)).isEmpty();
    }

    @Test
    void whatNoMachineCouldTakeDoesNotHideTheOthersForEver() {
        for (int deal = 1; deal <= 200; deal++) {
            task(deal, 5);
        }
        var large = task(0, 4);
        int looks = 0;
        for (now = NOON.plus(PATIENCE); reservations.hindrance(large).isEmpty(); looks++) {
            assertThat(looks).isLessThan(20);
            renew(machine(1));
            now = now.plusSeconds(10);
        }
    }

    @Test
    void nobodyIsKeptForATaskThatHeMayNotHave() {
        var large = task(0, 4);
        voted.add(large);
        now = NOON.plus(PATIENCE);

        renew(machine(1));

        assertThat(reservations.hindrance(large)).isEmpty();
    }

    @Test
    void nobodyIsKeptAnyLongerForATaskThatHeMayNotHaveAnyMore() {
        var large = task(0, 4);
        now = NOON.plus(PATIENCE);
        renew(machine(1));
        assertThat(reservations.hindrance(large)).isPresent();

        voted.add(large);
        now = now.plusSeconds(10);

        assertThat(renew(machine(1))).containsExactly(WORKER);
        assertThat(reservations.hindrance(large)).isEmpty();
    }
}
