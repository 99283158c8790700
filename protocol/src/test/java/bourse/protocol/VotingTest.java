package bourse.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VotingTest {
    private static final TaskId TASK = new TaskId(Bytes32.ZERO);

    @ParameterizedTest
    @CsvSource({"0, 2", "8, 2", "11, 2", "12, 3", "100, 32", "300, 99", "302, 99", "303, 100"})
    void aWeightGrowsWithTheScore(long score, long weight) {
        assertThat(Voting.weight(score)).isEqualTo(weight);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "2, 1", "3, 2", "12, 8", "100, 66"})
    void whoWasOutvotedLosesAThirdRoundedUp(long score, long after) {
        assertThat(Voting.outvoted(score)).isEqualTo(after);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "2, 1", "3, 2", "10, 4", "100, 7", "1000, 10"})
    void freshWorkersNeededGrowWithTrust(long trust, int workers) {
        var voting = new Voting(trust, List.of());

        assertThat(voting.missing(List.of(), Voting.weight(0))).isEqualTo(workers);
    }

    @Test
    void aScoreOf303IsTakenAloneAtTrust100() {
        assertThat(new Voting(100, List.of()).needsMore(List.of(Voting.weight(302))))
                .isTrue();
        assertThat(new Voting(100, List.of()).needsMore(List.of(Voting.weight(303))))
                .isFalse();
        assertThat(new Voting(100, List.of(vote(1, 100))).needsMore(List.of())).isFalse();
    }

    @Test
    void theGoldenExampleIsAsSureAsTheDocumentationSays() {
        var voting = new Voting(100, List.of(vote(17, 3), vote(42, 32), vote(42, 99)));

        assertThat(voting.credibility()).isEqualTo(0.998738966); // 3168 / 3172
        assertThat(voting.needsMore(List.of())).isFalse();
        assertThat(new Voting(100, List.of(vote(17, 3), vote(42, 32))).needsMore(List.of()))
                .isTrue();
    }

    @Test
    void whoIsStillAtWorkCountsForTheStrongestGroup() {
        var voting = new Voting(10, List.of(vote(1, 2), vote(1, 2), vote(2, 2)));

        assertThat(voting.missing(List.of(), 2)).isEqualTo(3); // 32 · 10 > 35 · 9, 16 · 10 < 19 · 9
        assertThat(voting.missing(List.of(2L), 2)).isEqualTo(2);
        assertThat(voting.missing(List.of(2L, 2L, 2L), 2)).isZero();
    }

    @Test
    void rejectedVotesCountNoMore() {
        var rejected = new Contribution(
                Address.ZERO, Contribution.Status.REJECTED, new Digest(Bytes32.ZERO).hash(TASK), Bytes32.ZERO, 1000);

        assertThat(new Voting(10, List.of(rejected)).missing(List.of(), 2)).isEqualTo(4);
        assertThat(new Voting(10, List.of(rejected)).credibility()).isZero();
    }

    @Test
    void whoIsAuditedCountsAsNew() {
        var audited = new Contribution(
                Address.ZERO,
                Contribution.Status.CONTRIBUTED,
                new Digest(Bytes32.ZERO).hash(TASK),
                Bytes32.ZERO,
                1000,
                true);

        assertThat(audited.power()).isEqualTo(2);
        assertThat(new Voting(100, List.of(audited)).missing(List.of(), 2)).isEqualTo(6);
    }

    @Test
    void noWeightIsTooMuch() {
        var heavy = List.of(vote(1, 1L << 40), vote(1, 1L << 40), vote(1, 1L << 40), vote(2, 1L << 40));

        assertThat(new Voting(Long.MAX_VALUE, heavy).needsMore(List.of())).isFalse();
    }

    private static Contribution vote(int result, long weight) {
        var digest = new Digest(new Bytes32("%064x".formatted(result)));
        return new Contribution(Address.ZERO, Contribution.Status.CONTRIBUTED, digest.hash(TASK), Bytes32.ZERO, weight);
    }
}
