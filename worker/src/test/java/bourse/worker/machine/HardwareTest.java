package bourse.worker.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HardwareTest {
    @TempDir
    Path root;

    private void write(String file, String text) throws Exception {
        var path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    @Test
    void namesThingsAsHTCondorDoes() {
        assertThat(Hardware.arch("amd64")).isEqualTo("X86_64");
        assertThat(Hardware.arch("aarch64")).isEqualTo("AARCH64");
        assertThat(Hardware.system("Linux")).isEqualTo("LINUX");
        assertThat(Hardware.system("Mac OS X")).isEqualTo("macOS");
        assertThat(Hardware.system("Windows 11")).isEqualTo("WINDOWS");
    }

    @Test
    void findsTheGpusThatTheKernelTells() throws Exception {
        write("proc/driver/nvidia/gpus/0000:01:00.0/information", "Model: \t\t NVIDIA GeForce RTX 4070\nIRQ: 99\n");
        write("sys/class/drm/card1/device/vendor", "0x1002\n");
        write("sys/class/drm/card1/device/device", "0x744c\n");
        write("sys/class/drm/card1/device/mem_info_vram_total", "25753026560\n");
        write("sys/class/drm/card0/device/vendor", "0x1002\n");
        write("sys/class/drm/card0/device/mem_info_vram_total", "536870912\n");
        write("sys/class/drm/card2/device/vendor", "0x8086\n");
        write("sys/class/drm/card1-HDMI-A-1/device/vendor", "0x1002\n");

        assertThat(Hardware.gpus(root)).containsExactly("NVIDIA GeForce RTX 4070", "AMD 0x744c");
        assertThat(Hardware.gpus(root.resolve("nothing"))).isEmpty();
    }

    @Test
    void namesNoMoreThanAPoolReads() {
        var hardware = new Hardware("X86_64", "LINUX", 1, java.util.Collections.nCopies(100, "x".repeat(100)));

        assertThat(hardware.gpus()).hasSize(16).allMatch(name -> name.length() == 64);
    }

    @Test
    void remembersHowFastItIsForThisProcessorAndThisJava() throws Exception {
        var file = root.resolve("home/speed");
        var measured = Speed.of(file);
        var key = Files.readAllLines(file).getFirst();
        assertThat(measured).isBetween(0.01, 100.0);

        Files.write(file, List.of(key, "7.5"));
        assertThat(Speed.of(file)).isEqualTo(7.5);

        Files.write(file, List.of("another machine", "7.5"));
        Speed.of(file);
        assertThat(Files.readAllLines(file).getFirst()).isEqualTo(key);

        Files.write(file, List.of(key, "fast"));
        Speed.of(file);
        assertThat(Double.parseDouble(Files.readAllLines(file).getLast())).isBetween(0.01, 100.0);
    }
}
