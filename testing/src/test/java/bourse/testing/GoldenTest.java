package bourse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import bourse.protocol.Account;
import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Contribution;
import bourse.protocol.Contribution.Status;
import bourse.protocol.Digest;
import bourse.protocol.Event;
import bourse.protocol.Order;
import bourse.protocol.Rlc;
import bourse.protocol.Tag;
import bourse.protocol.Task;
import bourse.protocol.Transaction;
import bourse.protocol.Voting;
import bourse.protocol.Wallet;
import org.junit.jupiter.api.Test;

/// The example of PoCo's documentation, to the nRLC.
class GoldenTest {
    private static final Digest WRONG = new Digest(new Bytes32("%064x".formatted(17)));
    private static final Digest RIGHT = new Digest(new Bytes32("%064x".formatted(42)));

    @Test
    void paysEveryoneAsTheDocumentationSays() throws Exception {
        var scene = new Scene(1, 3);
        var chain = scene.chain();
        var pool = scene.workerpool();
        chain.submit(scene.scheduler(), new Transaction.SetPolicy(pool, 35, 5));
        scene.score(scene.worker(0), 12);
        scene.score(scene.worker(1), 100);
        scene.score(scene.worker(2), 300);
        var dataset = chain.submit(scene.developer(), new Transaction.CreateDataset("data", Bytes.EMPTY, Bytes32.ZERO))
                .event(Event.Registered.class)
                .asset();

        var deal = chain.deal(chain.submit(scene.requester(), match(scene, dataset))
                        .event(Event.Matched.class)
                        .deal())
                .orElseThrow();

        assertThat(locked(scene, scene.requester())).isEqualTo(Rlc.parse("21"));
        assertThat(locked(scene, scene.scheduler())).isEqualTo(Rlc.parse("6"));

        var task = scene.initialize(deal).getFirst();
        scene.contribute(scene.worker(0), task, WRONG);
        scene.contribute(scene.worker(1), task, RIGHT);
        assertThat(chain.task(task).orElseThrow()).isInstanceOf(Task.Active.class);
        var decisive = scene.contribute(scene.worker(2), task, RIGHT);

        assertThat(decisive.event(Event.ConsensusReached.class).consensus()).isEqualTo(RIGHT.hash(task));
        var contributions = chain.task(task).orElseThrow().contributors();
        assertThat(contributions).extracting(Contribution::weight).containsExactly(3L, 32L, 99L);
        assertThat(new Voting(100, contributions).credibility()).isEqualTo(0.998738966);
        assertThat(scene.workers())
                .allSatisfy(worker -> assertThat(locked(scene, worker)).isEqualTo(Rlc.parse("7")));

        scene.reveal(scene.worker(1), task, RIGHT);
        scene.reveal(scene.worker(2), task, RIGHT);
        var paid = scene.finish(task);

        assertThat(gain(scene, scene.requester())).isEqualTo("-21");
        assertThat(gain(scene, scene.developer())).isEqualTo("1");
        assertThat(gain(scene, scene.worker(0))).isEqualTo("-7");
        assertThat(gain(scene, scene.worker(1))).isEqualTo("11.659090909");
        assertThat(gain(scene, scene.worker(2))).isEqualTo("13.99090909");
        assertThat(gain(scene, scene.scheduler())).isEqualTo("1.350000001");
        assertThat(scene.workers())
                .extracting(worker -> chain.score(worker.address()))
                .containsExactly(8L, 101L, 301L);
        assertThat(chain.state().accounts().values())
                .extracting(Account::locked)
                .containsOnly(Rlc.ZERO);
        assertThat(paid.events())
                .filteredOn(Event.Rewarded.class::isInstance)
                .map(Event.Rewarded.class::cast)
                .extracting(Event.Rewarded::owner, Event.Rewarded::amount)
                .containsExactly(
                        tuple(scene.developer().address(), Rlc.parse("1")),
                        tuple(scene.worker(1).address(), Rlc.parse("11.659090909")),
                        tuple(scene.worker(2).address(), Rlc.parse("13.990909090")),
                        tuple(scene.scheduler().address(), Rlc.parse("1.350000001")));
        assertThat(chain.task(task).orElseThrow().contributors())
                .extracting(Contribution::status)
                .containsExactly(Status.CONTRIBUTED, Status.PROVED, Status.PROVED);
    }

    private static Transaction.Match match(Scene scene, Address dataset) {
        var domain = scene.chain().domain();
        return new Transaction.Match(
                domain.sign(Order.App.open(scene.app(), Rlc.ZERO, 1), scene.developer()),
                domain.sign(
                        new Order.Dataset(
                                dataset,
                                Rlc.parse("1"),
                                1,
                                Tag.NONE,
                                Address.ZERO,
                                Address.ZERO,
                                Address.ZERO,
                                Bytes32.ZERO),
                        scene.developer()),
                domain.sign(Order.Workerpool.open(scene.workerpool(), Rlc.parse("20"), 1, 0, 100), scene.scheduler()),
                domain.sign(
                        new Order.Request(
                                scene.app(),
                                Rlc.ZERO,
                                dataset,
                                Rlc.parse("1"),
                                Address.ZERO,
                                Rlc.parse("20"),
                                scene.requester().address(),
                                1,
                                Tag.NONE,
                                0,
                                100,
                                scene.requester().address(),
                                Address.ZERO,
                                "",
                                Bytes32.ZERO),
                        scene.requester()));
    }

    private static Rlc locked(Scene scene, Wallet owner) {
        return scene.chain().account(owner.address()).locked();
    }

    private static String gain(Scene scene, Wallet owner) {
        var account = scene.chain().account(owner.address());
        var now = account.free().plus(account.locked());
        return now.covers(Scene.RICHES)
                ? now.minus(Scene.RICHES).decimal()
                : "-" + Scene.RICHES.minus(now).decimal();
    }
}
