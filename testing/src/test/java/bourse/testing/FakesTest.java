package bourse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.protocol.Asset;
import bourse.protocol.Blobs;
import bourse.protocol.Cid;
import bourse.protocol.Deal;
import bourse.protocol.Order;
import bourse.protocol.OrderBook;
import bourse.protocol.OrderRefused;
import bourse.protocol.Pool;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Task;
import bourse.protocol.Transaction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FakesTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    Path temporary;

    @Test
    void blobsInMemoryKeepTheDoorsPromises() throws Exception {
        var blobs = new MemoryBlobs();
        var cid = blobs.put(Files.writeString(temporary.resolve("in"), "hello"));

        blobs.fetch(cid, temporary.resolve("out"), 5);

        assertThat(temporary.resolve("out")).hasContent("hello");
        assertThat(blobs.put("hello".getBytes(StandardCharsets.UTF_8))).isEqualTo(cid);
        assertThat(blobs.cids()).containsExactly(cid);
        assertThatThrownBy(() -> blobs.fetch(cid, temporary.resolve("small"), 4))
                .isInstanceOf(Blobs.TooLarge.class);
        blobs.lose(cid);
        assertThatThrownBy(() -> blobs.fetch(cid, temporary.resolve("none"), 5)).isInstanceOf(Blobs.Missing.class);
    }

    @Test
    void theOrderBookShowsWhatIsLeftTheCheapestFirst() throws Exception {
        var scene = new Scene(1, 1);
        var book = new MemoryOrderBook(scene.chain());
        var dear = offer(scene, "2", 10, 100);
        var cheap = offer(scene, "1", 10, 10);
        var closed = offer(scene, "0.5", 10, 100);
        book.publish(scene.scheduler(), dear);
        book.publish(scene.scheduler(), cheap);
        book.publish(scene.scheduler(), cheap);
        book.publish(scene.scheduler(), closed);
        scene.chain().submit(scene.scheduler(), new Transaction.Close(closed.order()));

        assertThat(book.workerpools(0, 10))
                .containsExactly(new OrderBook.Offer(cheap, 10), new OrderBook.Offer(dear, 10));
        assertThat(book.workerpools(0, 11)).containsExactly(new OrderBook.Offer(dear, 10));
        assertThat(book.workerpools(1, 1)).isEmpty();
    }

    @Test
    void theOrderBookRefusesForgedOrders() throws Exception {
        var scene = new Scene(1, 1);
        var order = offer(scene, "1", 1, 1).order();
        var forged = scene.chain().domain().sign(order, scene.worker(0));

        assertThatThrownBy(() -> new MemoryOrderBook(scene.chain()).publish(scene.worker(0), forged))
                .isInstanceOf(OrderRefused.class)
                .hasMessageContaining("has not signed");
    }

    @Test
    void theScriptedPoolGivesAWorkerHisAssignmentUntilHeIsDone() throws Exception {
        var scene = new Scene(1, 2);
        var pool = new ScriptedPool(scene.workerpool(), scene.clock());
        var deal = scene.deal(1, 1);
        var task = scene.initialize(deal).getFirst();
        var assignment = assignment(scene, deal, MINUTE);
        var worker = scene.worker(0).address();
        var ad = new Pool.Ad(worker, List.of(Asset.App.WASM), 1, 1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = threads.submit(() -> pool.ask(ad, MINUTE));
            scene.clock().awaitWaiting(1);
            pool.assign(assignment);
            assertThat(asked.get()).contains(assignment);
        }
        assertThat(pool.ask(ad, Duration.ZERO)).contains(assignment);
        assertThat(pool.ask(new Pool.Ad(scene.worker(1).address(), List.of(), 1, 1), Duration.ZERO))
                .isEmpty();
        assertThat(pool.report(worker, task, new Pool.Progress.Computing())).isEqualTo(Pool.Verdict.CONTINUE);
        pool.report(worker, task, new Pool.Progress.GaveUp(Pool.Cause.WORKER_BROKEN, "tired"));
        assertThat(pool.ask(ad, Duration.ZERO)).isEmpty();
        assertThat(pool.awaitReport(report -> report.progress() instanceof Pool.Progress.GaveUp)
                        .worker())
                .isEqualTo(worker);
    }

    @Test
    void theScriptedPoolForgetsAnAssignmentWhoseLeaseRanOut() throws Exception {
        var scene = new Scene(1, 1);
        var pool = new ScriptedPool(scene.workerpool(), scene.clock());
        pool.assign(assignment(scene, scene.deal(1, 1), MINUTE));

        scene.clock().advance(MINUTE);

        assertThat(pool.ask(new Pool.Ad(scene.worker(0).address(), List.of(), 1, 1), Duration.ZERO))
                .isEmpty();
    }

    @Test
    void theClockGoesToTheNextAlarm() throws Exception {
        var clock = VirtualClock.atNoon();
        assertThat(clock.advanceToNext()).isEmpty();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var early = threads.submit(() -> clock.await(() -> false, MINUTE));
            var late = threads.submit(() -> clock.await(() -> false, MINUTE.plusSeconds(1)));
            clock.awaitWaiting(2);

            assertThat(clock.advanceToNext()).contains(VirtualClock.NOON.plusSeconds(60));
            assertThat(early.get()).isFalse();
            assertThat(late.isDone()).isFalse();
            clock.advanceToNext();
            assertThat(late.get()).isFalse();
        }
        assertThat(clock.instant()).isEqualTo(VirtualClock.NOON.plusSeconds(61));
        assertThat(clock.waiting()).isZero();
    }

    @Test
    void aSeedReplaysEverythingGenerated() {
        var one = new Generators(3);
        var other = new Generators(3);
        for (int i = 0; i < 200; i++) {
            assertThat(one.order()).isEqualTo(other.order());
            var deal = one.deal();
            assertThat(deal).isEqualTo(other.deal());
            assertThat(one.task(deal)).isEqualTo(other.task(deal));
        }
    }

    @Test
    void generatedTasksComeInAllStates() {
        var any = new Generators(1);
        var states = new HashSet<Class<? extends Task>>();
        for (int i = 0; i < 100; i++) {
            states.add(any.task(any.deal()).getClass());
        }
        assertThat(states).hasSize(5);
    }

    @Test
    void generatedSizesReachFromOneToTheMost() {
        var any = new Generators(1);
        var sizes = new HashSet<Long>();
        for (int i = 0; i < 1000; i++) {
            sizes.add(any.size(5));
        }
        assertThat(sizes).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L);
        assertThat(any.rlc(Rlc.ZERO)).isEqualTo(Rlc.ZERO);
        assertThat(new Cid(any.word())).isNotEqualTo(any.cid());
    }

    private static Pool.Assignment assignment(Scene scene, Deal deal, Duration lease) throws Exception {
        return new Pool.Assignment(
                scene.authorize(scene.worker(0), deal.task(0)),
                deal,
                0,
                scene.chain().app(scene.app()).orElseThrow(),
                Optional.empty(),
                0,
                false,
                scene.clock().instant().plus(lease));
    }

    private static Signed<Order.Workerpool> offer(Scene scene, String price, long volume, long trust) {
        return scene.chain()
                .domain()
                .sign(Order.Workerpool.open(scene.workerpool(), Rlc.parse(price), volume, 0, trust), scene.scheduler());
    }
}
