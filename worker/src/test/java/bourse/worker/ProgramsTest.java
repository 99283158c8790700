package bourse.worker;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Bytes;
import bourse.protocol.Sha256;
import bourse.testing.VirtualClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramsTest {
    private final VirtualClock clock = VirtualClock.atNoon();

    @TempDir
    Path directory;

    private Path kept;
    private Programs programs;

    @BeforeEach
    void begin() throws Exception {
        kept = directory.resolve("kept");
        programs = new Programs(kept, clock);
    }

    private static Asset.App app(int number) {
        return new Asset.App(
                new Address("%040x".formatted(number)),
                Address.ZERO,
                "app",
                Asset.App.WASM,
                Bytes.EMPTY,
                Sha256.of(content(number).getBytes(StandardCharsets.UTF_8)));
    }

    private static String content(int number) {
        return "program " + number;
    }

    private void keep(int number) throws Exception {
        clock.advance(Duration.ofSeconds(1));
        programs.keep(app(number), Files.writeString(directory.resolve("fetched"), content(number)));
    }

    @Test
    void givesOutWhatWasKeptAlsoAfterARestart() throws Exception {
        keep(1);

        assertThat(new Programs(kept, clock).provide(app(1), directory.resolve("target")))
                .isTrue();
        assertThat(directory.resolve("target")).hasContent(content(1));
        assertThat(programs.provide(app(2), directory.resolve("other"))).isFalse();
        assertThat(directory.resolve("other")).doesNotExist();
    }

    @Test
    void forgetsWhatIsSpoiled() throws Exception {
        keep(1);
        Files.writeString(kept.resolve(app(1).address().toString()), "spoiled");

        assertThat(programs.provide(app(1), directory.resolve("target"))).isFalse();
        assertThat(directory.resolve("target")).doesNotExist();
        assertThat(programs.apps()).isEmpty();
    }

    @Test
    void keepsThoseThatWereUsedLast() throws Exception {
        for (int number = 1; number <= Programs.MOST; number++) {
            keep(number);
        }
        clock.advance(Duration.ofSeconds(1));
        programs.provide(app(1), directory.resolve("target"));
        keep(Programs.MOST + 1);

        assertThat(programs.apps()).hasSize(Programs.MOST).contains(app(1).address());
        assertThat(programs.apps()).doesNotContain(app(2).address());
        assertThat(new Programs(kept, clock).apps()).isEqualTo(programs.apps());
    }

    @Test
    void dropsWhatWasNotWholeWhenAProcessDied() throws Exception {
        Files.writeString(kept.resolve("next"), "half");

        assertThat(new Programs(kept, clock).apps()).isEmpty();
        assertThat(kept).isEmptyDirectory();
    }
}
