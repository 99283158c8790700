package bourse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.classad.ClassAd;
import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Category;
import bourse.protocol.Chain.Index;
import bourse.protocol.Cid;
import bourse.protocol.Contribution;
import bourse.protocol.Contribution.Status;
import bourse.protocol.Deal;
import bourse.protocol.DealId;
import bourse.protocol.Pool.Cause;
import bourse.protocol.ResultLink;
import bourse.protocol.Rlc;
import bourse.protocol.Sha256;
import bourse.protocol.Tag;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.scheduler.View.Candidate;
import bourse.scheduler.View.Open;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final Category XS = new Category(0, "XS", "", Duration.ofMinutes(5));
    private static final DealId DEAL = new DealId(hash("deal"));
    private static final TaskId TASK = DEAL.task(0);
    private static final Bytes32 RIGHT = hash("right");
    private static final Bytes32 WRONG = hash("wrong");
    private static final ResultLink LINK = new ResultLink(new Cid(hash("zip")));

    private static final Optional<ClassAd> AD = Optional.of(ClassAd.parse("[RequestCpus = 1; Requirements = true]"));
    private static final ClassAd MACHINE = ClassAd.parse("[Cpus = 1; Requirements = true]");

    @Test
    void initializesATaskThatIsUnset() {
        assertThat(planAt(NOON, open(1, new Task.Unset(TASK, DEAL, 0))))
                .containsExactly(new Action.Initialize(new Index(DEAL, 0)));
    }

    @Test
    void asksOneWorkerWhereTheFirstResultWins() {
        assertThat(plan(NOON, List.of(active(1)), workers(3))).containsExactly(new Action.Assign(TASK, worker(0)));
    }

    @Test
    void asksAsManyAsWouldConvinceIfTheyAgree() {
        assertThat(plan(NOON, List.of(active(10)), workers(9))).hasSize(4);
        assertThat(plan(NOON, List.of(active(100)), workers(9))).hasSize(7);
    }

    @Test
    void asksNobodyWhileThoseWhoWereAskedMayStillConvince() {
        var replicates = IntStream.range(0, 4).mapToObj(PlannerTest::working).toList();

        assertThat(plan(NOON, List.of(active(10, List.of(), replicates)), List.of(candidate(7), candidate(8))))
                .isEmpty();
    }

    @Test
    void asksOneMoreForEachWorkerThatIsLost() {
        var replicates = List.of(working(0), working(1), working(2), new Replicate.Lost(worker(3)), working(4));

        assertThat(plan(NOON, List.of(active(10, List.of(vote(0, RIGHT)), replicates)), List.of(candidate(7))))
                .as("the one who contributed is not counted twice")
                .isEmpty();
        assertThat(plan(
                        NOON,
                        List.of(active(10, List.of(), replicates.subList(1, 4))),
                        List.of(candidate(3), candidate(7))))
                .as("he who was lost may come back")
                .containsExactly(new Action.Assign(TASK, worker(3)), new Action.Assign(TASK, worker(7)));
    }

    @Test
    void asksOneMoreWhereAGroupConvincesOnlySinceTheLastVoteWasCounted() {
        var votes = List.of(vote(0, RIGHT), vote(1, RIGHT), vote(2, RIGHT), vote(3, RIGHT));

        assertThat(plan(NOON, List.of(active(10, votes, List.of())), List.of(candidate(7), candidate(8))))
                .containsExactly(new Action.Assign(TASK, worker(7)));
    }

    @Test
    void outvotesLiarsByAskingMore() {
        var votes = List.of(vote(0, RIGHT), vote(1, RIGHT), vote(2, WRONG), vote(3, WRONG));

        // 2^n * 10 > (1 + 4 + 2^n) * 9 first holds for n = 6: four more.
        assertThat(plan(
                        NOON,
                        List.of(active(10, votes, List.of())),
                        IntStream.range(4, 12).mapToObj(PlannerTest::candidate).toList()))
                .hasSize(4);
    }

    @Test
    void passesByWhomItDoesNotTrust() {
        var view = new View(
                NOON,
                NOON,
                List.of(active(1)),
                workers(2),
                List.of(),
                (candidate, _, _, _, _) -> !candidate.worker().equals(worker(0)),
                View.Shunned.NOBODY);

        assertThat(Planner.plan(view)).containsExactly(new Action.Assign(TASK, worker(1)));
    }

    @Test
    void neverAsksAWorkerTwiceForOneTask() {
        var votes = List.of(vote(0, RIGHT));

        assertThat(plan(NOON, List.of(active(10, votes, List.of(working(1)))), List.of(candidate(0), candidate(1))))
                .isEmpty();
    }

    @Test
    void givesNoWorkerTwoTasks() {
        var second = new Task.Active(DEAL.task(1), DEAL, 1, List.of());
        var tasks = List.of(active(1), open(1, second));

        assertThat(plan(NOON, tasks, workers(1))).containsExactly(new Action.Assign(TASK, worker(0)));
        assertThat(plan(NOON, tasks, workers(2))).hasSize(2);
    }

    @Test
    void letsAWorkerThatFailedByHisOwnFaultTryAgainAfterAPause() {
        var failed = new Replicate.GaveUp(worker(0), Cause.WORKER_BROKEN, NOON, "disk full");
        var task = active(1, List.of(), List.of(failed));

        assertThat(plan(NOON, List.of(task), workers(1))).isEmpty();
        assertThat(plan(NOON.plus(Planner.PAUSE).plusSeconds(1), List.of(task), workers(1)))
                .hasSize(1);
    }

    @Test
    void givesATaskBackOnceTwoWorkersBlameItsProgram() {
        var one = new Replicate.GaveUp(worker(0), Cause.PROGRAM_FAILED, NOON, "exit 3");
        var two = new Replicate.GaveUp(worker(1), Cause.PROGRAM_FAILED, NOON, "exit 3");

        assertThat(planAt(NOON, active(1, List.of(), List.of(one)))).isEmpty();
        assertThat(planAt(NOON, active(1, List.of(), List.of(one, two)))).containsExactly(new Action.Decline(TASK));
    }

    @Test
    void believesTheOnlyWorkerThereIs() {
        var one = new Replicate.GaveUp(worker(0), Cause.PROGRAM_FAILED, NOON, "exit 3");
        var view = new View(NOON, NOON, List.of(active(1, List.of(), List.of(one))), List.of(), members(1));

        assertThat(Planner.plan(view)).containsExactly(new Action.Decline(TASK));
    }

    @Test
    void keepsATaskThatSomebodyVotedOn() {
        var replicates = List.<Replicate>of(
                new Replicate.GaveUp(worker(0), Cause.PROGRAM_FAILED, NOON, "exit 3"),
                new Replicate.GaveUp(worker(1), Cause.PROGRAM_FAILED, NOON, "exit 3"));

        assertThat(planAt(NOON, active(10, List.of(vote(2, WRONG)), replicates)))
                .isEmpty();
    }

    @Test
    void paysOnceEveryWinnerRevealedAndTheResultIsThere() {
        var delivered = new Replicate.Delivered(worker(0), LINK, Bytes.EMPTY);

        assertThat(planAt(NOON, open(10, revealing(4, 4)))).isEmpty();
        assertThat(planAt(NOON, open(10, revealing(4, 3), delivered))).isEmpty();
        assertThat(planAt(NOON, open(10, revealing(4, 4), delivered)))
                .containsExactly(new Action.Finalize(TASK, LINK, Bytes.EMPTY));
    }

    @Test
    void paysThoseWhoRevealedOnceTheWindowIsOver() {
        var delivered = new Replicate.Delivered(worker(0), LINK, Bytes.EMPTY);

        assertThat(planAt(NOON.plusSeconds(600), open(10, revealing(4, 1), delivered)))
                .containsExactly(new Action.Finalize(TASK, LINK, Bytes.EMPTY));
    }

    @Test
    void reopensATaskThatNobodyRevealedInTime() {
        assertThat(planAt(NOON.plusSeconds(599), open(10, revealing(4, 0)))).isEmpty();
        assertThat(planAt(NOON.plusSeconds(600), open(10, revealing(4, 0)))).containsExactly(new Action.Reopen(TASK));
    }

    @Test
    void refundsEveryTaskWhoseTimeIsOver() {
        var end = NOON.plus(XS.reference().multipliedBy(10));

        assertThat(planAt(end, active(1))).containsExactly(new Action.Claim(TASK));
        assertThat(planAt(end, open(10, revealing(4, 4)))).containsExactly(new Action.Claim(TASK));
        assertThat(planAt(end, open(1, new Task.Unset(TASK, DEAL, 0))))
                .as("the way to the claim")
                .containsExactly(new Action.Initialize(new Index(DEAL, 0)));
    }

    @Test
    void asksNobodyAfterTheContributionDeadline() {
        var deadline = NOON.plus(XS.reference().multipliedBy(7));

        assertThat(plan(deadline.minusSeconds(1), List.of(active(1)), workers(1)))
                .hasSize(1);
        assertThat(plan(deadline, List.of(active(1)), workers(1))).isEmpty();
    }

    @Test
    void opensATaskToOthersWhoseResultWasDrawnToBeChecked() {
        assertThat(plan(NOON, List.of(open(10, auditDue(), working(0))), workers(3)))
                .as("nobody is asked before it is open")
                .containsExactly(new Action.Audit(TASK));
        assertThat(planAt(NOON.plusSeconds(599), open(10, auditDue()))).containsExactly(new Action.Audit(TASK));
    }

    @Test
    void reopensATaskWhoseAuditNobodyAskedForInTime() {
        assertThat(planAt(NOON.plusSeconds(600), open(10, auditDue()))).containsExactly(new Action.Reopen(TASK));
    }

    @Test
    void refundsATaskWhoseTimeIsOverBeforeItsAudit() {
        var end = NOON.plus(XS.reference().multipliedBy(10));

        assertThat(planAt(end, open(10, auditDue()))).containsExactly(new Action.Claim(TASK));
    }

    @Test
    void asksOthersToCheckWithTheAuditedCountingAsNew() {
        var task = active(10, List.of(audited(0, RIGHT)), List.of(working(0)));

        // 2 * 2^3 = 16 convinces at trust 10, as four new workers would.
        assertThat(plan(NOON, List.of(task), workers(9)))
                .containsExactly(
                        new Action.Assign(TASK, worker(1)),
                        new Action.Assign(TASK, worker(2)),
                        new Action.Assign(TASK, worker(3)));
    }

    @Test
    void asksForACheckEvenWhereANewWorkerIsBelievedAlone() {
        var task = active(2, List.of(audited(0, RIGHT)), List.of());

        assertThat(plan(NOON, List.of(task), workers(3))).containsExactly(new Action.Assign(TASK, worker(1)));
        assertThat(plan(NOON, List.of(task), workers(1)))
                .as("the audited does not check himself")
                .isEmpty();
    }

    @Test
    void asksAThirdWhereTheCheckContradicts() {
        var task = active(2, List.of(audited(0, WRONG), vote(1, RIGHT)), List.of());

        assertThat(plan(NOON, List.of(task), workers(4))).containsExactly(new Action.Assign(TASK, worker(2)));
    }

    @Test
    void declinesOnlyWhileWorkIsStillTaken() {
        var blamed = List.of(
                new Replicate.GaveUp(worker(0), Cause.PROGRAM_FAILED, NOON, "exit 3"),
                new Replicate.GaveUp(worker(1), Cause.PROGRAM_FAILED, NOON, "exit 3"));
        var deadline = NOON.plus(XS.reference().multipliedBy(7));

        assertThat(planAt(deadline.minusSeconds(1), active(1, List.of(), blamed)))
                .containsExactly(new Action.Decline(TASK));
        assertThat(planAt(deadline, active(1, List.of(), blamed)))
                .as("who let the time pass answers for it")
                .isEmpty();
    }

    @Test
    void paysNoResultOfAWorkerThatHasNotRevealedThisOne() {
        var before = new Replicate.Delivered(worker(7), new ResultLink(new Cid(hash("another zip"))), Bytes.EMPTY);
        var delivered = new Replicate.Delivered(worker(0), LINK, Bytes.EMPTY);

        assertThat(planAt(NOON, open(10, revealing(4, 4), before))).isEmpty();
        assertThat(planAt(NOON, open(10, revealing(4, 4), before, delivered)))
                .containsExactly(new Action.Finalize(TASK, LINK, Bytes.EMPTY));
    }

    @Test
    void answersTheSameWhenAskedAgain() {
        var view = new View(NOON, NOON, List.of(active(10)), workers(9), members(9));

        assertThat(Planner.plan(view)).isEqualTo(Planner.plan(view));
    }

    @Test
    void saysWhyATaskIsNotFurther() {
        var votes = List.of(vote(0, RIGHT), vote(1, WRONG));
        var view = new View(NOON, NOON, List.of(active(10, votes, List.of())), workers(2), members(2));

        assertThat(Planner.explain(view.tasks().getFirst(), view))
                .isEqualTo("2 votes, 0 workers at it; credibility 0.4000 of 0.9000: 4 more new workers must agree,"
                        + " and every worker of the pool has tried");
    }

    @Test
    void saysThatAResultGivenAloneIsBeingChecked() {
        assertThat(explain(open(10, auditDue())))
                .isEqualTo("its result, which one worker gave alone, was drawn to be checked; it waits to be opened to"
                        + " others");
        assertThat(explain(active(10, List.of(audited(0, RIGHT)), List.of(working(1)))))
                .isEqualTo("a result that one worker gave alone is being checked by others: 1 votes, 1 workers at it;"
                        + " credibility 0.6667 of 0.9000: 2 more new workers must agree");
        assertThat(explain(active(2, List.of(audited(0, RIGHT)), List.of())))
                .isEqualTo("a result that one worker gave alone is being checked by others: 1 votes, 0 workers at it;"
                        + " one more must vote");
        assertThat(explain(active(2, List.of(audited(0, RIGHT)), List.of(working(1)))))
                .endsWith("1 votes, 1 workers at it");
    }

    private static String explain(Open open) {
        return Planner.explain(open, new View(NOON, NOON, List.of(open), List.of(), members(9)));
    }

    private static List<Action> planAt(Instant now, Open open) {
        return plan(now, List.of(open), List.of());
    }

    @Test
    void asksOnlyMachinesThatSuitTheTaskAndThoseFirstThatItLikes() {
        var wants = Optional.of(
                ClassAd.parse("[RequestCpus = 2; Requirements = TARGET.Memory >= 1024; Rank = TARGET.Speed]"));
        var task = new Open(deal(1), wants, new Task.Active(TASK, DEAL, 0, List.of()), List.of());
        var fits = "MY.Cpus >= TARGET.RequestCpus";

        assertThat(plan(
                        NOON,
                        List.of(task),
                        List.of(
                                machine(0, "[Cpus = 4; Memory = 512; Speed = 9; Requirements = %s]".formatted(fits)),
                                machine(1, "[Cpus = 1; Memory = 2048; Speed = 8; Requirements = %s]".formatted(fits)),
                                machine(2, "[Cpus = 2; Memory = 2048; Speed = 1; Requirements = %s]".formatted(fits)),
                                machine(3, "[Cpus = 2; Memory = 2048; Speed = 2; Requirements = %s]".formatted(fits)))))
                .containsExactly(new Action.Assign(TASK, worker(3)));
    }

    @Test
    void oneMachineTakesSeveralTasksAsFarAsTheyFitBesideEachOther() {
        var big = Optional.of(ClassAd.parse("[RequestCpus = 3; Requirements = true]"));
        var tasks = LongStream.range(0, 3)
                .mapToObj(i -> new Open(deal(1), big, new Task.Active(DEAL.task(i), DEAL, i, List.of()), List.of()))
                .toList();
        var machine = new Candidate(
                worker(0), 2, 64, ClassAd.parse("[Cpus = 7; Requirements = TARGET.RequestCpus <= MY.Cpus]"));

        assertThat(plan(NOON, tasks, List.of(machine))).hasSize(2);
    }

    @Test
    void givesBackATaskWhoseParametersMakeNoSense() {
        var task = new Open(deal(1), Optional.empty(), new Task.Active(TASK, DEAL, 0, List.of()), List.of());

        assertThat(plan(NOON, List.of(task), workers(3))).containsExactly(new Action.Decline(TASK));
    }

    private static Candidate machine(int number, String ad) {
        return new Candidate(worker(number), 2, 1, ClassAd.parse(ad));
    }

    private static List<Action> plan(Instant now, List<Open> tasks, List<Candidate> idle) {
        return Planner.plan(new View(now, now, tasks, idle, members(9)));
    }

    private static Open active(long trust) {
        return active(trust, List.of(), List.of());
    }

    private static Open active(long trust, List<Contribution> votes, List<? extends Replicate> replicates) {
        return new Open(deal(trust), AD, new Task.Active(TASK, DEAL, 0, votes), List.copyOf(replicates));
    }

    private static Open open(long trust, Task task, Replicate... replicates) {
        return new Open(deal(trust), AD, task, List.of(replicates));
    }

    private static Task auditDue() {
        var deadline = NOON.plus(XS.reference().multipliedBy(2));
        return new Task.AuditDue(TASK, DEAL, 0, RIGHT, deadline, List.of(heavy(0)));
    }

    /// The first `reveals` of the winners have shown what they voted for.
    private static Task revealing(int winners, int reveals) {
        var votes = IntStream.range(0, winners)
                .mapToObj(i -> new Contribution(
                        worker(i), i < reveals ? Status.PROVED : Status.CONTRIBUTED, RIGHT, Bytes32.ZERO, 2))
                .toList();
        return new Task.Revealing(TASK, DEAL, 0, RIGHT, NOON.plusSeconds(600), winners, reveals, votes);
    }

    private static Deal deal(long trust) {
        var nobody = new Deal.Share(Address.ZERO, Address.ZERO, Rlc.ZERO);
        return new Deal(
                DEAL,
                nobody,
                nobody,
                nobody,
                trust,
                XS,
                Tag.NONE,
                worker(90),
                worker(90),
                Address.ZERO,
                "",
                NOON,
                0,
                2,
                Rlc.ZERO,
                1,
                worker(90));
    }

    private static Contribution vote(int worker, Bytes32 hash) {
        return new Contribution(worker(worker), Status.CONTRIBUTED, hash, Bytes32.ZERO, 2);
    }

    /// He is believed alone at any trust below 1000.
    private static Contribution heavy(int worker) {
        return new Contribution(worker(worker), Status.CONTRIBUTED, RIGHT, Bytes32.ZERO, 1000);
    }

    private static Contribution audited(int worker, Bytes32 hash) {
        return new Contribution(worker(worker), Status.CONTRIBUTED, hash, Bytes32.ZERO, 1000, true);
    }

    private static Replicate working(int worker) {
        return new Replicate.Working(worker(worker), 2);
    }

    private static List<Candidate> workers(int count) {
        return IntStream.range(0, count).mapToObj(PlannerTest::candidate).toList();
    }

    private static List<Address> members(int count) {
        return IntStream.range(0, count).mapToObj(PlannerTest::worker).toList();
    }

    private static Candidate candidate(int number) {
        return new Candidate(worker(number), 2, 1, MACHINE);
    }

    private static Address worker(int number) {
        return new Address("%040x".formatted(number + 1));
    }

    private static Bytes32 hash(String text) {
        return Sha256.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
