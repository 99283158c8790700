package bourse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DrawTest {
    private static final TaskId TASK = new TaskId(word(7));

    @Test
    void drawsNobodyOrEverybodyAtTheEnds() {
        for (int i = 0; i < 1000; i++) {
            assertThat(new Draw(0).audits(TASK, word(i))).isFalse();
            assertThat(new Draw(100).audits(TASK, word(i))).isTrue();
        }
    }

    @Test
    void drawsAboutAsManyAsItsRatioSays() {
        var audited = IntStream.range(0, 10_000)
                .filter(i -> new Draw(10).audits(TASK, word(i)))
                .count();

        assertThat(audited).isBetween(850L, 1150L);
    }

    @Test
    void whoIsDrawnAtARatioIsDrawnAtEveryHigherOne() {
        for (int i = 0; i < 1000; i++) {
            if (new Draw(10).audits(TASK, word(i))) {
                assertThat(new Draw(11).audits(TASK, word(i))).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 101})
    void isAPercentage(int ratio) {
        assertThatThrownBy(() -> new Draw(ratio)).hasMessageContaining("no percentage");
    }

    private static Bytes32 word(int number) {
        return new Bytes32("%064x".formatted(number));
    }
}
