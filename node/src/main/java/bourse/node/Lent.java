package bourse.node;

import bourse.protocol.Time;
import bourse.sandbox.Limits;
import bourse.sandbox.Sandbox;
import bourse.sandbox.Sandboxes;
import bourse.sandbox.WarmSandbox;
import bourse.sandbox.oci.Containers;
import bourse.sandbox.oci.Terms;
import bourse.worker.Reach;
import bourse.worker.machine.Hardware;
import bourse.worker.machine.LinuxGauge;
import bourse.worker.machine.Machine;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// What this machine lends to workers: where programs run, and how much they may use.
final class Lent {
    /// How long a process waits for another task of its program.
    private static final Duration WARM = Duration.ofMinutes(2);

    private Lent() {}

    /// Runs WASM, and containers if the settings name a socket. To be closed.
    static Sandbox sandbox(Home home, Settings.Workers settings) throws IOException, InterruptedException {
        var warm = new WarmSandbox(home.resolve("scratch"), processes(settings), WARM);
        if (settings.containers().isEmpty()) {
            return warm;
        }
        try {
            var socket = URI.create(settings.containers());
            return new Sandboxes(List.of(warm, new Containers(socket, home.resolve("containers"), Terms.DEFAULT)));
        } catch (RuntimeException e) {
            warm.close();
            throw e;
        }
    }

    static Machine machine(Home home, Settings.Workers settings) {
        return new Machine(
                settings.machine().rules(), new LinuxGauge(Time.SYSTEM), Hardware.measure(home.resolve("machine")));
    }

    /// @param workers how many share this machine: each lends an equal part
    static bourse.worker.Settings settings(Settings.Workers settings, int workers) {
        var rules = settings.machine().rules();
        var machine = new LinuxGauge(Time.SYSTEM).read(0);
        var limits = Limits.DEFAULT
                .withMemory((long) settings.memory() << 20)
                .withFuel(settings.fuelPerSecond() * Limits.DEFAULT.wallTime().toSeconds());
        return new bourse.worker.Settings(
                        settings.slots(),
                        Math.max(1, rules.cores(machine) / workers),
                        limits,
                        1L << 30,
                        Reach.valueOf(settings.fetch().toUpperCase(Locale.ROOT)))
                .withMemory(Math.max(
                        limits.memoryBytes(),
                        rules.memory(machine).orElse((long) workers * settings.slots() * limits.memoryBytes())
                                / workers))
                .withPolicy(settings.policy())
                .withMachine(rules);
    }

    /// How many programs run at once, of all workers together.
    private static int processes(Settings.Workers settings) {
        var machine = new LinuxGauge(Time.SYSTEM).read(0);
        return Math.max(1, settings.machine().rules().room(machine, (long) settings.memory() << 20));
    }
}
