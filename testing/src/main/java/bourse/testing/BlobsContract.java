package bourse.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.protocol.Blobs;
import bourse.protocol.Bytes32;
import bourse.protocol.Cid;
import bourse.protocol.Sha256;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every form of [Blobs] does, wherever it keeps the bytes: its test extends this.
public abstract class BlobsContract {
    protected static final long ANY = Long.MAX_VALUE;

    @TempDir
    protected Path temporary;

    /// The storage of this test, which was empty before.
    protected abstract Blobs blobs() throws IOException;

    @Test
    void givesBackWhatWasStored() throws IOException {
        assertThat(fetched(blobs().put(file("hello world")))).isEqualTo("hello world");
    }

    @Test
    void namesBytesByTheirSha256() throws IOException {
        var cid = blobs().put(file("hello world"));

        assertThat(cid.sha256()).isEqualTo(Sha256.of("hello world".getBytes(UTF_8)));
    }

    @Test
    void storesEmptyFilesToo() throws IOException {
        assertThat(fetched(blobs().put(file("")))).isEmpty();
    }

    @Test
    void storesLargeFilesToo() throws IOException {
        var bytes = new byte[5_000_001];
        new Random(1).nextBytes(bytes);
        var target = temporary.resolve("out");

        blobs().fetch(blobs().put(Files.write(temporary.resolve("large"), bytes)), target, ANY);

        assertThat(target).hasBinaryContent(bytes);
    }

    @Test
    void leavesTheFileThatItStores() throws IOException {
        var file = file("mine");

        blobs().put(file);

        assertThat(file).hasContent("mine");
    }

    @Test
    void storingTwiceNamesTheSame() throws IOException {
        var first = blobs().put(file("same"));

        assertThat(blobs().put(file("same"))).isEqualTo(first);
        assertThat(fetched(first)).isEqualTo("same");
    }

    @Test
    void saysThatNobodyStoredIt() {
        var cid = new Cid(Bytes32.ZERO);

        assertThatThrownBy(() -> blobs().fetch(cid, temporary.resolve("out"), ANY))
                .isInstanceOf(Blobs.Missing.class)
                .hasMessageContaining(cid.toString());
        assertNothingIsLeft("out");
    }

    @Test
    void givesNoMoreThanTheReaderTakes() throws IOException {
        var cid = blobs().put(file("0123456789"));

        assertThatThrownBy(() -> blobs().fetch(cid, temporary.resolve("out"), 9))
                .isInstanceOf(Blobs.TooLarge.class);
        assertNothingIsLeft("out");

        blobs().fetch(cid, temporary.resolve("out"), 10);
    }

    @Test
    void neverOverwritesTheTarget() throws IOException {
        var cid = blobs().put(file("new"));
        var target = Files.writeString(temporary.resolve("target"), "old");

        assertThatThrownBy(() -> blobs().fetch(cid, target, ANY)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(target).hasContent("old");
    }

    @Test
    void doesNotBlameTheStoreForAMissingTargetDirectory() throws IOException {
        var cid = blobs().put(file("there"));

        assertThatThrownBy(() -> blobs().fetch(cid, temporary.resolve("no/such"), ANY))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void manyMayStoreAndFetchTheSameAtOnce() throws Exception {
        var calls = new ArrayList<Callable<String>>();
        for (int i = 0; i < 64; i++) {
            var mine = blobs();
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
    }

    protected final String fetched(Cid cid) throws IOException {
        var target = temporary.resolve("out");
        blobs().fetch(cid, target, ANY);
        var text = Files.readString(target);
        Files.delete(target);
        return text;
    }

    protected final Path file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(temporary, "in", null), text);
    }

    /// Neither `target` nor a part of it.
    protected final void assertNothingIsLeft(String target) {
        assertThat(temporary)
                .isDirectoryNotContaining(path -> path.getFileName().toString().contains(target));
    }
}
