package bourse.storage;

import static java.util.concurrent.TimeUnit.HOURS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.protocol.Blobs;
import bourse.protocol.Bytes32;
import bourse.protocol.Cid;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryTest {
    private static final long ANY = Long.MAX_VALUE;

    @TempDir
    Path temporary;

    Path home;
    Directory directory;

    @BeforeEach
    void open() throws IOException {
        home = temporary.resolve("blobs");
        directory = Directory.at(home);
    }

    @Test
    void givesBackWhatWasStored() throws IOException {
        var cid = directory.put(file("hello world"));

        assertThat(fetched(cid)).isEqualTo("hello world");
    }

    @Test
    void namesBytesByTheirSha256() throws Exception {
        var cid = directory.put(file("hello world"));

        assertThat(cid.sha256()).isEqualTo(sha256("hello world".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    @Test
    void storesEmptyFilesToo() throws IOException {
        assertThat(fetched(directory.put(file("")))).isEmpty();
    }

    @Test
    void storingTwiceIsStoringOnce() throws IOException {
        var first = directory.put(file("same"));
        var stored = Files.readAttributes(blobs().getFirst(), java.nio.file.attribute.BasicFileAttributes.class);

        assertThat(directory.put(file("same"))).isEqualTo(first);

        assertThat(blobs()).hasSize(1);
        assertThat(Files.getLastModifiedTime(blobs().getFirst())).isEqualTo(stored.lastModifiedTime());
    }

    @Test
    void findsEverythingAgainAfterARestart() throws IOException {
        var cid = directory.put(file("kept"));

        directory = Directory.at(home);

        assertThat(fetched(cid)).isEqualTo("kept");
    }

    @Test
    void saysThatNobodyStoredIt() {
        var cid = new Cid(Bytes32.ZERO);

        assertThatThrownBy(() -> directory.fetch(cid, temporary.resolve("out"), ANY))
                .isInstanceOf(Blobs.Missing.class)
                .hasMessageContaining(cid.toString());
    }

    @Test
    void setsADamagedFileAsideSoThatItCanBeStoredAgain() throws IOException {
        var cid = directory.put(file("precious"));
        Files.writeString(blobs().getFirst(), "prefious");

        assertThatThrownBy(() -> fetched(cid)).isInstanceOf(Blobs.Missing.class).hasMessageContaining("damaged");
        assertThat(temporary.resolve("out")).doesNotExist();
        assertThat(blobs()).isEmpty();
        assertThat(home.resolve("damaged")).isDirectoryContaining(path -> true);

        directory.put(file("precious"));
        assertThat(fetched(cid)).isEqualTo("precious");
    }

    @Test
    void storingHealsADamagedFile() throws IOException {
        var cid = directory.put(file("precious"));
        Files.writeString(blobs().getFirst(), "prec");

        directory.put(file("precious"));

        assertThat(fetched(cid)).isEqualTo("precious");
    }

    @Test
    void refusesToStoreMoreThanItsLimit() throws IOException {
        var small = Directory.at(home, 10);

        small.put(file("0123456789"));
        assertThatThrownBy(() -> small.put(file("0123456789a"))).isInstanceOf(Blobs.TooLarge.class);

        assertThat(blobs()).hasSize(1);
        assertThat(home.resolve("parts")).isEmptyDirectory();
    }

    @Test
    void fetchesNoMoreThanTheCallerTakes() throws IOException {
        var cid = directory.put(file("0123456789"));

        assertThatThrownBy(() -> directory.fetch(cid, temporary.resolve("out"), 9))
                .isInstanceOf(Blobs.TooLarge.class);
        assertThat(temporary).isDirectoryNotContaining(path -> path.toString().contains("out"));

        directory.fetch(cid, temporary.resolve("out"), 10);
    }

    @Test
    void neverOverwritesTheTarget() throws IOException {
        var cid = directory.put(file("new"));
        var target = Files.writeString(temporary.resolve("target"), "old");

        assertThatThrownBy(() -> directory.fetch(cid, target, ANY)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(target).hasContent("old");
    }

    @Test
    void doesNotBlameTheStoreForAMissingTargetDirectory() throws IOException {
        var cid = directory.put(file("there"));

        assertThatThrownBy(() -> directory.fetch(cid, temporary.resolve("no/such"), ANY))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void leavesNothingHalfOnAFullDisk() throws IOException {
        var disk = Jimfs.newFileSystem(Configuration.unix().toBuilder()
                .setMaxSize(1 << 20)
                .setBlockSize(1 << 10)
                .build());
        var small = Directory.at(disk.getPath("/blobs"));
        var large = Files.write(temporary.resolve("large"), new byte[2 << 20]);

        assertThatThrownBy(() -> small.put(large)).isInstanceOf(IOException.class);

        try (var files = Files.walk(disk.getPath("/blobs"))) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
        assertThat(Files.write(disk.getPath("/blobs/free"), new byte[1_000_000]))
                .exists();
    }

    @Test
    void cleansUpWhatAKilledProcessLeftButNotWhatIsOnItsWay() throws IOException {
        var abandoned = Files.writeString(home.resolve("parts/abandoned"), "half");
        Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minusSeconds(HOURS.toSeconds(2))));
        var fresh = Files.writeString(home.resolve("parts/fresh"), "half");

        Directory.at(home);

        assertThat(abandoned).doesNotExist();
        assertThat(fresh).exists();
    }

    @Test
    void manyMayStoreAndFetchTheSameAtOnce() throws Exception {
        var calls = new ArrayList<Callable<String>>();
        for (int i = 0; i < 64; i++) {
            var mine = Directory.at(home);
            var file = file("the same result");
            var target = temporary.resolve("target" + i);
            calls.add(() -> {
                mine.fetch(mine.put(file), target, ANY);
                return Files.readString(target);
            });
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : threads.invokeAll(calls)) {
                assertThat(answer.get()).isEqualTo("the same result");
            }
        }
        assertThat(blobs()).hasSize(1);
        assertThat(home.resolve("parts")).isEmptyDirectory();
    }

    @Test
    void everyBlobIsWholeAfterItsWriterWasKilled() throws Exception {
        var writer = Children.start(Children.Storing.class, home);
        writer.destroyForcibly().waitFor();

        assertThat(blobs())
                .hasSizeGreaterThan(5)
                .allSatisfy(blob -> assertThat(sha256(Files.readAllBytes(blob)).hex())
                        .isEqualTo(blob.getFileName().toString()));
    }

    private String fetched(Cid cid) throws IOException {
        var target = temporary.resolve("out");
        directory.fetch(cid, target, ANY);
        var text = Files.readString(target);
        Files.delete(target);
        return text;
    }

    private Path file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(temporary, "in", null), text);
    }

    private List<Path> blobs() throws IOException {
        try (var files = Files.walk(home)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().length() == 64)
                    .toList();
        }
    }

    private static Bytes32 sha256(byte[] bytes) throws Exception {
        return Bytes32.of(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
