package bourse.scheduler.trust;

import static bourse.scheduler.trust.TallyTest.address;
import static bourse.scheduler.trust.TallyTest.answer;
import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.protocol.Draw;
import bourse.scheduler.trust.Book.Candidate;
import bourse.scheduler.trust.Kinship.Link;
import bourse.scheduler.trust.Standing.Caught;
import bourse.scheduler.trust.Standing.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

class BookTest {
    private static final Bytes32 RIGHT = answer(1);
    private static final Bytes32 WRONG = answer(2);
    private static final Address APP = address(1000);
    private static final Address OTHER = address(1001);
    private static final double NO_CHECK = .99;
    private static final Law CHAIN = new Law.Chain(new Draw(10));

    private Book<String> book = book(new Law.Held(), Kinship.NONE);

    private static Book<String> book(Law law, Kinship kinship) {
        return new Book<>(new Policy(new Promise(100), new Assumption(.2), law, .1), kinship);
    }

    @Test
    void fourFreshWorkersThatAgreeAreBelieved() {
        book.open("task", APP);
        for (int worker = 0; worker < 4; worker++) {
            assertThat(book.takeDecisions()).isEmpty();
            assertThat(ask(worker)).isEqualTo(new Step.Work<>("task"));
            book.voted("task", address(worker), RIGHT, 2);
        }

        assertThat(book.takeDecisions()).containsExactly(new Decided<>("task", RIGHT));
        assertThat(book.undecided()).isZero();
    }

    @Test
    void checksThatArePassedLaterCountForWhatWasGivenBefore() {
        book.open("task", APP);
        vote("task", 0, RIGHT);
        for (int check = 1; check <= 10; check++) {
            assertThat(book.takeDecisions()).as("after %d checks", check - 1).isEmpty();
            book.checked(address(0), APP, true);
        }

        assertThat(book.takeDecisions()).hasSize(1);
    }

    @Test
    void aGoodPastDoesNotPayForALie() {
        pass(0, 20);
        book.open("first", APP);
        vote("first", 0, RIGHT);
        assertThat(book.takeDecisions()).hasSize(1);

        book.open("second", APP);
        vote("second", 0, WRONG);

        assertThat(book.takeDecisions()).as("a new epoch has begun").isEmpty();
    }

    @Test
    void whoIsCaughtTakesBackWhatHeSaid() {
        book.open("task", APP);
        vote("task", 0, RIGHT);
        vote("task", 1, WRONG);

        book.checked(address(1), APP, false);

        assertThat(book.standing(address(1))).isEqualTo(new Caught(Reason.CHECK));
        assertThat(book.tally("task").groups()).hasSize(1);
        assertThat(ask(1)).isEqualTo(new Step.Rest<>());
    }

    @Test
    void backtrackingDecidesWhatOnlyALiarHeldUp() {
        pass(0, 1);
        pass(1, 2);
        book.open("task", APP);
        vote("task", 3, WRONG);
        vote("task", 0, RIGHT);
        vote("task", 1, RIGHT);
        assertThat(book.takeDecisions()).as("9.9 · 20.7 < 99 · (1 + 4)").isEmpty();

        book.checked(address(3), APP, false);

        assertThat(book.takeDecisions()).containsExactly(new Decided<>("task", RIGHT));
    }

    @Test
    void whoIsOutvotedByThoseWhoAreBelievedIsCaught() {
        pass(0, 5);
        pass(1, 5);
        book.open("task", APP);
        vote("task", 9, WRONG);
        vote("task", 0, RIGHT);
        vote("task", 1, RIGHT);

        assertThat(book.takeDecisions()).hasSize(1);
        assertThat(book.standing(address(9))).isEqualTo(new Caught(Reason.VOTE));
    }

    @Test
    void whoContradictsMoreThanCanBeFaultyIsCaught() {
        var chain = book(CHAIN, Kinship.NONE);
        for (int other = 1; other < 30; other++) {
            chain.next(new Candidate(address(other), 2), NO_CHECK);
        }
        for (int task = 0; task < 29; task++) {
            chain.open("task" + task, APP);
            chain.voted("task" + task, address(0), WRONG, 2);
            chain.voted("task" + task, address(task + 1), RIGHT, 2);
        }

        assertThat(chain.standing(address(0))).isEqualTo(new Caught(Reason.CONFLICTS));
        assertThat(chain.standing(address(1))).isInstanceOf(Standing.Good.class);
    }

    @Test
    void oneOwnersWorkersNeverCheckEachOther() {
        var owner = address(100);
        var kin = Kinship.of(List.of(new Link(address(0), owner), new Link(address(1), owner)));
        book = book(new Law.Held(), kin);
        book.open("task", APP);
        vote("task", 0, RIGHT);

        assertThat(ask(1)).isNotInstanceOf(Step.Work.class);
        assertThat(ask(2)).isEqualTo(new Step.Work<>("task"));
    }

