package bourse.worker.machine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a machine is, as far as a task may care. It stays the same for as long as a process lives.
///
/// @param arch of its processor, as HTCondor spells it: `X86_64`, `AARCH64`
/// @param system `LINUX`, `macOS`, `WINDOWS`
/// @param speed of one core; 1 for a usual laptop of 2026
/// @param gpus their names, one each, at most 16 of at most 64 characters of ASCII
public record Hardware(String arch, String system, double speed, List<String> gpus) {
    private static final int MOST_GPUS = 16;
    private static final int LONGEST_NAME = 64;

    public Hardware {
        gpus = gpus.stream()
                .limit(MOST_GPUS)
                .map(name ->
                        name.substring(0, Math.min(LONGEST_NAME, name.length())).replaceAll("[^ -~]", "?"))
                .toList();
    }

    /// Of a machine that nobody has measured.
    public static Hardware unmeasured() {
        return new Hardware(
                arch(System.getProperty("os.arch", "")), system(System.getProperty("os.name", "")), 1, List.of());
    }

    /// Takes some hundred milliseconds, once for each processor and Java: `home` remembers.
    public static Hardware measure(Path home) {
        var known = unmeasured();
        return new Hardware(known.arch(), known.system(), Speed.of(home.resolve("speed")), gpus(Path.of("/")));
    }

    static String arch(String name) {
        return switch (name) {
            case "amd64", "x86_64" -> "X86_64";
            default -> name.toUpperCase(Locale.ROOT);
        };
    }

    static String system(String name) {
        if (name.startsWith("Mac")) {
            return "macOS";
        }
        return name.startsWith("Windows") ? "WINDOWS" : name.toUpperCase(Locale.ROOT);
    }

    /* GPUS */

    /// On Linux: NVIDIA's as its driver tells them, AMD's where they have memory of their own.
    ///
    /// @param root where `proc` and `sys` are
    static List<String> gpus(Path root) {
        var names = new ArrayList<String>();
        for (var gpu : list(root.resolve("proc/driver/nvidia/gpus"), "*")) {
            text(gpu.resolve("information"))
                    .lines()
                    .filter(line -> line.startsWith("Model:"))
                    .map(line -> line.substring("Model:".length()).strip())
                    .findFirst()
                    .ifPresent(names::add);
        }
        for (var card : list(root.resolve("sys/class/drm"), "card[0-9]")) {
            var device = card.resolve("device");
            // A part of the machine's memory is lent to a processor's own graphics: less than this.
            boolean large = text(device.resolve("mem_info_vram_total")).matches("\\d{10,18}");
            if (text(device.resolve("vendor")).equals("0x1002") && large) {
                var product = text(device.resolve("product_name"));
                names.add(product.isEmpty() ? "AMD " + text(device.resolve("device")) : product);
            }
        }
        return names;
    }

    private static List<Path> list(Path directory, String glob) {
        var paths = new ArrayList<Path>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, glob)) {
            stream.forEach(paths::add);
        } catch (IOException _) {
            // There is none.
        }
        paths.sort(null);
        return paths;
    }

    /// Empty where there is none.
    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException _) {
            return "";
        }
    }
}
