package bourse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bourse.protocol.Account;
import bourse.protocol.Bytes;
import bourse.protocol.Contribution;
import bourse.protocol.Digest;
import bourse.protocol.Draw;
import bourse.protocol.Event;
import bourse.protocol.Keccak;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// One worker who wins alone may be checked by others.
class AuditsTest {
    private static final Digest RIGHT = new Digest(Keccak.of(Bytes.utf8("right").bytes()));
    private static final Digest WRONG = new Digest(Keccak.of(Bytes.utf8("wrong").bytes()));

    private final Scene always;
    private final Model chain;
    private final Wallet sleeper;

    AuditsTest() throws Exception {
        always = new Scene(5, 12, new Draw(100));
        chain = always.chain();
        sleeper = always.worker(0);
        always.score(sleeper, 303);
    }

    @Test
    void whoWinsAloneAndIsDrawnRevealsNothing() throws Exception {
        var task = won(always, RIGHT);

        assertThat(chain.task(task)).containsInstanceOf(Task.AuditDue.class);
        assertRefused("AuditDue", () -> always.reveal(sleeper, task, RIGHT));
    }

    @Test
    void whoIsNotDrawnRevealsAsAlways() throws Exception {
        var scene = new Scene(5, 1, new Draw(0));
        scene.score(scene.worker(0), 303);
        var task = won(scene, RIGHT);

        assertThat(scene.chain().task(task)).containsInstanceOf(Task.Revealing.class);
        scene.reveal(scene.worker(0), task, RIGHT);
        scene.finish(task);

        assertThat(scene.chain().task(task)).containsInstanceOf(Task.Completed.class);
    }

    @Test
    void atTrustOneNobodyIsDrawn() throws Exception {
        var task = always.task(1);

        always.contribute(sleeper, task, RIGHT);

        assertThat(chain.task(task)).containsInstanceOf(Task.Revealing.class);
    }

    @Test
    void anAuditKeepsTheVoteSealedAndCountsItAsANewWorkers() throws Exception {
        var task = won(always, RIGHT);

        var receipt = audit(task);

        assertThat(receipt).containsExactly(new Event.Reopened(task), new Event.Audited(task));
        assertThat(chain.task(task).orElseThrow().contributors())
                .singleElement()
                .satisfies(vote -> {
                    assertThat(vote.status()).isEqualTo(Contribution.Status.CONTRIBUTED);
                    assertThat(vote.audited()).isTrue();
                    assertThat(vote.weight()).isEqualTo(100);
                    assertThat(vote.power()).isEqualTo(2);
                });
        assertRefused("NothingToAudit", () -> audit(task));
    }

    @Test
    void whoIsFoundRightIsPaidByHisWholeWeight() throws Exception {
        var task = won(always, RIGHT);
        audit(task);
        votesOfNew(task, 6, RIGHT);
        always.reveal(sleeper, task, RIGHT);
        for (int i = 1; i <= 6; i++) {
            always.reveal(always.worker(i), task, RIGHT);
        }

        always.finish(task);

        // log2 of 100 is 6, of six new workers' 2 it is 1 each: he gets half of the workers' 0.99.
        assertThat(chain.account(sleeper.address())).isEqualTo(new Account(Rlc.parse("1000.495"), Rlc.ZERO));
        assertThat(chain.score(sleeper.address())).isEqualTo(304);
    }

    @Test
    void whoIsOutvotedLosesHisStakeAndHisWholeScore() throws Exception {
        var task = won(always, WRONG);
        audit(task);
        votesOfNew(task, 9, RIGHT);
        for (int i = 1; i <= 9; i++) {
            always.reveal(always.worker(i), task, RIGHT);
        }

        always.finish(task);

        assertThat(chain.account(sleeper.address())).isEqualTo(new Account(Rlc.parse("999.7"), Rlc.ZERO));
        assertThat(chain.score(sleeper.address())).isZero();
    }

