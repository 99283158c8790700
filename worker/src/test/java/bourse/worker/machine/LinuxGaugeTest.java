package bourse.worker.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import bourse.testing.VirtualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxGaugeTest {
    @TempDir
    Path root;

    private final VirtualClock clock = VirtualClock.atNoon();
    private LinuxGauge gauge;

    @BeforeEach
    void begin() {
        gauge = new LinuxGauge(root, clock);
    }

    private void write(String name, String content) throws IOException {
        var file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content + "\n");
    }

    private void battery(String name, int capacity, String status) throws IOException {
        write("sys/class/power_supply/" + name + "/type", "Battery");
        write("sys/class/power_supply/" + name + "/capacity", Integer.toString(capacity));
        write("sys/class/power_supply/" + name + "/status", status);
    }

    private void mains(int online) throws IOException {
        write("sys/class/power_supply/AC/type", "Mains");
        write("sys/class/power_supply/AC/online", Integer.toString(online));
    }

    private void terminal(String name, Duration ago) throws IOException {
        write("dev/" + name, "");
        Files.setAttribute(
                root.resolve("dev").resolve(name),
                "lastAccessTime",
                FileTime.from(clock.instant().minus(ago)));
    }

    @Test
    void saysNothingOfWhatIsNotThere() {
        var now = gauge.read(1);

        assertThat(now.load()).isEmpty();
        assertThat(now.battery()).isEmpty();
        assertThat(now.onMains()).isEmpty();
        assertThat(now.userIdle()).isEmpty();
        assertThat(now.memory()).isEmpty();
        assertThat(now.freeMemory()).isEmpty();
        assertThat(now.cores()).isPositive();
    }

    @Test
    void readsThisMachineWithoutFailing() {
        var now = new LinuxGauge(InstantSource.system()).read(0);

        assertThat(now.load().isPresent()).isEqualTo(Files.exists(Path.of("/proc/loadavg")));
        assertThat(now.memory().isPresent()).isEqualTo(Files.exists(Path.of("/proc/meminfo")));
    }

    @Test
    void leavesOutWhatItsOwnProgramsAddToTheLoad() throws Exception {
        write("proc/loadavg", "0.50 0.70 0.80 1/234 5678");
        assertThat(gauge.read(0).load()).hasValue(0.5);

        // Two programs, as the kernel counts them minute by minute.
        clock.advance(Duration.ofMinutes(1));
        write("proc/loadavg", "1.76 0.70 0.80 3/234 5678");
        assertThat(gauge.read(2).load().orElseThrow()).isCloseTo(0.5, within(0.01));
        for (int minute = 0; minute < 10; minute++) {
            clock.advance(Duration.ofMinutes(1));
            gauge.read(2);
        }
        write("proc/loadavg", "2.50 0.70 0.80 3/234 5678");
        assertThat(gauge.read(2).load().orElseThrow()).isCloseTo(0.5, within(0.01));

        // They stand still: what they added goes as slowly.
        clock.advance(Duration.ofMinutes(1));
        write("proc/loadavg", "1.24 0.70 0.80 1/234 5678");
        assertThat(gauge.read(0).load().orElseThrow()).isCloseTo(0.5, within(0.01));
    }

    @Test
    void readsMemory() throws Exception {
        write("proc/meminfo", "MemTotal:       16000000 kB\nMemFree:  1 kB\nMemAvailable:    8000000 kB");

        assertThat(gauge.read(0).memory()).hasValue(16_000_000L << 10);
        assertThat(gauge.read(0).freeMemory()).hasValue(8_000_000L << 10);
    }

    @Test
    void knowsBatteriesFromMains() throws Exception {
        mains(1);
        assertThat(gauge.read(0).onMains()).as("a machine without a battery").isEmpty();

        battery("BAT0", 80, "Charging");
        battery("BAT1", 40, "Charging");
        assertThat(gauge.read(0).onMains()).contains(true);
        assertThat(gauge.read(0).battery()).hasValue(40);

        mains(0);
        assertThat(gauge.read(0).onMains()).contains(false);
    }

    @Test
    void believesTheBatteryWhereNobodyTellsOfTheMains() throws Exception {
        battery("BAT0", 80, "Discharging");
        assertThat(gauge.read(0).onMains()).contains(false);

        battery("BAT0", 80, "Full");
        assertThat(gauge.read(0).onMains()).contains(true);
    }

    @Test
    void takesNoMouseForTheMachine() throws Exception {
        battery("hidpp_battery_0", 5, "Discharging");
        write("sys/class/power_supply/hidpp_battery_0/scope", "Device");

        assertThat(gauge.read(0).battery()).isEmpty();
        assertThat(gauge.read(0).onMains()).isEmpty();
    }

    @Test
    void seesWhoTypesIntoATerminal() throws Exception {
        terminal("tty1", Duration.ofHours(3));
        terminal("pts/0", Duration.ofMinutes(7));
        terminal("pts/ptmx", Duration.ZERO);
        terminal("tty", Duration.ZERO);
        terminal("ttyS0", Duration.ZERO);
        assertThat(gauge.read(0).userIdle()).contains(Duration.ofMinutes(7));

        terminal("pts/1", Duration.ofMinutes(-1));
        assertThat(gauge.read(0).userIdle()).as("a clock that went back").contains(Duration.ZERO);
    }

    @Test
    void seesWhoTouchesALaptop() throws Exception {
        write("proc/interrupts", """
                           CPU0       CPU1
                   1:          9          2   IO-APIC    1-edge      i8042
                   8:          0          1   IO-APIC    8-edge      rtc0
                 NMI:          0          0   Non-maskable interrupts""");
        gauge.read(0);
        clock.advance(Duration.ofMinutes(3));
        assertThat(gauge.read(0).userIdle()).contains(Duration.ofMinutes(3));

        write("proc/interrupts", """
                           CPU0       CPU1
                   1:          9          3   IO-APIC    1-edge      i8042
                   8:          0          7   IO-APIC    8-edge      rtc0""");
        assertThat(gauge.read(0).userIdle()).contains(Duration.ZERO);
    }
}
