package bourse.scheduler.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import bourse.scheduler.trust.MFirst;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What docs/trust.md promises, with `-Dtrust.grid=whole -Dtrust.runs=20` in every cell.
///
/// Where an error must be within a bound the *upper* end of the confidence interval is compared, so that few
/// runs make the test harder to pass, and never hide that it is broken.
class SimulationTest {
    private static final int RUNS = Integer.getInteger("trust.runs", 6);
    private static final boolean WHOLE = "whole".equals(System.getProperty("trust.grid"));
    private static final Strategy CONSTANT = new Strategy.Constant();
    private static final Method HELD = new Method.Held();
    private static final Method BOURSE = new Method.Bourse();

    private static Setup setup(double faulty, double sabotage, Strategy strategy, double assumed) {
        return new Setup(100, 10_000, faulty, sabotage, strategy, 100, assumed, .1, 10, 0);
    }

    @TestFactory
    Stream<DynamicTest> errorsStayWithinThePromise() {
        var strategies = List.of(
                CONSTANT,
                new Strategy.Sleeper(),
                new Strategy.AfterResults(50),
                new Strategy.AfterResults(90),
                new Strategy.Collude());
        var cells = WHOLE
                ? Stream.of(.05, .2, .35)
                        .flatMap(f -> Stream.of(.01, .03, .1, .3, .5, 1.).map(s -> List.of(f, s)))
                : Stream.of(List.of(.2, .1), List.of(.2, 1.), List.of(.35, .3));
        return cells.flatMap(cell -> strategies.stream()
                .flatMap(strategy -> Stream.of(HELD, BOURSE).map(method -> {
                    var setup = setup(cell.get(0), cell.get(1), strategy, cell.get(0));
                    return DynamicTest.dynamicTest(
                            "%s f=%s s=%s %s".formatted(method.name(), cell.get(0), cell.get(1), strategy),
                            () -> staysWithin(.01, setup, method));
                })));
    }

    private static void staysWithin(double bound, Setup setup, Method method) {
        var outcomes = Simulation.runs(setup, method, RUNS, 1);

        assertThat(Estimate.of(outcomes, Outcome::error).atMost()).isLessThanOrEqualTo(bound);
        assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome.undone()).isZero());
    }

    @Test
    void doubtCostsWhatItMay() {
        assertThat(slowdown(setup(0, 0, CONSTANT, .2), HELD).atMost()).isLessThanOrEqualTo(1.32);
        assertThat(slowdown(setup(.2, .1, CONSTANT, .2), HELD).atMost()).isLessThanOrEqualTo(1.48);
        assertThat(slowdown(setup(.35, .1, CONSTANT, .35), HELD).atMost()).isLessThanOrEqualTo(2.44);
    }

    @Test
    void onChainTheWeightsOfNewWorkersCostMoreThanThePoolsDoubt() {
        double alone = slowdown(setup(0, 0, CONSTANT, .2), new Method.Poco(10)).mean();

        assertThat(alone).isCloseTo(2.17, within(.02));
        assertThat(slowdown(setup(0, 0, CONSTANT, .2), BOURSE).mean()).isCloseTo(alone, within(.05));
    }

    @Test
    void mFirstVotingIsWhatItsFormulasSay() {
        for (int votes : List.of(2, 3)) {
            var outcomes = Simulation.runs(setup(.35, .5, CONSTANT, .35), new Method.First(votes), RUNS, 1);
            var error = Estimate.of(outcomes, Outcome::error);
            var formula = new MFirst(votes);

            // In a crowd of a hundred two votes are not quite independent: nobody votes twice.
            assertThat(error.mean()).isCloseTo(formula.error(.175), within(error.margin() + .002));
            assertThat(Estimate.of(outcomes, Outcome::slowdown).mean()).isCloseTo(formula.results(.175), within(.01));
        }
    }

    @Test
    void adaptiveReplicationGivesNoBound() {
        var error = Estimate.of(
                Simulation.runs(setup(.35, .1, CONSTANT, .35), new Method.Adaptive(), RUNS, 1), Outcome::error);

        assertThat(error.mean()).isCloseTo(.026, within(.002));
    }

    @Test
    void sleepersBreakThePromiseOfTheContractsAlone() {
        assertThat(sleepers(.05, 0).error()).isCloseTo(.049, within(.001));
        assertThat(sleepers(.2, 0).error()).isCloseTo(.19, within(.005));
        assertThat(sleepers(.35, 0).error()).isCloseTo(.34, within(.005));
    }

    @Test
    void auditsBringThemBack() {
        var outcome = sleepers(.2, 10);

        assertThat(outcome.error()).isCloseTo(.0077, within(.001));
        assertThat(outcome.slowdown()).isCloseTo(1.31, within(.02));
    }

    /// As many tasks as it takes for the time before anyone was accepted alone to matter no more.
    private static Outcome sleepers(double faulty, int audit) {
        var setup = new Setup(100, 500_000, faulty, 1, new Strategy.Sleeper(), 100, faulty, .1, audit, 0);
        return Simulation.run(setup, new Method.Poco(audit), 1);
    }

    @Test
    void thePoolKeepsThePromiseWhereTheChainBelievesEveryoneAlone() {
        for (Strategy strategy : List.of(new Strategy.Sleeper(), new Strategy.AfterResults(50))) {
            var setup = new Setup(100, 10_000, .2, 1, strategy, 100, .2, .1, 10, 400);

            staysWithin(.01, setup, BOURSE);
            assertThat(Simulation.run(setup, new Method.Poco(0), 1).error())
                    .as("without it")
                    .isGreaterThan(.05);
        }
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        var setup = setup(.2, .3, new Strategy.Collude(), .2);

        assertThat(Simulation.run(setup, HELD, 7)).isEqualTo(Simulation.run(setup, HELD, 7));
        assertThat(Simulation.run(setup, BOURSE, 7)).isEqualTo(Simulation.run(setup, BOURSE, 7));
    }

    private static Estimate slowdown(Setup setup, Method method) {
        return Estimate.of(Simulation.runs(setup, method, RUNS, 1), Outcome::slowdown);
    }
}