    @Test
    void asksOneWorkerAtATime() {
        book.open("task", APP);

        assertThat(ask(0)).isEqualTo(new Step.Work<>("task"));
        assertThat(ask(1)).isEqualTo(new Step.Rest<>());
        book.lost("task", address(0));
        assertThat(ask(1)).isEqualTo(new Step.Work<>("task"));
    }

    @Test
    void checksAreDrawnBeforeTasks() {
        book.open("task", APP);

        assertThat(book.next(new Candidate(address(0), 2), .05)).isEqualTo(new Step.Check<>());
    }

    @Test
    void onChainNobodyDecidesAloneWhoWasNotChecked() {
        book = book(CHAIN, Kinship.NONE);
        book.open("task", APP);

        assertThat(book.next(new Candidate(address(0), 200), NO_CHECK)).isNotInstanceOf(Step.Work.class);
        assertThat(book.next(new Candidate(address(1), 2), NO_CHECK)).isEqualTo(new Step.Work<>("task"));
    }

    @Test
    void onChainWhoWouldDecideAloneIsCheckedMoreOftenWhileLittleIsDecided() {
        var policy = new Policy(new Promise(100), new Assumption(.2), CHAIN, .1);
        var chain = new Law.Chain(new Draw(10));

        assertThat(new Exposure(100, 100).checks(policy, chain)).isGreaterThan(.9);
        assertThat(new Exposure(100_000, 100).checks(policy, chain)).isEqualTo(.1);
        assertThat(Exposure.liesBeforeCaught(.1)).isEqualTo(9);
    }

    @Test
    void onChainWhatWasShownWithOneAppCountsForAnotherUntilThatOneIsKnown() {
        book = book(CHAIN, Kinship.NONE);
        pass(0, 20);
        assertThat(mayBegin(0, OTHER)).as("nothing is known of this app").isTrue();

        for (int worker = 1; worker <= 10; worker++) {
            pass(worker, 11, OTHER);
        }

        assertThat(mayBegin(0, OTHER)).as("he was never seen with it").isFalse();
        assertThat(mayBegin(1, OTHER)).isTrue();
        assertThat(mayBegin(0, APP)).isTrue();
        pass(0, 10, OTHER);
        assertThat(mayBegin(0, OTHER)).isTrue();
    }

    @Test
    void onChainWhoMayNotBeginTasksOfOneAppMayBeginThoseOfAnother() {
        book = book(CHAIN, Kinship.NONE);
        pass(0, 20);
        for (int worker = 1; worker <= 10; worker++) {
            pass(worker, 11, OTHER);
        }
        book.open("not seen", OTHER);
        book.open("seen", APP);

        var expert = new Candidate(address(0), 200);
        assertThat(book.next(expert, NO_CHECK)).isEqualTo(new Step.Work<>("seen"));
        assertThat(book.next(expert, NO_CHECK)).isNotInstanceOf(Step.Work.class);
        assertThat(book.next(new Candidate(address(1), 200), NO_CHECK)).isEqualTo(new Step.Work<>("not seen"));
    }

    @Test
    void onChainTheVotesOnAnAppCountByWhatIsKnownOfIt() {
        book = book(CHAIN, Kinship.NONE);
        pass(0, 50);
        pass(1, 50);
        for (int worker = 2; worker < 12; worker++) {
            pass(worker, 11, OTHER);
        }
        book.open("task", OTHER);
        book.voted("task", address(0), WRONG, 100);
        book.voted("task", address(1), WRONG, 100);
        book.voted("task", address(2), RIGHT, 2);

        book.ended("task", WRONG);

        assertThat(book.standing(address(2)))
                .as("outvoted by two whom nobody has seen with this app")
                .isInstanceOf(Standing.Good.class);
    }

    @Test
    void whoLiesWithOneAppIsAskedForNone() {
        book = book(CHAIN, Kinship.NONE);
        pass(0, 20);

        book.checked(address(0), OTHER, false);

        assertThat(mayBegin(0, APP)).isFalse();
    }

    private boolean mayBegin(int worker, Address app) {
        return book.gate().lets(new Gate.Asked(address(worker), 200), app, 100, List.of(), List.of());
    }

    private void pass(int worker, int checks) {
        pass(worker, checks, APP);
    }

    private void pass(int worker, int checks, Address app) {
        for (int check = 0; check < checks; check++) {
            book.checked(address(worker), app, true);
        }
    }

    private Step<String> ask(int worker) {
        return book.next(new Candidate(address(worker), 2), NO_CHECK);
    }

    private void vote(String task, int worker, Bytes32 answer) {
        assertThat(ask(worker)).isEqualTo(new Step.Work<>(task));
        book.voted(task, address(worker), answer, 2);
    }
}
