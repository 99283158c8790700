package bourse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.classad.Expression;
import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Block;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Category;
import bourse.protocol.Chain;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Digest;
import bourse.protocol.Event;
import bourse.protocol.News;
import bourse.protocol.Rlc;
import bourse.protocol.Sha256;
import bourse.protocol.Tag;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What is read of a chain with a million tasks.
class ProjectionTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final Event.Orders NO_ORDERS =
            new Event.Orders(Bytes32.ZERO, Bytes32.ZERO, Bytes32.ZERO, Bytes32.ZERO);
    private static final Address POOL = Address.of(new byte[20]);
    private static final Category CATEGORY = new Category(0, "XS", "", Duration.ofMinutes(5));
    private static final Asset.App APP = new Asset.App(POOL, POOL, "app", Asset.App.WASM, Bytes.EMPTY, Bytes32.ZERO);

    private final Map<DealId, Deal> deals = new HashMap<>();
    private final Set<TaskId> ended = new HashSet<>();
    private final Projection projection = new Projection(chain(), POOL, News.Cursor.START, Expression.parse("0"));
    private long reads;
    private long block;
    private Bytes32 head = Bytes32.ZERO;

    /// Counts the tasks that are read.
    private Chain chain() {
        return (Chain) Proxy.newProxyInstance(
                Chain.class.getClassLoader(),
                new Class<?>[] {Chain.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "deal" -> Optional.ofNullable(deals.get((DealId) arguments[0]));
                    case "app" -> Optional.of(APP);
                    case "tasks" ->
                        ((Collection<?>) arguments[0])
                                .stream()
                                        .map(index -> task((Chain.Index) index))
                                        .toList();
                    case "head" -> new Block(block, head, NOON);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private Task task(Chain.Index index) {
        reads++;
        return ended.contains(index.task())
                ? new Task.Completed(
                        index.task(),
                        index.deal(),
                        index.index(),
                        new Digest(Bytes32.ZERO),
                        Bytes.EMPTY,
                        Bytes.EMPTY,
                        List.of())
                : new Task.Active(index.task(), index.deal(), index.index(), List.of());
    }

    private DealId offer(int number, long volume) throws InterruptedException {
        var id = make(number, volume);
        tellOf(id, volume);
        return id;
    }

    private void tellOf(DealId id, long volume) throws InterruptedException {
        tell(new Event.Matched(id, POOL, Address.ZERO, POOL, POOL, volume, NO_ORDERS));
    }

    private DealId make(int number, long volume) {
        return make(POOL, number, volume);
    }

    private DealId make(Address requester, int number, long volume) {
        var id = new DealId(Bytes32.of(
                Sha256.digest().digest(("deal " + number).getBytes(java.nio.charset.StandardCharsets.UTF_8))));
        var share = new Deal.Share(POOL, POOL, Rlc.ZERO);
        deals.put(
                id,
                new Deal(
                        id,
                        share,
                        share,
                        share,
                        1,
                        CATEGORY,
                        Tag.NONE,
                        requester,
                        POOL,
                        Address.ZERO,
                        "",
                        NOON.plusSeconds(number),
                        0,
                        volume,
                        Rlc.ZERO,
                        5,
                        POOL));
        return id;
    }

    private void tell(Event... events) throws InterruptedException {
        block++;
        var entries = new ArrayList<News.Entry>();
        for (var event : events) {
            entries.add(new News.Entry(block, Bytes32.ZERO, event));
        }
        projection.take(new News(new News.Cursor(block, Bytes32.ZERO), entries, false));
    }

    private void end(TaskId task) throws InterruptedException {
        ended.add(task);
        tell(new Event.Finalized(task, Bytes.EMPTY));
    }

    @Test
    void readsTheMostUrgentTasksOfAMillionAndNoneTwice() throws Exception {
        var first = offer(0, 1000);
        for (int i = 1; i < 1000; i++) {
            offer(i, 1000);
        }

        var changes = projection.refresh(NOON);

        assertThat(changes.open()).hasSize(20_000);
        assertThat(changes.open().getFirst().deal().id()).isEqualTo(first);
        assertThat(reads).isEqualTo(20_000);
        assertThat(projection.unread()).isEqualTo(980_000);
        assertThat(projection.refresh(NOON.plusSeconds(1)).open()).isEmpty();
        assertThat(reads).isEqualTo(20_000);
    }

    @Test
    void whoComesLaterThanSomebodyWithAllTheWindowHasSomeOfItAllTheSame() throws Exception {
        offer(1, 30_000);
        var late = make(new Address("%040x".formatted(7)), 2, 3000);
        tellOf(late, 3000);

        var changes = projection.refresh(NOON);

        assertThat(changes.open()).hasSize(21_000);
        assertThat(changes.open().subList(20_000, 21_000))
                .allMatch(entry -> entry.deal().id().equals(late));
        for (long index = 0; index < 900; index++) {
            end(late.task(index));
        }
        assertThat(projection.refresh(NOON.plusSeconds(1)).open()).hasSize(1000);
        assertThat(projection.refresh(NOON.plusSeconds(2)).open()).isEmpty();
    }

    @Test
    void whatEndsMakesRoomForTheNext() throws Exception {
        var one = offer(1, 30_000);
        projection.refresh(NOON);
        for (long index = 0; index < 1000; index++) {
            end(one.task(index));
        }

        var changes = projection.refresh(NOON.plusSeconds(1));

        assertThat(changes.ended()).hasSize(1000);
        assertThat(changes.open()).hasSize(1000);
        assertThat(changes.open().getFirst().task().index()).isEqualTo(20_000);
    }

    @Test
    void oneEventCostsOneRead() throws Exception {
        var one = offer(1, 5000);
        projection.refresh(NOON);
        long before = reads;

        end(one.task(17));
        projection.refresh(NOON.plusSeconds(1));

        assertThat(reads - before).isEqualTo(1);
    }

    @Test
    void whatNothingWasToldOfIsReadAgainInTime() throws Exception {
        var one = offer(1, 10);
        projection.refresh(NOON);
        ended.add(one.task(3)); // and the event is lost

        assertThat(projection.refresh(NOON.plusSeconds(10)).ended()).isEmpty();
        assertThat(projection.refresh(NOON.plusSeconds(31)).ended())
                .extracting(entry -> entry.task().index())
                .containsExactly(3L);
    }

    @Test
    void anEndInABlockThatIsTakenBackBeforeAnythingIsToldOfItIsNone() throws Exception {
        var one = offer(1, 2);
        var before = projection.landmark();
        projection.refresh(NOON);
        ended.addAll(List.of(one.task(0), one.task(1)));
        head = new Bytes32("e".repeat(64));

        projection.stale(one.task(0));
        var unsure = projection.refresh(NOON.plusSeconds(1));
        assertThat(unsure.ended()).isEmpty();
        assertThat(unsure.open())
                .as("nothing more is to be done about it")
                .allMatch(entry -> entry.task().ended());
        projection.again();
        projection.refresh(NOON.plusSeconds(2));
        assertThat(projection.landmark()).isEqualTo(before);

        ended.clear();
        head = Bytes32.ZERO;
        assertThat(projection.refresh(NOON.plusSeconds(3)).open()).hasSize(2);
        end(one.task(0));
        assertThat(projection.refresh(NOON.plusSeconds(4)).ended()).hasSize(1);
    }

    @Test
    void theLandmarkStaysBeforeTheFirstDealThatIsOpen() throws Exception {
        var one = offer(1, 1);
        var before = projection.landmark();
        var two = offer(2, 1);
        projection.refresh(NOON);
        end(two.task(0));
        projection.refresh(NOON.plusSeconds(1));
        assertThat(projection.landmark()).isEqualTo(before);

        end(one.task(0));
        projection.refresh(NOON.plusSeconds(2));

        assertThat(projection.landmark().block()).isEqualTo(block);
    }

    @Test
    void aDealThatIsGoneForAMomentIsNotForgotten() throws Exception {
        offer(1, 1);
        var id = make(2, 3);
        var deal = deals.remove(id);
        head = Bytes32.random(); // another branch, of which no news will ever tell
        tellOf(id, 3);
        assertThat(projection.refresh(NOON).open()).hasSize(1);

        head = Bytes32.ZERO;
        deals.put(id, deal);

        assertThat(projection.refresh(NOON).open())
                .extracting(entry -> entry.deal().id())
                .containsOnly(id)
                .hasSize(3);
        assertThat(projection.landmark()).isEqualTo(News.Cursor.START);
    }

    @Test
    void whileItIsGoneTheNewsAreToBeReadAgainFromBeforeIt() throws Exception {
        tell();
        head = Bytes32.random();
        var id = make(1, 3);
        deals.remove(id);
        tellOf(id, 3);
        offer(2, 1);

        assertThat(projection.landmark().block()).isEqualTo(1);
    }

    @Test
    void aDealThatIsGoneAsFarAsTheNewsAreIsForgotten() throws Exception {
        var id = make(1, 3);
        var deal = deals.remove(id);
        tellOf(id, 3);
        projection.refresh(NOON);
        deals.put(id, deal);

        assertThat(projection.refresh(NOON).open()).isEmpty();
        assertThat(projection.landmark().block()).isEqualTo(1);
    }
}
