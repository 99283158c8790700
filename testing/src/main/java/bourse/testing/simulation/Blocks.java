package bourse.testing.simulation;

import bourse.protocol.Time.Bell;
import bourse.testing.Model;
import bourse.testing.simulation.Simulator.Machine;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Makes the chain's blocks, each some time after the last one, and now and then takes some back.
public final class Blocks {
    private final Model model;
    private final Machine machine;
    private final Weather weather;
    private final RandomGenerator random;
    private final Pace pace;
    private final long first;
    private final Set<Bell> readers = new LinkedHashSet<>();

    /// @param between two blocks
    /// @param forks the chance that a block is taken back
    /// @param depth how many go with it at most
    public record Pace(Duration between, double forks, int depth) {}

    /// The blocks that `model` has will not be taken back.
    public Blocks(Model model, Machine machine, Weather weather, RandomGenerator random, Pace pace) {
        this.model = model;
        this.machine = machine;
        this.weather = weather;
        this.random = random;
        this.pace = pace;
        this.first = model.head().number();
    }

    public void start() {
        model.hold();
        machine.start(() -> {
            try {
                while (true) {
                    machine.sleep(Duration.ofMillis(
                            1 + random.nextLong(2 * pace.between().toMillis())));
                    grow();
                }
            } catch (InterruptedException _) {
                // nobody does that
            }
        });
    }

    private void grow() {
        model.mine();
        long depth = Math.min(1 + random.nextInt(pace.depth()), model.head().number() - first);
        if (depth > 0 && weather.strikes(pace.forks())) {
            model.reorg(Math.toIntExact(depth), random.nextBoolean() ? Model.Lost.DROPPED : Model.Lost.MINED_AGAIN);
        }
        List.copyOf(readers).forEach(Bell::ring);
    }

    Model model() {
        return model;
    }

    void tell(Bell reader) {
        readers.add(reader);
    }

    void forget(Bell reader) {
        readers.remove(reader);
    }
}
