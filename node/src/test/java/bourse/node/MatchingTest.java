package bourse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bourse.protocol.Deal;
import bourse.protocol.Params;
import bourse.protocol.Task;
import bourse.scheduler.Checks;
import bourse.testing.Scene;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a task asks of a machine, from the deal to the worker.
class MatchingTest {
    @TempDir
    Path directory;

    @Test
    void aTaskGoesToAMachineThatSuitsItAndWaitsWithAReasonWhereNoneDoes() throws Exception {
        try (var stage = new PoolStage(3, 1, directory)) {
            var scene = stage.scene;
            var scheduler = stage.scheduler(Checks.NONE);
            stage.worker(0, scheduler, new Printer());
            var modest = deal(scene, "Memory >= 16");
            var greedy = deal(scene, "Memory >= 1048576");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> scene.chain().task(modest.task(0)).orElse(null) instanceof Task.Completed);
            await().until(() -> scheduler.suitability(greedy.task(0)).isPresent());

            var why = scheduler.suitability(greedy.task(0)).orElseThrow();
            assertThat(why.suit()).isZero();
            assertThat(why.accepting()).as("the machine's owner would take it").isEqualTo(why.machines());
            assertThat(why.clauses())
                    .filteredOn(clause -> clause.no() > 0)
                    .singleElement()
                    .satisfies(clause -> {
                        assertThat(clause.text()).contains("Memory >= 1048576");
                        assertThat(clause.onlyObstacle()).isEqualTo(1);
                        assertThat(clause.changes())
                                .singleElement()
                                .asString()
                                .contains("instead of 1048576 matches 1 more");
                    });
            assertThat(scheduler.status(greedy.task(0)).explanation()).contains("suits no machine of the pool");
            assertThat(scene.chain().task(greedy.task(0)).orElseThrow().contributors())
                    .isEmpty();
        }
    }

    @Test
    void aTaskWhoseRequirementsAreNoExpressionIsGivenBack() throws Exception {
        try (var stage = new PoolStage(3, 1, directory)) {
            var scene = stage.scene;
            stage.scheduler(Checks.NONE);
            var broken = deal(scene, "Memory >=");

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> scene.chain().task(broken.task(0)).orElse(null) instanceof Task.Failed);
        }
    }

    private static Deal deal(Scene scene, String requirements) throws Exception {
        var params = new Params(List.of(), List.of(), new Params.Needs(requirements, "", 1, 0, 0, 0));
        return scene.deal(scene.request(1, 1, params.json()));
    }
}
