package bourse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bourse.protocol.Address;
import bourse.protocol.Contribution;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Event;
import bourse.protocol.News;
import bourse.protocol.Rlc;
import bourse.protocol.Task;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import bourse.sandbox.Job;
import bourse.scheduler.Checks;
import bourse.scheduler.Scheduler;
import bourse.scheduler.SharedTables;
import bourse.scheduler.Vitals;
import bourse.testing.Scene;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a pool does to know whom it can trust.
class TrustTest {
    private static final int WORKERS = 5;

    @TempDir
    Path directory;

    private PoolStage stage;
    private Scene scene;
    /// What the program prints, as the workers have it.
    private volatile Function<Job, String> answer = _ -> "42";

    @BeforeEach
    void openThePool() throws Exception {
        stage = new PoolStage(7, WORKERS, directory);
        scene = stage.scene;
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void checksFindWhatNoVoteFindsThatAllAgreeOnALie() throws Exception {
        var scheduler = scheduler();
        for (int i = 0; i < WORKERS; i++) {
            worker(i, scheduler);
        }
        pay(3);
        // One to try, two to check, of which each takes four votes.
        await().atMost(Duration.ofSeconds(60)).until(() -> counted(scheduler).passed() == 8);
        assertThat(counted(scheduler).caught()).isZero();

        answer = _ -> "43";
        pay(1);
        await().atMost(Duration.ofSeconds(60)).until(() -> counted(scheduler).caught() > 0);

        await().until(() ->
                new SharedTables(stage.tables, "reader").reputations().stream().anyMatch(worker -> worker.caught()));
        assertThat(requesters())
                .as("nothing on chain names the pool: a developer asks for runs of his program")
                .contains(scene.developer().address())
                .doesNotContain(scene.scheduler().address());
    }

    @Test
    void thereAreNoChecksWhereTheSameTaskComesOutDifferentlyEachTime() throws Exception {
        var scheduler = scheduler();
        for (int i = 0; i < WORKERS; i++) {
            worker(i, scheduler);
        }
        answer = job -> job.environment().toString();

        pay(3);
        await().atMost(Duration.ofSeconds(60)).until(() -> counted(scheduler).completed() == 4);
        pay(1);

        assertThat(counted(scheduler).checks()).as("it was tried once").isEqualTo(1);
        assertThat(counted(scheduler).passed() + counted(scheduler).caught()).isZero();
    }

    @Test
    void workersThatHadTheirTokensFromTheSameNeverCheckEachOther() throws Exception {
        var owner = Wallet.random();
        scene.chain().submit(scene.requester(), new Transaction.Withdraw(Rlc.parse("2")));
        scene.chain().submit(scene.requester(), new Transaction.Transfer(owner.address(), Rlc.parse("2")));
        for (int i = 0; i < 2; i++) {
            scene.chain().submit(owner, new Transaction.Transfer(scene.worker(i).address(), Rlc.parse("1")));
        }
        var scheduler = scheduler();
        worker(0, scheduler);
        worker(1, scheduler);
        var deal = scene.deal(4, 1);
        await().until(() -> votes(deal).size() == 1);

        worker(2, scheduler);
        await().until(() -> votes(deal).size() == 2);

        assertThat(votes(deal).getLast()).isEqualTo(scene.worker(2).address());
    }

    private List<Address> votes(Deal deal) {
        return scene.chain().task(deal.task(0)).stream()
                .flatMap(task -> task.contributors().stream())
                .map(Contribution::worker)
                .toList();
    }

    private static Vitals.Counted counted(Scheduler scheduler) {
        return scheduler.vitals().counted();
    }

    private List<Address> requesters() throws Exception {
        return scene.chain().news(News.Cursor.START, Duration.ZERO).events().stream()
                .filter(Event.Matched.class::isInstance)
                .map(event -> ((Event.Matched) event).deal())
                .map(this::deal)
                .map(Deal::requester)
                .toList();
    }

    private Deal deal(DealId id) {
        return scene.chain().deal(id).orElseThrow();
    }

    private void pay(int deals) throws Exception {
        for (int i = 0; i < deals; i++) {
            var deal = scene.deal(10, 1);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> scene.chain().task(deal.task(0)).orElse(null) instanceof Task.Completed);
        }
    }

    private Scheduler scheduler() {
        return stage.scheduler(new Checks(List.of(scene.developer()), 1, new Random(1)));
    }

    private void worker(int i, Scheduler pool) throws Exception {
        stage.worker(i, pool, new Printer(job -> answer.apply(job)));
    }
}
