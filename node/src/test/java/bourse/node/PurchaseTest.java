package bourse.node;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.node.Purchase.Wish;
import bourse.protocol.Address;
import bourse.protocol.Params.Needs;
import bourse.protocol.Tag;
import bourse.sandbox.Program;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PurchaseTest {
    private static final Program PROGRAM =
            new Program.Image("busybox@sha256:" + "0".repeat(64), Optional.empty(), false);

    private static Wish wish(String requirements, String rank) {
        return new Wish(
                PROGRAM,
                List.of(),
                List.of(),
                1,
                1,
                "XS",
                Optional.empty(),
                Address.ZERO,
                Tag.NONE,
                new Needs(requirements, rank, 1, 0, 0, 0));
    }

    @Test
    void refusesWhatNoPoolCanReadBeforeAnythingIsBought() throws Exception {
        Purchase.check(wish("TARGET.Speed > 0.5", "TARGET.Speed"));

        assertThatThrownBy(() -> Purchase.check(wish("TARGET.Speed >", "")))
                .isInstanceOf(Problem.class)
                .hasMessageStartingWith("--requirements is no expression of ClassAds");
        assertThatThrownBy(() -> Purchase.check(wish("", "1 +")))
                .isInstanceOf(Problem.class)
                .hasMessageStartingWith("--rank is no expression of ClassAds");
    }
}
