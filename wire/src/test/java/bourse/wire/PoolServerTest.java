package bourse.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.protocol.Address;
import bourse.protocol.Away;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Cid;
import bourse.protocol.Denied;
import bourse.protocol.Malformed;
import bourse.protocol.Pool;
import bourse.protocol.Pool.Ad;
import bourse.protocol.Pool.Cause;
import bourse.protocol.Pool.Progress;
import bourse.protocol.Pool.Report;
import bourse.protocol.Pool.Verdict;
import bourse.protocol.PoolInfo;
import bourse.protocol.ResultLink;
import bourse.protocol.TaskId;
import bourse.protocol.Wallet;
import bourse.testing.ScriptedPool.Told;
import bourse.testing.VirtualClock;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A pool behind a server does to a client what it does to somebody next to it.
@Timeout(60)
class PoolServerTest {
    private static final TaskId TASK = new TaskId(Bytes32.random());

    private PoolStand stand;
    private Wallet worker;
    private Pool pool;

    @BeforeEach
    void open() throws Exception {
        stand = new PoolStand(2);
        worker = stand.scene.worker(0);
        pool = stand.client(worker);
    }

    @AfterEach
    void close() {
        stand.close();
    }

    @Test
    void aWorkerGetsWhatThePoolHasForHim() throws Exception {
        var assignment = stand.assignment(worker);
        stand.pool.assign(assignment);

        assertThat(pool.ask(PoolStand.ad(worker), Duration.ZERO)).containsExactly(assignment);
    }

    @Test
    void aWorkersOfferReachesThePoolAsItIs() throws Exception {
        var ad = new Ad(worker.address(), "[Runtimes = {\"WASM\", \"DOCKER\"}; Cpus = 64]", 64, Set.of(TASK));

        assertThat(pool.ask(ad, Duration.ZERO)).isEmpty();

        assertThat(stand.pool.ads()).containsExactly(ad);
    }

    @Test
    void oneWhoWaitsIsToldAsSoonAsThereIsSomething() throws Exception {
        var asking = asking(Duration.ofSeconds(50));
        stand.scene.clock().awaitWaiting(1);
        var assignment = stand.assignment(worker);

        stand.pool.assign(assignment);

        assertThat(asking.get()).containsExactly(assignment);
    }

    @Test
    void oneWhoWaitsInVainIsToldSoWhenHisPatienceEnds() throws Exception {
        var asking = asking(Duration.ofSeconds(50));
        stand.scene.clock().awaitWaiting(1);

        stand.scene.clock().advance(Duration.ofSeconds(50));

        assertThat(asking.get()).isEmpty();
    }

    @Test
    void nobodyWaitsForLongerThanAMinute() throws Exception {
        var asking = asking(VirtualClock.FOREVER);
        stand.scene.clock().awaitWaiting(1);

        stand.scene.clock().advance(Duration.ofMinutes(1));

        assertThat(asking.get()).isEmpty();
    }

    @Test
    void whateverAWorkerReportsThePoolHears() throws Exception {
        var progress = List.of(
                new Progress.Fetching(),
                new Progress.Computing(),
                new Progress.Ran("out \u0000 \"quoted\" 中\n", ""),
                new Progress.Contributed(),
                new Progress.Delivered(new ResultLink(new Cid(Bytes32.random())), Bytes.parse("0x0102")),
                new Progress.GaveUp(Cause.OWNER_RETURNED, "he wants to play"));

        var verdicts = pool.report(
                worker.address(),
                progress.stream().map(each -> new Report(TASK, each)).toList());

        assertThat(verdicts)
                .containsExactly(
                        Verdict.CONTINUE,
                        Verdict.CONTINUE,
                        Verdict.CONTINUE,
                        Verdict.CONTINUE,
                        Verdict.STOP,
                        Verdict.STOP);
        assertThat(stand.pool.reports())
                .isEqualTo(progress.stream()
                        .map(each -> new Told(worker.address(), TASK, each))
                        .toList());
    }

    @Test
    void theLongestLogsOfTheMostTasksArrive() throws Exception {
        var long1 = "\u0001".repeat(Progress.Ran.LONGEST_LOG); // six bytes each in JSON
        var reports = IntStream.range(0, Pool.MOST)
                .mapToObj(_ -> new Report(new TaskId(Bytes32.random()), new Progress.Ran(long1, long1)))
                .toList();

        var verdicts = pool.report(worker.address(), reports);

        assertThat(verdicts).hasSize(Pool.MOST);
        assertThat(stand.pool.reports().stream().map(Told::task))
                .containsExactlyElementsOf(reports.stream().map(Report::task).toList());
    }

