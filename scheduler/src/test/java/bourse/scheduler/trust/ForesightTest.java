package bourse.scheduler.trust;

import static bourse.scheduler.trust.TallyTest.vote;
import static org.assertj.core.api.Assertions.assertThat;

import bourse.scheduler.trust.Foresight.Voter;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForesightTest {
    private static final Promise HUNDRED = new Promise(100);
    private static final Tally NOBODY = new Tally(List.of());
    private static final Voter FRESH = new Voter(2, 4, false);

    @Test
    void letsNobodyDecideAloneWhomOnlyTheChainBelieves() {
        assertThat(Foresight.holds(HUNDRED, NOBODY, List.of(new Voter(100, 4, false))))
                .isFalse();
        assertThat(Foresight.holds(HUNDRED, NOBODY, List.of(new Voter(100, 120, true))))
                .isTrue();
    }

    @Test
    void letsHimConfirmOthersWhoAreBelieved() {
        var tally = Tally.of(List.of(vote(1, 1, 2)), _ -> 30);

        // With the first: 30 · 4 ≥ 99. Against him: 100 on chain is no consensus, which 99 · (1 + 2) would be.
        assertThat(Foresight.holds(HUNDRED, tally, List.of(new Voter(100, 4, false))))
                .isTrue();
        assertThat(Foresight.holds(HUNDRED, tally, List.of(new Voter(298, 4, false))))
                .as("one who outweighs the first alone")
                .isFalse();
    }

    @Test
    void asksFreshWorkersTogetherWhereTheChainNeedsMoreThanThePool() {
        assertThat(Foresight.holds(HUNDRED, NOBODY, Collections.nCopies(7, FRESH)))
                .isTrue();
    }

    @Test
    void doesNotLetTheChainDecideWhereMoreAreAssumedFaultyThanItsWeightsAllow() {
        // 1.857⁷ = 76: the chain takes seven fresh workers at their word, the pool wants 99.
        var doubtful = new Voter(2, new Assumption(.35).fresh().odds(), false);
        var checked = new Voter(2, new Assumption(.35).after(1).odds(), false);

        assertThat(Foresight.holds(HUNDRED, NOBODY, Collections.nCopies(6, doubtful)))
                .isTrue();
        assertThat(Foresight.holds(HUNDRED, NOBODY, Collections.nCopies(7, doubtful)))
                .isFalse();
        assertThat(Foresight.holds(
                        HUNDRED, NOBODY, List.of(doubtful, doubtful, doubtful, doubtful, doubtful, doubtful, checked)))
                .isTrue();
    }

    @Test
    void looksAtEveryOrderInWhichTheAskedMayVote() {
        var heavy = new Voter(120, 20, false);

        assertThat(Foresight.holds(HUNDRED, NOBODY, List.of(FRESH, heavy)))
                .as("the heavy one could be first")
                .isFalse();
    }

    @Test
    void whoIsProvenSettlesWhatLiarsLeftOnChain() {
        // Two that were caught weigh 60 on chain and are worth nothing; another says something else.
        var tally = new Tally(List.of(
                new Tally.Group(TallyTest.answer(1), 2, 60, 1), new Tally.Group(TallyTest.answer(2), 1, 2, 200)));

        assertThat(Foresight.holds(HUNDRED, tally, List.of(new Voter(9, 50, false))))
                .isFalse();
        assertThat(Foresight.holds(HUNDRED, tally, List.of(new Voter(9, 120, true))))
                .isTrue();
    }

    @Test
    void looksThroughNoMoreThanItCan() {
        assertThat(Foresight.holds(HUNDRED, NOBODY, Collections.nCopies(8, new Voter(1, 4, false))))
                .isFalse();
    }
}
