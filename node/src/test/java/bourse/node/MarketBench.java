package bourse.node;

import bourse.node.Laptop.Crew;
import bourse.node.Purchase.Wish;
import bourse.protocol.Address;
import bourse.protocol.News;
import bourse.protocol.Rlc;
import bourse.protocol.Transaction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// How fast a whole market is, beside the floor that its chain sets: `bench/market` prints it.
final class MarketBench {
    private static final int STARTS = 3;
    private static final int ORDERS = 20;
    private static final int BAG = 200;

    private MarketBench() {}

    private interface Work {
        void run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        var starts = new ArrayList<Long>();
        for (int i = 0; i < STARTS; i++) {
            var directory = Files.createTempDirectory("bourse-bench");
            starts.add(millis(() -> {
                var home = new Home(directory);
                try (var market = Laptop.start(home, Programs.settings(), new Crew(4, 0))) {
                    order(home, market, 1, 1);
                }
            }));
            delete(directory);
        }
        row("start of an empty market to first paid result, and its end", starts);

        var directory = Files.createTempDirectory("bourse-bench");
        var home = new Home(directory);
        try (var market = Laptop.start(home, Programs.settings(0), new Crew(4, 0))) {
            order(home, market, 1, 1); // warm
            order(home, market, 1, 10);
            var requester = home.wallet("requester");
            var gift = new Transaction.Transfer(home.wallet("bank").address(), Rlc.ofNano(1));
            var floor = times(ORDERS, () -> market.chain().submit(requester, gift));
            row("one block: an empty transaction to its receipt", floor);
            row("order to paid result, small task, trust 1", times(ORDERS, () -> order(home, market, 1, 1)));
            row("order to paid result, small task, trust 10", times(ORDERS, () -> order(home, market, 1, 10)));
            row("the same at trust 2: one worker is believed", times(ORDERS, () -> order(home, market, 1, 2)));
            var bag = millis(() -> order(home, market, BAG, 1));
            System.out.printf(
                    "%-62s %8.1f tasks/s%n", "a bag of %d small tasks on 4 workers".formatted(BAG), BAG * 1000.0 / bag);
        }
        delete(directory);
        audits();
    }

    private static void audits() throws Exception {
        var directory = Files.createTempDirectory("bourse-bench");
        var home = new Home(directory);
        try (var market = Laptop.start(home, Programs.settings(100), new Crew(4, 0))) {
            order(home, market, 1, 2); // warm
            row("the same, and he is audited", times(ORDERS, () -> order(home, market, 1, 2)));
        }
        delete(directory);
    }

    private static void order(Home home, Laptop market, long volume, long trust) throws Exception {
        var wish = new Wish(
                Programs.test("index"), List.of(), List.of(), volume, trust, "XS", Optional.empty(), Address.ZERO);
        var head = market.chain().head();
        var bought = new Purchase(market, home.wallet("requester"), Progress.SILENT).buy(wish);
        var outcome = new Watch(market, bought.deal(), Progress.SILENT, home.names(), InstantSource.system())
                .untilEnded(new News.Cursor(head.number(), head.hash()));
        if (!outcome.tasks().stream().allMatch(bourse.protocol.Task.Completed.class::isInstance)) {
            throw new IllegalStateException("a task was not paid: " + outcome.tasks());
        }
    }

    private static List<Long> times(int count, Work work) throws Exception {
        var times = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            times.add(millis(work));
        }
        return times;
    }

    private static long millis(Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1_000_000;
    }

    private static void row(String what, List<Long> millis) {
        var sorted = millis.stream().sorted().toList();
        System.out.printf(
                "%-62s %8d ms median, %6d ms p90, of %d%n",
                what, sorted.get(sorted.size() / 2), sorted.get((int) (sorted.size() * 0.9)), sorted.size());
    }

    private static void delete(Path directory) throws Exception {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
