package bourse.node;

import bourse.protocol.Blobs;
import bourse.protocol.Failure;
import bourse.protocol.Malformed;
import bourse.protocol.Result;
import bourse.protocol.ResultArchive;
import bourse.protocol.ResultLink;
import bourse.protocol.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/// Fetches a paid task's result.
public final class Download {
    /// What a program printed, both streams at their limit, and some more.
    private static final long LARGEST_FAILURE = 130L << 20;

    private final Blobs blobs;

    public Download(Blobs blobs) {
        this.blobs = blobs;
    }

    /// Unpacks the result into `directory`, in place of what was there, and tells what it comes down to.
    /// Whether that is what the chain paid for is for the caller to compare.
    ///
    /// @throws bourse.protocol.Malformed if the link or the archive is not what it should be
    public Result fetch(Task.Completed task, Path directory) throws IOException {
        var link = ResultLink.parse(task.results());
        Files.createDirectories(directory.toAbsolutePath().getParent());
        var zip = Files.createTempFile(directory.toAbsolutePath().getParent(), ".result", ".zip");
        try {
            Files.delete(zip);
            blobs.fetch(link.cid(), zip, ResultArchive.MOST_BYTES);
            delete(directory);
            Files.createDirectories(directory);
            ResultArchive.unpack(zip, directory);
            return Result.read(directory);
        } finally {
            Files.deleteIfExists(zip);
        }
    }

    /// Why a paid task's program failed; empty if it did not, or if that can not be told.
    ///
    /// Where it failed, there is little to fetch, so what is large is not looked at.
    public Optional<Failure> failure(Task.Completed task) {
        try {
            var directory = Files.createTempDirectory("bourse-result");
            try {
                var zip = directory.resolve("result.zip");
                var unpacked = Files.createDirectory(directory.resolve("result"));
                blobs.fetch(ResultLink.parse(task.results()).cid(), zip, LARGEST_FAILURE);
                ResultArchive.unpack(zip, unpacked);
                var result = Result.read(unpacked);
                return result.digest().equals(task.digest()) ? result.failed() : Optional.empty();
            } finally {
                delete(directory);
            }
        } catch (IOException | Malformed _) {
            return Optional.empty();
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
