package bourse.node;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.node.Laptop.Crew;
import bourse.node.Purchase.Wish;
import bourse.protocol.Address;
import bourse.protocol.News;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two of nine workers lie, in the same way.
class LiarsTest {
    @TempDir
    Path directory;

    @Test
    void theVoteOutvotesSlashesAndPaysTheHonest() throws Exception {
        var home = new Home(directory);
        try (var market = Laptop.start(home, Programs.settings(), new Crew(9, 2))) {
            var before = market.chain().head();
            var wish =
                    new Wish(Programs.test("index"), List.of(), List.of(), 6, 10, "XS", Optional.empty(), Address.ZERO);
            var bought = new Purchase(market, home.wallet("requester"), Progress.SILENT).buy(wish);
            var outcome = new Watch(market, bought.deal(), Progress.SILENT, home.names(), InstantSource.system())
                    .untilEnded(new News.Cursor(before.number(), before.hash()));
            var output = directory.resolve("results");
            var statement = Statement.of(market, outcome, bought.app(), output, home.names(), bought.gas());

            assertThat(statement.ok()).isTrue();
            for (var task : statement.tasks()) {
                assertThat(output.resolve(task.index() + "/stdout.txt")).hasContent(Long.toString(task.index()));
                assertThat(task.votes())
                        .hasSizeGreaterThanOrEqualTo(4)
                        .allSatisfy(vote -> assertThat(vote.name()).startsWith(vote.right() ? "worker" : "liar"));
            }
            assertThat(statement.accounts())
                    .allSatisfy(account -> assertThat(account.slashed().isZero())
                            .isEqualTo(!account.name().startsWith("liar")))
                    .anySatisfy(account -> assertThat(account.name()).startsWith("liar"));
        }
    }
}
