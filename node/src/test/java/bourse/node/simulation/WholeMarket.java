package bourse.node.simulation;

import bourse.protocol.Blobs;
import bourse.protocol.Bytes32;
import bourse.protocol.Chain;
import bourse.protocol.Params;
import bourse.protocol.Pool;
import bourse.protocol.Refused;
import bourse.scheduler.Checks;
import bourse.scheduler.Replicates;
import bourse.scheduler.Scheduler;
import bourse.scheduler.Terms;
import bourse.testing.MemoryBlobs;
import bourse.testing.Scene;
import bourse.testing.simulation.Blocks;
import bourse.testing.simulation.Disk;
import bourse.testing.simulation.Exposed;
import bourse.testing.simulation.Link;
import bourse.testing.simulation.Peer;
import bourse.testing.simulation.Simulator;
import bourse.testing.simulation.Simulator.Machine;
import bourse.testing.simulation.Site;
import bourse.testing.simulation.Weather;
import bourse.testing.simulation.Weather.Climate;
import bourse.worker.Settings;
import bourse.worker.Worker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.random.RandomGenerator;

/// A market with all its roles in one thread, from its first deal to the end of its last task.
final class WholeMarket {
    private static final Duration FOREVER = Duration.ofDays(365);
    /// How long a machine stays off at most: an honest worker who stays longer may miss what he owes.
    private static final Duration REPAIR = Duration.ofSeconds(60);

    private final Scenario scenario;
    private final Scene scene;
    private final Simulator simulator;
    private final RandomGenerator random;
    private final Machine stage;
    private final Witness witness;
    private final Instant clears;
    private final Blocks blocks;
    private final MemoryBlobs blobs = new MemoryBlobs();
    private final MemoryReplicates.Tables tables;
    private final List<Site<Pool>> pools = new ArrayList<>();

    /// How a scenario went.
    ///
    /// @param chronicle the hash of all that has happened
    /// @param steps how often a thread went on
    /// @param tasks how many there were
    /// @param paid how many of them were paid
    record Outcome(Bytes32 chronicle, long steps, long tasks, long paid) {}

    private WholeMarket(Scenario scenario) throws Refused, InterruptedException {
        this.scenario = scenario;
        this.scene = new Scene(scenario.seed(), scenario.workers().size(), scenario.draw());
        this.simulator = new Simulator(scenario.seed(), scene.clock());
        this.random = simulator.random();
        this.stage = simulator.machine("director");
        this.witness = new Witness(
                simulator,
                scene,
                scenario.workers().stream().map(Scenario.Hand::character).toList());
        this.clears = scene.clock().instant().plus(scenario.storm());
        var sky = simulator.machine("chain");
        this.blocks = new Blocks(scene.chain(), sky, weather(scenario.peers()), simulator.random(), scenario.pace());
        this.tables = new MemoryReplicates.Tables(simulator.machine("database"));
        blobs.put(Scene.PROGRAM.getBytes(StandardCharsets.UTF_8));
    }

