package bourse.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.classad.Form;
import bourse.classad.Printer;
import bourse.protocol.Rlc;
import org.junit.jupiter.api.Test;

class PolicyTest {
    @Test
    void namesTheExpressionThatIsNone() {
        assertThatThrownBy(() -> Policy.expression("workers.start", "TARGET.Cpus >"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("workers.start is no expression of ClassAds");
        assertThatThrownBy(() -> Policy.expression("workers.rank", '"' + "é".repeat(300) + '"'))
                .hasMessage("workers.rank takes at most 2000 characters, not 2402");
        assertThatThrownBy(() -> Policy.expression("workers.start", "(".repeat(60) + "1" + ")".repeat(60)))
                .as("deeper than a pool reads")
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyoneIsWelcomeWhereNothingElseIsSaid() {
        assertThat(Printer.print(Policy.OPEN.start(), Form.NEW)).isEqualTo("true");
        assertThat(Policy.of("", 0, Rlc.ZERO, "true", "0")).isEqualTo(Policy.OPEN);
    }
}
