package bourse.scheduler.trust;

import static bourse.scheduler.trust.TallyTest.address;
import static org.assertj.core.api.Assertions.assertThat;

import bourse.scheduler.trust.Kinship.Link;
import java.util.List;
import org.junit.jupiter.api.Test;

class KinshipTest {
    @Test
    void whoIsLinkedThroughOthersIsRelated() {
        var kin = Kinship.of(List.of(
                new Link(address(1), address(10)),
                new Link(address(2), address(11)),
                new Link(address(11), address(10))));

        assertThat(kin.related(address(1), address(2))).isTrue();
        assertThat(kin.related(address(1), address(3))).isFalse();
        assertThat(kin.related(address(3), address(3))).isTrue();
    }
}
