package bourse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.chain.JsonRpc;
import bourse.node.Laptop.Crew;
import bourse.node.Purchase.Wish;
import bourse.protocol.Address;
import bourse.protocol.News;
import bourse.protocol.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Markets that believe one worker alone: at trust 2, whoever is new.
class AuditTest {
    private static final int TASKS = 8;

    @TempDir
    Path directory;

    private final List<String> told = new ArrayList<>();

    @Test
    void othersCheckEveryResultWhereTheMarketSaysSo() throws Exception {
        try (var market = open(100, new Crew(4, 0))) {
            var statement = run(market, 2);

            assertThat(statement.ok()).isTrue();
            assertThat(statement.tasks())
                    .allSatisfy(task -> assertThat(task.votes())
                            .as("one was audited and confirmed")
                            .filteredOn(vote -> vote.audit().isPresent())
                            .singleElement()
                            .satisfies(vote -> assertThat(vote.audit()).contains(Statement.Audit.CONFIRMED)));
            assertThat(statement.gas())
                    .anySatisfy(step -> assertThat(step)
                            .satisfies(one -> assertThat(one.step()).isEqualTo("audit"))
                            .satisfies(one -> assertThat(one.transactions()).isEqualTo(TASKS)));
            assertThat(statement.text()).contains("in task 0: confirmed");
        }
        assertThat(told)
                .contains("0 checked by others: drawn for an audit")
                .noneMatch(line -> line.contains("nobody revealed"));
    }

    @Test
    void oneWorkerIsEnoughWhereNobodyIsChecked() throws Exception {
        try (var market = open(0, new Crew(4, 0))) {
            var statement = run(market, 2);

            assertThat(statement.ok()).isTrue();
            assertThat(statement.tasks())
                    .allSatisfy(task -> assertThat(task.votes())
                            .singleElement()
                            .satisfies(vote -> assertThat(vote.audit()).isEmpty()));
        }
        assertThat(told).noneMatch(line -> line.contains("audit"));
    }

    @Test
    void aLieThatWonAloneIsFoundAndSlashed() throws Exception {
        try (var market = open(100, new Crew(5, 1))) {
            var statement = run(market, 2);

            assertThat(statement.ok()).isTrue();
            assertThat(statement.tasks())
                    .flatExtracting(Statement.OfTask::votes)
                    .filteredOn(vote -> vote.audit().isPresent())
                    .hasSize(TASKS)
                    .allSatisfy(vote -> assertThat(vote.audit())
                            .contains(
                                    vote.name().startsWith("liar")
                                            ? Statement.Audit.OVERRULED
                                            : Statement.Audit.CONFIRMED));
        }
    }

    @Test
    void aMarketOfAnotherVersionIsNotTouched() throws Exception {
        var home = new Home(directory);
        try (var market = open(10, new Crew(0, 0));
                var rpc = new JsonRpc(market.rpc(), Duration.ofSeconds(10))) {
            // A contract that fails whatever it is asked: the hub's own way with a function that it does not have.
            rpc.call("anvil_setCode", market.hub().toString(), "0x5f5ffd");
        }

        assertThatThrownBy(() -> Laptop.start(home, Programs.settings(), new Crew(0, 0)))
                .isInstanceOf(Problem.class)
                .hasMessage(
                        "the market in %s was made by another version of Bourse, which this one can not read; move %s"
                                        .formatted(home, home)
                                + " away or delete it, and run again");
        assertThat(Files.exists(directory.resolve("chain/deployment.json"))).isTrue();
    }

    private Laptop open(int audit, Crew crew) throws Exception {
        return Laptop.start(new Home(directory), Programs.settings(audit), crew);
    }

    private Statement run(Laptop market, long trust) throws Exception {
        var home = new Home(directory);
        var before = market.chain().head();
        var wish = new Wish(
                Programs.test("index"), List.of(), List.of(), TASKS, trust, "XS", Optional.empty(), Address.ZERO);
        var bought = new Purchase(market, home.wallet("requester"), Progress.SILENT).buy(wish);
        var outcome = new Watch(market, bought.deal(), new Told(told), home.names(), InstantSource.system())
                .untilEnded(new News.Cursor(before.number(), before.hash()));
        assertThat(outcome.tasks()).allMatch(Task::ended);
        return Statement.of(market, outcome, bought.app(), directory.resolve("results"), home.names(), bought.gas());
    }

    private record Told(List<String> lines) implements Progress {
        @Override
        public void say(String what) {
            lines.add(what);
        }

        @Override
        public void step(long index, Step step, String detail) {
            lines.add("%d %s: %s".formatted(index, step, detail));
        }

        @Override
        public void end() {}
    }
}
