package bourse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class RlcTest {
    private static final Rlc MOST = new Rlc(BigInteger.TWO.pow(256).subtract(BigInteger.ONE));

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "1, 1000000000, 1",
        "1.5, 1500000000, 1.5",
        "0.000000001, 1, 0.000000001",
        "13.990909090, 13990909090, 13.99090909",
        "007, 7000000000, 7",
        "1000000, 1000000000000000, 1000000"
    })
    void readsAndWritesDecimals(String text, long nano, String written) {
        assertThat(Rlc.parse(text)).isEqualTo(Rlc.ofNano(nano));
        assertThat(Rlc.ofNano(nano).decimal()).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "1.", ".5", "-1", "+1", "1e9", "1,5", " 1", "1 ", "0.0000000001", "0x1", "١", "NaN"})
    void refusesWhatIsNoAmount(String text) {
        assertThatThrownBy(() -> Rlc.parse(text)).isInstanceOf(Malformed.class);
    }

    @Test
    void refusesAnAmountOfEndlessLength() {
        assertThatThrownBy(() -> Rlc.parse("1".repeat(1_000_000)))
                .isInstanceOf(Malformed.class)
                .message()
                .hasSizeLessThan(300);
    }

    @Test
    void isNeverNegativeAndFitsAWord() {
        assertThatThrownBy(() -> Rlc.ZERO.minus(Rlc.ofNano(1))).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> MOST.plus(Rlc.ofNano(1))).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> MOST.times(2)).isInstanceOf(Malformed.class);
        assertThat(Rlc.parse(MOST.decimal().substring(0, 60))).isNotEqualTo(MOST);
    }

    @ParameterizedTest
    @CsvSource({"100, 30, 30", "99, 30, 29", "3, 30, 0", "1, 99, 0", "7, 1000, 70"})
    void roundsPercentsDownAsTheContractsDo(long amount, long percent, long part) {
        assertThat(Rlc.ofNano(amount).percent(percent)).isEqualTo(Rlc.ofNano(part));
    }

    @Test
    void standsInJsonAsText() {
        var json = new JsonMapper();

        assertThat(json.writeValueAsString(Rlc.parse("1.50"))).isEqualTo("\"1.5\"");
        assertThat(json.readValue("\"1.5\"", Rlc.class)).isEqualTo(Rlc.parse("1.5"));
    }
}
