package bourse.testing.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.protocol.Bytes32;
import bourse.protocol.Time;
import bourse.testing.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SimulatorTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private final VirtualClock clock = VirtualClock.atNoon();

    @Test
    void playsAYearInMoments() throws Exception {
        var simulator = new Simulator(1, clock);

        simulator.run(() -> simulator.machine("a").sleep(Duration.ofDays(365)));

        assertThat(clock.instant()).isEqualTo(VirtualClock.NOON.plus(Duration.ofDays(365)));
    }

    @Test
    void wakesEachAtItsTime() throws Exception {
        var simulator = new Simulator(1, clock);
        var woken = new ArrayList<Integer>();

        simulator.run(() -> {
            for (int minutes : List.of(3, 1, 2)) {
                var machine = simulator.machine("machine");
                machine.start(() -> {
                    sleep(machine, MINUTE.multipliedBy(minutes));
                    woken.add(minutes);
                });
            }
            simulator.machine("end").sleep(Duration.ofHours(1));
        });

        assertThat(woken).containsExactly(1, 2, 3);
    }

    @Test
    void ringsABellOnceForManyRingsAndNotTooLate() throws Exception {
        var simulator = new Simulator(1, clock);

        simulator.run(() -> {
            var machine = simulator.machine("a");
            var bell = machine.bell();
            bell.ring();
            bell.ring();
            assertThat(bell.await(MINUTE)).isTrue();
            assertThat(machine.instant()).isEqualTo(VirtualClock.NOON);
            assertThat(bell.await(MINUTE)).isFalse();
            assertThat(machine.instant()).isEqualTo(VirtualClock.NOON.plus(MINUTE));
            machine.start(bell::ring);
            assertThat(bell.await(MINUTE)).isTrue();
            assertThat(machine.instant()).isEqualTo(VirtualClock.NOON.plus(MINUTE));
        });
    }

    @Test
    void wakesWhoIsInterrupted() throws Exception {
        var simulator = new Simulator(1, clock);

        simulator.run(() -> {
            var machine = simulator.machine("a");
            var interrupted = new CompletableFuture<Instant>();
            var sleeper = machine.start(() -> {
                try {
                    machine.sleep(Duration.ofDays(1));
                } catch (InterruptedException _) {
                    interrupted.complete(machine.instant());
                }
            });
            machine.sleep(MINUTE);
            sleeper.interrupt();
            assertThat(interrupted.get()).isEqualTo(VirtualClock.NOON.plus(MINUTE));
        });
    }

    @Test
    void replaysASeedAndPlaysOthersOtherwise() throws Exception {
        var hashes = new ArrayList<Bytes32>();
        for (int seed = 0; seed < 50; seed++) {
            var hash = crowd(seed);
            assertThat(crowd(seed)).as("seed %d, played twice", seed).isEqualTo(hash);
            hashes.add(hash);
        }
        assertThat(new HashSet<>(hashes)).hasSameSizeAs(hashes);
    }

    /// Threads that start others, and wait for them by all that java.util.concurrent has; the sets in which executors
    /// hold their threads are ordered by address.
    private static Bytes32 crowd(long seed) throws Exception {
        var simulator = new Simulator(seed, VirtualClock.atNoon());
        simulator.run(() -> {
            var machine = simulator.machine("crowd");
            var lock = new ReentrantLock();
            var permits = new Semaphore(2);
            var done = new CountDownLatch(20);
            var executor = CompletableFuture.supplyAsync(Executors::newVirtualThreadPerTaskExecutor, machine::start)
                    .get();
            for (int i = 0; i < 20; i++) {
                executor.execute(() -> {
                    Thread.ofVirtual().start(() -> {
                        permits.acquireUninterruptibly();
                        lock.lock();
                        try {
                            sleep(machine, Duration.ofMillis(5));
                        } finally {
                            lock.unlock();
                            permits.release();
                            done.countDown();
                        }
                    });
                });
                machine.start(() -> executor.execute(() -> sleep(machine, Duration.ofDays(1))));
            }
            done.await();
            executor.shutdownNow();
            executor.awaitTermination(1, TimeUnit.HOURS);
        });
        return simulator.chronicle().hash();
    }

    @Test
    void killsAMachineWithAllItsThreads() throws Exception {
        var simulator = new Simulator(1, clock);
        var beats = new ArrayList<String>();

        simulator.run(() -> {
            var machine = simulator.machine("doomed");
            machine.start(() -> Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        sleep(machine, MINUTE);
                        beats.add("beat");
                    }
                } finally {
                    beats.add("never");
                }
            }));
            var death = new CompletableFuture<Instant>();
            machine.mourn(() -> death.complete(clock.instant()));
            // Two threads begin, and the third time that the second wakes is its death.
            machine.killAfter(4);
            assertThat(death.get()).isEqualTo(VirtualClock.NOON.plus(MINUTE.multipliedBy(3)));
            simulator.machine("other").sleep(Duration.ofHours(1));
        });

        assertThat(beats).containsExactly("beat", "beat");
    }

    @Test
    void holdsAFrozenMachineUntilItThaws() throws Exception {
        var simulator = new Simulator(1, clock);
        var beats = new ArrayList<Instant>();

        simulator.run(() -> {
            var machine = simulator.machine("frozen");
            machine.start(() -> {
                while (true) {
                    sleep(machine, MINUTE);
                    beats.add(machine.instant());
                }
            });
            var other = simulator.machine("other");
            other.sleep(Duration.ofSeconds(30));
            machine.freeze();
            other.sleep(Duration.ofMinutes(10));
            machine.thaw();
            other.sleep(Duration.ofSeconds(90));
        });

        var thawed = VirtualClock.NOON.plusSeconds(630);
        assertThat(beats).containsExactly(thawed, thawed.plusSeconds(60));
    }

    @Test
    void whoWasAboutToGoOnWhenAMachineFrozeGoesOnWhenItThaws() throws Exception {
        var simulator = new Simulator(1, clock);
        var went = new boolean[1];

        simulator.run(() -> {
            var machine = simulator.machine("cold");
            machine.start(() -> went[0] = true);
            machine.freeze();
            machine.thaw();
            simulator.machine("other").sleep(Duration.ofSeconds(1));
        });

        assertThat(went).containsExactly(true);
    }

    @Test
    void tellsWhoWaitsWhereIfNobodyCanGoOn() {
        var simulator = new Simulator(1, clock);

        assertThatThrownBy(() -> simulator.run(() -> new CompletableFuture<String>().get()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("everyone waits")
                .hasMessageContaining("stage/0/")
                .hasMessageContaining("at " + SimulatorTest.class.getName());
    }

    @Test
    void tellsWhoWaitsWhereIfThePlayDoesNotEnd() {
        var simulator = new Simulator(1, clock);

        assertThatThrownBy(() -> simulator.run(() -> {
                    var busy = simulator.machine("busy");
                    busy.start(() -> {
                        while (true) {
                            SimulatorTest.sleep(busy, MINUTE);
                        }
                    });
                    new Semaphore(0).acquire();
                }))
                .hasMessageContaining("the play does not end")
                .hasMessageContaining("Semaphore.acquire");
    }

    @Test
    void tellsWhoTriesForEverWithoutWaiting() {
        var simulator = new Simulator(1, clock);

        assertThatThrownBy(() -> simulator.run(() -> {
                    while (true) {
                        simulator.machine("hasty").pass();
                    }
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("for ever without waiting")
                .hasMessageContaining("at " + SimulatorTest.class.getName());
    }

    @Test
    void refusesToBeWokenByAnotherClock() {
        var simulator = new Simulator(1, clock);

        assertThatThrownBy(() -> simulator.run(() -> {
                    var machine = simulator.machine("real");
                    machine.start(() -> {
                        try {
                            while (true) {
                                Thread.sleep(50);
                            }
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    });
                    while (true) {
                        machine.sleep(MINUTE);
                    }
                }))
                .isInstanceOf(Simulator.Disturbed.class);
    }

    @Test
    void passesTheFailureOfItsPlayOn() {
        var simulator = new Simulator(1, clock);

        assertThatThrownBy(() -> simulator.run(() -> {
                    throw new IllegalStateException("no play today");
                }))
                .hasMessage("no play today");
    }

    @Test
    void tellsEachMachineItsOwnTime() throws Exception {
        var simulator = new Simulator(1, clock);

        simulator.run(() -> {
            var late = simulator.machine("late", MINUTE.negated());
            late.sleep(MINUTE);
            assertThat(late.instant()).isEqualTo(VirtualClock.NOON);
        });
    }

    private static void sleep(Time time, Duration duration) {
        try {
            time.sleep(duration);
        } catch (InterruptedException _) {
            // as if it had slept
        }
    }
}
