package bourse.worker;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import bourse.protocol.Authorization;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Chain.Index;
import bourse.protocol.Cid;
import bourse.protocol.Contribution;
import bourse.protocol.Contribution.Status;
import bourse.protocol.DealId;
import bourse.protocol.Digest;
import bourse.protocol.ResultLink;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DutiesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Address ME = Wallet.of(word(1)).address();
    private static final Address OTHER = Wallet.of(word(2)).address();
    private static final DealId DEAL = new DealId(word(3));
    private static final TaskId TASK = DEAL.task(0);
    private static final Digest MINE = new Digest(word(4));
    private static final Digest ANOTHER = new Digest(word(5));
    private static final Authorization AUTHORIZATION = Authorization.sign(ME, TASK, Address.ZERO, Wallet.of(word(6)));
    private static final ResultLink LINK = new ResultLink(new Cid(word(7)));

    private static Bytes32 word(int number) {
        return new Bytes32("%064x".formatted(number));
    }

    private static Promise promise(long trust) {
        return new Promise(new Index(DEAL, 0), AUTHORIZATION, trust, MINE, LINK, Bytes.EMPTY);
    }

    private static Contribution vote(Address worker, Status status, Digest digest) {
        return new Contribution(worker, status, digest.hash(TASK), digest.seal(worker, TASK), 2);
    }

    private static Task active(Contribution... votes) {
        return new Task.Active(TASK, DEAL, 0, List.of(votes));
    }

    private static Task revealing(Digest consensus, Contribution... votes) {
        int winners = (int) Arrays.stream(votes)
                .filter(vote -> vote.hash().equals(consensus.hash(TASK)))
                .count();
        return new Task.Revealing(TASK, DEAL, 0, consensus.hash(TASK), NOON, winners, 0, List.of(votes));
    }

    private static Duty next(Task task) {
        return Duties.next(task, promise(10), ME);
    }

    private static final Duty CONTRIBUTE =
            new Duty.Contribute(new Transaction.Contribute(AUTHORIZATION, MINE.hash(TASK), MINE.seal(ME, TASK)));

    @Test
    void waitsUntilTheTaskIsInitialized() {
        assertThat(next(new Task.Unset(TASK, DEAL, 0))).isEqualTo(new Duty.Rest());
    }

    @Test
    void contributesWhatItPromised() {
        assertThat(next(active(vote(OTHER, Status.CONTRIBUTED, ANOTHER)))).isEqualTo(CONTRIBUTE);
    }

    @Test
    void takesTheShortWayWhereOneVoteDecides() {
        assertThat(Duties.next(active(), promise(1), ME))
                .isEqualTo(new Duty.Contribute(
                        new Transaction.ContributeAndFinalize(AUTHORIZATION, MINE, LINK.results(), Bytes.EMPTY)));
    }

    @Test
    void takesTheLongWayAfterAReopening() {
        assertThat(Duties.next(active(vote(OTHER, Status.REJECTED, ANOTHER)), promise(1), ME))
                .isEqualTo(CONTRIBUTE);
    }

    @Test
    void waitsForTheOthersVotes() {
        assertThat(next(active(vote(ME, Status.CONTRIBUTED, MINE)))).isEqualTo(new Duty.Rest());
    }

    @Test
    void revealsWhatWon() {
        assertThat(next(revealing(MINE, vote(OTHER, Status.CONTRIBUTED, MINE), vote(ME, Status.CONTRIBUTED, MINE))))
                .isEqualTo(new Duty.Reveal(new Transaction.Reveal(TASK, MINE)));
    }

    @Test
    void revealsNothingThatLost() {
        var votes = new Contribution[] {vote(OTHER, Status.CONTRIBUTED, ANOTHER), vote(ME, Status.CONTRIBUTED, MINE)};

        assertThat(next(revealing(ANOTHER, votes))).isEqualTo(new Duty.Rest());
    }

    @Test
    void waitsWhereItCameTooLateToVoteForTheTaskMayBeReopened() {
        assertThat(next(revealing(MINE, vote(OTHER, Status.CONTRIBUTED, MINE)))).isEqualTo(new Duty.Rest());
    }

    @Test
    void asksForHisAuditAndRevealsNothing() {
        var alone = vote(ME, Status.CONTRIBUTED, MINE);

        assertThat(next(new Task.AuditDue(TASK, DEAL, 0, MINE.hash(TASK), NOON, List.of(alone))))
                .as("it would show others what to say")
                .isEqualTo(new Duty.Audit(new Transaction.Audit(TASK)));
    }

    @Test
    void leavesTheAuditOfAnotherToOthers() {
        var votes = List.of(vote(ME, Status.CONTRIBUTED, MINE), vote(OTHER, Status.CONTRIBUTED, ANOTHER));

        assertThat(next(new Task.AuditDue(TASK, DEAL, 0, ANOTHER.hash(TASK), NOON, votes)))
                .isEqualTo(new Duty.Rest());
    }

    @Test
    void waitsForThoseWhoCheckAndThenReveals() {
        var audited = new Contribution(ME, Status.CONTRIBUTED, MINE.hash(TASK), MINE.seal(ME, TASK), 1000, true);

        assertThat(next(active(audited))).isEqualTo(new Duty.Rest());
        assertThat(next(revealing(MINE, audited, vote(OTHER, Status.CONTRIBUTED, MINE))))
                .isEqualTo(new Duty.Reveal(new Transaction.Reveal(TASK, MINE)));
        assertThat(next(revealing(ANOTHER, audited, vote(OTHER, Status.CONTRIBUTED, ANOTHER))))
                .isEqualTo(new Duty.Rest());
    }

    @Test
    void contributesToACheckWithoutTheShortWay() {
        var audited =
                new Contribution(OTHER, Status.CONTRIBUTED, ANOTHER.hash(TASK), ANOTHER.seal(OTHER, TASK), 1000, true);

        assertThat(next(active(audited))).isEqualTo(CONTRIBUTE);
    }

    @Test
    void deliversWhatItRevealed() {
        assertThat(next(revealing(MINE, vote(ME, Status.PROVED, MINE))))
                .isEqualTo(new Duty.Deliver(promise(10).delivered()));
    }

    @Test
    void forgetsAVoteThatWasRejected() {
        assertThat(next(active(vote(ME, Status.REJECTED, MINE)))).isEqualTo(new Duty.Forget());
        assertThat(next(revealing(MINE, vote(ME, Status.REJECTED, MINE)))).isEqualTo(new Duty.Forget());
    }

    @Test
    void forgetsAPromiseThatWasBrokenElsewhere() {
        assertThat(next(revealing(ANOTHER, vote(ME, Status.CONTRIBUTED, ANOTHER))))
                .isEqualTo(new Duty.Forget());
    }

    @ParameterizedTest
    @EnumSource
    void forgetsATaskThatHasEnded(Status status) {
        var votes = List.of(vote(ME, status, MINE));

        assertThat(next(new Task.Completed(TASK, DEAL, 0, MINE, LINK.results(), Bytes.EMPTY, votes)))
                .isEqualTo(new Duty.Forget());
        assertThat(next(new Task.Failed(TASK, DEAL, 0, votes))).isEqualTo(new Duty.Forget());
        assertThat(next(new Task.Failed(TASK, DEAL, 0, List.of()))).isEqualTo(new Duty.Forget());
    }
}