    @Test
    void moreReportsThanACallHoldsAreRefused() {
        var reports = IntStream.rangeClosed(0, Pool.MOST)
                .mapToObj(_ -> new Report(TASK, new Progress.Computing()))
                .toList();

        assertThatThrownBy(() -> pool.report(worker.address(), reports)).isInstanceOf(Malformed.class);
    }

    @Test
    void aWorkerSpeaksForHimselfAlone() {
        var other = stand.scene.worker(1);

        assertThatThrownBy(() -> pool.ask(PoolStand.ad(other), Duration.ZERO))
                .isInstanceOf(Denied.class)
                .hasMessageContaining("speaks for himself");
        assertThatThrownBy(() -> pool.report(other.address(), TASK, new Progress.Computing()))
                .isInstanceOf(Denied.class)
                .hasMessageContaining("speaks for himself");
        assertThat(stand.pool.reports()).isEmpty();
        assertThat(stand.pool.ads()).isEmpty();
    }

    @Test
    void anyoneSeesThePoolAsItIs() throws Exception {
        var assignment = stand.assignment(worker);
        stand.pool.assign(assignment);
        pool.ask(PoolStand.ad(worker), Duration.ZERO);

        var reader = stand.reader();

        assertThat(reader.workerpool()).isEqualTo(stand.scene.workerpool());
        assertThat(reader.members()).isEqualTo(stand.pool.members()).hasSize(1);
        assertThat(reader.status(assignment.task())).isEqualTo(stand.pool.status(assignment.task()));
        assertThat(pool.members()).isEqualTo(stand.pool.members());
    }

    @Test
    void logsAreForWhoSigns() throws Exception {
        assertThat(pool.logs(TASK, worker.address())).isEmpty();
        assertThatThrownBy(() -> pool.logs(TASK, stand.scene.worker(1).address()))
                .isInstanceOf(Denied.class);
        assertThatThrownBy(() -> stand.reader().logs(TASK, worker.address())).isInstanceOf(Denied.class);
    }

    @Test
    void thePoolTakesTheReaderOfLogsFromTheSignature() throws Exception {
        var requester = stand.scene.requester();
        var log = new PoolInfo.Log(worker.address(), VirtualClock.NOON, "out", "err");
        try (var server = serve(new Answering() {
                    @Override
                    public List<Log> logs(TaskId task, Address reader) {
                        if (!reader.equals(requester.address())) {
                            throw new Denied("logs are for the requester, not for " + reader);
                        }
                        return List.of(log);
                    }
                });
                var his = client(server, requester);
                var others = client(server, worker)) {
            assertThat(his.logs(TASK, requester.address())).containsExactly(log);
            assertThatThrownBy(() -> others.logs(TASK, worker.address()))
                    .isInstanceOf(Denied.class)
                    .hasMessage("logs are for the requester, not for " + worker.address());
        }
    }

    @Test
    void whatThePoolRefusesTheClientThrows() throws Exception {
        try (var server = serve(new Answering() {
                    @Override
                    public List<Assignment> ask(Ad ad, Duration patience) {
                        throw new Denied("this pool does not take you; ask its owner");
                    }

                    @Override
                    public List<Verdict> report(Address reporter, List<Report> reports) {
                        throw new Malformed("no such task");
                    }

                    @Override
                    public List<Member> members() {
                        throw new IllegalStateException("secret");
                    }
                });
                var client = client(server, worker)) {
            assertThatThrownBy(() -> client.ask(PoolStand.ad(worker), Duration.ZERO))
                    .isInstanceOf(Denied.class)
                    .hasMessage("this pool does not take you; ask its owner");
            assertThatThrownBy(() -> client.report(worker.address(), TASK, new Progress.Fetching()))
                    .isInstanceOf(Malformed.class)
                    .hasMessage("no such task");
            assertThatThrownBy(client::members).isInstanceOf(Away.class).hasMessageNotContaining("secret");
        }
    }

    @Test
    void aPoolThatIsNotThereIsAway() throws Exception {
        var port = stand.server.uri().getPort();
        stand.server.close();

        assertThatThrownBy(() -> pool.ask(PoolStand.ad(worker), Duration.ZERO))
                .isInstanceOf(Away.class)
                .hasMessageContaining("http://127.0.0.1:" + port)
                .hasMessageContaining("check that it runs");
    }