    /// @throws AssertionError where an invariant does not hold, with the seed and what happened last
    static Outcome play(Scenario scenario) {
        while (true) {
            try {
                return new WholeMarket(scenario).play();
            } catch (Simulator.Disturbed _) {
                // by another market on another thread: once more, then
            } catch (Refused | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private Outcome play() {
        var chronicle = simulator.chronicle();
        try {
            simulator.run(this::live);
        } catch (Simulator.Disturbed e) {
            throw e;
        } catch (Exception | Error e) {
            var story = String.join("\n", chronicle.end());
            throw new AssertionError(
                    "seed %d: %s%n%s%n%s".formatted(scenario.seed(), e.getMessage(), scenario, story), e);
        }
        return new Outcome(chronicle.hash(), chronicle.lines(), witness.count(), witness.paid());
    }

    private void live() throws Exception {
        blocks.start();
        for (int i = 0; i < scenario.schedulers().size(); i++) {
            var name = "scheduler-" + i;
            var site = new Site<Pool>();
            pools.add(site);
            employ(name, scenario.schedulers().get(i), machine -> site.open(machine, scheduler(name, machine)));
        }
        for (int i = 0; i < scenario.workers().size(); i++) {
            int number = i;
            var disk = new Disk();
            employ("worker-" + i, scenario.workers().get(i), machine -> worker(number, machine, disk));
            if (scenario.fullDisks()) {
                stage.start(() -> fill(disk));
            }
        }
        for (var wish : scenario.wishes()) {
            stage.sleep(wish.after());
            buy(wish);
        }
        while (!witness.open().isEmpty() || scene.clock().instant().isBefore(clears)) {
            stage.sleep(Duration.ofSeconds(30));
            witness.looks();
            witness.requireInTime(clears);
        }
        witness.requireJustice();
        witness.requireSuccess(scenario, clears);
    }

    private void buy(Scenario.Wish wish) throws Refused, InterruptedException {
        var params = new Params(List.of(wish.kind().name()), List.of());
        try {
            scene.deal(scene.request(wish.trust(), wish.volume(), params.json()));
        } catch (NoSuchElementException _) {
            // The chain took it back as soon as it was made.
        }
    }

    /* MACHINES */

    private interface Boot {
        void on(Machine machine) throws Exception;
    }

    /// Starts a role on a machine, and again on the next one when that has died.
    private void employ(String name, Scenario.Hand hand, Boot boot) {
        stage.start(() -> {
            try {
                for (int life = 0; ; life++) {
                    var machine = simulator.machine(name + "." + life, hand.skew());
                    var death = stage.bell();
                    machine.mourn(death::ring);
                    machine.start(() -> boot(boot, machine));
                    if (scenario.frost()) {
                        stage.start(() -> freeze(machine));
                    }
                    if (life < hand.deaths() && isStormy()) {
                        doom(machine, death);
                    }
                    death.await(FOREVER);
                    stage.sleep(moment(hand.character() == Nature.SLEEPER ? Duration.ofHours(1) : REPAIR));
                }
            } catch (InterruptedException e) {
                simulator.fail(e);
            }
        });
    }

    private void boot(Boot boot, Machine machine) {
        try {
            boot.on(machine);
        } catch (Exception _) {
            machine.kill(); // it is started again, as a service is
        }
    }

    /// At some time, after some more steps.
    private void doom(Machine machine, bourse.protocol.Time.Bell death) throws InterruptedException {
        if (!death.await(moment(Duration.ofMinutes(5)))) {
            machine.killAfter(1L << random.nextInt(10));
            death.await(Duration.ofMinutes(1));
        }
        machine.kill();
        death.ring();
    }

    private void freeze(Machine machine) {
        try {
            stage.sleep(moment(Duration.ofMinutes(5)));
            if (isStormy()) {
                machine.freeze();
                stage.sleep(moment(REPAIR));
                machine.thaw();
            }
        } catch (InterruptedException e) {
            simulator.fail(e);
        }
    }

    private void fill(Disk disk) {
        try {
            stage.sleep(moment(Duration.ofMinutes(5)));
            disk.full(isStormy());
            stage.sleep(moment(REPAIR.multipliedBy(2)));
            disk.full(false);
        } catch (InterruptedException e) {
            simulator.fail(e);
        }
    }

    private Scheduler scheduler(String name, Machine machine) {
        return new Scheduler(
                        chain(machine),
                        // Beside the machine: what it unpacks there lies in a real directory, which must not outlive
                        // it.
                        blobs,
                        replicates(name, machine),
                        scene.scheduler(),
                        scene.workerpool(),
                        machine,
                        Terms.DEFAULT,
                        new Checks(List.of(scene.developer()), scenario.checks(), simulator.random()))
                .start();
    }

    private void worker(int number, Machine machine, Disk disk) throws IOException {
        var hand = scenario.workers().get(number);
        var wallet = scene.worker(number);
        new Worker(
                        chain(machine),
                        Link.to(
                                Pool.class,
                                machine,
                                () -> pools.get(random.nextInt(pools.size())),
                                weather(scenario.roads())),
                        Exposed.door(Blobs.class, blobs, machine, weather(scenario.cellars()), IOException::new),
                        new Mind(
                                machine, hand.character(), wallet.address(), hand.slots(), simulator.random(), witness),
                        wallet,
                        disk.home(machine),
                        machine,
                        new Settings(
                                hand.slots(),
                                1,
                                Settings.DEFAULT.limits(),
                                Settings.DEFAULT.inputBytes(),
                                Settings.DEFAULT.reach()))
                .start();
    }

    private Chain chain(Machine machine) {
        return Peer.of(blocks, machine, weather(scenario.peers()), witness::signs);
    }

    private Replicates replicates(String scheduler, Machine machine) {
        return Exposed.door(
                Replicates.class,
                new MemoryReplicates(tables, scheduler),
                machine,
                weather(scenario.cellars()),
                IllegalStateException::new);
    }

    private Weather weather(Climate climate) {
        return new Weather(simulator.random(), scene.clock(), climate, clears);
    }

    private boolean isStormy() {
        return scene.clock().instant().isBefore(clears);
    }

    private Duration moment(Duration most) {
        return Duration.ofMillis(1 + random.nextLong(most.toMillis()));
    }
}
