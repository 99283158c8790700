package bourse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bourse.node.Laptop.Crew;
import bourse.node.Purchase.Bought;
import bourse.node.Purchase.Wish;
import bourse.protocol.Address;
import bourse.protocol.News;
import bourse.protocol.PoolInfo.Member;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Parts of a running market die.
class CrashTest {
    @TempDir
    Path directory;

    @Test
    void anotherWorkerTakesOverFromOneThatDiedAtWork() throws Exception {
        var home = new Home(directory);
        try (var market = Laptop.start(home, Programs.settings(), new Crew(3, 0))) {
            var bought = buy(home, market, "slow", 1, 1);
            var victim = await().atMost(Duration.ofSeconds(30))
                    .until(() -> atWork(market), Optional::isPresent)
                    .orElseThrow()
                    .worker();
            market.workers().get(number(home.names().getOrDefault(victim, ""))).close();

            var statement = follow(home, market, bought);

            assertThat(statement.ok()).isTrue();
            assertThat(statement.tasks().getFirst().votes())
                    .noneMatch(vote -> vote.worker().equals(victim));
        }
    }

    @Test
    void aTaskGoesOnAfterTheWholeMarketWasDown() throws Exception {
        var home = new Home(directory);
        Bought bought;
        try (var market = Laptop.start(home, Programs.settings(), new Crew(4, 0))) {
            bought = buy(home, market, "slow", 1, 10);
            await().atMost(Duration.ofSeconds(30)).until(() -> atWork(market).isPresent());
        }
        try (var market = Laptop.start(home, Programs.settings(), new Crew(4, 0))) {
            var statement = follow(home, market, bought);

            assertThat(statement.ok()).isTrue();
            assertThat(statement.tasks().getFirst().votes()).hasSize(4).allMatch(Statement.Vote::right);
        }
    }

    @Test
    void nothingIsLostWhenTheChainsNodeIsKilled() throws Exception {
        var home = new Home(directory);
        try (var market = Laptop.start(home, Programs.settings(), new Crew(4, 0))) {
            var bought = buy(home, market, "index", 20, 1);
            for (int kills = 0; kills < 3; kills++) {
                market.anvil().kill();
                long head = market.chain().head().number();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> market.chain().head().number() > head);
            }

            var statement = follow(home, market, bought);

            assertThat(statement.ok()).isTrue();
            assertThat(statement.tasks()).hasSize(20);
        }
    }

    private static Optional<Member> atWork(Laptop market) throws InterruptedException {
        return market.pool().members().stream()
                .filter(member -> member.work()
                        .filter(work -> work.phase().equals("COMPUTING"))
                        .isPresent())
                .findFirst();
    }

    /// `worker-3` is the third that was started.
    private static int number(String name) {
        return Integer.parseInt(name.substring("worker-".length())) - 1;
    }

    private static Bought buy(Home home, Laptop market, String program, long volume, long trust) throws Exception {
        var wish = new Wish(
                Programs.test(program), List.of(), List.of(), volume, trust, "XS", Optional.empty(), Address.ZERO);
        return new Purchase(market, home.wallet("requester"), Progress.SILENT).buy(wish);
    }

    private Statement follow(Home home, Laptop market, Bought bought) throws Exception {
        var outcome = new Watch(market, bought.deal(), Progress.SILENT, home.names(), InstantSource.system())
                .untilEnded(News.Cursor.START);
        var output = directory.resolve("results");
        return Statement.of(market, outcome, bought.app(), output, home.names(), bought.gas());
    }
}
