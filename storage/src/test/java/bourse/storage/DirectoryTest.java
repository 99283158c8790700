package bourse.storage;

import static java.util.concurrent.TimeUnit.HOURS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.protocol.Blobs;
import bourse.protocol.Cid;
import bourse.protocol.Sha256;
import bourse.testing.BlobsContract;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DirectoryTest extends BlobsContract {
    private Path home;
    private Directory directory;

    @BeforeEach
    void open() throws IOException {
        home = temporary.resolve("blobs");
        directory = Directory.at(home);
    }

    @Override
    protected Blobs blobs() throws IOException {
        return Directory.at(home);
    }

    @Test
    void storingTwiceIsStoringOnce() throws IOException {
        var first = directory.put(file("same"));
        var stored = Files.readAttributes(stored().getFirst(), java.nio.file.attribute.BasicFileAttributes.class);

        assertThat(directory.put(file("same"))).isEqualTo(first);

        assertThat(stored()).hasSize(1);
        assertThat(Files.getLastModifiedTime(stored().getFirst())).isEqualTo(stored.lastModifiedTime());
    }

    @Test
    void findsEverythingAgainAfterARestart() throws IOException {
        var cid = directory.put(file("kept"));

        directory = Directory.at(home);

        assertThat(fetched(cid)).isEqualTo("kept");
    }

    @Test
    void setsADamagedFileAsideSoThatItCanBeStoredAgain() throws IOException {
        var cid = directory.put(file("precious"));
        Files.writeString(stored().getFirst(), "prefious");

        assertThatThrownBy(() -> fetched(cid)).isInstanceOf(Blobs.Missing.class).hasMessageContaining("damaged");
        assertThat(temporary.resolve("out")).doesNotExist();
        assertThat(stored()).isEmpty();
        assertThat(home.resolve("damaged")).isDirectoryContaining(path -> true);

        directory.put(file("precious"));
        assertThat(fetched(cid)).isEqualTo("precious");
    }

    @Test
    void storingHealsADamagedFile() throws IOException {
        var cid = directory.put(file("precious"));
        Files.writeString(stored().getFirst(), "prec");

        directory.put(file("precious"));

        assertThat(fetched(cid)).isEqualTo("precious");
    }

    @Test
    void refusesToStoreMoreThanItsLimit() throws IOException {
        var small = Directory.at(home, 10);

        small.put(file("0123456789"));
        assertThatThrownBy(() -> small.put(file("0123456789a"))).isInstanceOf(Blobs.TooLarge.class);

        assertThat(stored()).hasSize(1);
        assertThat(home.resolve("parts")).isEmptyDirectory();
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
    void manyWhoStoreTheSameAtOnceLeaveOneFile() throws Exception {
        var calls = new ArrayList<Callable<Cid>>();
        for (int i = 0; i < 64; i++) {
            var mine = Directory.at(home);
            var file = file("the same result");
            calls.add(() -> mine.put(file));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : threads.invokeAll(calls)) {
                answer.get();
            }
        }
        assertThat(stored()).hasSize(1);
        assertThat(home.resolve("parts")).isEmptyDirectory();
    }

    @Test
    void everyBlobIsWholeAfterItsWriterWasKilled() throws Exception {
        var writer = Children.start(Children.Storing.class, home);
        writer.destroyForcibly().waitFor();

        assertThat(stored())
                .hasSizeGreaterThan(5)
                .allSatisfy(blob -> assertThat(Sha256.of(blob).hex())
                        .isEqualTo(blob.getFileName().toString()));
    }

    private List<Path> stored() throws IOException {
        try (var files = Files.walk(home)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().length() == 64)
                    .toList();
        }
    }
}
