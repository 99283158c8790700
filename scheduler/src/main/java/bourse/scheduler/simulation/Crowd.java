package bourse.scheduler.simulation;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The workers: numbers, the first of them faulty. They come in random order.
final class Crowd {
    /// Whose tasks they all are.
    static final Address APP = new Address("a".repeat(40));
    static final Bytes32 RIGHT = new Bytes32("1".repeat(64));
    static final Bytes32 WRONG = new Bytes32("e".repeat(64));

    private final Setup setup;
    private final SplittableRandom random;
    private final int[] given;
    private final int[] order;

    Crowd(Setup setup, SplittableRandom random) {
        this.setup = setup;
        this.random = random;
        this.given = new int[setup.workers()];
        this.order = new int[setup.workers()];
        for (int worker = 0; worker < order.length; worker++) {
            order[worker] = worker;
        }
    }

    /// What a worker sees of the task that he was given.
    ///
    /// @param trusted whether his result is, or was before, accepted alone
    /// @param lies how many have lied about this task so far
    /// @param truths how many have told the truth
    record Sight(boolean trusted, int lies, int truths) {}

    static List<Address> addresses(int workers) {
        var addresses = new ArrayList<Address>();
        for (int worker = 0; worker < workers; worker++) {
            addresses.add(new Address("%040x".formatted(worker + 1)));
        }
        return List.copyOf(addresses);
    }

    boolean isFaulty(int worker) {
        return worker < setup.liars();
    }

    /// A worker computes one result.
    boolean lies(int worker, Sight sight) {
        int before = given[worker]++;
        if (!isFaulty(worker)) {
            return false;
        }
        return switch (setup.strategy()) {
            case Strategy.Constant _ -> maybe();
            case Strategy.Sleeper _ -> sight.trusted() && sight.lies() + sight.truths() == 0 && maybe();
            case Strategy.AfterResults after -> before >= after.honest() && maybe();
            case Strategy.Collude _ -> sight.lies() + 1 > sight.truths() && (sight.lies() > 0 || maybe());
        };
    }

    private boolean maybe() {
        return random.nextDouble() < setup.sabotage();
    }

    /// A new order for every step. The array is used again.
    int[] shuffled() {
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int worker = order[i];
            order[i] = order[other];
            order[other] = worker;
        }
        return order;
    }
}
