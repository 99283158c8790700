package bourse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.classad.ClassAd;
import bourse.classad.Evaluator;
import bourse.protocol.Address;
import bourse.protocol.TaskId;
import bourse.scheduler.Board.Spot;
import bourse.scheduler.Projection.Entry;
import bourse.scheduler.View.Candidate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Who is asked for which task.
class RecruiterTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final ClassAd MACHINE = ClassAd.parse("[Cpus = 1; Requirements = true]");
    private static final Address ANN = new Address("%040x".formatted(1));
    private static final Address BOB = new Address("%040x".formatted(2));

    private final Evaluator evaluator = Ads.evaluator(() -> NOON);
    private final Uses uses = new Uses(Duration.ofHours(1));
    private final Board board = new Board(uses);
    private final Idle idle = new Idle(evaluator, new Costly(() -> NOON));
    private final Set<Address> heldBack = new LinkedHashSet<>();

    /// Tasks of one deal that want a worker each.
    private List<TaskId> tasks(Address requester, int deal, int many, int cores) {
        var ids = new ArrayList<TaskId>();
        for (int i = 0; i < many; i++) {
            var entry = WaitingTest.task(requester, deal, NOON, i).entry();
            var ad = ClassAd.parse("[RequestCpus = %d; Requirements = TARGET.Cpus >= MY.RequestCpus]".formatted(cores));
            board.put(new Entry(entry.deal(), entry.task(), entry.app(), entry.dataset(), Optional.of(ad)));
            var spot = board.of(entry.id()).orElseThrow();
            board.wants(spot, true, NOON);
            ids.add(spot.id());
        }
        return ids;
    }

    private static Candidate worker(int number) {
        return new Candidate(new Address("%040x".formatted(100 + number)), 1, 1, MACHINE);
    }

    private List<TaskId> recruit(int quota, List<TaskId> changed, int... newcomers) {
        var fresh = IntStream.of(newcomers).mapToObj(RecruiterTest::worker).toList();
        fresh.forEach(idle::add);
        var view = new View(NOON, NOON, List.of(), List.of(), List.of());
        return new Recruiter(evaluator, board, quota, idle, Idle.of(evaluator, fresh), heldBack, _ -> view, NOON, NOON)
                .recruit(changed).stream().map(Action.Assign::task).toList();
    }

    /// As the loop does when it looks at a task again.
    private void runs(TaskId task, int many) {
        board.of(task).ifPresent(spot -> {
            board.wants(spot, many == 0, NOON);
            board.runs(spot, many);
        });
    }

    @Test
    void workersComeToEveryoneInTurn() {
        var anns = tasks(ANN, 1, 10, 1);
        var bobs = tasks(BOB, 2, 2, 1);

        assertThat(recruit(0, List.of(), 1, 2, 3, 4, 5))
                .containsExactly(anns.get(0), bobs.get(0), anns.get(1), bobs.get(1), anns.get(2));
    }

    @Test
    void aNewTaskDoesNotTakeTheTurnOfOneThatWaits() {
        uses.add(BOB, 300, NOON);
        var anns = tasks(ANN, 1, 1, 1);
        var bobs = tasks(BOB, 2, 1, 1);

        assertThat(recruit(0, bobs, 1)).isEqualTo(anns);
        assertThat(recruit(0, bobs)).isEmpty();
    }

    @Test
    void aTaskThatHasChangedIsShownToThoseWhoSatThereBefore() {
        var large = tasks(ANN, 1, 1, 4);
        assertThat(recruit(0, large, 1)).isEmpty();
        var small = tasks(ANN, 2, 1, 1);

        assertThat(recruit(0, List.of())).isEmpty();
        assertThat(recruit(0, small)).isEqualTo(small);
        assertThat(idle.isEmpty()).isTrue();
    }

    @Test
    void aTaskOfManyCoresTakesAsManyTurns() {
        tasks(ANN, 1, 1, 3);
        var bobs = tasks(BOB, 2, 4, 1);
        var annsOther = tasks(ANN, 3, 1, 1);
        var many = new Candidate(worker(1).worker(), 1, 9, ClassAd.parse("[Cpus = 9; Requirements = true]"));
        idle.add(many);
        var view = new View(NOON, NOON, List.of(), List.of(), List.of());
        var assigned = new Recruiter(
                        evaluator, board, 0, idle, Idle.of(evaluator, List.of(many)), heldBack, _ -> view, NOON, NOON)
                .recruit(List.of());

        assertThat(assigned.stream().map(Action.Assign::task).toList())
                .startsWith(board.waiting().of(ANN).iterator().next().id(), bobs.get(0), bobs.get(1), bobs.get(2));
        assertThat(assigned).hasSize(6).extracting(Action.Assign::task).contains(annsOther.getFirst());
    }

    /// One task for each price, each of a deal of its own, which comes to be due a second after the one before.
    private List<TaskId> priced(Address requester, int deal, Instant start, long... prices) {
        var ids = new ArrayList<TaskId>();
        for (long price : prices) {
            var entry = WaitingTest.task(requester, deal + ids.size(), start.plusSeconds(ids.size()), 0)
                    .entry();
            var ad = ClassAd.parse("[Price = %d; Requirements = true]".formatted(price));
            board.put(new Entry(entry.deal(), entry.task(), entry.app(), entry.dataset(), Optional.of(ad)));
            board.wants(board.of(entry.id()).orElseThrow(), true, NOON);
            ids.add(entry.id());
        }
        return ids;
    }

    private List<Action.Assign> recruit(List<Candidate> fresh) {
        fresh.forEach(idle::add);
        var view = new View(NOON, NOON, List.of(), List.of(), List.of());
        return new Recruiter(evaluator, board, 0, idle, Idle.of(evaluator, fresh), heldBack, _ -> view, NOON, NOON)
                .recruit(List.of());
    }

    private static Candidate choosy(int number, int slots, String rank) {
        var ad = ClassAd.parse("[Cpus = 9; Requirements = TARGET.Price > 0; Rank = %s]".formatted(rank));
        return new Candidate(new Address("%040x".formatted(100 + number)), 1, slots, ad);
    }

    @Test
    void ofOneRequestersTasksAMachineTakesThoseFirstThatItsOwnerLikesBest() {
        var anns = priced(ANN, 1, NOON, 2, 0, 9, 2, 5);

        assertThat(recruit(List.of(choosy(1, 3, "TARGET.Price"))))
                .extracting(Action.Assign::task)
                .containsExactly(anns.get(2), anns.get(4), anns.get(0));
    }

    @Test
    void whatAnOwnerLikesTakesNobodysTurn() {
        uses.add(BOB, 300, NOON);
        var anns = priced(ANN, 1, NOON, 1, 2);
        priced(BOB, 11, NOON, 1000);

        assertThat(recruit(List.of(choosy(1, 1, "TARGET.Price"))))
                .extracting(Action.Assign::task)
                .containsExactly(anns.get(1));
    }

    @Test
    void whatIsDueIsNotPutOffForWhatAnOwnerLikes() {
        var due = priced(ANN, 1, NOON.minus(Duration.ofMinutes(30)), 1, 2);
        priced(ANN, 11, NOON, 1000);

        assertThat(recruit(List.of(choosy(1, 1, "TARGET.Price"))))
                .extracting(Action.Assign::task)
                .containsExactly(due.getFirst());
    }

    @Test
    void anExpressionThatEndsInNothingIsNoPreference() {
        var anns = priced(ANN, 1, NOON, 1, 2);
        var endless = "size(" + "strcat(TARGET.Price, ".repeat(60) + "1" + ")".repeat(60) + ")";

        assertThat(recruit(List.of(choosy(1, 1, endless))))
                .extracting(Action.Assign::task)
                .containsExactly(anns.getFirst());
    }

    /// Whatever owners like, each requester gets as much, as many tasks are served, and none twice.
    @Test
    void whatOwnersLikeChangesNobodysShare() {
        for (int seed = 0; seed < 200; seed++) {
            var shares = new ArrayList<Map<Address, Long>>();
            for (var rank : List.of("0", "TARGET.Price", "0 - TARGET.Price")) {
                var random = new Random(seed);
                board.clear();
                List.copyOf(idle.all()).forEach(one -> idle.remove(one.worker()));
                for (int requester = 1; requester <= 3; requester++) {
                    priced(
                            new Address("%040x".formatted(requester)),
                            100 * requester,
                            NOON.minusSeconds(random.nextInt(1600)),
                            random.longs(random.nextInt(8), 1, 9).toArray());
                }
                var machines = IntStream.range(0, 1 + random.nextInt(5))
                        .mapToObj(i -> choosy(i, 1 + random.nextInt(3), rank))
                        .toList();
                var assigned = recruit(machines);
                assertThat(assigned).extracting(Action.Assign::task).doesNotHaveDuplicates();
                shares.add(assigned.stream()
                        .collect(Collectors.groupingBy(
                                assign -> board.of(assign.task()).orElseThrow().requester(), Collectors.counting())));
            }

            assertThat(shares).as("seed %d", seed).allMatch(shares.getFirst()::equals);
        }
    }

    @Test
    void nobodyGetsMoreThanHisQuotaUntilSomethingOfHisEnds() {
        var anns = tasks(ANN, 1, 4, 1);
        var bobs = tasks(BOB, 2, 1, 1);

        assertThat(recruit(2, List.of(), 1, 2, 3, 4, 5)).containsExactly(anns.get(0), bobs.get(0), anns.get(1));
        assertThat(idle.size()).as("though there is room").isEqualTo(2);
        runs(anns.get(0), 1);
        runs(anns.get(1), 1);
        runs(bobs.getFirst(), 1);
        assertThat(recruit(2, anns)).isEmpty();

        board.remove(anns.get(0));
        assertThat(recruit(2, List.of()))
                .as("they were not shown to those who wait")
                .containsExactly(anns.get(2));
        runs(anns.get(2), 1);
        assertThat(recruit(2, List.of(), 6)).isEmpty();
        assertThat(recruit(0, List.of(), 7)).as("without a quota").containsExactly(anns.get(3));
    }

    @Test
    void whoHasHisQuotaIsToldSoWithBothNumbers() {
        var fairness = new Fairness(Duration.ofHours(1), 3, Duration.ZERO);

        assertThat(fairness.hindrance(2)).isEmpty();
        assertThat(fairness.hindrance(3).orElseThrow()).contains("has 3 replicates", "more than 3", "pool.quota");
        assertThat(new Fairness(Duration.ofHours(1), 0, Duration.ZERO).hindrance(1000))
                .as("no quota")
                .isEmpty();
    }

    @Test
    void oneTaskIsGivenNoMoreWorkersThanTheQuota() {
        var task = WaitingTest.task(ANN, 1, NOON, 0).entry();
        var open = new Spot(
                        new Entry(
                                WaitingTest.trusting(task.deal(), 100),
                                task.task(),
                                task.app(),
                                task.dataset(),
                                Optional.of(ClassAd.parse("[Requirements = true]"))),
                        List.of())
                .at(NOON);
        var view = new View(NOON, NOON, List.of(), List.of(), List.of());
        for (int most = 0; most < 4; most++) {
            var all = Idle.of(
                    evaluator,
                    IntStream.range(0, 9).mapToObj(RecruiterTest::worker).toList());

            assertThat(Planner.next(open, all, view, most, Planner.Say.YES)).hasSize(most);
        }
    }
}
