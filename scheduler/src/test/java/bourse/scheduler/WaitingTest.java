package bourse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Category;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Rlc;
import bourse.protocol.Tag;
import bourse.protocol.Task;
import bourse.scheduler.Board.Spot;
import bourse.scheduler.Projection.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whose turn it is.
class WaitingTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Address ANN = requester(1);
    private static final Address BOB = requester(2);
    private static final Asset.App APP = new Asset.App(ANN, ANN, "app", Asset.App.WASM, Bytes.EMPTY, Bytes32.ZERO);

    private final Uses uses = new Uses(HOUR);
    private final Waiting waiting = new Waiting(uses);

    private static Address requester(int number) {
        return new Address("%040x".formatted(number));
    }

    /// Tasks of one deal take 300 seconds on a core, are due 25 minutes after its start, and late 10 minutes later.
    static Spot task(Address requester, int deal, Instant start, int index) {
        var id = new DealId(new Bytes32("%064x".formatted(deal)));
        var nothing = new Deal.Share(Address.ZERO, Address.ZERO, Rlc.ZERO);
        return new Spot(
                new Entry(
                        new Deal(
                                id,
                                nothing,
                                nothing,
                                nothing,
                                1,
                                new Category(0, "XS", "", Duration.ofMinutes(5)),
                                Tag.NONE,
                                requester,
                                requester,
                                Address.ZERO,
                                "",
                                start,
                                0,
                                100,
                                Rlc.ZERO,
                                1,
                                requester),
                        new Task.Active(id.task(index), id, index, List.of()),
                        APP,
                        Optional.empty(),
                        Optional.empty()),
                List.of());
    }

    /// The same deal at another trust.
    static Deal trusting(Deal deal, long trust) {
        return new Deal(
                deal.id(),
                deal.app(),
                deal.dataset(),
                deal.workerpool(),
                trust,
                deal.category(),
                deal.tag(),
                deal.requester(),
                deal.beneficiary(),
                deal.callback(),
                deal.params(),
                deal.start(),
                deal.first(),
                deal.volume(),
                deal.workerStake(),
                deal.schedulerRatio(),
                deal.sponsor());
    }

    private List<Spot> add(Address requester, int deal, Instant start, int many) {
        var tasks = new ArrayList<Spot>();
        for (int i = 0; i < many; i++) {
            tasks.add(task(requester, deal, start, i));
        }
        tasks.forEach(waiting::add);
        return tasks;
    }

    /// Gives a worker to each of the next tasks.
    private List<Spot> serve(int many, Instant now) {
        var turns = waiting.turns(now, now, new HashMap<>());
        var served = new ArrayList<Spot>();
        for (var spot = turns.next(); spot.isPresent() && served.size() < many; spot = turns.next()) {
            served.add(spot.get());
            turns.took(spot.get().cost());
        }
        for (var spot : served) {
            waiting.remove(spot);
            waiting.charge(Map.of(spot.requester(), spot.cost()), now);
        }
        return served;
    }

    @Test
    void whoHasHadLessComesFirstThoughHeCameLater() {
        uses.add(ANN, 3000, NOON);
        add(ANN, 1, NOON, 3);
        var later = add(BOB, 2, NOON.plusSeconds(60), 3);

        assertThat(serve(3, NOON)).isEqualTo(later);
    }

    @Test
    void ofThoseWhoHadNothingTheMostUrgentTaskComesFirst() {
        var second = add(ANN, 1, NOON.plusSeconds(2), 1);
        var first = add(BOB, 2, NOON.plusSeconds(1), 1);
        var third = add(requester(3), 3, NOON.plusSeconds(3), 1);

        assertThat(serve(3, NOON)).containsExactly(first.getFirst(), second.getFirst(), third.getFirst());
    }

    @Test
    void aTaskThatIsDueComesBeforeWhoHasHadLess() {
        uses.add(ANN, 30_000, NOON);
        var due = add(ANN, 1, NOON, 2);
        var notYet = add(ANN, 2, NOON.plusSeconds(1), 1);
        var other = add(BOB, 3, NOON.plusSeconds(2), 1);
        var then = NOON.plus(Duration.ofMinutes(25));

        assertThat(serve(4, then)).containsExactly(due.get(0), due.get(1), other.getFirst(), notYet.getFirst());
    }

    @Test
    void whatWasTakenForTasksThatAreDueCountsInTheSameRound() {
        add(ANN, 1, NOON, 1);
        add(ANN, 2, NOON.plusSeconds(1), 1);
        add(BOB, 3, NOON.plusSeconds(2), 1);

        assertThat(serve(3, NOON.plus(Duration.ofMinutes(25))))
                .extracting(Spot::requester)
                .containsExactly(ANN, BOB, ANN);
    }

    @Test
    void whatOneRequesterCanNotUseTheOthersGet() {
        var anns = add(ANN, 1, NOON, 2);
        uses.add(BOB, 300, NOON);
        var bobs = add(BOB, 2, NOON, 1);
        var turns = waiting.turns(NOON, NOON, new HashMap<>());

        assertThat(List.of(turns.next(), turns.next(), turns.next(), turns.next()))
                .containsExactly(
                        Optional.of(anns.get(0)),
                        Optional.of(anns.get(1)),
                        Optional.of(bobs.getFirst()),
                        Optional.empty());
    }

    @Test
    void whoLeavesGetsNoMoreOfThisRound() {
        var anns = add(ANN, 1, NOON, 3);
        uses.add(BOB, 300, NOON);
        var bobs = add(BOB, 2, NOON, 1);
        var turns = waiting.turns(NOON, NOON, new HashMap<>());

        assertThat(turns.next()).contains(anns.getFirst());
        turns.leave();
        assertThat(turns.next()).contains(bobs.getFirst());
        assertThat(turns.next()).isEmpty();
    }

    /// Whatever they begin with, those who always want more end up even, to one task.
    @Test
    void whoAlwaysWantsMoreGetsHisShare() {
        for (int seed = 0; seed < 50; seed++) {
            var random = new Random(seed);
            waiting.clear();
            uses.read(List.of());
            int people = 2 + random.nextInt(6);
            for (int i = 0; i < people; i++) {
                add(requester(10 + i), 10 + i, NOON.plusSeconds(random.nextInt(300)), 100);
            }
            var had = new HashMap<Address, Integer>();
            int given = 0;
            while (given < 90) {
                int round = 1 + random.nextInt(7);
                serve(round, NOON).forEach(spot -> had.merge(spot.requester(), 1, Integer::sum));
                given += round;
            }

            assertThat(had).as("seed %d", seed).hasSize(people);
            int most = had.values().stream().max(Comparator.naturalOrder()).orElseThrow();
            assertThat(had.values()).as("seed %d", seed).allMatch(many -> many >= most - 1);
        }
    }

    /// The rule, without any of the order that is kept: it is looked for anew each time.
    @Test
    void everyTaskComesOnceWhenItIsItsTurn() {
        for (int seed = 0; seed < 500; seed++) {
            var random = new Random(seed);
            waiting.clear();
            uses.read(List.of());
            var left = new ArrayList<Spot>();
            for (int deal = 0; deal < 8; deal++) {
                var start = NOON.minusSeconds(random.nextInt(3000));
                left.addAll(add(requester(random.nextInt(5)), deal, start, 1 + random.nextInt(4)));
            }
            for (int i = 0; i < 12; i++) {
                waiting.charge(Map.of(requester(random.nextInt(5)), 1.0 + random.nextInt(500)), NOON);
                var gone = left.get(random.nextInt(left.size()));
                if (left.size() > 4 && random.nextBoolean()) {
                    assertThat(waiting.remove(gone)).isTrue();
                    left.remove(gone);
                }
            }
            assertThat(waiting.size()).isEqualTo(left.size());
            var levels = new HashMap<Address, Double>();
            left.forEach(spot -> levels.put(spot.requester(), uses.of(spot.requester())));
            var heads = new HashMap<Address, Spot>();
            left.stream().sorted(URGENCY).forEach(spot -> heads.putIfAbsent(spot.requester(), spot));
            var turns = waiting.turns(NOON, NOON, new HashMap<>());
            while (!left.isEmpty()) {
                var expected = left.stream()
                        .min(Comparator.comparingInt((Spot spot) -> isDue(spot) ? 0 : 1)
                                .thenComparingDouble(
                                        spot -> isDue(spot) ? 0 : levels.getOrDefault(spot.requester(), Uses.NOTHING))
                                .thenComparing(
                                        spot -> isDue(spot) ? spot : heads.getOrDefault(spot.requester(), spot),
                                        URGENCY)
                                .thenComparing(URGENCY))
                        .orElseThrow();
                assertThat(turns.next()).as("seed %d", seed).contains(expected);
                left.remove(expected);
                if (random.nextBoolean()) {
                    turns.took(300);
                    levels.merge(expected.requester(), uses.level(300, NOON), Uses::sum);
                }
            }
            assertThat(turns.next()).isEmpty();
        }
    }

    private static final Comparator<Spot> URGENCY = Comparator.comparing(
                    (Spot spot) -> Waiting.due(spot.entry().deal()))
            .thenComparing(spot -> spot.entry().deal().id().value().hex())
            .thenComparingLong(spot -> spot.entry().task().index());

    private static boolean isDue(Spot spot) {
        return !Waiting.due(spot.entry().deal()).isAfter(NOON);
    }
}
