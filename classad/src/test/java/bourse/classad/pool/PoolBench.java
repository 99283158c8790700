package bourse.classad.pool;

import bourse.classad.ClassAd;
import bourse.classad.Evaluator;
import bourse.classad.Form;
import bourse.classad.Printer;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// Prints how many pairs of a task and an offer each engine decides in a second, on one thread, and what else a pool
/// costs.
final class PoolBench {
    private static final int TASKS = 100;
    private static final int OFFERS = 10_000;
    private static final int LARGE = 100_000;
    private static final int ROUNDS = 30;

    private PoolBench() {}

    private record Speed(double pairs, double share) {}

    public static void main(String[] arguments) {
        System.out.printf("%d tasks, %,d offers%n%n", TASKS, OFFERS);
        System.out.println("| | pairs match | columns, pairs/s | walk, pairs/s | ratio |");
        System.out.println("|---|---:|---:|---:|---:|");
        compare("all tasks differ", false, Integer.MAX_VALUE);
        compare("all differ, few offers suit", true, Integer.MAX_VALUE);
        compare("all differ, the best 10 offers", false, 10);
        shared();
        System.out.println();
        updates();
        parsing();
    }

    private static void compare(String name, boolean choosy, int most) {
        var machines = new Machines(new Random(1));
        var offers = IntStream.range(0, OFFERS).mapToObj(machines::offer).toList();
        // Other tasks in every round, so that nothing can be known already.
        var tasks = IntStream.range(0, TASKS * ROUNDS)
                .mapToObj(i -> machines.task(i, choosy))
                .toList();
        Matcher<Integer> columns = Matcher.columnar(Evaluator.OLD);
        Matcher<Integer> walk = Matcher.walking(Evaluator.OLD);
        fill(columns, offers);
        fill(walk, offers);
        var fast = best(columns, tasks, TASKS, ROUNDS, most);
        var slow = best(walk, tasks, 5, 3, most);
        row(name, fast, slow);
    }

    private static void shared() {
        var machines = new Machines(new Random(2));
        var offers = IntStream.range(0, OFFERS).mapToObj(machines::offer).toList();
        var kinds = IntStream.range(0, 5).mapToObj(i -> machines.task(i, false)).toList();
        var tasks = new ArrayList<ClassAd>();
        for (int i = 0; i < TASKS; i++) {
            tasks.add(kinds.get(i % 5).toBuilder()
                    .put("ClusterId", i)
                    .put("Args", "-n " + i)
                    .build());
        }
        Matcher<Integer> columns = Matcher.columnar(Evaluator.OLD);
        fill(columns, offers);
        double best = 0;
        double share = 0;
        for (int round = 0; round < ROUNDS; round++) {
            // An offer changes, so that the round starts anew.
            columns.put(round, machines.offer(round));
            var speed = once(columns, tasks, Integer.MAX_VALUE);
            best = Math.max(best, speed.pairs);
            share = speed.share;
        }
        Matcher<Integer> walk = Matcher.walking(Evaluator.OLD);
        fill(walk, offers);
        row("five kinds of tasks, 20 of each", new Speed(best, share), best(walk, tasks, 5, 3, Integer.MAX_VALUE));
    }

    private static void row(String name, Speed fast, Speed slow) {
        System.out.printf(
                "| %s | %.1f %% | %,.0f | %,.0f | %.0f |%n",
                name, 100 * fast.share, fast.pairs, slow.pairs, fast.pairs / slow.pairs);
    }

    private static void fill(Matcher<Integer> matcher, List<ClassAd> offers) {
        for (int i = 0; i < offers.size(); i++) {
            matcher.put(i, offers.get(i));
        }
    }

    private static Speed best(Matcher<Integer> matcher, List<ClassAd> tasks, int each, int rounds, int most) {
        var best = new Speed(0, 0);
        for (int round = 0; round < rounds; round++) {
            var speed = once(matcher, tasks.subList(round * each, (round + 1) * each), most);
            best = speed.pairs > best.pairs ? speed : best;
        }
        return best;
    }

    private static Speed once(Matcher<Integer> matcher, List<ClassAd> tasks, int most) {
        long matches = 0;
        double ranks = 0;
        long start = System.nanoTime();
        for (var task : tasks) {
            var found = matcher.matches(task, most);
            matches += found.size();
            ranks += found.size() > 0 ? found.rank(found.size() - 1) : 0;
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (Double.isNaN(ranks)) {
            throw new IllegalStateException("These ads have no such ranks");
        }
        double pairs = (double) tasks.size() * matcher.size();
        return new Speed(pairs / seconds, matches / pairs);
    }

    private static void updates() {
        var random = new Random(3);
        var machines = new Machines(random);
        Matcher<Integer> columns = Matcher.columnar(Evaluator.OLD);
        fill(columns, IntStream.range(0, LARGE).mapToObj(machines::offer).toList());
        var task = machines.task(0, false);
        columns.matches(task);
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            var newer = IntStream.range(0, 2_000).mapToObj(machines::offer).toList();
            long start = System.nanoTime();
            for (int i = 0; i < newer.size(); i++) {
                columns.put(random.nextInt(LARGE), newer.get(i));
            }
            best = Math.min(best, (System.nanoTime() - start) / 1e3 / newer.size());
            columns.matches(task);
        }
        System.out.printf("An offer among %,d replaced: %.1f us%n", LARGE, best);
    }

    private static void parsing() {
        var machines = new Machines(new Random(4));
        var texts = IntStream.range(0, 10_000)
                .mapToObj(i -> Printer.print(machines.offer(i), Form.NEW))
                .toList();
        var threads = ManagementFactory.getThreadMXBean();
        double best = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = threads.getCurrentThreadCpuTime();
            int attributes = 0;
            for (var text : texts) {
                attributes += ClassAd.parse(text).size();
            }
            double seconds = (threads.getCurrentThreadCpuTime() - start) / 1e9;
            best = attributes > 0 ? Math.max(best, texts.size() / seconds) : best;
        }
        System.out.printf("Offers parsed: %,.0f a second of one thread%n", best);
    }
}
