package bourse.worker.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HoursTest {
    private static final ZoneId VIENNA = ZoneId.of("Europe/Vienna");

    /// 2020-02-03 is a Monday.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            always                                 | 2020-02-03T12:00 | true
            18:00-08:00                            | 2020-02-03T12:00 | false
            18:00-08:00                            | 2020-02-03T18:00 | true
            18:00-08:00                            | 2020-02-03T07:59 | true
            18:00-08:00                            | 2020-02-03T08:00 | false
            00:00-24:00                            | 2020-02-03T00:00 | true
            Mon 09:00-10:00                        | 2020-02-03T09:30 | true
            Tue 09:00-10:00                        | 2020-02-03T09:30 | false
            Mon-Fri 18:00-08:00                    | 2020-02-08T07:00 | true
            Mon-Fri 18:00-08:00                    | 2020-02-03T07:00 | false
            Sat-Sun 00:00-24:00                    | 2020-02-09T23:59 | true
            Sat-Mon 00:00-24:00                    | 2020-02-03T12:00 | true
            Sat-Mon 00:00-24:00                    | 2020-02-04T12:00 | false
            Mon 09:00-10:00, mon 11:00-12:00       | 2020-02-03T11:30 | true
            Mon 09:00-10:00 in America/New_York    | 2020-02-03T09:30 | false
            Mon 09:00-10:00 in America/New_York    | 2020-02-03T15:30 | true
            """)
    void readsAWeek(String text, LocalDateTime inVienna, boolean contained) {
        var hours = Hours.parse(text, VIENNA);

        assertThat(hours.contain(inVienna.atZone(VIENNA).toInstant())).isEqualTo(contained);
    }

    @Test
    void goesByTheClockOnTheWall() {
        var nights = Hours.parse("18:00-08:00", VIENNA);
        var before = Instant.parse("2020-03-28T17:30:00Z"); // 18:30
        var after = Instant.parse("2020-03-29T16:30:00Z"); // 18:30, in summer time

        assertThat(nights.contain(before)).isTrue();
        assertThat(nights.contain(before.plus(Duration.ofDays(1)))).isTrue();
        assertThat(nights.contain(after)).isTrue();
        assertThat(nights.contain(after.minus(Duration.ofHours(1)))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "never",
                "9-17",
                "Mon",
                "Mon-Fri",
                "Foo 09:00-10:00",
                "09:60-10:00",
                "09:00-24:30",
                "24:00-08:00",
                "09:00-09:00",
                "09:00-10:00,",
                "09:00-10:00 in Nowhere/Town",
            })
    void refusesWhatIsNoWeek(String text) {
        assertThatThrownBy(() -> Hours.parse(text, VIENNA)).isInstanceOf(IllegalArgumentException.class);
    }
}
