package bourse.worker.machine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Measures a Linux machine by the files with which the kernel tells of it; on others there are none.
///
/// Whether somebody is there shows in two ways that need no rights. A terminal is read when somebody types,
/// which the kernel notes to within 8 s. And the keyboard and the touchpad of a laptop interrupt the
/// processor. Those on USB share their interrupts with all else and are not seen, unless a terminal is typed
/// into.
public final class LinuxGauge implements Gauge {
    private static final double MINUTE = 60;
    private static final Pattern TERMINAL = Pattern.compile("tty\\d+|pts/\\d+");
    private static final Pattern INPUT = Pattern.compile("i8042|keyboard|touchpad|mouse");
    private static final Pattern COUNTS = Pattern.compile("\\s*\\S+:((?:\\s+\\d+)+)\\s.*");

    private final Path proc;
    private final Path supplies;
    private final Path devices;
    private final InstantSource clock;

    /// What the programs of workers add to the load by now: it comes and goes as slowly as the kernel counts
    /// it.
    private double ownLoad;

    private Optional<Instant> before = Optional.empty();
    private OptionalLong interrupts = OptionalLong.empty();
    private Optional<Instant> lastInput = Optional.empty();

    public LinuxGauge(InstantSource clock) {
        this(Path.of("/"), clock);
    }

    /// @param root where `proc`, `sys` and `dev` are
    LinuxGauge(Path root, InstantSource clock) {
        this.proc = root.resolve("proc");
        this.supplies = root.resolve("sys/class/power_supply");
        this.devices = root.resolve("dev");
        this.clock = clock;
    }

    @Override
    public synchronized Condition read(int running) {
        var now = clock.instant();
        var supply = supply();
        var condition = new Condition(
                now,
                Runtime.getRuntime().availableProcessors(),
                load(now, running),
                supply.battery(),
                supply.onMains(),
                userIdle(now),
                memory("MemTotal"),
                memory("MemAvailable"));
        before = Optional.of(now);
        return condition;
    }

    private OptionalDouble load(Instant now, int running) {
        double passed = before.map(then -> Duration.between(then, now).toMillis() / 1000.0)
                .orElse(0.0);
        double stays = Math.exp(-Math.max(0, passed) / MINUTE);
        ownLoad = ownLoad * stays + running * (1 - stays);
        try {
            double all = Double.parseDouble(text(proc.resolve("loadavg")).split(" ", 2)[0]);
            return OptionalDouble.of(Math.max(0, all - ownLoad));
        } catch (IOException | NumberFormatException _) {
            return OptionalDouble.empty();
        }
    }

    private OptionalLong memory(String name) {
        try {
            return lines(proc.resolve("meminfo"))
                    .filter(line -> line.startsWith(name + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst();
        } catch (IOException | NumberFormatException _) {
            return OptionalLong.empty();
        }
    }

    /* POWER */

    private record Supply(OptionalInt battery, Optional<Boolean> onMains) {}

    /// A mouse has a battery, too; it says that it is a device's.
    private Supply supply() {
        var charges = new ArrayList<Integer>();
        var mains = new ArrayList<Boolean>();
        boolean discharging = false;
        for (var supply : list(supplies)) {
            try {
                if (Files.exists(supply.resolve("scope"))
                        && text(supply.resolve("scope")).equals("Device")) {
                    continue;
                }
                if (text(supply.resolve("type")).equals("Battery")) {
                    charges.add(Integer.parseInt(text(supply.resolve("capacity"))));
                    discharging |= text(supply.resolve("status")).equals("Discharging");
                } else {
                    mains.add(text(supply.resolve("online")).equals("1"));
                }
            } catch (IOException | NumberFormatException _) {
                // The next one may say more.
            }
        }
        var battery = charges.stream().mapToInt(Integer::intValue).min();
        if (battery.isEmpty()) {
            return new Supply(battery, Optional.empty()); // without a battery it runs on mains, or not at all
        }
        return new Supply(battery, Optional.of(mains.contains(true) || (mains.isEmpty() && !discharging)));
    }

    /* SOMEBODY */

    private Optional<Duration> userIdle(Instant now) {
        noteInput(now);
        return Stream.concat(terminals().map(LinuxGauge::lastUse).flatMap(Optional::stream), lastInput.stream())
                .map(used -> Duration.between(used, now))
                .map(idle -> idle.isNegative() ? Duration.ZERO : idle)
                .min(Duration::compareTo);
    }

    private Stream<Path> terminals() {
        return Stream.concat(list(devices).stream(), list(devices.resolve("pts")).stream())
                .filter(device ->
                        TERMINAL.matcher(devices.relativize(device).toString()).matches());
    }

    private static Optional<Instant> lastUse(Path terminal) {
        try {
            return Optional.of(Files.readAttributes(terminal, BasicFileAttributes.class)
                            .lastAccessTime())
                    .map(FileTime::toInstant);
        } catch (IOException _) {
            return Optional.empty(); // it was closed
        }
    }

    /// What has interrupted since the last look was used by now. Before the first, nobody knows.
    private void noteInput(Instant now) {
        try {
            var counts = lines(proc.resolve("interrupts"))
                    .filter(line -> INPUT.matcher(line).find())
                    .map(COUNTS::matcher)
                    .filter(matcher -> matcher.matches())
                    .flatMap(matcher -> Arrays.stream(matcher.group(1).strip().split("\\s+")))
                    .mapToLong(Long::parseLong)
                    .toArray();
            if (counts.length == 0) {
                return;
            }
            var sum = OptionalLong.of(Arrays.stream(counts).sum());
            if (!sum.equals(interrupts)) {
                interrupts = sum;
                lastInput = Optional.of(now);
            }
        } catch (IOException | NumberFormatException _) {
            // There are the terminals.
        }
    }

    /* FILES */

    private static String text(Path file) throws IOException {
        return Files.readString(file).strip();
    }

    private static Stream<String> lines(Path file) throws IOException {
        return Files.readString(file).lines();
    }

    private static List<Path> list(Path directory) {
        var paths = new ArrayList<Path>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(paths::add);
        } catch (IOException _) {
            // There is none.
        }
        return paths;
    }
}
