package bourse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultArchiveTest {
    @TempDir
    Path temporary;

    private Path from;
    private Path to;
    private Path zip;

    @BeforeEach
    void prepare() throws IOException {
        from = Files.createDirectory(temporary.resolve("from"));
        to = Files.createDirectories(temporary.resolve("around/to"));
        zip = temporary.resolve("result.zip");
    }

    @Test
    void givesBackWhatWasPacked() throws IOException {
        Files.writeString(from.resolve("stdout.txt"), "said");
        Files.createDirectories(from.resolve("deep/er"));
        Files.write(from.resolve("deep/er/data"), new byte[] {0, 1, 2});
        Files.createFile(from.resolve("empty"));

        ResultArchive.pack(from, zip);
        ResultArchive.unpack(zip, to);

        assertThat(ResultArchive.files(to)).containsExactly("deep/er/data", "empty", "stdout.txt");
        assertThat(to.resolve("stdout.txt")).hasContent("said");
        assertThat(to.resolve("deep/er/data")).hasBinaryContent(new byte[] {0, 1, 2});
    }

    @Test
    void theSameFilesMakeTheSameArchive() throws IOException {
        Files.writeString(from.resolve("b"), "2");
        Files.writeString(from.resolve("a"), "1");
        ResultArchive.pack(from, zip);
        var first = Files.readAllBytes(zip);

        Files.setLastModifiedTime(from.resolve("a"), FileTime.fromMillis(0));
        Files.delete(zip);
        ResultArchive.pack(from, zip);

        assertThat(zip).hasBinaryContent(first);
    }

    @Test
    void ordersNamesByTheirBytes() throws IOException {
        for (var name : new String[] {"a.b", "Z", "a-c", "é", "z"}) {
            Files.createFile(from.resolve(name));
        }
        Files.createDirectory(from.resolve("a"));
        Files.createFile(from.resolve("a/x"));

        assertThat(ResultArchive.files(from)).containsExactly("Z", "a-c", "a.b", "a/x", "z", "é");
    }

    @Test
    void packsNoLink() throws IOException {
        Files.createSymbolicLink(from.resolve("link"), Files.createFile(temporary.resolve("secret")));

        assertThatThrownBy(() -> ResultArchive.pack(from, zip))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("plain files only");
    }

    @Test
    void packsNoLinkedDirectory() throws IOException {
        Files.createSymbolicLink(from.resolve("link"), Path.of("../around"));

        assertThatThrownBy(() -> ResultArchive.pack(from, zip)).isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"new\nline", "back\\slash", "\u007f"})
    void packsNoNameThatCouldBeReadInTwoWays(String name) throws IOException {
        Files.createFile(from.resolve(name));

        assertThatThrownBy(() -> ResultArchive.pack(from, zip))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("control characters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil",
                "a/../../evil",
                "/evil",
                "a//evil",
                "./evil",
                "..\\evil",
                "C:\\evil",
                "a/..",
                "\u0001",
            })
    void unpacksNothingOutsideOfItsDirectory(String name) throws IOException {
        archive(name, "evil");

        assertThatThrownBy(() -> ResultArchive.unpack(zip, to))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("a relative path");
        assertThat(to).isEmptyDirectory();
        assertThat(to.getParent()).isDirectoryNotContaining(path -> !path.equals(to));
    }

    @Test
    void directoriesInAnArchiveAreNotMade() throws IOException {
        try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
            out.putNextEntry(new ZipEntry("../outside/"));
            out.putNextEntry(new ZipEntry("inside"));
        }

        ResultArchive.unpack(zip, to);

        assertThat(to.resolve("inside")).isRegularFile();
        assertThat(to.resolveSibling("outside")).doesNotExist();
    }

    @Test
    void takesNoNameTwice() throws IOException {
        archive("aaaa", "bbbb");
        // ZipOutputStream refuses what an attacker's program writes: the second name is changed to the first.
        var bytes = Files.readAllBytes(zip);
        var text = new String(bytes, StandardCharsets.ISO_8859_1).replace("bbbb", "aaaa");
        Files.write(zip, text.getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> ResultArchive.unpack(zip, to))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("none twice");
    }

    @Test
    void takesNoFileThatIsADirectoryToo() throws IOException {
        archive("a", "a/b");

        assertThatThrownBy(() -> ResultArchive.unpack(zip, to)).isInstanceOf(Malformed.class);
    }

    @Test
    void takesNoDirectoryThatIsAFileToo() throws IOException {
        archive("a/b", "a");

        assertThatThrownBy(() -> ResultArchive.unpack(zip, to)).isInstanceOf(Malformed.class);
    }

    @Test
    void aBombIsDefusedBeforeItFillsTheDisk() throws IOException {
        // As zeros, a hundred megabytes pack into a few hundred kilobytes.
        var block = new byte[1 << 20];
        var out = new ByteArrayOutputStream();
        try (var bomb = new ZipOutputStream(out)) {
            bomb.setLevel(Deflater.BEST_SPEED);
            bomb.putNextEntry(new ZipEntry("zeros"));
            for (int i = 0; i < 100; i++) {
                bomb.write(block);
            }
        }
        Files.write(zip, out.toByteArray());

        assertThatThrownBy(() -> ResultArchive.unpack(zip, to, 10 << 20))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("at most 10,485,760 bytes");
        assertThat(Files.size(to.resolve("zeros"))).isLessThanOrEqualTo(10 << 20);
    }

    @Test
    void takesSoManyFilesAndNoMore() throws IOException {
        try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (int i = 0; i <= ResultArchive.MOST_FILES; i++) {
                out.putNextEntry(new ZipEntry("f" + i));
            }
        }

        assertThatThrownBy(() -> ResultArchive.unpack(zip, to))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("at most 10,000 files");
    }

    @Test
    void packsNoMoreThanItUnpacks() throws IOException {
        for (int i = 0; i <= ResultArchive.MOST_FILES; i++) {
            Files.createFile(from.resolve("f" + i));
        }

        assertThatThrownBy(() -> ResultArchive.pack(from, zip))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("at most 10,000 files");
    }

    @Test
    void noticesThatTheEndIsMissing() throws IOException {
        Files.write(from.resolve("data"), new byte[100_000]);
        ResultArchive.pack(from, zip);
        var whole = Files.readAllBytes(zip);
        Files.write(zip, Arrays.copyOf(whole, 60));

        assertThatThrownBy(() -> ResultArchive.unpack(zip, to)).isInstanceOf(Malformed.class);
    }

    @Test
    void noticesThatItIsNoZip() throws IOException {
        Files.writeString(zip, "<html>not found</html>");

        assertThatThrownBy(() -> ResultArchive.unpack(zip, to))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("empty, or no zip");
    }

    @Test
    void noticesThatABitHasFlipped() throws IOException {
        Files.writeString(from.resolve("data"), "some text that deflates to something".repeat(10));
        ResultArchive.pack(from, zip);
        var bytes = Files.readAllBytes(zip);
        bytes[60] ^= 4;
        Files.write(zip, bytes);

        assertThatThrownBy(() -> ResultArchive.unpack(zip, to)).isInstanceOf(Malformed.class);
    }

    private void archive(String... names) throws IOException {
        try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (var name : names) {
                out.putNextEntry(new ZipEntry(name));
                out.write(1);
            }
        }
    }
}
