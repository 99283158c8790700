package bourse.scheduler;

import static bourse.protocol.Contribution.Status.CONTRIBUTED;
import static bourse.protocol.Contribution.Status.PROVED;
import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Contribution;
import bourse.protocol.DealId;
import bourse.protocol.Digest;
import bourse.protocol.Sha256;
import bourse.protocol.Task;
import bourse.scheduler.Replicates.Reputation;
import bourse.scheduler.trust.Gate;
import bourse.scheduler.trust.Kinship;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CreditTest {
    private static final DealId DEAL = new DealId(hash("deal"));
    private static final Address APP = worker(1000);
    private static final Digest RIGHT = new Digest(hash("right"));
    private static final Digest WRONG = new Digest(hash("wrong"));
    private final Credit credit = new Credit(0.05, Kinship.NONE, List.of(), List.of());

    private static Bytes32 hash(String text) {
        return Bytes32.of(Sha256.digest().digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private static Address worker(int i) {
        return Address.of(Arrays.copyOf(hash("worker " + i).bytes(), 20));
    }

    private static Contribution vote(long index, int worker, Digest digest) {
        return new Contribution(
                worker(worker),
                digest.equals(RIGHT) ? PROVED : CONTRIBUTED,
                digest.hash(DEAL.task(index)),
                Bytes32.ZERO,
                2);
    }

    private static Task paid(long index, Contribution... votes) {
        return new Task.Completed(DEAL.task(index), DEAL, index, RIGHT, Bytes.EMPTY, Bytes.EMPTY, List.of(votes));
    }

    private boolean isAsked(int worker) {
        return credit.gate().lets(new Gate.Asked(worker(worker), 2), APP, 10, List.of(), List.of());
    }

    @Test
    void whoWasOutvotedByThoseWhoAreBelievedIsNotAskedAgain() {
        credit.ended(
                APP,
                10,
                paid(0, vote(0, 1, RIGHT), vote(0, 2, RIGHT), vote(0, 3, WRONG), vote(0, 4, RIGHT), vote(0, 5, RIGHT)));

        assertThat(isAsked(3)).isFalse();
        assertThat(isAsked(1)).isTrue();
        assertThat(credit.takeChanges()).contains(new Reputation(worker(3), 0, true));
    }

    @Test
    void nothingIsLearntWhereTheFirstResultWins() {
        credit.ended(APP, 1, paid(0, vote(0, 1, RIGHT), vote(0, 2, WRONG)));

        assertThat(credit.takeChanges()).isEmpty();
    }

    @Test
    void eachVoteCountsOnceHoweverOftenItIsSeen() {
        var votes = new ArrayList<Contribution>();
        for (int i = 1; i <= 4; i++) {
            votes.add(vote(0, i, RIGHT));
            credit.saw(APP, 10, new Task.Active(DEAL.task(0), DEAL, 0, votes));
            credit.saw(APP, 10, new Task.Active(DEAL.task(0), DEAL, 0, votes));
        }
        credit.ended(APP, 10, paid(0, votes.toArray(Contribution[]::new)));
        var once = credit.takeChanges();

        credit.ended(APP, 10, paid(0, votes.toArray(Contribution[]::new)));

        assertThat(once).hasSize(4).allMatch(reputation -> !reputation.caught());
        assertThat(once).allMatch(reputation -> reputation.passed() <= 1);
    }

    @Test
    void whatWasShownWithAnAppIsKnownAfterARestart() {
        for (int index = 0; index < 200; index++) {
            credit.examined(APP, paid(index, vote(index, 1, RIGHT)), RIGHT);
        }
        var next = new Credit(0.05, Kinship.NONE, List.of(new Reputation(worker(2), 200, false)), credit.takeShown());

        assertThat(mayBegin(next, 1, APP)).isTrue();
        assertThat(mayBegin(next, 2, APP)).as("he has shown nothing with it").isFalse();
        assertThat(mayBegin(next, 2, worker(1001))).isTrue();
        assertThat(credit.takeShown()).isEmpty();
    }

    private static boolean mayBegin(Credit credit, int worker, Address app) {
        return credit.gate().lets(new Gate.Asked(worker(worker), 200), app, 100, List.of(), List.of());
    }

    @Test
    void whoWasCaughtBeforeARestartIsCaughtAfterIt() {
        var next = new Credit(0.05, Kinship.NONE, List.of(new Reputation(worker(1), 0, true)), List.of());

        assertThat(next.gate().lets(new Gate.Asked(worker(1), 2), APP, 10, List.of(), List.of()))
                .isFalse();
    }
}
