package bourse.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bourse.protocol.Account;
import bourse.protocol.Address;
import bourse.protocol.Authorization;
import bourse.protocol.Bytes;
import bourse.protocol.Contribution;
import bourse.protocol.Contribution.Status;
import bourse.protocol.Deal;
import bourse.protocol.Digest;
import bourse.protocol.Event;
import bourse.protocol.Keccak;
import bourse.protocol.Order;
import bourse.protocol.Receipt;
import bourse.protocol.Refused;
import bourse.protocol.Rlc;
import bourse.protocol.Signed;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Transaction;
import bourse.protocol.Wallet;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RulesTest {
    private static final Digest RIGHT = new Digest(Keccak.of(Bytes.utf8("right").bytes()));
    private static final Digest WRONG = new Digest(Keccak.of(Bytes.utf8("wrong").bytes()));
    private static final Rlc STAKE = Rlc.parse("0.3");

    private Scene scene;
    private Model chain;
    private Wallet alice;
    private Wallet bob;
    private Wallet carol;

    @BeforeEach
    void set() throws Exception {
        scene = new Scene(5, 40);
        chain = scene.chain();
        alice = scene.worker(0);
        bob = scene.worker(1);
        carol = scene.worker(2);
    }

    /* DEALS */

    @Test
    void aMatchLocksThePriceOfAllTasksAndThePoolsStake() throws Exception {
        scene.deal(1, 5);

        assertThat(account(scene.requester())).isEqualTo(new Account(Rlc.parse("995"), Rlc.parse("5")));
        assertThat(account(scene.scheduler())).isEqualTo(new Account(Rlc.parse("998.5"), Rlc.parse("1.5")));
    }

    @Test
    void trustZeroIsTrustOne() throws Exception {
        assertThat(scene.deal(0, 1).trust()).isEqualTo(1);
    }

    @Test
    void aRequestsTasksAreNumberedThroughAllItsDeals() throws Exception {
        var request = scene.request(1, 5);
        var app = sign(Order.App.open(scene.app(), Rlc.ZERO, 100), scene.developer());
        var three = pool(3);

        var first = dealOf(chain.submit(scene.requester(), match(app, three, request)));
        var second = dealOf(chain.submit(scene.requester(), match(app, pool(100), request)));

        assertThat(first.volume()).isEqualTo(3);
        assertThat(second.first()).isEqualTo(3);
        assertThat(second.volume()).isEqualTo(2);
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(chain.consumed(app.order())).isEqualTo(5);
        assertRefused("NoVolumeLeft", () -> chain.submit(scene.requester(), match(app, three, request)));
    }

    @Test
    void aClosedOrderServesNobody() throws Exception {
        var order = pool(10);
        chain.submit(scene.scheduler(), new Transaction.Close(order.order()));

        assertRefused(
                "NoVolumeLeft", () -> chain.submit(scene.requester(), match(openApp(), order, scene.request(1, 1))));
    }

    @Test
    void nobodyClosesAnothersOrder() {
        assertRefused("BadSignature", () -> chain.submit(alice, new Transaction.Close(pool(10).order())));
    }

    @Test
    void anOrderNeedsItsOwnersSignature() {
        var forged = sign(pool(1).order(), alice);

        assertRefused(
                "BadSignature", () -> chain.submit(scene.requester(), match(openApp(), forged, scene.request(1, 1))));
    }

    @Test
    void aSignatureMayBeShort() throws Exception {
        for (int i = 0; i < 8; i++) {
            var order = pool(1);
            var hex = order.signature().hex();
            var s = new BigInteger(hex.substring(64, 128), 16);
            var parityAndS = hex.endsWith("1c") ? s.setBit(255) : s;
            var eip2098 = hex.substring(0, 64) + "%064x".formatted(parityAndS);

            var deal = dealOf(chain.submit(
                    alice, match(openApp(), new Signed<>(order.order(), new Bytes(eip2098)), scene.request(1, 1))));

            assertThat(deal.volume()).isEqualTo(1);
        }
    }

    @Test
    void theContractsDoNotReadASignatureThatEndsInZeroOrOne() {
        var order = pool(1);
        var hex = order.signature().hex();
        var raw = new Bytes(hex.substring(0, 128) + (hex.endsWith("1b") ? "00" : "01"));

        assertRefused(
                "BadSignature",
                () -> chain.submit(alice, match(openApp(), new Signed<>(order.order(), raw), scene.request(1, 1))));
    }

    @Test
    void aSignatureOnChainIsAsGood() throws Exception {
        var order = pool(1).order();
        var unsigned = match(openApp(), new Signed<>(order, Bytes.EMPTY), scene.request(1, 1));
        assertRefused("BadSignature", () -> chain.submit(alice, unsigned));

        act(scene.scheduler(), new Act.Manage(order, false, Bytes.EMPTY));

        assertThat(dealOf(chain.submit(alice, unsigned)).volume()).isEqualTo(1);
    }

    @Test
    void anOwnersSignatureOfTheOperationClosesHisOrder() throws Exception {
        var order = pool(1).order();
        var signature = scene.scheduler().sign(chain.domain().hash(order, true)).bytes();

        act(alice, new Act.Manage(order, true, signature));

        assertThat(chain.consumed(order)).isEqualTo(1);
    }

    @Test
    void aRequestMayNameWhoAlonePaysForIt() throws Exception {
        var request = scene.request(1, 1).sponsoredBy(alice.address());
        assertThat(request.salt().hex())
                .startsWith(Keccak.of(Bytes.utf8("sponsored").bytes()).hex().substring(0, 12))
                .endsWith(alice.address().hex());
        assertThat(request.payer()).isEqualTo(alice.address());
        var match = match(openApp(), pool(1), request);
        var refused = assertRefused("NotTheSponsor", () -> chain.submit(alice, match));
        assertThat(refused.values())
                .containsEntry("payer", scene.requester().address().toString())
                .containsEntry("sponsor", alice.address().toString());

        act(alice, new Act.Common(new Transaction.Sponsor(match)));

        assertThat(account(alice).locked()).isEqualTo(Rlc.parse("1"));
        assertThat(account(scene.requester()).locked()).isEqualTo(Rlc.ZERO);
    }

    @Test
    void whoCannotPayGetsNoDeal() throws Exception {
        chain.submit(scene.requester(), new Transaction.Withdraw(Rlc.parse("999.1")));

        var refused = assertRefused("InsufficientFree", () -> scene.deal(1, 1));

        assertThat(refused.values()).containsEntry("free", "900000000").containsEntry("needed", "1000000000");
        assertThat(account(scene.requester())).isEqualTo(new Account(Rlc.parse("0.9"), Rlc.ZERO));
    }

    @Test
    void aDealKeepsThePolicyOfItsMatch() throws Exception {
        var deal = scene.deal(1, 1);

        chain.submit(scene.scheduler(), new Transaction.SetPolicy(scene.workerpool(), 1000, 100));

        assertThat(chain.deal(deal.id())).contains(deal);
        assertThat(scene.deal(1, 1).workerStake()).isEqualTo(Rlc.parse("10"));
    }

    /* VOTES */

    @Test
    void atTrustOneTheFirstVoteWins() throws Exception {
        var task = scene.task(1);

        scene.contribute(alice, task, RIGHT);

        assertThat(chain.task(task)).containsInstanceOf(Task.Revealing.class);
    }

    @Test
    void freshWorkersNeededGrowWithTrust() throws Exception {
        assertThat(votesNeeded(10)).isEqualTo(4);
        assertThat(votesNeeded(100)).isEqualTo(7);
        assertThat(votesNeeded(1000)).isEqualTo(10);
    }

    @Test
    void aScoreOf303IsTakenAloneAtTrust100() throws Exception {
        scene.score(alice, 302);
        scene.score(bob, 303);
        var first = scene.task(100);
        var second = scene.task(100);

        scene.contribute(alice, first, RIGHT);
        scene.contribute(bob, second, RIGHT);

        assertThat(chain.task(first)).containsInstanceOf(Task.Active.class);
        assertThat(chain.task(second)).containsInstanceOf(Task.Revealing.class);
    }

    @Test
    void nobodyVotesTwice() throws Exception {
        var task = scene.task(100);
        scene.contribute(alice, task, RIGHT);

        assertRefused("AlreadyContributed", () -> scene.contribute(alice, task, WRONG));
    }

    @Test
    void nobodyVotesWithAnothersAuthorization() throws Exception {
        var task = scene.task(1);
        var hers = scene.authorize(alice, task);

        assertRefused(
                "BadSignature",
                () -> chain.submit(
                        bob, new Transaction.Contribute(hers, RIGHT.hash(task), RIGHT.seal(bob.address(), task))));
    }

    @Test
    void nobodyAuthorizesHimself() throws Exception {
        var task = scene.task(1);
        var own = Authorization.sign(alice.address(), task, Address.ZERO, alice);

        assertRefused(
                "BadSignature",
                () -> chain.submit(
                        alice, new Transaction.Contribute(own, RIGHT.hash(task), RIGHT.seal(alice.address(), task))));
    }

    @Test
    void votesEndAtTheContributionDeadline() throws Exception {
        var task = scene.task(100);
        scene.clock().advance(Duration.ofMinutes(35).minusSeconds(1));
        scene.contribute(alice, task, RIGHT);
        scene.clock().advance(Duration.ofSeconds(1));

        assertRefused("TooLate", () -> scene.contribute(bob, task, RIGHT));
    }

    @Test
    void aTaskTakesThirtyTwoVotes() throws Exception {
        var task = scene.task(1_000_000_000);
        for (int i = 0; i < 32; i++) {
            scene.contribute(scene.worker(i), task, scene.generators().digest());
        }

        assertRefused("TooManyContributors", () -> scene.contribute(scene.worker(32), task, RIGHT));
    }

    @Test
    void aCopiedHashCannotBeRevealed() throws Exception {
        var task = scene.task(3);
        scene.contribute(alice, task, RIGHT);
        chain.submit(
                bob,
                new Transaction.Contribute(
                        scene.authorize(bob, task), RIGHT.hash(task), RIGHT.seal(alice.address(), task)));
        scene.reveal(alice, task, RIGHT);

        assertRefused("SealMismatch", () -> scene.reveal(bob, task, RIGHT));
    }

    /* ENDS */

    @Test
    void whoWonAndKeepsSilentLosesHisStakeToTheOthers() throws Exception {
        var task = scene.task(3);
        scene.contribute(alice, task, RIGHT);
        scene.contribute(bob, task, RIGHT);
        scene.reveal(alice, task, RIGHT);
        assertRefused("RevealsMissing", () -> scene.finish(task));

        scene.clock().advance(Duration.ofMinutes(10));
        scene.finish(task);

        assertThat(account(bob)).isEqualTo(new Account(Rlc.parse("999.7"), Rlc.ZERO));
        assertThat(account(alice)).isEqualTo(new Account(Rlc.parse("1001.287"), Rlc.ZERO)); // 99 % of 1.3
        assertThat(chain.score(alice.address())).isEqualTo(1);
        assertThat(chain.score(bob.address())).isZero();
    }

    @Test
    void aloneAWorkerIsPaidButNotPraised() throws Exception {
        var task = scene.task(1);
        scene.contribute(alice, task, RIGHT);
        scene.reveal(alice, task, RIGHT);

        scene.finish(task);

        assertThat(account(alice)).isEqualTo(new Account(Rlc.parse("1000.99"), Rlc.ZERO));
        assertThat(chain.score(alice.address())).isZero();
    }

    @Test
    void aTaskThatNobodyRevealedIsOpenedForOthers() throws Exception {
        var task = scene.task(3);
        scene.contribute(alice, task, WRONG);
        scene.contribute(bob, task, WRONG);
        assertRefused("TooEarly", () -> chain.submit(scene.scheduler(), new Transaction.Reopen(task)));
        scene.clock().advance(Duration.ofMinutes(10));

        chain.submit(scene.scheduler(), new Transaction.Reopen(task));

        assertThat(chain.task(task).orElseThrow().contributors())
                .extracting(Contribution::status)
                .containsExactly(Status.REJECTED, Status.REJECTED);
        assertRefused("AlreadyContributed", () -> scene.contribute(alice, task, RIGHT));

        scene.contribute(carol, task, RIGHT);
        assertThat(chain.task(task)).containsInstanceOf(Task.Active.class);
        scene.contribute(scene.worker(3), task, RIGHT);
        scene.reveal(carol, task, RIGHT);
        scene.reveal(scene.worker(3), task, RIGHT);
        scene.finish(task);

        assertThat(account(alice).free()).isEqualTo(Rlc.parse("999.7"));
        assertThat(account(carol).free()).isEqualTo(Rlc.parse("1000.792")); // half of 99 % of 1.6
    }

    @Test
    void aClaimGivesTheSponsorHisMoneyAndThePoolsStakeToTheKitty() throws Exception {
        var task = scene.task(100);
        scene.contribute(alice, task, RIGHT);
        assertRefused("TooEarly", () -> claim(task));
        scene.clock().advance(Duration.ofMinutes(50));

        claim(task);

        assertThat(chain.task(task)).containsInstanceOf(Task.Failed.class);
        assertThat(account(scene.requester()).free()).isEqualTo(Scene.RICHES);
        assertThat(account(alice)).isEqualTo(new Account(Scene.RICHES, Rlc.ZERO));
        assertThat(account(scene.scheduler())).isEqualTo(new Account(Rlc.parse("999.7"), Rlc.ZERO));
        assertThat(chain.account(Market.KITTY)).isEqualTo(new Account(Rlc.ZERO, STAKE));
    }

    @Test
    void waitingForTheClaimDoesNotSaveASilentWinner() throws Exception {
        var task = scene.task(1);
        scene.contribute(alice, task, WRONG);
        scene.clock().advance(Duration.ofMinutes(50));

        claim(task);

        assertThat(account(alice)).isEqualTo(new Account(Rlc.parse("999.7"), Rlc.ZERO));
        assertThat(chain.account(Market.KITTY).locked()).isEqualTo(Rlc.parse("0.6"));
    }

    @Test
    void theKittyFeedsThePoolsThatFinish() throws Exception {
        var lost = scene.deal(1, 5);
        scene.clock().advance(Duration.ofMinutes(50));
        for (var task : scene.initialize(lost)) {
            claim(task);
        }
        assertThat(chain.account(Market.KITTY).locked()).isEqualTo(Rlc.parse("1.5"));
        var before = account(scene.scheduler()).free();

        finished();

        assertThat(chain.account(Market.KITTY).locked()).isEqualTo(Rlc.parse("0.5"));
        assertThat(account(scene.scheduler()).free().minus(before)).isEqualTo(Rlc.parse("1.01"));
    }

    @Test
    void aDeclinedTaskGivesEveryoneHisMoneyBackAtOnce() throws Exception {
        var task = scene.task(100);

        var receipt = chain.submit(scene.scheduler(), new Transaction.Decline(task));

        assertThat(receipt.events()).endsWith(new Event.Claimed(task), new Event.Declined(task));
        assertThat(chain.task(task)).containsInstanceOf(Task.Failed.class);
        assertThat(account(scene.requester())).isEqualTo(new Account(Scene.RICHES, Rlc.ZERO));
        assertThat(account(scene.scheduler())).isEqualTo(new Account(Scene.RICHES, Rlc.ZERO));
    }

    @Test
    void aTaskWithAVoteCannotBeDeclined() throws Exception {
        var task = scene.task(100);
        scene.contribute(alice, task, RIGHT);

        assertRefused("HasContributors", () -> chain.submit(scene.scheduler(), new Transaction.Decline(task)));
    }

    @Test
    void onlyTheSchedulerLeads() throws Exception {
        var task = scene.task(100);

        assertRefused("NotScheduler", () -> chain.submit(alice, new Transaction.Decline(task)));
    }

    @Test
    void atTrustOneEverythingGoesInOneStep() throws Exception {
        var task = scene.task(1);

        var receipt = chain.submit(
                alice,
                new Transaction.ContributeAndFinalize(
                        scene.authorize(alice, task), RIGHT, Bytes.utf8("link"), Bytes.EMPTY));

        assertThat(receipt.events())
                .endsWith(
                        new Event.Contributed(task, alice.address(), RIGHT.hash(task)),
                        new Event.ConsensusReached(task, RIGHT.hash(task)),
                        new Event.Revealed(task, alice.address(), RIGHT),
                        new Event.Finalized(task, Bytes.utf8("link")));
        assertThat(account(alice)).isEqualTo(new Account(Rlc.parse("1000.99"), Rlc.ZERO));
        assertThat(account(scene.scheduler())).isEqualTo(new Account(Rlc.parse("1000.01"), Rlc.ZERO));
        assertThat(chain.score(alice.address())).isZero();
    }

    @Test
    void aCallbackIsToldWhatTheWorkersVotedFor() throws Exception {
        var contract = scene.generators().address();
        var data = Bytes.utf8("right");
        var r = scene.request(1, 1);
        var task = scene.initialize(scene.deal(new Order.Request(
                        r.app(),
                        r.appmaxprice(),
                        r.dataset(),
                        r.datasetmaxprice(),
                        r.workerpool(),
                        r.workerpoolmaxprice(),
                        r.requester(),
                        r.volume(),
                        r.tag(),
                        r.category(),
                        r.trust(),
                        r.beneficiary(),
                        contract,
                        r.params(),
                        r.salt())))
                .getFirst();
        scene.contribute(alice, task, RIGHT);
        scene.reveal(alice, task, RIGHT);
        assertRefused("CallbackMismatch", () -> scene.finish(task));

        chain.submit(scene.scheduler(), new Transaction.Finalize(task, Bytes.EMPTY, data));

        assertThat(chain.state().callbacks()).containsExactly(new State.Callback(task, contract, data));
    }

    private int votesNeeded(long trust) throws Exception {
        var task = scene.task(trust);
        int votes = 0;
        while (chain.task(task).orElseThrow() instanceof Task.Active) {
            scene.contribute(scene.worker(votes++), task, RIGHT);
        }
        return votes;
    }

    private void finished() throws Exception {
        var task = scene.task(1);
        scene.contribute(alice, task, RIGHT);
        scene.reveal(alice, task, RIGHT);
        scene.finish(task);
    }

    /// What no role does.
    private void act(Wallet sender, Act act) throws Refused {
        var moment = new Rules.Moment(scene.clock().instant(), 1, _ -> Optional.empty());
        var outcome = Rules.apply(chain.state(), sender.address(), act, moment);
        chain.amend(_ -> outcome.state());
    }

    private void claim(TaskId task) throws Exception {
        chain.submit(carol, new Transaction.Claim(List.of(task)));
    }

    private Transaction.Match match(Signed<Order.App> app, Signed<Order.Workerpool> pool, Order.Request request) {
        return new Transaction.Match(
                app, new Signed<>(Order.Dataset.NONE, Bytes.EMPTY), pool, sign(request, scene.requester()));
    }

    private Signed<Order.App> openApp() {
        return sign(Order.App.open(scene.app(), Rlc.ZERO, 1), scene.developer());
    }

    private Signed<Order.Workerpool> pool(long volume) {
        return sign(Order.Workerpool.open(scene.workerpool(), Rlc.parse("1"), volume, 0, 100), scene.scheduler());
    }

    private <O extends Order> Signed<O> sign(O order, Wallet owner) {
        return chain.domain().sign(order, owner);
    }

    private Deal dealOf(Receipt receipt) {
        return chain.deal(receipt.event(Event.Matched.class).deal()).orElseThrow();
    }

    private Account account(Wallet owner) {
        return chain.account(owner.address());
    }

    private static Refused assertRefused(String error, ThrowingCallable call) {
        var refused = catchThrowableOfType(Refused.class, call);
        assertThat(refused).isNotNull();
        assertThat(refused.error()).isEqualTo(error);
        return refused;
    }
}
