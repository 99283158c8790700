package bourse.classad.pool;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.classad.ClassAd;
import bourse.classad.Evaluator;
import bourse.classad.Expression;
import bourse.classad.Operator;
import bourse.classad.Value;
import bourse.classad.pool.Explanation.Change;
import bourse.classad.pool.Explanation.Choice;
import bourse.classad.pool.Explanation.Counts;
import bourse.classad.pool.Explanation.Missing;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private static final List<String> OFFERS = List.of(
            "[Memory = 2048; Arch = \"arm\"; Requirements = true]",
            "[Memory = 4096; Arch = \"x86\"; Requirements = true]",
            "[Memory = 6144; Arch = \"x86\"; Requirements = true]",
            "[Memory = 16384; Arch = \"arm\"; Requirements = true]",
            "[Memory = \"much\"; Arch = \"x86\"; Requirements = true]",
            "[Arch = \"x86\"; Requirements = Start && TARGET.Price >= 5; Start = TARGET.Nice && true]",
            "[Memory = 32768; Arch = \"x86\"; Requirements = Start && TARGET.Price >= 5; Start = TARGET.Nice && true]",
            "[Memory = 32768; Arch = \"x86\"]");

    private static Explanation explain(String task, int more) {
        Matcher<Integer> matcher = Matcher.columnar(Evaluator.OLD);
        for (int i = 0; i < OFFERS.size(); i++) {
            matcher.put(i, ClassAd.parse(OFFERS.get(i)));
        }
        return matcher.explain(ClassAd.parse(task), more);
    }

    @Test
    void countsWhatEachClauseLetsThroughAloneAndTogether() {
        var explanation = explain(
                "[Requirements = Fits && TARGET.Arch == \"X86\"; Fits = (TARGET.Memory >= Need && true); Need = 4096]",
                1);

        assertThat(explanation.clauses().getFirst().expression()).isEqualTo(Expression.parse("TARGET.Memory >= Need"));
        assertThat(explanation.clauses())
                .extracting(Explanation.Clause::alone)
                .containsExactly(new Counts(5, 1, 1, 1), new Counts(8, 0, 0, 0), new Counts(6, 2, 0, 0));
        assertThat(explanation.clauses())
                .extracting(Explanation.Clause::together)
                .containsExactly(5, 5, 4);
        assertThat(explanation.clauses())
                .extracting(Explanation.Clause::onlyObstacle)
                .containsExactly(1, 0, 1);
        assertThat(explanation.clauses().getFirst().missing()).containsExactly(new Missing("Memory", 1));
        assertThat(explanation)
                .extracting(Explanation::offers, Explanation::accepted, Explanation::accepting, Explanation::matches)
                .containsExactly(8, 4, 5, 2);
    }

    @Test
    void proposesTheNearestBoundThatLetsEnoughThrough() {
        var task = "[Requirements = TARGET.Memory > RequestMemory; RequestMemory = 20000]";

        assertThat(explain(task, 1).clauses().getFirst().changes())
                .containsExactly(new Change.Bound(
                        "Memory", Operator.GREATER_OR_EQUAL, new Value.Int(20_000), new Value.Int(16_384), 1));
        assertThat(explain(task, 3).clauses().getFirst().changes())
                .containsExactly(new Change.Bound(
                        "Memory", Operator.GREATER_OR_EQUAL, new Value.Int(20_000), new Value.Int(4_096), 3));
        assertThat(explain(task, 9).clauses().getFirst().changes())
                .containsExactly(new Change.Bound(
                        "Memory", Operator.GREATER_OR_EQUAL, new Value.Int(20_000), new Value.Int(2_048), 4));
    }

    @Test
    void mirrorsABoundThatStandsOnTheLeft() {
        assertThat(explain("[Requirements = 1000 >= TARGET.Memory]", 2)
                        .clauses()
                        .getFirst()
                        .changes())
                .containsExactly(new Change.Bound(
                        "Memory", Operator.LESS_OR_EQUAL, new Value.Int(1_000), new Value.Int(4_096), 2));
    }

    @Test
    void listsTheTextsThatOffersHaveInstead() {
        assertThat(explain("[Requirements = Arch == \"sparc\"]", 1)
                        .clauses()
                        .getFirst()
                        .changes())
                .containsExactly(new Change.OneOf(
                        "Arch",
                        Value.Text.of("sparc"),
                        List.of(new Choice(Value.Text.of("x86"), 3), new Choice(Value.Text.of("arm"), 2))));
    }

    @Test
    void tellsWhichClauseOfOffersRefusesTheTask() {
        var explanation = explain("[Requirements = true; Price = 1; Nice = true]", 1);

        assertThat(explanation.refusals())
                .containsExactly(
                        new Explanation.Refusal(Expression.parse("TARGET.Price >= 5"), new Counts(0, 2, 0, 0), 2));
        assertThat(explanation.withoutRequirements()).isEqualTo(1);
    }

    @Test
    void hasNothingToSayAboutATaskWithoutRequirements() {
        assertThat(explain("[a = 1]", 1).clauses()).isEmpty();
    }

    /// Whatever a change promises comes true when the task is written so.
    @Test
    void proposesNothingThatDoesNotHappen() {
        var machines = new Machines(new Random(5));
        Matcher<Integer> matcher = Matcher.columnar(Evaluator.OLD);
        IntStream.range(0, 300).forEach(i -> matcher.put(i, machines.offer(i)));
        int tried = 0;
        for (int i = 0; i < 60; i++) {
            var task = machines.task(i, i % 2 == 0);
            var explanation = matcher.explain(task, 3);
            assertThat(explanation.matches()).isEqualTo(matcher.matches(task).size());
            for (int c = 0; c < explanation.clauses().size(); c++) {
                for (var change : explanation.clauses().get(c).changes()) {
                    if (change instanceof Change.Bound(var attribute, var operator, var _, var instead, int more)) {
                        var clauses = new ArrayList<>(explanation.clauses().stream()
                                .map(Explanation.Clause::expression)
                                .toList());
                        clauses.set(
                                c,
                                new Expression.Binary(
                                        operator,
                                        new Expression.Selection(new Expression.Name("TARGET"), attribute),
                                        new Expression.Literal(instead)));
                        var changed = task.with(
                                "Requirements",
                                clauses.stream()
                                        .reduce((a, b) -> new Expression.Binary(Operator.AND, a, b))
                                        .orElseThrow());
                        assertThat(matcher.matches(changed)).hasSize(explanation.matches() + more);
                        tried++;
                    }
                }
            }
        }
        assertThat(tried).isGreaterThan(60);
    }
}
