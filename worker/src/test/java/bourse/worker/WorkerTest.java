package bourse.worker;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Authorization;
import bourse.protocol.Blobs;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Chain;
import bourse.protocol.Cid;
import bourse.protocol.Contribution;
import bourse.protocol.Contribution.Status;
import bourse.protocol.Digest;
import bourse.protocol.Failure;
import bourse.protocol.Keccak;
import bourse.protocol.Params.Needs;
import bourse.protocol.Pool.Assignment;
import bourse.protocol.Pool.Cause;
import bourse.protocol.Pool.Progress;
import bourse.protocol.Result;
import bourse.protocol.ResultArchive;
import bourse.protocol.ResultLink;
import bourse.protocol.Sha256;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Time;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import bourse.sandbox.Job;
import bourse.sandbox.Limits;
import bourse.sandbox.Program;
import bourse.sandbox.Sandbox;
import bourse.sandbox.WarmSandbox;
import bourse.testing.Fate;
import bourse.testing.Model;
import bourse.testing.Scene;
import bourse.worker.Stage.Wish;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerTest {
    private static final Sandbox HONEST = ScriptedSandbox.printing(_ -> "42");
    private static final Digest ANSWER = digest("42");

    @TempDir
    Path temporary;

    private Stage stage;

    @BeforeEach
    void begin() throws Exception {
        stage = new Stage(temporary, 6);
    }

    @AfterEach
    void end() {
        stage.close();
    }

    /// A dead process says nothing.
    @BeforeAll
    static void buryTheDead() {
        Thread.setDefaultUncaughtExceptionHandler((_, e) -> {
            if (!(e instanceof Fate.Death)) {
                e.printStackTrace();
            }
        });
    }

    private static Digest digest(String stdout) {
        return new Digest(Sha256.of(stdout.getBytes(StandardCharsets.UTF_8)));
    }

    private TaskId offer(Wish wish) throws Exception {
        var deal = stage.offer(wish);
        return deal.task(deal.first());
    }

    private Contribution vote(int worker, TaskId task) {
        return stage.chain.task(task).orElseThrow().contributors().stream()
                .filter(vote -> vote.worker().equals(stage.wallet(worker).address()))
                .findFirst()
                .orElseThrow();
    }

    private boolean hasVoted(int worker, TaskId task) {
        return stage.chain.task(task).orElseThrow().contributors().stream()
                .anyMatch(vote -> vote.worker().equals(stage.wallet(worker).address()));
    }

    private List<Path> promises(int worker) throws IOException {
        try (var files = Files.list(stage.home(worker).resolve("promises"))) {
            return files.toList();
        }
    }

    /* THE WAY OF A TASK */

    @Test
    void whereOneVoteDecidesOneTransactionIsEnough() throws Exception {
        var task = offer(Wish.PLAIN);

        stage.employ(0, HONEST);

        var paid = stage.awaitPaid(task);
        assertThat(paid.digest()).isEqualTo(ANSWER);
        assertThat(paid.contributions()).extracting(Contribution::status).containsExactly(Status.PROVED);
        assertThat(stage.chain.account(stage.wallet(0).address()).free()).isGreaterThan(Scene.RICHES);
        assertThat(stage.chain.account(stage.wallet(0).address()).locked().isZero())
                .isTrue();
    }

    @Test
    void whatIsPaidCanBeRead() throws Exception {
        var task = offer(Wish.PLAIN);
        stage.employ(0, ScriptedSandbox.leaving("deep.txt", "treasure"));

        var link = ResultLink.parse(stage.awaitPaid(task).results());

        stage.blobs.fetch(link.cid(), temporary.resolve("zip"), 10_000);
        var unpacked = Files.createDirectory(temporary.resolve("unpacked"));
        ResultArchive.unpack(temporary.resolve("zip"), unpacked);
        assertThat(unpacked.resolve("deep.txt")).hasContent("treasure");
        assertThat(unpacked.resolve(Result.STDOUT)).isEmptyFile();
        assertThat(unpacked.resolve(Result.STDERR)).isEmptyFile();
    }

    @Test
    void fourNewWorkersConvinceATrustOfTen() throws Exception {
        var task = offer(Wish.PLAIN.trust(10));

        for (int i = 0; i < 4; i++) {
            stage.employ(i, HONEST);
        }

        var paid = stage.awaitPaid(task);
        assertThat(paid.digest()).isEqualTo(ANSWER);
        assertThat(paid.contributions())
                .hasSize(4)
                .extracting(Contribution::status)
                .containsOnly(Status.PROVED);
        assertThat(ResultLink.parse(paid.results())).isNotNull();
    }

    @Test
    void aLiarIsOutvoted() throws Exception {
        var task = offer(Wish.PLAIN.trust(10));
        stage.employ(5, ScriptedSandbox.printing(_ -> "43"));
        stage.until(() -> hasVoted(5, task));

        for (int i = 0; i < 5; i++) {
            stage.employ(i, HONEST);
        }

        assertThat(stage.awaitPaid(task).digest()).isEqualTo(ANSWER);
        assertThat(vote(5, task).status()).isNotEqualTo(Status.PROVED);
        assertThat(stage.chain.account(stage.wallet(5).address()).free()).isLessThan(Scene.RICHES);
    }

    @Test
    void tellsHowFarItIs() throws Exception {
        var task = offer(Wish.PLAIN.trust(10));
        for (int i = 0; i < 4; i++) {
            stage.employ(i, HONEST);
        }
        stage.awaitPaid(task);

        assertThat(stage.pool.heard())
                .contains(new Progress.Fetching(), new Progress.Computing(), new Progress.Contributed())
                .anyMatch(Progress.Delivered.class::isInstance);
    }

    @Test
    void tellsWhatTheProgramPrintedHoweverItEnded() throws Exception {
        offer(Wish.PLAIN);
        try (var _ = stage.employ(0, ScriptedSandbox.printing(_ -> "x".repeat(Progress.Ran.LONGEST_LOG) + "the end"))) {
            stage.until(() -> stage.pool.heard().stream()
                    .anyMatch(progress -> progress instanceof Progress.Ran ran
                            && ran.stdout().length() == Progress.Ran.LONGEST_LOG
                            && ran.stdout().endsWith("xthe end")));
        }

        offer(Wish.PLAIN.program(stage.store("another")));
        stage.employ(1, ScriptedSandbox.failing(bourse.sandbox.Cause.TRAP, "it trapped.", "why"));
        stage.until(() -> stage.pool.heard().contains(new Progress.Ran("", "why")));
    }

    @Test
    void computesABagOfTasksOneAfterTheOther() throws Exception {
        var deal = stage.offer(Wish.PLAIN.volume(20));
        var at = new AtomicInteger();
        var most = new AtomicInteger();

        stage.employ(0, ScriptedSandbox.printing(job -> {
            most.accumulateAndGet(at.incrementAndGet(), Math::max);
            at.decrementAndGet();
            return job.environment().getOrDefault("IEXEC_BOT_TASK_INDEX", "none");
        }));

        for (long index = 0; index < 20; index++) {
            assertThat(stage.awaitPaid(deal.task(index)).digest()).isEqualTo(digest(Long.toString(index)));
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void computesAsManyAtOnceAsItHasSlots() throws Exception {
        var deal = stage.offer(Wish.PLAIN.volume(3));
        var together = new CyclicBarrier(3);

        stage.employ(
                0,
                new ScriptedSandbox(job -> {
                    try {
                        together.await();
                    } catch (java.util.concurrent.BrokenBarrierException e) {
                        throw new InterruptedException(e.toString());
                    }
                    return ((ScriptedSandbox) HONEST).script().run(job);
                }),
                new Settings(3, 1, Limits.DEFAULT, 0, Reach.NONE));

        for (long index = 0; index < 3; index++) {
            stage.awaitPaid(deal.task(index));
        }
    }

    @Test
    void isGivenTwoTasksOfTwoCoresOnFourAndNoThird() throws Exception {
        stage.pool.match();
        var deal = stage.offer(Wish.PLAIN.volume(3).needs(new Needs("", "", 2, 0, 0, 0)));
        var end = new CountDownLatch(1);
        stage.employ(
                0,
                new ScriptedSandbox(job -> {
                    end.await();
                    return ((ScriptedSandbox) HONEST).script().run(job);
                }),
                new Settings(4, 4, Limits.DEFAULT, 0, Reach.NONE));

        stage.until(
                () -> stage.pool.asked().filter(ad -> ad.inHand().size() == 2).isPresent());
        var ad = stage.pool.asked().orElseThrow();

        assertThat(ad.machine()).contains("Cpus = 0").contains("TotalCpus = 4").contains("Memory = 1024");
        assertThat(ad.free()).isEqualTo(2);
        assertThat(stage.pool.hasAssigned(stage.wallet(0).address(), deal.task(2)))
                .isFalse();
        end.countDown();
        for (long index = 0; index < 3; index++) {
            stage.awaitPaid(deal.task(index));
        }
    }

    @Test
    void slotsDecideWhereTasksAskForNothing() throws Exception {
        stage.pool.match();
        var deal = stage.offer(Wish.PLAIN.volume(3));
        var together = new CountDownLatch(3);

        stage.employ(
                0,
                new ScriptedSandbox(job -> {
                    together.countDown();
                    together.await();
                    return ((ScriptedSandbox) HONEST).script().run(job);
                }),
                new Settings(3, 1, Limits.DEFAULT, 0, Reach.NONE).withMemory(Limits.DEFAULT.memoryBytes()));

        for (long index = 0; index < 3; index++) {
            stage.awaitPaid(deal.task(index));
        }
    }

    @Test
    void whatATaskAsksForIsItsLimit() throws Exception {
        var seen = new CopyOnWriteArrayList<Limits>();
        var task = offer(Wish.PLAIN.needs(new Needs("", "", 3, 700, 0, 0)));

        stage.employ(
                0,
                new ScriptedSandbox(job -> {
                    seen.add(job.limits());
                    return ((ScriptedSandbox) HONEST).script().run(job);
                }),
                new Settings(1, 3, Limits.DEFAULT, 0, Reach.NONE).withMemory(1L << 30));
        stage.awaitPaid(task);

        assertThat(seen).singleElement().satisfies(limits -> {
            assertThat(limits.memoryBytes()).isEqualTo(700L << 20);
            assertThat(limits.cores()).isEqualTo(3);
        });
    }

    @ParameterizedTest
    @CsvSource({"2, 0, 0, 0", "1, 513, 0, 0", "1, 0, 0, 1"})
    void givesUpWhatItsMachineDoesNotHave(int cores, long memory, long disk, int gpus) throws Exception {
        var task = offer(Wish.PLAIN.needs(new Needs("", "", cores, memory, disk, gpus)));

        stage.employ(0, HONEST);

        assertThat(stage.awaitGivenUp(task).cause()).isEqualTo(Cause.NOT_SUPPORTED);
    }

    @Test
    void beginsNothingThatItsDiskHasNoRoomFor() throws Exception {
        var task = offer(Wish.PLAIN.needs(new Needs("", "", 1, 0, 1 << 30, 0)));

        stage.employ(0, HONEST);

        assertThat(stage.awaitGivenUp(task).cause()).isEqualTo(Cause.DISK_FULL);
    }

    @Test
    void tellsWhichProgramsItHasAndDoesNotFetchThemAgain() throws Exception {
        var program = stage.store("a program");
        var deal = stage.offer(Wish.PLAIN.program(program).volume(2));

        stage.employ(0, new ScriptedSandbox(job -> {
            stage.blobs.lose(program);
            return ((ScriptedSandbox) HONEST).script().run(job);
        }));
        stage.awaitPaid(deal.task(0));
        stage.awaitPaid(deal.task(1));

        stage.until(() -> stage.pool
                .asked()
                .filter(ad -> ad.machine()
                        .contains("Apps = { \"%s\" }".formatted(deal.app().asset())))
                .isPresent());
    }

    @Test
    void leavesNothingBehind() throws Exception {
        Files.createDirectories(stage.home(0).resolve("work/from-before/in"));
        Files.createSymbolicLink(stage.home(0).resolve("work/from-before/link"), temporary);
        var task = offer(Wish.PLAIN);

        stage.employ(0, HONEST);
        stage.awaitPaid(task);

        stage.until(() -> {
            try (var left = Files.list(stage.home(0).resolve("work"))) {
                return left.findAny().isEmpty();
            }
        });
    }

    @Test
    void forgetsAPromiseOnceNoForkCanBringItBack() throws Exception {
        var task = offer(Wish.PLAIN);
        stage.employ(0, HONEST);
        stage.awaitPaid(task);
        assertThat(promises(0)).hasSize(1);

        // The worker may still be looking at the first blocks when the last are made.
        stage.until(() -> {
            stage.chain.mine();
            return promises(0).isEmpty();
        });

        assertThat(stage.chain.head().number()).isGreaterThan(Keeper.DEPTH);
    }

    /* WHAT THE PROGRAM IS TOLD */

    @Test
    void anImageIsLeftToTheSandboxToFetch() throws Exception {
        var seen = new CopyOnWriteArrayList<Job>();
        var registered = stage.store("an image's manifest");
        var deal = stage.offer(Wish.PLAIN.type("DOCKER").program(registered));

        stage.employ(0, new ScriptedSandbox(job -> {
            seen.add(job);
            return ((ScriptedSandbox) HONEST).script().run(job);
        }));
        stage.awaitPaid(deal.task(0));

        assertThat(seen.getFirst().program())
                .isEqualTo(new Program.Image(
                        registered.path(), Optional.of(registered.sha256().hex()), false));
    }

    @Test
    void aProgramFindsItsInputsAndItsPlace() throws Exception {
        var seen = new CopyOnWriteArrayList<Job>();
        var files = new ConcurrentHashMap<String, String>();
        var book = stage.store("a book");
        var data = stage.store("a dataset");
        var deal = stage.offer(Wish.PLAIN
                .program(stage.store("the program"))
                .dataset(data)
                .volume(2)
                .params(
                        List.of("-n", "two words"),
                        "ipfs://" + book + "?filename=my%20book.txt",
                        "ipfs://" + data + "?filename=other"));

        stage.employ(0, new ScriptedSandbox(job -> {
            seen.add(job);
            if (seen.size() == 1) {
                try (var inputs = Files.list(job.input())) {
                    for (var file : inputs.toList()) {
                        files.put(file.getFileName().toString(), Files.readString(file));
                    }
                }
                files.put("program", Files.readString(((Program.Wasm) job.program()).file()));
            }
            return ((ScriptedSandbox) HONEST).script().run(job);
        }));
        stage.awaitPaid(deal.task(1));

        var address = deal.dataset().asset().toString();
        assertThat(files)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "program", "the program", "my book.txt", "a book", "other", "a dataset", address, "a dataset"));
        assertThat(seen.getFirst().arguments()).containsExactly("-n", "two words");
        assertThat(seen.getFirst().limits().wallTime())
                .isEqualTo(deal.category().reference());
        assertThat(new TreeMap<>(seen.getFirst().environment()))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("IEXEC_IN", "/iexec_in"),
                        Map.entry("IEXEC_OUT", "/iexec_out"),
                        Map.entry("IEXEC_TASK_ID", deal.task(0).toString()),
                        Map.entry("IEXEC_BOT_TASK_INDEX", "0"),
                        Map.entry("IEXEC_BOT_FIRST_INDEX", "0"),
                        Map.entry("IEXEC_BOT_SIZE", "2"),
                        Map.entry("IEXEC_INPUT_FILES_FOLDER", "/iexec_in"),
                        Map.entry("IEXEC_INPUT_FILES_NUMBER", "2"),
                        Map.entry("IEXEC_INPUT_FILE_NAME_1", "my book.txt"),
                        Map.entry("IEXEC_INPUT_FILE_NAME_2", "other"),
                        Map.entry("IEXEC_DATASET_ADDRESS", address),
                        Map.entry("IEXEC_DATASET_FILENAME", address)));
    }

    @Test
    void aCallbackGetsWhatTheProgramSays() throws Exception {
        var contract = Wallet.random().address();
        var task = offer(Wish.PLAIN.callback(contract));

        stage.employ(0, ScriptedSandbox.computed("{\"callback-data\": \"0xc0ffee\"}"));

        var paid = stage.awaitPaid(task);
        assertThat(paid.callbackData()).isEqualTo(Bytes.parse("0xc0ffee"));
        assertThat(paid.digest().value())
                .isEqualTo(Keccak.of(Bytes.parse("0xc0ffee").bytes()));
    }

    @Test
    void aCallbackGetsWhatManyAgreeOn() throws Exception {
        var task = offer(Wish.PLAIN.trust(10).callback(Wallet.random().address()));

        for (int i = 0; i < 4; i++) {
            stage.employ(i, ScriptedSandbox.computed("{\"callback-data\": \"0xc0ffee\"}"));
        }

        assertThat(stage.awaitPaid(task).callbackData()).isEqualTo(Bytes.parse("0xc0ffee"));
    }

    /* GIVING UP */

    private void assertGivesUp(Wish wish, Sandbox sandbox, Cause cause, String... parts) throws Exception {
        var task = offer(wish);
        stage.employ(0, sandbox);

        var gaveUp = stage.awaitGivenUp(task);

        assertThat(gaveUp.message()).contains(parts);
        assertThat(gaveUp.cause()).isEqualTo(cause);
        assertThat(hasVoted(0, task)).isFalse();
        assertThat(promises(0)).isEmpty();
    }

    @Test
    void tellsHowAProgramEnded() throws Exception {
        var sandbox = ScriptedSandbox.failing(
                bourse.sandbox.Cause.EXIT_CODE, "the program ended with exit code 3.", "\u001b[1mno such word\n");

        assertGivesUp(Wish.PLAIN, sandbox, Cause.PROGRAM_FAILED, "exit code 3; the end of its stderr: [1mno such word");
    }

    @Test
    void aCrashIsThisMachinesFault() throws Exception {
        var sandbox = ScriptedSandbox.failing(bourse.sandbox.Cause.CRASHED, "the process died", "");

        assertGivesUp(Wish.PLAIN, sandbox, Cause.WORKER_BROKEN, "the process died");
    }

    @Test
    void aSandboxThatBreaksIsThisMachinesFault() throws Exception {
        var sandbox = new ScriptedSandbox(_ -> {
            throw new IllegalStateException("no more processes");
        });

        assertGivesUp(Wish.PLAIN, sandbox, Cause.WORKER_BROKEN, "this worker failed", "no more processes");
    }

    @Test
    void aFullDiskIsThisMachinesFault() throws Exception {
        var sandbox = new ScriptedSandbox(_ -> {
            throw new IOException("no space left on device");
        });

        assertGivesUp(Wish.PLAIN, sandbox, Cause.DISK_FULL, "could not read or write", "no space left");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ | computed.json is not JSON",
                "{} | takes either a deterministic-output-path or callback-data",
                "{\"deterministic-output-path\": \"/iexec_out/../promises\"} | must not leave /iexec_out",
                "{\"deterministic-output-path\": \"/iexec_out/missing\"} | what the program did not write: missing",
            })
    void aBadComputedJsonIsTheProgramsFault(String json, String message) throws Exception {
        assertGivesUp(Wish.PLAIN, ScriptedSandbox.computed(json), Cause.PROGRAM_FAILED, message);
    }

    @ParameterizedTest
    @ValueSource(strings = {Result.STDOUT, Result.STDERR, Result.ERROR})
    void aProgramMustNotWriteWhatItsWorkerWrites(String name) throws Exception {
        assertGivesUp(Wish.PLAIN, ScriptedSandbox.leaving(name, "forged"), Cause.PROGRAM_FAILED, name, "another name");
    }

    @Test
    void aLinkIsNoResult() throws Exception {
        var sandbox = new ScriptedSandbox(job -> {
            Files.createSymbolicLink(job.output().resolve("link"), Path.of("/etc/hostname"));
            return ((ScriptedSandbox) HONEST).script().run(job);
        });

        assertGivesUp(Wish.PLAIN, sandbox, Cause.PROGRAM_FAILED, "plain files only");
    }

    @Test
    void aCallbackNeedsData() throws Exception {
        var wish = Wish.PLAIN.callback(Wallet.random().address());

        assertGivesUp(wish, HONEST, Cause.PROGRAM_FAILED, "no callback-data");
    }

    /* ERRORS THAT ARE VOTED ON */

    private static final Failure EXIT_3 = new Failure(Failure.Cause.EXIT_CODE, OptionalLong.of(3));

    private static Sandbox failing(String stderr) {
        return ScriptedSandbox.failing(bourse.sandbox.Cause.EXIT_CODE, "it ended with exit code 3.", stderr);
    }

    private Result read(Task.Completed paid) throws IOException {
        var unpacked = Files.createDirectory(temporary.resolve("unpacked"));
        stage.blobs.fetch(ResultLink.parse(paid.results()).cid(), temporary.resolve("zip"), 10_000);
        ResultArchive.unpack(temporary.resolve("zip"), unpacked);
        return Result.read(unpacked);
    }

    @Test
    void workersAgreeThatAProgramFails() throws Exception {
        var task = offer(Wish.PLAIN.trust(10));

        for (int i = 0; i < 4; i++) {
            stage.employ(i, failing("no luck on machine " + i));
        }

        var paid = stage.awaitPaid(task);
        assertThat(paid.digest()).isEqualTo(EXIT_3.digest());
        assertThat(paid.contributions())
                .hasSize(4)
                .extracting(Contribution::status)
                .containsOnly(Status.PROVED);
        assertThat(read(paid).failed()).contains(EXIT_3);
        assertThat(temporary.resolve("unpacked").resolve(Result.STDERR))
                .content()
                .startsWith("no luck on machine");
        assertThat(stage.chain.account(stage.wallet(0).address()).free()).isGreaterThan(Scene.RICHES);
    }

    @Test
    void whoClaimsAnErrorThatIsNoneIsOutvoted() throws Exception {
        var task = offer(Wish.PLAIN.trust(10));
        stage.employ(5, failing(""));
        stage.until(() -> hasVoted(5, task));

        for (int i = 0; i < 5; i++) {
            stage.employ(i, HONEST);
        }

        assertThat(stage.awaitPaid(task).digest()).isEqualTo(ANSWER);
        assertThat(stage.chain.account(stage.wallet(5).address()).free()).isLessThan(Scene.RICHES);
    }

    @Test
    void whoMakesUpAResultOfAProgramThatFailsIsOutvoted() throws Exception {
        var task = offer(Wish.PLAIN.trust(10));
        stage.employ(5, HONEST);
        stage.until(() -> hasVoted(5, task));

        for (int i = 0; i < 5; i++) {
            stage.employ(i, failing(""));
        }

        assertThat(stage.awaitPaid(task).digest()).isEqualTo(EXIT_3.digest());
    }

    @Test
    void whereOneVoteDecidesASecondWitnessMakesTheErrorAResult() throws Exception {
        var task = offer(Wish.PLAIN);
        try (var _ = stage.employ(0, failing("first"))) {
            assertThat(stage.awaitGivenUp(task).cause()).isEqualTo(Cause.PROGRAM_FAILED);
        }
        stage.pool.twist(told -> new Assignment(
                told.authorization(),
                told.deal(),
                told.index(),
                told.app(),
                told.dataset(),
                told.block(),
                true,
                told.lease()));

        stage.employ(1, failing("second"));

        assertThat(read(stage.awaitPaid(task)).failed()).contains(EXIT_3);
    }

    @Test
    void aCallbackNeverGetsAnError() throws Exception {
        var wish = Wish.PLAIN.trust(10).callback(Wallet.random().address());

        assertGivesUp(wish, failing(""), Cause.PROGRAM_FAILED, "exit code 3");
    }

    @Test
    void workersAgreeThatADealCanNotBeDone() throws Exception {
        var task = offer(Wish.PLAIN.trust(10).checksum(Bytes32.random()));

        for (int i = 0; i < 4; i++) {
            stage.employ(i, HONEST);
        }

        assertThat(read(stage.awaitPaid(task)).failed()).contains(new Failure(Failure.Cause.DEAL_UNUSABLE));
    }

    @Test
    void workersAgreeThatAProgramForgedItsOwnError() throws Exception {
        var task = offer(Wish.PLAIN.trust(10));

        for (int i = 0; i < 4; i++) {
            stage.employ(i, ScriptedSandbox.leaving(Result.ERROR, EXIT_3.json()));
        }

        assertThat(read(stage.awaitPaid(task)).failed()).contains(new Failure(Failure.Cause.NO_RESULT));
    }

    @Test
    void nobodyVotesOnWhatIsOutOfReach() throws Exception {
        assertGivesUp(
                Wish.PLAIN.trust(10).program(new Cid(Bytes32.random())),
                HONEST,
                Cause.APP_UNREACHABLE,
                "is not in storage");
    }

    /// What is changed, and what comes of it.
    record Change<T>(String message, UnaryOperator<T> change) {
        @Override
        public String toString() {
            return message;
        }
    }

    static Stream<Change<Wish>> wishesThatNobodyCanFulfil() {
        var nowhere = new Cid(Bytes32.random());
        return Stream.of(
                new Change<>("the app's type is ELF, workers run WASM and DOCKER", wish -> wish.type("ELF")),
                new Change<>("the app's registered checksum", wish -> wish.checksum(Bytes32.random())),
                new Change<>(
                        "needs a name",
                        wish -> wish.params(List.of(), "ipfs://" + nowhere + "?filename=..%2Fprogram.wasm")),
                new Change<>("no kind of address", wish -> wish.params(List.of(), "file:///etc/passwd")));
    }

    @ParameterizedTest
    @MethodSource
    void wishesThatNobodyCanFulfil(Change<Wish> twist) throws Exception {
        assertGivesUp(twist.change().apply(Wish.PLAIN), HONEST, Cause.DEAL_UNUSABLE, twist.message());
    }

    @Test
    void aProgramThatIsNotThereMayBeElsewhere() throws Exception {
        var nowhere = new Cid(Bytes32.random());

        assertGivesUp(Wish.PLAIN.program(nowhere), HONEST, Cause.APP_UNREACHABLE, "the program is not in storage");
    }

    static Stream<Change<Wish>> inputsOutOfReach() {
        var nowhere = new Cid(Bytes32.random());
        return Stream.of(
                new Change<>("the dataset is not in storage", wish -> wish.dataset(nowhere)),
                new Change<>("the input file", wish -> wish.params(List.of(), "ipfs://" + nowhere)),
                new Change<>("public addresses only", wish -> wish.params(List.of(), "http://127.0.0.1/secrets.txt")));
    }

    @ParameterizedTest
    @MethodSource
    void inputsOutOfReach(Change<Wish> twist) throws Exception {
        assertGivesUp(twist.change().apply(Wish.PLAIN), HONEST, Cause.INPUT_UNREACHABLE, twist.message());
    }

    @ParameterizedTest
    @CsvSource({
        "TIMED_OUT, TIMED_OUT",
        "CRASHED, WORKER_BROKEN",
        "OTHER_PLATFORM, NOT_SUPPORTED",
        "PULL_FAILED, APP_UNREACHABLE",
        "IMAGE_NOT_FOUND, APP_UNREACHABLE"
    })
    void whatDependsOnTheMachineIsNotTheProgramsFault(bourse.sandbox.Cause ended, Cause cause) throws Exception {
        assertGivesUp(Wish.PLAIN, ScriptedSandbox.failing(ended, "not here.", ""), cause, "not here");
    }

    @Test
    void beginsNothingOnAFullDisk() throws Exception {
        var task = offer(Wish.PLAIN.program(new Cid(Bytes32.random())));

        stage.employ(0, HONEST, Settings.DEFAULT.withDisk(Long.MAX_VALUE));

        assertThat(stage.awaitGivenUp(task).cause()).isEqualTo(Cause.DISK_FULL);
    }

    @Test
    void takesNoKindOfAppThatItsSandboxDoesNotRun() throws Exception {
        var task = offer(Wish.PLAIN.type("DOCKER"));
        try (var sandbox =
                new WarmSandbox(Files.createDirectory(temporary.resolve("scratch")), 1, Duration.ofSeconds(5))) {
            stage.employ(0, sandbox);

            var gaveUp = stage.awaitGivenUp(task);

            assertThat(gaveUp.cause()).isEqualTo(Cause.NOT_SUPPORTED);
            assertThat(gaveUp.message()).contains("does not run apps of type DOCKER");
        }
    }

    @Test
    void comesTooLateForATaskThatIsDecided() throws Exception {
        var task = offer(Wish.PLAIN.trust(10));
        for (int i = 1; i < 5; i++) {
            stage.scene.contribute(stage.wallet(i), task, ANSWER);
        }

        stage.employ(0, HONEST);

        assertThat(stage.awaitGivenUp(task).cause()).isEqualTo(Cause.TOO_LATE);
    }

    @Test
    void comesTooLateAfterTheDeadline() throws Exception {
        var deal = stage.offer(Wish.PLAIN);
        stage.scene.clock().advanceTo(deal.contributionDeadline());
        stage.chain.mine();

        stage.employ(0, HONEST);

        assertThat(stage.awaitGivenUp(deal.task(0)).message()).contains("the time for contributions ended");
    }

    /* A NODE THAT IS BEHIND */

    private static UnaryOperator<Assignment> seenLater(long blocks) {
        return told -> new Assignment(
                told.authorization(),
                told.deal(),
                told.index(),
                told.app(),
                told.dataset(),
                told.block() + blocks,
                told.witness(),
                told.lease());
    }

    @Test
    void waitsForTheBlockThatThePoolHasSeen() throws Exception {
        var ran = new AtomicInteger();
        stage.pool.twist(seenLater(2));
        var task = offer(Wish.PLAIN);
        stage.employ(0, ScriptedSandbox.printing(_ -> "try " + ran.incrementAndGet()));
        stage.until(() -> stage.pool.hasAssigned(stage.wallet(0).address(), task));
        stage.chain.mine();
        assertThat(ran).hasValue(0);

        stage.chain.mine();

        stage.awaitPaid(task);
    }

    @Test
    void aNodeThatStaysBehindIsNotAWorkerWithoutMoney() throws Exception {
        stage.chain.submit(stage.wallet(0), new Transaction.Withdraw(Scene.RICHES));
        stage.pool.twist(seenLater(2));
        var task = offer(Wish.PLAIN.trust(10));
        stage.employ(0, HONEST);

        stage.until(() -> {
            stage.scene.clock().advance(Duration.ofSeconds(5));
            return stage.pool.givenUp(task).isPresent();
        });

        var gaveUp = stage.awaitGivenUp(task);
        assertThat(gaveUp.cause()).isEqualTo(Cause.CHAIN_BEHIND);
        assertThat(gaveUp.message()).contains("is the node synchronised?");
    }

    @Test
    void saysWhichInputIsMissing() throws Exception {
        var nowhere = new Cid(Bytes32.random());

        assertGivesUp(
                Wish.PLAIN.params(List.of(), "ipfs://" + nowhere + "?filename=book.txt"),
                HONEST,
                Cause.INPUT_UNREACHABLE,
                "the input file book.txt is not in storage",
                nowhere.toString());
    }

    @Test
    void twoInputsMayNotHaveOneName() throws Exception {
        var book = stage.store("a book");
        var url = "ipfs://" + book + "?filename=a";

        assertGivesUp(Wish.PLAIN.params(List.of(), url, url), HONEST, Cause.DEAL_UNUSABLE, "two input files");
    }

    @Test
    void inputsHaveToFit() throws Exception {
        var task = offer(
                Wish.PLAIN.params(List.of(), "ipfs://" + stage.store("12345"), "ipfs://" + stage.store("678901")));

        stage.employ(0, HONEST, new Settings(1, 1, Limits.DEFAULT, 10, Reach.NONE));

        var gaveUp = stage.awaitGivenUp(task);
        assertThat(gaveUp.message()).contains("more than the 5 bytes");
        assertThat(gaveUp.cause()).isEqualTo(Cause.DEAL_UNUSABLE);
    }

    @Test
    void theStakeHasToBeThere() throws Exception {
        stage.chain.submit(stage.wallet(0), new Transaction.Withdraw(Scene.RICHES));

        assertGivesUp(Wish.PLAIN.trust(10), HONEST, Cause.STAKE_TOO_LOW, "the stake is", "deposit more");
    }

    @Test
    void theShortWayNeedsNoStake() throws Exception {
        stage.chain.submit(stage.wallet(0), new Transaction.Withdraw(Scene.RICHES));
        var task = offer(Wish.PLAIN);

        stage.employ(0, HONEST);

        stage.awaitPaid(task);
    }

    @Test
    void tellsWhatTheChainRefuses() throws Exception {
        var task = offer(Wish.PLAIN.trust(10));

        stage.employ(0, new ScriptedSandbox(job -> {
            try {
                stage.chain.submit(stage.wallet(0), new Transaction.Withdraw(Scene.RICHES));
            } catch (bourse.protocol.Refused e) {
                throw new AssertionError(e);
            }
            return ((ScriptedSandbox) HONEST).script().run(job);
        }));

        var gaveUp = stage.awaitGivenUp(task);
        assertThat(gaveUp.message()).contains("the chain refused the contribution", "InsufficientFree");
        assertThat(gaveUp.cause()).isEqualTo(Cause.CONTRIBUTION_REFUSED);
    }

    /* A POOL THAT LIES */

    static Stream<Change<Assignment>> lies() {
        var stranger = Wallet.random();
        return Stream.of(
                new Change<>(
                        "not signed by the workerpool's owner",
                        told -> authorize(
                                told,
                                Authorization.sign(
                                        told.authorization().worker(), told.task(), Address.ZERO, stranger))),
                new Change<>(
                        "the authorization is not signed: a signature takes 65 bytes",
                        told -> authorize(
                                told,
                                new Authorization(
                                        told.authorization().worker(),
                                        told.task(),
                                        Address.ZERO,
                                        Bytes.parse("0x1234")))),
                new Change<>(
                        "for another worker",
                        told -> authorize(
                                told,
                                new Authorization(
                                        stranger.address(),
                                        told.task(),
                                        Address.ZERO,
                                        told.authorization().signature()))),
                new Change<>(
                        "wants an enclave",
                        told -> authorize(
                                told,
                                new Authorization(
                                        told.authorization().worker(),
                                        told.task(),
                                        stranger.address(),
                                        told.authorization().signature()))),
                new Change<>(
                        "not the one at index 1",
                        told -> new Assignment(
                                told.authorization(),
                                told.deal(),
                                1,
                                told.app(),
                                told.dataset(),
                                told.block(),
                                told.witness(),
                                told.lease())),
                new Change<>(
                        "another program than the app's registry",
                        told -> new Assignment(
                                told.authorization(),
                                told.deal(),
                                told.index(),
                                new Asset.App(
                                        told.app().address(),
                                        told.app().owner(),
                                        told.app().name(),
                                        told.app().type(),
                                        told.app().location(),
                                        Bytes32.random()),
                                told.dataset(),
                                told.block(),
                                told.witness(),
                                told.lease())));
    }

    private static Assignment authorize(Assignment told, Authorization other) {
        return new Assignment(
                other,
                told.deal(),
                told.index(),
                told.app(),
                told.dataset(),
                told.block(),
                told.witness(),
                told.lease());
    }

    @ParameterizedTest
    @MethodSource
    void lies(Change<Assignment> lie) throws Exception {
        stage.pool.twist(lie.change());
        var cause = lie.message().contains("enclave") ? Cause.NOT_SUPPORTED : Cause.ASSIGNMENT_WRONG;

        assertGivesUp(Wish.PLAIN, HONEST, cause, lie.message());
    }

    @Test
    void computesNothingThatTheChainDoesNotHave() throws Exception {
        var known = stage.offer(Wish.PLAIN.trust(10));
        var task = known.task(0);
        stage.pool.twist(told -> {
            var deal = told.deal();
            return new Assignment(
                    told.authorization(),
                    new bourse.protocol.Deal(
                            deal.id(),
                            deal.app(),
                            deal.dataset(),
                            deal.workerpool(),
                            1, // the chain says 10
                            deal.category(),
                            deal.tag(),
                            deal.requester(),
                            deal.beneficiary(),
                            deal.callback(),
                            deal.params(),
                            deal.start(),
                            deal.first(),
                            deal.volume(),
                            deal.workerStake(),
                            deal.schedulerRatio(),
                            deal.sponsor()),
                    told.index(),
                    told.app(),
                    told.dataset(),
                    told.block(),
                    told.witness(),
                    told.lease());
        });

        stage.employ(0, HONEST);

        assertThat(stage.awaitGivenUp(task).message()).contains("no such deal");
    }

    /* INTERRUPTIONS */

    @Test
    void stopsWhenThePoolSaysSo() throws Exception {
        var started = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        var task = offer(Wish.PLAIN);
        stage.employ(0, new ScriptedSandbox(_ -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            throw new AssertionError("nobody opens the latch");
        }));
        started.await();

        stage.pool.stop(task);

        interrupted.await();
        assertThat(stage.pool.givenUp(task)).isEmpty();
    }

    @Test
    void theSilenceOfAPoolStopsNobody() throws Exception {
        var task = offer(Wish.PLAIN);
        stage.pool.fallSilent();

        stage.employ(0, HONEST);

        stage.awaitPaid(task);
    }

    @Test
    void waitsForAChainThatIsAway() throws Exception {
        var task = offer(Wish.PLAIN.trust(10));
        for (int i = 0; i < 3; i++) {
            stage.employ(i, HONEST);
        }
        stage.until(() -> hasVoted(0, task) && hasVoted(1, task) && hasVoted(2, task));
        stage.chain.cut();
        stage.chain.mend();
        stage.employ(3, HONEST);

        stage.awaitPaid(task);
    }

    @Test
    void revealsAfterARestartWhatItContributedBefore() throws Exception {
        var task = offer(Wish.PLAIN.trust(10));
        try (var _ = stage.employ(0, HONEST)) {
            stage.until(() -> hasVoted(0, task));
        }
        for (int i = 1; i < 4; i++) {
            stage.employ(i, HONEST);
        }
        stage.awaitTask(task, now -> now instanceof Task.Revealing revealing && revealing.reveals() == 3);

        stage.employ(0, ScriptedSandbox.printing(_ -> "something else by now"));

        assertThat(stage.awaitPaid(task).contributions())
                .hasSize(4)
                .extracting(Contribution::status)
                .containsOnly(Status.PROVED);
    }

    @Test
    void contributesAgainWhatAForkHasTaken() throws Exception {
        var task = offer(Wish.PLAIN.trust(10));
        stage.employ(0, HONEST);
        stage.until(() -> hasVoted(0, task));

        stage.chain.reorg(1, Model.Lost.DROPPED);

        stage.until(() -> hasVoted(0, task));
        assertThat(vote(0, task).hash()).isEqualTo(ANSWER.hash(task));
    }

    /// The program answers differently each time it is asked, so a second computation would show.
    @Test
    void standsByWhatItPromisedWhereverItDies() throws Exception {
        for (int step = 0; ; step++) {
            if (diesAt(step, 1)) {
                assertThat(step).isGreaterThan(10);
                return;
            }
        }
    }

    @Test
    void votesAndRevealsWhereverItDies() throws Exception {
        for (int step = 0; ; step++) {
            if (diesAt(step, 10)) {
                assertThat(step).isGreaterThan(20);
                return;
            }
        }
    }

    /// @return whether it was done before it could die
    private boolean diesAt(int step, long trust) throws Exception {
        var runs = new AtomicInteger();
        var sandbox = trust == 1 ? ScriptedSandbox.printing(_ -> "try " + runs.incrementAndGet()) : HONEST;
        try (var here = new Stage(temporary.resolve("trust" + trust + "step" + step), 4)) {
            var deal = here.offer(Wish.PLAIN.trust(trust));
            var task = deal.task(0);
            for (int i = 1; i < 4 && trust > 1; i++) {
                here.employ(i, sandbox);
            }
            var fate = new Fate(step);
            try (var _ = here.employ(0, sandbox, Settings.DEFAULT, fate)) {
                here.until(() -> fate.isFulfilled() || isPaid(here.chain, task));
            }
            if (!fate.isFulfilled()) {
                return true;
            }
            var second = new Fate(Integer.MAX_VALUE);
            here.employ(0, sandbox, Settings.DEFAULT, second);

            var paid = here.awaitPaid(task);

            assertThat(paid.contributions()).extracting(Contribution::status).containsOnly(Status.PROVED);
            assertThat(Stream.concat(fate.signed().stream(), second.signed().stream())
                            .map(WorkerTest::hash)
                            .distinct())
                    .as("after dying at step %d", step)
                    .hasSizeLessThanOrEqualTo(1);
            return false;
        }
    }

    private static boolean isPaid(Chain chain, TaskId task) throws InterruptedException {
        return chain.task(task).filter(Task::ended).isPresent();
    }

    private static Bytes32 hash(Transaction transaction) {
        return switch (transaction) {
            case Transaction.Contribute t -> t.hash();
            case Transaction.Reveal t -> t.digest().hash(t.task());
            case Transaction.ContributeAndFinalize t ->
                t.digest().hash(t.authorization().task());
            default -> throw new AssertionError("a worker does not send " + transaction);
        };
    }

    @Test
    void forgetsAVoteThatAReopeningRejected() throws Exception {
        var task = offer(Wish.PLAIN.trust(10));
        try (var _ = stage.employ(0, HONEST)) {
            stage.until(() -> hasVoted(0, task));
        }
        for (int i = 1; i < 4; i++) {
            stage.scene.contribute(stage.wallet(i), task, ANSWER);
        }
        stage.scene.clock().advance(Duration.ofMinutes(11));
        stage.chain.submit(stage.scene.scheduler(), new Transaction.Reopen(task));

        stage.employ(0, HONEST);

        stage.until(() -> {
            stage.chain.mine();
            return promises(0).isEmpty();
        });
        assertThat(vote(0, task).status()).isEqualTo(Status.REJECTED);
    }

    /* A REAL SANDBOX */

    /// `(module (memory (export "memory") 1) (func (export "_start") (loop (br 0))))`
    private static final Bytes ENDLESS = Bytes.parse("0x0061736d01000000" + "010401600000" + "03020100" + "0503010001"
            + "071302066d656d6f72790200065f73746172740000" + "0a0901070003400c000b0b");

    @Test
    void anEndlessLoopRunsOutOfFuel() throws Exception {
        var task = offer(Wish.PLAIN.program(stage.blobs.put(ENDLESS.bytes())));
        try (var sandbox =
                new WarmSandbox(Files.createDirectory(temporary.resolve("scratch")), 1, Duration.ofSeconds(5))) {
            stage.employ(0, sandbox, new Settings(1, 1, Limits.DEFAULT.withFuel(1_000_000), 0, Reach.NONE));

            var gaveUp = stage.awaitGivenUp(task);

            assertThat(gaveUp.cause()).isEqualTo(Cause.PROGRAM_FAILED);
            assertThat(gaveUp.message()).contains("1000000 instructions");
        }
    }

    @Test
    void aRealProgramIsComputedAndPaid() throws Exception {
        var program = Path.of("../examples/pi.wasm");
        var task = offer(Wish.PLAIN.program(stage.blobs.put(program)).params(List.of("1000")));
        try (var sandbox =
                new WarmSandbox(Files.createDirectory(temporary.resolve("scratch")), 1, Duration.ofSeconds(5))) {
            stage.employ(0, sandbox);

            var link = ResultLink.parse(stage.awaitPaid(task).results());
            assertThat(stage.blobs.cids()).contains(link.cid());
        }
    }

    @Test
    void storageThatIsAwayIsNotTheProgramsFault() throws Exception {
        var task = offer(Wish.PLAIN);
        Blobs away = new Blobs() {
            @Override
            public Cid put(Path file) throws IOException {
                throw new IOException("the storage is away");
            }

            @Override
            public void fetch(Cid cid, Path target, long most) throws IOException {
                stage.blobs.fetch(cid, target, most);
            }
        };
        try (var _ = new Worker(
                        stage.chain,
                        stage.pool,
                        away,
                        HONEST,
                        stage.wallet(0),
                        stage.home(0),
                        Time.by(stage.scene.clock()),
                        Settings.DEFAULT)
                .start()) {
            var gaveUp = stage.awaitGivenUp(task);

            assertThat(gaveUp.cause()).isEqualTo(Cause.WORKER_BROKEN);
            assertThat(gaveUp.message()).contains("the storage is away");
        }
    }
}
