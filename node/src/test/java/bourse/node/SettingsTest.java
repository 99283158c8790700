package bourse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.protocol.Rlc;
import bourse.scheduler.Fairness;
import bourse.worker.Policy;
import bourse.worker.machine.Hours;
import bourse.worker.machine.Rules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @TempDir
    Path directory;

    private Settings read(String toml) throws Exception {
        return Settings.read(Files.writeString(directory.resolve("bourse.toml"), toml));
    }

    @Test
    void aMachineWorksAlwaysWhereNothingElseIsSaid() throws Exception {
        assertThat(read("").workers().machine().rules()).isEqualTo(Rules.ALWAYS);
    }

    @Test
    void anOwnerSaysWhenHisMachineWorks() throws Exception {
        var settings = read("""
                [workers.machine]
                hours = "Sat-Sun 00:00-24:00"
                max-load = 1.5
                battery = "40%"
                user-idle = 5
                cores = 50
                memory = 25
                patience = 3
                """);

        assertThat(settings.workers().machine().rules())
                .isEqualTo(new Rules(
                        Hours.parse("Sat-Sun 00:00-24:00", ZoneId.systemDefault()),
                        OptionalDouble.of(1.5),
                        OptionalInt.of(40),
                        Duration.ofMinutes(5),
                        50,
                        25,
                        Duration.ofMinutes(3)));
        assertThat(read("[workers.machine]\nbattery = \"never\"")
                        .workers()
                        .machine()
                        .rules()
                        .battery())
                .isEmpty();
    }

    @Test
    void anOwnerSaysWhomHisMachineWorksFor() throws Exception {
        var settings = read("""
                [workers]
                region = "eu-north"
                watts = 25
                price-floor = "0.1"
                start = 'TARGET.Seconds <= 3600'
                rank = "TARGET.Price"
                """);

        assertThat(settings.workers().policy())
                .isEqualTo(Policy.of("eu-north", 25, Rlc.parse("0.1"), "TARGET.Seconds <= 3600", "TARGET.Price"));
        assertThat(read("").workers().policy()).isEqualTo(Policy.OPEN);
    }

    @Test
    void aPoolsOwnerSaysHowRequestersShareIt() throws Exception {
        assertThat(read("[pool]\nhalf-life = 600\nquota = 3\npatience = 60")
                        .pool()
                        .terms()
                        .fairness())
                .isEqualTo(new Fairness(Duration.ofMinutes(10), 3, Duration.ofMinutes(1)));
        assertThat(read("").pool().terms().fairness()).isEqualTo(Fairness.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource({"half-life, 59", "half-life, 86401", "quota, -1", "patience, -1"})
    void refusesTurnsThatAreNone(String key, int value) {
        assertThatThrownBy(() -> read("[pool]\n%s = %d".formatted(key, value)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("pool." + key);
    }

    @Test
    void workersOnOneMachineShareItEvenly() throws Exception {
        var workers = read("[workers.machine]\ncores = 100\nmemory = 100").workers();

        var alone = Lent.settings(workers, 1);
        var crowded = Lent.settings(workers, 1000);

        assertThat(alone.cores()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(crowded.cores()).isEqualTo(1);
        assertThat(crowded.memoryBytes()).isEqualTo(crowded.limits().memoryBytes());
        assertThat(Lent.settings(workers, 2).cores()).isEqualTo(Math.max(1, alone.cores() / 2));
    }

    @ParameterizedTest
    @CsvSource({
        "start, '\"TARGET.Price >\"'",
        "rank, '\"1 +\"'",
        "watts, -1",
    })
    void refusesWhatNoPoolCanRead(String key, String value) {
        assertThatThrownBy(() -> read("[workers]\n%s = %s".formatted(key, value)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("workers." + key);
    }

    @ParameterizedTest
    @CsvSource({"url, '\"ftp://a\"'", "port, 65536", "orders, 0", "per-minute, 0", "prise, 1"})
    void refusesWhatNoOrderBookCanBe(String key, String value) {
        assertThatThrownBy(() -> read("[market]\n%s = %s".formatted(key, value)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(key);
    }

    @ParameterizedTest
    @CsvSource({
        "max-load, -1",
        "max-load, nan",
        "battery, '\"101%\"'",
        "battery, '\"often\"'",
        "user-idle, -1",
        "cores, 0",
        "memory, 101",
        "patience, -1",
        "hours, '\"never\"'",
    })
    void refusesWhatNoMachineCanDo(String key, String value) {
        assertThatThrownBy(() -> read("[workers.machine]\n%s = %s".formatted(key, value)))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("workers.machine." + key);
    }
}
