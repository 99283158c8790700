package bourse.testing.simulation;

import bourse.testing.simulation.Simulator.Machine;
import java.util.Optional;

/// Where a service is reached: at whatever machine it runs on at the moment, if it does.
public final class Site<D> {
    private Optional<Running<D>> running = Optional.empty();

    record Running<D>(Machine machine, D door) {}

    public void open(Machine machine, D door) {
        running = Optional.of(new Running<>(machine, door));
    }

    Optional<Running<D>> running() {
        return running.filter(one -> one.machine().isOn());
    }
}
