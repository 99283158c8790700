package bourse.market;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Fitting;
import bourse.protocol.Fitting.Obstacle;
import bourse.protocol.Fitting.Side;
import bourse.protocol.Fitting.Stopped;
import bourse.protocol.Order;
import bourse.protocol.OrderBook.Kind;
import bourse.protocol.OrderBook.Status;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Tag;
import bourse.protocol.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FittingTest {
    private static final int ORDERS = 2_000;
    private static final Address STRANGER = new Address("00000000000000000000000000000000000000aa");

    private Stand stand;

    @BeforeEach
    void open() throws Exception {
        stand = new Stand(1);
    }

    @AfterEach
    void close() {
        stand.close();
    }

    @Test
    void seesWhatTheContractsSee() throws Exception {
        var random = new Random(5);
        int matched = 0;
        for (int i = 0; i < ORDERS; i++) {
            var app = app(random);
            var pool = pool(random);
            var request = request(random);
            var obstacles = new ArrayList<>(Fitting.between(request, app));
            obstacles.addAll(Fitting.between(pool, request));
            obstacles.addAll(Fitting.between(app, pool));

            boolean accepted = isMatched(app, pool, request);

            assertThat(obstacles.isEmpty())
                    .as("%s %s %s: %s", app, pool, request, obstacles)
                    .isEqualTo(accepted);
            matched += accepted ? 1 : 0;
        }
        assertThat(matched).isBetween(ORDERS / 20, ORDERS / 2);
    }

    @Test
    void tellsWhichPoolsFitARequestAndWhatStopsTheOthers() throws Exception {
        var request = stand.request(10, 1);
        var fits = stand.pool("0.1", 9, 10);
        var unsure = stand.pool("0.2", 9, 5);
        var app = stand.app("0", 9);
        var hash = stand.market.publish(stand.scene.requester(), request);
        stand.market.publish(stand.scene.scheduler(), fits);
        stand.market.publish(stand.scene.scheduler(), unsure);
        stand.market.publish(stand.scene.developer(), app);

        var fitting = Fitting.of(stand.market, stand.market.find(hash).orElseThrow());

        assertThat(fitting.kind()).isEqualTo(Kind.REQUEST);
        assertThat(fitting.status()).isEqualTo(Status.OPEN);
        assertThat(fitting.sides().getFirst())
                .isEqualTo(new Side(
                        Kind.WORKERPOOL,
                        2,
                        false,
                        1,
                        List.of(stand.hash(fits)),
                        java.util.Map.of("trust", 1),
                        List.of(new Stopped(
                                stand.hash(unsure),
                                List.of(new Obstacle("trust", "the request asks for trust 10, the pool serves 5"))))));
        assertThat(fitting.sides().get(1).best()).containsExactly(stand.hash(app));
    }

    private boolean isMatched(Order.App app, Order.Workerpool pool, Order.Request request) throws Exception {
        var scene = stand.scene;
        try {
            var _ = scene.chain()
                    .submit(
                            scene.requester(),
                            new Transaction.Match(
                                    stand.sign(app, scene.developer()),
                                    new Signed<>(Order.Dataset.NONE, Bytes.EMPTY),
                                    stand.sign(pool, scene.scheduler()),
                                    stand.sign(request, scene.requester())));
            return true;
        } catch (Refused e) {
            return false;
        }
    }

    private Order.App app(Random random) {
        return new Order.App(
                stand.scene.app(),
                few(random),
                1,
                tag(random),
                rarely(random, Address.ZERO, STRANGER),
                whom(random, stand.scene.workerpool()),
                whom(random, stand.scene.requester().address()),
                stand.scene.generators().word());
    }

    private Order.Workerpool pool(Random random) {
        return new Order.Workerpool(
                stand.scene.workerpool(),
                few(random),
                1,
                rarely(random, tag("0109"), Tag.NONE),
                rarely(random, 0L, 1L),
                rarely(random, 5L, 1L),
                whom(random, stand.scene.app()),
                rarely(random, Address.ZERO, STRANGER),
                whom(random, stand.scene.requester().address()),
                stand.scene.generators().word());
    }

    private Order.Request request(Random random) {
        return new Order.Request(
                stand.scene.app(),
                rarely(random, Rlc.ofNano(2), Rlc.ZERO),
                Address.ZERO,
                Rlc.ZERO,
                whom(random, stand.scene.workerpool()),
                rarely(random, Rlc.ofNano(2), Rlc.ZERO),
                stand.scene.requester().address(),
                1,
                tag(random),
                rarely(random, 0L, 1L),
                rarely(random, 1L, 5L),
                stand.scene.requester().address(),
                Address.ZERO,
                "",
                stand.scene.generators().word());
    }

    private static <T> T rarely(Random random, T mostly, T rarely) {
        return random.nextInt(10) == 0 ? rarely : mostly;
    }

    private static Rlc few(Random random) {
        return Rlc.ofNano(random.nextInt(3));
    }

    private static Address whom(Random random, Address them) {
        return random.nextInt(3) == 0 ? them : rarely(random, Address.ZERO, STRANGER);
    }

    private static Tag tag(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> tag("0001");
            case 1 -> tag("0100");
            default -> Tag.NONE;
        };
    }

    private static Tag tag(String end) {
        return Tag.parse("0x" + "0".repeat(60) + end);
    }
}
