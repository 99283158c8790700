package bourse.node;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.chain.Deployment;
import bourse.node.Laptop.Crew;
import bourse.node.Purchase.Wish;
import bourse.protocol.Address;
import bourse.protocol.News;
import bourse.protocol.Rlc;
import bourse.protocol.Task;
import bourse.protocol.Wallet;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A market of one process whose money is the coins of its chain.
class NativeMarketTest {
    /// More than the gas of all transactions that one account makes here.
    private static final Rlc SOME_GAS = Rlc.parse("0.5");

    @TempDir
    Path directory;

    @Test
    void aHomeKeepsTheMoneyThatItsMarketBeganWith() throws Exception {
        var home = new Home(directory);
        try (var market = open("native = true")) {
            var requester = home.wallet("requester").address();
            assertThat(market.chain().wallet(requester)).isEqualTo(Rlc.parse("10100"));

            buysARunOnWhichSeveralVote(market, home);

            // His run is paid, and nobody gave him more.
            assertThat(market.chain().wallet(requester)).isBetween(Rlc.parse("10098"), Rlc.parse("10099"));
        }
        try (var market = open("native = false")) {
            assertThat(Deployment.read(directory.resolve("chain/deployment.json"))
                            .isNative())
                    .isTrue();
            assertThat(market.chain().wallet(home.wallet("requester").address()))
                    .isBetween(Rlc.parse("10098"), Rlc.parse("10099"));
        }
    }

    @Test
    void aRolesDepositLeavesItCoinsForGas() throws Exception {
        var home = new Home(directory);
        try (var market = open("native = true")) {
            var wallet = home.wallet("requester");
            var keep = Rlc.parse("3");

            var free = Founding.deposit(market.chain(), wallet, Rlc.parse("100000"), keep);

            assertThat(free).isEqualTo(Rlc.parse("10097"));
            assertThat(market.chain().wallet(wallet.address())).isBetween(keep.minus(SOME_GAS), keep);
            assertThat(Founding.deposit(market.chain(), wallet, Rlc.parse("100000"), keep))
                    .as("it has less than it keeps, and deposits no more")
                    .isEqualTo(free);
            assertThat(Founding.deposit(market.chain(), Wallet.random(), Rlc.parse("1"), keep))
                    .isEqualTo(Rlc.ZERO);
        }
    }

    private void buysARunOnWhichSeveralVote(Laptop market, Home home) throws Exception {
        var wish = new Wish(Programs.test("index"), List.of(), List.of(), 1, 10, "XS", Optional.empty(), Address.ZERO);
        var bought = new Purchase(market, home.wallet("requester"), Progress.SILENT).buy(wish);
        var outcome = new Watch(market, bought.deal(), Progress.SILENT, home.names(), InstantSource.system())
                .untilEnded(News.Cursor.START);
        var statement =
                Statement.of(market, outcome, bought.app(), directory.resolve("results"), home.names(), bought.gas());
        assertThat(statement.ok()).isTrue();
        assertThat(statement.spent()).isEqualTo(Rlc.parse("1"));
        assertThat(outcome.tasks())
                .singleElement()
                .satisfies(task ->
                        assertThat(((Task.Completed) task).contributions()).hasSizeGreaterThan(1));
    }

    private Laptop open(String money) throws Exception {
        var settings = Settings.parse("""
                [market]
                %s
                [pool]
                checks = 0
                lease = 2
                [workers]
                fuel-per-second = 10000000
                memory = 64
                """.formatted(money));
        return Laptop.start(new Home(directory), settings, new Crew(4, 0));
    }
}
