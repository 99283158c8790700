package bourse.clients;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.DealId;
import bourse.protocol.Rlc;
import bourse.protocol.Task;
import bourse.protocol.Transaction;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What the clients do with the service that keeps orders.
@ExtendWith(OneMarket.class)
class MarketTest {
    @TempDir
    Path directory;

    @Test
    void ordersArePublishedFoundAndWithdrawn(Stand stand) throws Exception {
        var person = stand.person("20");
        stand.chain().submit(person.wallet(), new Transaction.Deposit(Rlc.parse("10")));
        var app = stand.wasm(person.wallet(), Programs.INDEX);

        var told = stand.script("market", "iexec", person, Map.of("app", app.toString()));

        assertThat(told.path("found").asString()).isEqualTo("5");
        assertThat(told.path("status").asString()).isEqualTo("open");
        assertThat(told.path("listed").asInt()).isEqualTo(1);
        assertThat(told.path("after").asInt()).isZero();
        assertThat(told.path("unpublished")).isEqualTo(told.path("hash"));
        assertThat(told.path("deals").get(0)).isEqualTo(told.path("dealid"));
        assertThat(stand.chain().deal(DealId.parse(told.path("dealid").asString())))
                .get()
                .satisfies(deal -> assertThat(deal.requester()).isEqualTo(person.address()));
    }

    @Test
    void theCommandRunsAnAppAtTheMarketsPrice(Stand stand) throws Exception {
        var project = Project.withWallet(stand, "iexec", directory);
        var me = project.wallet();
        stand.fund(me.address(), "20");
        project.signed("account", "deposit", "10", "RLC");
        var app = stand.wasm(me, Programs.PRIMES);

        var run = project.signed(
                "app",
                "run",
                app.toString(),
                "--args",
                "1000",
                "--trust",
                "10",
                "--category",
                "0",
                "--watch",
                "--force");

        var task = DealId.parse(run.at("/deals/0/dealid").asString()).task(0);
        assertThat(stand.chain().task(task)).get().isInstanceOf(Task.Completed.class);
    }
}