    @Test
    void aPoolThatClosesSendsThoseWhoWaitAway() throws Exception {
        var asking = asking(Duration.ofSeconds(50));
        stand.scene.clock().awaitWaiting(1);

        stand.server.close();

        assertThatThrownBy(asking::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(Away.class)
                .hasMessageContaining("the server stops");
    }

    @Test
    void aClientGoesOnWithAServerThatWasStartedAgain() throws Exception {
        pool.ask(PoolStand.ad(worker), Duration.ZERO);

        stand.restart();

        assertThat(pool.ask(PoolStand.ad(worker), Duration.ZERO)).isEmpty();
        assertThat(pool.report(worker.address(), TASK, new Progress.Computing()))
                .isEqualTo(Verdict.CONTINUE);
    }

    @Test
    void oneWhoIsInterruptedWhileHeWaitsStops() throws Exception {
        var outcome = new CompletableFuture<Throwable>();
        var thread = Thread.ofVirtual().start(() -> {
            try {
                pool.ask(PoolStand.ad(worker), Duration.ofSeconds(50));
                outcome.completeExceptionally(new AssertionError("it ended"));
            } catch (InterruptedException | RuntimeException e) {
                outcome.complete(e);
            }
        });
        stand.scene.clock().awaitWaiting(1);

        thread.interrupt();

        assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void oneCallerHoldsOnlySoManyCallsThatWait() throws Exception {
        var limit = Limits.DEFAULT.polls();
        var waiting = IntStream.range(0, limit)
                .mapToObj(_ -> asking(Duration.ofSeconds(50)))
                .toList();
        stand.scene.clock().awaitWaiting(limit);

        assertThatThrownBy(() -> pool.ask(PoolStand.ad(worker), Duration.ofSeconds(50)))
                .isInstanceOf(Away.class)
                .hasMessageContaining("wait already");
        var other = stand.scene.worker(1);
        assertThat(stand.client(other).ask(PoolStand.ad(other), Duration.ZERO)).isEmpty();
        stand.scene.clock().advance(Duration.ofSeconds(50));
        for (var each : waiting) {
            assertThat(each.get()).isEmpty();
        }
    }

    private FutureTask<List<Pool.Assignment>> asking(Duration patience) {
        var task = new FutureTask<>(() -> pool.ask(PoolStand.ad(worker), patience));
        Thread.ofVirtual().start(task);
        return task;
    }

    private PoolServer serve(Pool answering) {
        return new PoolServer(
                answering, stand.scene.workerpool(), stand.scene.chain(), Listening.onLoopback(0), Vitals.UP);
    }

    private PoolClient client(PoolServer server, Wallet wallet) {
        return new PoolClient(new Door(server.uri(), stand.scene.workerpool(), stand.domain), wallet, Optional.empty());
    }

    /// A pool that has nothing to say.
    private abstract static class Answering implements Pool {
        @Override
        public List<Assignment> ask(Ad ad, Duration patience) {
            return List.of();
        }

        @Override
        public List<Verdict> report(Address worker, List<Report> reports) {
            return List.of();
        }

        @Override
        public Address workerpool() {
            return Address.ZERO;
        }

        @Override
        public List<Member> members() {
            return List.of();
        }

        @Override
        public Optional<Suitability> suitability(TaskId task) {
            return Optional.empty();
        }

        @Override
        public Status status(TaskId task) {
            return new Status(List.of(), "", false);
        }

        @Override
        public List<Log> logs(TaskId task, Address reader) {
            return List.of();
        }
    }

    @Test
    void aServersUrlIsNoMore() {
        var domain = stand.domain;

        assertThatThrownBy(() -> new Door(URI.create("https://pool.example/v1"), Address.ZERO, domain))
                .isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> new Door(URI.create("pool.example:8443"), Address.ZERO, domain))
                .isInstanceOf(Malformed.class);
        assertThat(Door.origin(URI.create("HTTPS://Pool.Example/"))).isEqualTo("https://pool.example:443");
    }

    @Test
    void aTimeIsTextAndNoNumber() {
        var wrong = "{\"ad\":{\"worker\":\"%s\",\"machine\":\"[]\"," + "\"free\":1,\"inHand\":[]},\"patience\":%s}";

        for (var patience : List.of("1e999", "1", "1.5", "null", "\"1e999\"", "\"PT61S\"", "\"-PT1S\"", "{}")) {
            assertThatThrownBy(() -> Json.read(
                            wrong.formatted(worker.address(), patience).getBytes(UTF_8), PoolPart.Ask.TYPE))
                    .as(patience)
                    .isInstanceOf(Malformed.class);
        }
        assertThat(Json.read(wrong.formatted(worker.address(), "\"PT60S\"").getBytes(UTF_8), PoolPart.Ask.TYPE)
                        .patience())
                .isEqualTo(Duration.ofMinutes(1));
    }
}
