package bourse.scheduler.trust;

import static bourse.scheduler.trust.TallyTest.address;
import static bourse.scheduler.trust.TallyTest.answer;
import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import bourse.protocol.Contribution;
import bourse.protocol.Contribution.Status;
import bourse.scheduler.trust.Gate.Asked;
import bourse.scheduler.trust.Kinship.Link;
import bourse.scheduler.trust.Standing.Caught;
import bourse.scheduler.trust.Standing.Good;
import bourse.scheduler.trust.Standing.Reason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BeliefsTest {
    private static final Map<Address, Standing> KNOWN = Map.of(
            address(1), new Good(0, 0, 20),
            address(2), new Caught(Reason.CHECK),
            address(3), new Good(0, 0, 3));
    private static final Address APP = address(1000);
    private static final Beliefs BELIEFS = new Beliefs(
            new Assumption(.2),
            (worker, _) -> KNOWN.getOrDefault(worker, Standing.NEW),
            () -> Kinship.of(List.of(new Link(address(4), address(5)))));

    @Test
    void whomOnlyTheChainBelievesMayConfirmAndNotDecide() {
        assertThat(lets(9, 120)).isFalse();
        assertThat(lets(9, 120, vote(3))).isTrue();
        assertThat(lets(1, 120)).isTrue();
    }

    @Test
    void freshWorkersMayAllBeAsked() {
        var others = List.of(asked(10), asked(11), asked(12), asked(13), asked(14), asked(15));

        assertThat(BELIEFS.lets(asked(9), APP, 100, List.of(), others)).isTrue();
    }

    @Test
    void whoWasCaughtIsNeverAsked() {
        assertThat(lets(2, 2)).isFalse();
        assertThat(BELIEFS.lets(asked(2), APP, 1, List.of(), List.of())).isFalse();
    }

    @Test
    void relativesNeverMeet() {
        assertThat(lets(4, 2, vote(5))).isFalse();
        assertThat(BELIEFS.lets(asked(4), APP, 100, List.of(), List.of(asked(5))))
                .isFalse();
        assertThat(lets(4, 2, vote(6))).isTrue();
    }

    @Test
    void aRequesterWhoWantsTheFirstResultGetsIt() {
        assertThat(BELIEFS.lets(asked(9), APP, 1, List.of(), List.of())).isTrue();
        assertThat(BELIEFS.lets(asked(9), APP, 0, List.of(), List.of())).isTrue();
    }

    private static boolean lets(int worker, long weight, Contribution... votes) {
        return BELIEFS.lets(new Asked(address(worker), weight), APP, 100, List.of(votes), List.of());
    }

    private static Asked asked(int worker) {
        return new Asked(address(worker), 2);
    }

    private static Contribution vote(int worker) {
        return new Contribution(address(worker), Status.CONTRIBUTED, answer(1), answer(0), 2);
    }
}
