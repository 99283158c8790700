package bourse.scheduler;

import bourse.protocol.Blobs;
import bourse.protocol.Bytes;
import bourse.protocol.Malformed;
import bourse.protocol.Result;
import bourse.protocol.ResultArchive;
import bourse.protocol.ResultLink;
import bourse.protocol.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at a result before it is paid, be it an answer or an error: a requester must never be sent to bytes
/// that are not what was voted for.
final class ResultCheck {
    private static final Logger LOG = LoggerFactory.getLogger(ResultCheck.class);
    private final Blobs blobs;

    ResultCheck(Blobs blobs) {
        this.blobs = blobs;
    }

    /// Whether the bytes behind `link` are the consensus, and `callbackData` is what they say.
    boolean holds(Task.Revealing task, ResultLink link, Bytes callbackData) {
        try {
            var directory = Files.createTempDirectory("bourse-result");
            try {
                var zip = directory.resolve("result.zip");
                var unpacked = Files.createDirectory(directory.resolve("result"));
                blobs.fetch(link.cid(), zip, ResultArchive.MOST_BYTES);
                ResultArchive.unpack(zip, unpacked);
                var result = Result.read(unpacked);
                return result.digest().hash(task.id()).equals(task.consensus())
                        && result.callbackData().equals(callbackData);
            } finally {
                delete(directory);
            }
        } catch (IOException | Malformed e) {
            LOG.warn("task {}: the result at {} can not be read: {}", task.id(), link.cid(), e.getMessage());
            return false;
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
