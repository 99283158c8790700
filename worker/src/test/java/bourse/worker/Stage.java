package bourse.worker;

import static org.awaitility.Awaitility.await;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Blobs;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Chain;
import bourse.protocol.Cid;
import bourse.protocol.Deal;
import bourse.protocol.Event;
import bourse.protocol.Order;
import bourse.protocol.Params;
import bourse.protocol.Pool;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Tag;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Time;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import bourse.sandbox.Sandbox;
import bourse.testing.Fate;
import bourse.testing.MemoryBlobs;
import bourse.testing.Model;
import bourse.testing.Scene;
import bourse.worker.machine.Gauge;
import bourse.worker.machine.LinuxGauge;
import bourse.worker.machine.Machine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.awaitility.core.ConditionFactory;

/// A market with a program in it that nobody looks at, a pool that the test leads, and workers on homes of
/// their own.
final class Stage implements AutoCloseable {
    private static final Duration MOST = Duration.ofSeconds(30);

    final Scene scene;
    final Model chain;
    final MemoryBlobs blobs = new MemoryBlobs();
    final SmallPool pool;
    private final Path home;
    private final List<Worker> employed = new ArrayList<>();

    Stage(Path home, int workers) throws Refused, InterruptedException {
        this.scene = new Scene(7, workers);
        this.chain = scene.chain();
        this.home = home;
        this.pool = new SmallPool(chain, blobs, scene.scheduler(), scene.workerpool(), scene.clock());
    }

    /* WORKERS */

    Wallet wallet(int number) {
        return scene.worker(number);
    }

    Path home(int number) {
        return home.resolve("worker" + number);
    }

    /// Starts a worker on his home.
    Worker employ(int number, Sandbox sandbox) throws IOException {
        return employ(number, sandbox, Settings.DEFAULT);
    }

    Worker employ(int number, Sandbox sandbox, Settings settings) throws IOException {
        return employ(number, sandbox, settings, new Fate(Integer.MAX_VALUE));
    }

    /// On a machine that `gauge` measures.
    Worker employ(int number, Sandbox sandbox, Settings settings, Gauge gauge) throws IOException {
        return employ(number, sandbox, settings, new Fate(Integer.MAX_VALUE), gauge);
    }

    Worker employ(int number, Sandbox sandbox, Settings settings, Fate fate) throws IOException {
        return employ(number, sandbox, settings, fate, new LinuxGauge(scene.clock()));
    }

    private Worker employ(int number, Sandbox sandbox, Settings settings, Fate fate, Gauge gauge) throws IOException {
        var worker = new Worker(
                fate.of(Chain.class, chain),
                fate.of(Pool.class, pool),
                fate.of(Blobs.class, blobs),
                fate.of(Sandbox.class, sandbox),
                wallet(number),
                home(number),
                Time.by(scene.clock()),
                settings,
                new Machine(settings.machine(), gauge));
        employed.add(worker.start());
        return worker;
    }

    @Override
    public void close() {
        employed.forEach(Worker::close);
    }

    /* DEALS */

    /// What is asked for, and how the app and the dataset are registered.
    record Wish(
            String type,
            Optional<Cid> program,
            Optional<Bytes32> checksum,
            Optional<Cid> dataset,
            Params params,
            long trust,
            long volume,
            Address callback) {
        static final Wish PLAIN = new Wish(
                Asset.App.WASM, Optional.empty(), Optional.empty(), Optional.empty(), Params.NONE, 1, 1, Address.ZERO);

        Wish trust(long other) {
            return new Wish(type, program, checksum, dataset, params, other, volume, callback);
        }

        Wish volume(long other) {
            return new Wish(type, program, checksum, dataset, params, trust, other, callback);
        }

        Wish type(String other) {
            return new Wish(other, program, checksum, dataset, params, trust, volume, callback);
        }

        Wish program(Cid other) {
            return new Wish(type, Optional.of(other), checksum, dataset, params, trust, volume, callback);
        }

        Wish checksum(Bytes32 other) {
            return new Wish(type, program, Optional.of(other), dataset, params, trust, volume, callback);
        }

        Wish dataset(Cid other) {
            return new Wish(type, program, checksum, Optional.of(other), params, trust, volume, callback);
        }

        Wish params(List<String> arguments, String... inputs) {
            var other = new Params(arguments, List.of(inputs));
            return new Wish(type, program, checksum, dataset, other, trust, volume, callback);
        }

        Wish needs(Params.Needs needs) {
            var other = new Params(params.arguments(), params.inputFiles(), needs);
            return new Wish(type, program, checksum, dataset, other, trust, volume, callback);
        }

        Wish callback(Address other) {
            return new Wish(type, program, checksum, dataset, params, trust, volume, other);
        }
    }

