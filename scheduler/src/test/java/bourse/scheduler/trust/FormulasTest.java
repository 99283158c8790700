package bourse.scheduler.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import bourse.protocol.Draw;
import bourse.protocol.Rlc;
import java.util.Collections;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The worked numbers of docs/trust.md.
class FormulasTest {
    private static final Offset<Double> SEVEN_PLACES = within(5e-8);

    @ParameterizedTest
    @CsvSource({"2, 0.05, 7.250e-3, 2.09", "3, 0.05, 1.158e-3, 3.16"})
    void mFirstVotingIsWrongSoOftenAndCostsSoMuch(int votes, double lies, double error, double results) {
        assertThat(new MFirst(votes).error(lies)).isCloseTo(error, within(5e-7));
        assertThat(new MFirst(votes).results(lies)).isCloseTo(results, within(0.0051));
    }

    @Test
    void fifteenVotesAreNeededWhereAThirdOfAllResultsIsWrong() {
        assertThat(MFirst.within(0.05, 0.35)).isEqualTo(new MFirst(15));
        assertThat(MFirst.within(0.01, 0.05)).isEqualTo(new MFirst(2));
    }

    @Test
    void oneVoteIsWrongAsOftenAsItsWorker() {
        assertThat(new MFirst(1).error(0.2)).isCloseTo(0.2, SEVEN_PLACES);
        assertThat(new MFirst(1).results(0.2)).isCloseTo(1, SEVEN_PLACES);
    }

    @Test
    void twoOfAlmostEnoughAreJustBelowTheBound() {
        var groups = Credibility.ofGroups(
                List.of(List.of(new Credibility(.967), new Credibility(.998)), List.of(new Credibility(.933))));

        assertThat(groups.get(0).value()).isCloseTo(.9989803, SEVEN_PLACES);
        assertThat(groups.get(1).value()).isCloseTo(.0009514, SEVEN_PLACES);
        assertThat(new Promise(1000)
                        .kept(
                                new Credibility(.967).odds() * new Credibility(.998).odds(),
                                new Credibility(.933).odds()))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1, .8", "2, .941176", "3, .984615", "4, .996109", "5, .999024"})
    void freshWorkersThatAgreeAreSoSure(int workers, double credibility) {
        var group = Collections.nCopies(workers, new Assumption(.2).fresh());

        assertThat(Credibility.ofGroups(List.of(group)).getFirst().value()).isCloseTo(credibility, within(5e-7));
    }

    @Test
    void freshWorkersInConflictLeaveDoubt() {
        var fresh = new Assumption(.2).fresh();

        assertThat(Credibility.ofGroups(List.of(List.of(fresh), List.of(fresh))))
                .extracting(Credibility::value)
                .allSatisfy(value -> assertThat(value).isCloseTo(.4444444, SEVEN_PLACES));
        var two = Credibility.ofGroups(List.of(List.of(fresh, fresh), List.of(fresh)));
        assertThat(two.get(0).value()).isCloseTo(.761905, within(5e-7));
        assertThat(two.get(1).value()).isCloseTo(.190476, within(5e-7));
    }

    @ParameterizedTest
    @CsvSource({"100, 4", "1000, 5", "10000, 7"})
    void soManyFreshWorkersAreNeeded(long trust, int workers) {
        double each = new Assumption(.2).fresh().odds();

        assertThat(new Promise(trust).missing(1, 0, each)).isEqualTo(workers);
    }

    @Test
    void checksAddToWhatIsBelieved() {
        var excluding = new Assumption(.2, true);
        var forgiving = new Assumption(.2, false);

        assertThat(excluding.after(0).value()).isEqualTo(.8);
        assertThat(excluding.after(1).value()).isCloseTo(1 - .25 / Math.E, SEVEN_PLACES);
        assertThat(excluding.after(10).value()).isCloseTo(1 - .25 / (10 * Math.E), SEVEN_PLACES);
        assertThat(forgiving.after(1).value()).isCloseTo(.8, SEVEN_PLACES);
        assertThat(forgiving.after(6).value()).isCloseTo(1 - .2 / 6, SEVEN_PLACES);
    }

    @ParameterizedTest
    @CsvSource({".2, true, 10", ".35, true, 20", ".05, true, 2", ".2, false, 20"})
    void soManyChecksMakeAWorkerBelievedAlone(double faulty, boolean exclusion, int checks) {
        assertThat(new Assumption(faulty, exclusion).checksFor(new Promise(100)))
                .isEqualTo(checks);
    }

    @Test
    void nothingCanBeVotedOnWhereHalfOfAllLie() {
        assertThatThrownBy(() -> new Assumption(.5)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLieDoesNotPayWhenAuditsTakeMoreThanLuckGives() {
        var ten = new Draw(10);
        var price = Rlc.parse("1");

        assertThat(new Temptation(price, Rlc.parse("9")).isResisted(ten)).isFalse();
        assertThat(new Temptation(price, Rlc.parse("9.000000001")).isResisted(ten))
                .isTrue();
        assertThat(new Temptation(price, Rlc.ZERO).leastStake(ten)).isEqualTo(Rlc.parse("9.000000001"));
        assertThat(new Temptation(price, price).isResisted(new Draw(51))).isTrue();
    }
}
