package bourse.scheduler.trust;

import static bourse.scheduler.trust.TallyTest.address;
import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import bourse.protocol.Draw;
import org.junit.jupiter.api.Test;

class ExperienceTest {
    private static final Address APP = address(1000);
    private static final Address ANN = address(1);
    private static final Address BOB = address(2);
    private final Policy policy = new Policy(new Promise(100), new Assumption(.2), new Law.Chain(new Draw(0)), 0);
    private final Experience experience = new Experience(policy);

    @Test
    void anAppIsKnownWhenTenWorkersCouldStandAloneByWhatWasSeen() {
        pass(ANN, 99);
        assertThat(experience.of(ANN, APP, 7)).isEqualTo(7);

        pass(ANN, 60);

        assertThat(policy.checksForOne()).isEqualTo(10);
        assertThat(experience.of(ANN, APP, 7)).as("the older count less").isBetween(100.0, 159.0);
        assertThat(experience.of(BOB, APP, 7)).isZero();
    }

    @Test
    void anAppIsNotKnownByThoseWhoWereCaughtSince() {
        pass(ANN, 200);

        experience.forget(ANN);

        assertThat(experience.of(BOB, APP, 7)).isEqualTo(7);
        assertThat(experience.takeChanges()).containsExactly(new Book.Shown(ANN, APP, 0));
        assertThat(experience.takeChanges()).isEmpty();
    }

    @Test
    void whoMakesManyAppsMakesItForgetThoseThatNobodyUses() {
        pass(ANN, 200);
        for (int app = 1; app <= 20_000; app++) {
            experience.meet(address(2000 + app));
            if (app % 5_000 == 0) {
                experience.meet(APP);
            }
        }

        assertThat(experience.apps()).hasSize(10_000).contains(APP);
        assertThat(experience.of(ANN, APP, 7)).isGreaterThan(7);
    }

    private void pass(Address worker, int checks) {
        for (int check = 0; check < checks; check++) {
            experience.passed(worker, APP);
        }
    }
}