    Cid store(String text) {
        return blobs.put(text.getBytes(StandardCharsets.UTF_8));
    }

    /// A deal with all tasks initialized, and offered to every worker.
    Deal offer(Wish wish) throws Refused, InterruptedException {
        var program = wish.program().orElseGet(() -> store("a program"));
        var app = registered(new Transaction.CreateApp(
                "app", wish.type(), Bytes.utf8(program.path()), wish.checksum().orElse(program.sha256())));
        var dataset = Address.ZERO;
        var datasetOrder = new Signed<>(Order.Dataset.NONE, Bytes.EMPTY);
        if (wish.dataset().isPresent()) {
            var file = wish.dataset().get();
            dataset = registered(new Transaction.CreateDataset("dataset", Bytes.utf8(file.path()), file.sha256()));
            datasetOrder = chain.domain()
                    .sign(
                            new Order.Dataset(
                                    dataset,
                                    Rlc.ZERO,
                                    wish.volume(),
                                    Tag.NONE,
                                    Address.ZERO,
                                    Address.ZERO,
                                    Address.ZERO,
                                    Bytes32.random()),
                            scene.developer());
        }
        var price = Rlc.parse("1");
        var request = new Order.Request(
                app,
                Rlc.ZERO,
                dataset,
                Rlc.ZERO,
                scene.workerpool(),
                price,
                scene.requester().address(),
                wish.volume(),
                Tag.NONE,
                0,
                wish.trust(),
                scene.requester().address(),
                wish.callback(),
                wish.params().json(),
                Bytes32.random());
        var domain = chain.domain();
        var receipt = chain.submit(
                scene.requester(),
                new Transaction.Match(
                        domain.sign(Order.App.open(app, Rlc.ZERO, wish.volume()), scene.developer()),
                        datasetOrder,
                        domain.sign(
                                Order.Workerpool.open(scene.workerpool(), price, wish.volume(), 0, wish.trust()),
                                scene.scheduler()),
                        domain.sign(request, scene.requester())));
        var deal = chain.deal(receipt.event(Event.Matched.class).deal()).orElseThrow();
        scene.initialize(deal);
        pool.offer(deal);
        return deal;
    }

    private Address registered(Transaction transaction) throws Refused, InterruptedException {
        return chain.submit(scene.developer(), transaction)
                .event(Event.Registered.class)
                .asset();
    }

    /* WHAT BECOMES OF IT */

    Task.Completed awaitPaid(TaskId task) {
        awaitTask(task, Task.Completed.class::isInstance);
        return (Task.Completed) chain.task(task).orElseThrow();
    }

    void awaitTask(TaskId task, Predicate<Task> condition) {
        patiently().until(() -> chain.task(task).filter(condition).isPresent());
    }

    Pool.Progress.GaveUp awaitGivenUp(TaskId task) {
        return patiently().until(() -> pool.givenUp(task), Optional::isPresent).orElseThrow();
    }

    void until(Callable<Boolean> condition) {
        patiently().until(condition);
    }

    /// A dead worker's threads end with an error, which is no failure of the test.
    private static ConditionFactory patiently() {
        return await().dontCatchUncaughtExceptions().atMost(MOST).pollInterval(Duration.ofMillis(10));
    }
}