    @Test
    void whoKeepsSilentInsteadFaresAsIfHeHadBeenAudited() throws Exception {
        var task = won(always, WRONG);
        always.clock().advance(Duration.ofMinutes(10));
        assertRefused("TooLate", () -> audit(task));
        chain.submit(always.scheduler(), new Transaction.Reopen(task));
        votesOfNew(task, 7, RIGHT);
        for (int i = 1; i <= 7; i++) {
            always.reveal(always.worker(i), task, RIGHT);
        }

        always.finish(task);

        assertThat(chain.score(sleeper.address())).isZero();
    }

    @Test
    void theDrawComesInALaterBlock() throws Exception {
        var task = always.task(100);
        chain.hold();
        var threads = Stream.of(contribution(task), new Transaction.Audit(task))
                .map(transaction -> {
                    var outcome = new CompletableFuture<String>();
                    Thread.ofVirtual().start(() -> outcome.complete(outcome(transaction)));
                    return outcome;
                })
                .toList();
        chain.awaitWaiting(2);

        chain.mine();

        // Whichever came first, nobody drew in the block of the contribution.
        assertThat(threads.get(0).get()).isEqualTo("done");
        assertThat(threads.get(1).get()).isIn("DrawTooEarly", "NothingToAudit");
        assertThat(chain.task(task)).containsInstanceOf(Task.AuditDue.class);
    }

    @Test
    void whatNobodyDrewWhileTheChainRememberedIsChecked() throws Exception {
        var scene = new Scene(5, 1, new Draw(1));
        scene.score(scene.worker(0), 303);
        var task = won(scene, RIGHT);
        assertThat(scene.chain().task(task)).containsInstanceOf(Task.Revealing.class);
        for (int i = 0; i < Draw.MEMORY; i++) {
            scene.chain().mine();
        }

        assertThat(scene.chain().task(task)).containsInstanceOf(Task.AuditDue.class);
        scene.chain().submit(scene.scheduler(), new Transaction.Audit(task));

        assertThat(scene.chain().task(task)).containsInstanceOf(Task.Active.class);
    }

    @Test
    void whoLetTheTimePassDeclinesNoMore() throws Exception {
        var task = always.task(100);
        always.clock().advance(Duration.ofMinutes(35));

        var refused = assertRefused("TooLate", () -> chain.submit(always.scheduler(), new Transaction.Decline(task)));

        assertThat(refused.values()).containsKeys("taskid", "deadline");
    }

    /// The sleeper's score lets him be believed alone.
    private static TaskId won(Scene scene, Digest digest) throws Exception {
        var task = scene.task(100);
        scene.contribute(scene.worker(0), task, digest);
        return task;
    }

    private void votesOfNew(TaskId task, int votes, Digest digest) throws Exception {
        for (int i = 1; i <= votes; i++) {
            assertThat(chain.task(task)).containsInstanceOf(Task.Active.class);
            always.contribute(always.worker(i), task, digest);
        }
        assertThat(chain.task(task)).containsInstanceOf(Task.Revealing.class);
    }

    private List<Event> audit(TaskId task) throws Exception {
        return chain.submit(always.worker(5), new Transaction.Audit(task)).events();
    }

    private Transaction contribution(TaskId task) {
        return new Transaction.Contribute(
                always.authorize(sleeper, task), RIGHT.hash(task), RIGHT.seal(sleeper.address(), task));
    }

    private String outcome(Transaction transaction) {
        try {
            chain.submit(sleeper, transaction);
            return "done";
        } catch (Refused refused) {
            return refused.error();
        } catch (InterruptedException e) {
            return e.toString();
        }
    }

    private static Refused assertRefused(String error, ThrowingCallable call) {
        var refused = catchThrowableOfType(Refused.class, call);
        assertThat(refused).isNotNull();
        assertThat(refused.error()).isEqualTo(error);
        return refused;
    }
}
