package bourse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Category;
import bourse.protocol.Order;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Tag;
import bourse.scheduler.Offers.Step;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OffersTest {
    private static final Address POOL = Address.parse("0x" + "11".repeat(20));
    private static final List<Category> CATEGORIES =
            List.of(new Category(0, "XS", "", Duration.ofMinutes(5)), new Category(1, "S", "", Duration.ofMinutes(20)));
    private static final Offers OFFERS = new Offers(POOL, Rlc.parse("0.2"), 100);

    private final List<Order.Workerpool> all = opened(OFFERS.steps(CATEGORIES, List.of()));

    private static List<Order.Workerpool> opened(List<Step> steps) {
        return steps.stream()
                .filter(Step.Open.class::isInstance)
                .map(step -> ((Step.Open) step).order())
                .toList();
    }

    @Test
    void aNewPoolOffersEachCategoryAtItsPriceToEveryone() {
        assertThat(all).extracting(Order.Workerpool::category).containsExactly(0L, 1L);
        assertThat(all).extracting(Order.Workerpool::workerpoolprice).containsExactly(Rlc.parse("1"), Rlc.parse("4"));
        assertThat(all)
                .allMatch(order -> order.trust() == 100
                        && order.workerpool().equals(POOL)
                        && order.requesterrestrict().isZero());
    }

    @Test
    void whatStandsIsLeftAsItIs() {
        assertThat(OFFERS.steps(CATEGORIES, all)).isEmpty();
    }

    @Test
    void whatIsUsedUpIsOfferedAgainByANewOrder() {
        var steps = OFFERS.steps(CATEGORIES, all.subList(1, 2));

        assertThat(opened(steps)).singleElement().satisfies(order -> {
            assertThat(order.category()).isZero();
            assertThat(order.salt()).isNotEqualTo(all.getFirst().salt());
        });
        assertThat(steps).hasSize(1);
    }

    @Test
    void offersAtAnotherPriceOrTrustAreClosedBeforeNewOnesAreOpened() {
        for (var changed : List.of(new Offers(POOL, Rlc.parse("0.3"), 100), new Offers(POOL, Rlc.parse("0.2"), 10))) {
            var steps = changed.steps(CATEGORIES, all);

            assertThat(steps.subList(0, 2))
                    .containsExactly(new Step.Close(all.getFirst()), new Step.Close(all.getLast()));
            assertThat(opened(steps.subList(2, 4)))
                    .extracting(Order.Workerpool::category)
                    .containsExactly(0L, 1L);
        }
    }

    @Test
    void anOffersCategoryThatIsGoneClosesIt() {
        assertThat(OFFERS.steps(CATEGORIES.subList(0, 1), all)).containsExactly(new Step.Close(all.getLast()));
    }

    @Test
    void whatTheOwnerOffersByHandIsNotClosed() {
        var special = Order.Workerpool.open(POOL, Rlc.parse("0.1"), 20, 0, 100);
        var equipped = new Order.Workerpool(
                POOL,
                Rlc.parse("9"),
                all.getFirst().volume(),
                Tag.parse("0x" + "00".repeat(30) + "0100"),
                0,
                100,
                Address.ZERO,
                Address.ZERO,
                Address.ZERO,
                Bytes32.ZERO);

        var steps = OFFERS.steps(CATEGORIES, List.of(special, equipped));

        assertThat(opened(steps)).hasSize(2);
        assertThat(steps).hasSize(2);
    }

    @Test
    void theBookIsShownWhatItLacksAndTheOwnersMoneyCovers() {
        var signed = all.stream().map(order -> new Signed<>(order, Bytes.EMPTY)).toList();

        assertThat(OFFERS.unlisted(signed, List.of(), Rlc.parse("1000"))).isEqualTo(signed);
        assertThat(OFFERS.unlisted(signed, all.subList(0, 1), Rlc.parse("1000")))
                .containsExactly(signed.getLast());
        assertThat(OFFERS.unlisted(signed, all, Rlc.parse("1000"))).isEmpty();
        assertThat(OFFERS.unlisted(signed, List.of(), Rlc.parse("0.3")))
                .as("30 % of the price of XS is 0.3, of S 1.2")
                .containsExactly(signed.getFirst());
        assertThat(OFFERS.unlisted(signed, List.of(), Rlc.parse("0.29"))).isEmpty();
    }
}
