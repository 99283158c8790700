package bourse.testing;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Bytes32;
import bourse.protocol.Contribution;
import bourse.protocol.Contribution.Status;
import bourse.protocol.Digest;
import bourse.protocol.TaskId;
import bourse.protocol.Voting;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What schedulers foresee of a vote is what the contracts will decide.
class VotingTest {
    private final Generators any = new Generators(1);
    private final TaskId task = any.taskId();
    private final List<Digest> digests = any.list(3, any::digest);

    @Test
    void aPoolAsksForMoreExactlyUntilThoseAskedCouldDecide() {
        for (int i = 0; i < 5000; i++) {
            var trust = any.size(2000);
            var votes = any.list(any.random().nextInt(6), this::vote);
            var pending = any.list(any.random().nextInt(4), () -> 1 + any.size(200));

            var strongest = strongest(votes);
            var all = new ArrayList<>(votes);
            for (var weight : pending) {
                all.add(new Contribution(any.address(), Status.CONTRIBUTED, strongest, Bytes32.ZERO, weight));
            }

            assertThat(new Voting(trust, votes).needsMore(pending))
                    .as("trust %d, votes %s, pending %s", trust, votes, pending)
                    .isEqualTo(!Tasks.decided(all, strongest, trust));
        }
    }

    private Contribution vote() {
        var status = any.chance(0.8) ? Status.CONTRIBUTED : Status.REJECTED;
        var digest = any.oneOf(digests);
        return new Contribution(any.address(), status, digest.hash(task), Bytes32.ZERO, 1 + any.size(200));
    }

    private Bytes32 strongest(List<Contribution> votes) {
        Map<Bytes32, BigInteger> groups = new HashMap<>();
        for (var vote : votes) {
            if (vote.status() != Status.REJECTED) {
                groups.merge(vote.hash(), BigInteger.valueOf(vote.weight()), BigInteger::multiply);
            }
        }
        return groups.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElseGet(() -> digests.getFirst().hash(task));
    }
}
