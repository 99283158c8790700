package bourse.node.simulation;

import bourse.protocol.Draw;
import bourse.testing.simulation.Blocks;
import bourse.testing.simulation.Weather.Climate;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Who takes part in a market, what is asked of it, and what goes wrong. Each kind of trouble is there in about half
/// of the scenarios, so that none hides the others.
///
/// @param draw how many of the results that one worker gave alone are checked
/// @param checks how many the pool buys for each task that votes decide
/// @param roads between workers and schedulers
/// @param peers between anyone and the chain
/// @param cellars between anyone and a storage of his: blobs, tables
/// @param fullDisks whether workers' disks are full for a while
/// @param frost whether machines stand still for a while
/// @param storm after this everything works, so that everything can end
record Scenario(
        long seed,
        List<Hand> workers,
        List<Hand> schedulers,
        List<Wish> wishes,
        Draw draw,
        double checks,
        Blocks.Pace pace,
        Climate roads,
        Climate peers,
        Climate cellars,
        boolean fullDisks,
        boolean frost,
        Duration storm) {

    /// Schedulers that share tables set their clocks: they are off by so much less than workers.
    private static final int SCHEDULERS_CARE = 60;

    /// A machine with a role on it.
    ///
    /// @param skew by how much its clock is ahead
    /// @param deaths how often it dies
    record Hand(Nature character, int slots, Duration skew, int deaths) {}

    /// A deal that somebody wants.
    ///
    /// @param after how long into the scenario
    record Wish(Duration after, Mind.Kind kind, long trust, long volume) {}

    static Scenario of(long seed) {
        return new Die(new SplittableRandom(seed)).scenario(seed);
    }

    /// Whether nobody lies or sleeps, and all together would convince at `trust`: two to the power of their number
    /// outweighs it.
    boolean isFavourable(long trust) {
        return workers.stream().allMatch(hand -> hand.character() == Nature.HONEST) && 1L << workers.size() >= trust;
    }

    private record Die(SplittableRandom random) {
        Scenario scenario(long seed) {
            boolean mixed = random.nextBoolean();
            boolean mortal = random.nextBoolean();
            var skew = random.nextBoolean() ? Duration.ofMinutes(2) : Duration.ofMillis(1);
            return new Scenario(
                    seed,
                    list(
                            2 + random.nextInt(5),
                            () -> hand(mixed ? character() : Nature.HONEST, 1 + random.nextInt(2), skew, mortal)),
                    list(1 + random.nextInt(2), () -> hand(Nature.HONEST, 1, skew.dividedBy(SCHEDULERS_CARE), mortal)),
                    list(1 + random.nextInt(3), this::wish),
                    new Draw(List.of(0, 10, 100).get(random.nextInt(3))),
                    random.nextBoolean() ? 1 : 0,
                    new Blocks.Pace(
                            Duration.ofSeconds(1 + random.nextInt(12)),
                            random.nextBoolean() ? random.nextDouble() / 5 : 0,
                            4),
                    climate(Duration.ofSeconds(40)),
                    climate(Duration.ofSeconds(20)),
                    climate(Duration.ofSeconds(10)),
                    random.nextInt(4) == 0,
                    random.nextInt(4) == 0,
                    Duration.ofSeconds(random.nextLong(60, 1800)));
        }

        private static <T> List<T> list(int size, Supplier<T> each) {
            return Stream.generate(each).limit(size).toList();
        }

        private Hand hand(Nature character, int slots, Duration skew, boolean mortal) {
            return new Hand(
                    character,
                    slots,
                    Duration.ofMillis(random.nextLong(-skew.toMillis(), skew.toMillis() + 1)),
                    mortal ? random.nextInt(4) : 0);
        }

        private Nature character() {
            var characters = Nature.values();
            return random.nextBoolean() ? Nature.HONEST : characters[random.nextInt(characters.length)];
        }

        private Wish wish() {
            var kinds = IntStream.range(0, 10)
                    .mapToObj(i -> i == 0
                            ? Mind.Kind.BROKEN
                            : i == 1 ? Mind.Kind.DICE : i < 6 ? Mind.Kind.PLAIN : Mind.Kind.STEADY)
                    .toList();
            return new Wish(
                    Duration.ofSeconds(random.nextInt(300)),
                    kinds.get(random.nextInt(kinds.size())),
                    List.of(1L, 2L, 5L, 10L).get(random.nextInt(4)),
                    1 + random.nextInt(4));
        }

        private Climate climate(Duration delay) {
            return random.nextBoolean()
                    ? Climate.CALM
                    : new Climate(
                            Duration.ofMillis(1 + random.nextInt(500)),
                            random.nextDouble() / 5,
                            delay,
                            random.nextDouble() / 5,
                            random.nextDouble() / 5);
        }
    }
}
