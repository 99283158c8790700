package bourse.scheduler.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import bourse.protocol.Contribution;
import bourse.protocol.Contribution.Status;
import bourse.protocol.Voting;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TallyTest {
    @Test
    void theGoldenExampleIsCountedAsOnChain() {
        var votes = List.of(
                vote(1, 17, Voting.weight(12)), vote(2, 42, Voting.weight(100)), vote(3, 42, Voting.weight(300)));
        var tally = Tally.of(votes, Vote::power);

        var best = tally.best().orElseThrow();

        assertThat(best.answer()).isEqualTo(answer(42));
        assertThat(best.power() / (1 + best.power() + tally.powerAgainst(best)))
                .isCloseTo(3168.0 / 3172, within(1e-12));
        assertThat(tally.consensus(new Promise(100))).contains(best);
        assertThat(Tally.of(votes.subList(0, 2), Vote::power).consensus(new Promise(100)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"10, 4", "100, 7", "1000, 10"})
    void theChainTakesSoManyFreshWorkers(long trust, int workers) {
        for (int n = 1; n <= workers; n++) {
            var votes = new ArrayList<Vote>();
            for (int worker = 0; worker < n; worker++) {
                votes.add(vote(worker, 1, Voting.weight(0)));
            }
            assertThat(Tally.of(votes, _ -> 1).consensus(new Promise(trust)).isPresent())
                    .isEqualTo(n == workers);
        }
    }

    @Test
    void countsAsTheContractsDo() {
        var random = new SplittableRandom(1);
        for (int i = 0; i < 2000; i++) {
            long trust = new long[] {1, 2, 10, 100, 1000}[random.nextInt(5)];
            var votes = new ArrayList<Vote>();
            var contributions = new ArrayList<Contribution>();
            int count = random.nextInt(8);
            for (int worker = 0; worker < count; worker++) {
                var vote = vote(worker, random.nextInt(3), Voting.weight(random.nextInt(400)));
                votes.add(vote);
                contributions.add(new Contribution(
                        vote.worker(), Status.CONTRIBUTED, vote.answer(), Bytes32.ZERO, (long) vote.power()));
            }
            boolean wins = Tally.of(votes, _ -> 1).consensus(new Promise(trust)).isPresent();

            if (!votes.isEmpty()) {
                assertThat(wins).isEqualTo(!new Voting(trust, contributions).needsMore(List.of()));
            }
        }
    }

    @Test
    void whoIsStillAtWorkCountsForTheBestGroup() {
        double each = new Assumption(.2).fresh().odds();
        var tally = Tally.of(List.of(vote(1, 1, 2), vote(2, 2, 2), vote(3, 1, 2)), _ -> each);

        // 4² · 4ⁿ must be 99 · (1 + 4): three more.
        assertThat(tally.missing(new Promise(100), List.of(), each)).isEqualTo(3);
        assertThat(tally.missing(new Promise(100), List.of(each), each)).isEqualTo(2);
        assertThat(tally.missing(new Promise(100), List.of(each, each, each), each))
                .isZero();
        assertThat(new Tally(List.of()).missing(new Promise(100), List.of(), each))
                .isEqualTo(4);
    }

    static Vote vote(int worker, int answer, long power) {
        return new Vote(address(worker), answer(answer), (double) power, 0);
    }

    static Address address(int number) {
        return new Address("%040x".formatted(number + 1));
    }

    static Bytes32 answer(int number) {
        return new Bytes32("%064x".formatted(number));
    }
}
