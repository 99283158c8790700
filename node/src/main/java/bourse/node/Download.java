package bourse.node;

import bourse.protocol.Blobs;
import bourse.protocol.Result;
import bourse.protocol.ResultArchive;
import bourse.protocol.ResultLink;
import bourse.protocol.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// Fetches a paid task's result.
public final class Download {
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
