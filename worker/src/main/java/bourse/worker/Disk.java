package bourse.worker;

import bourse.protocol.Pool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/// The room that a worker has for inputs and output.
///
/// @param home a directory that is there, on the disk that counts
/// @param needed what must be free before a task begins, in bytes
record Disk(Path home, long needed) {

    /// @throws GaveUp if it is too full to begin
    void check() throws GaveUp {
        long free;
        try {
            free = Files.getFileStore(home).getUsableSpace();
        } catch (IOException _) {
            return; // nobody knows: whether it is full shows when something is written
        }
        if (free < needed) {
            throw new GaveUp(
                    Pool.Cause.DISK_FULL,
                    "this worker's disk has %,d bytes left, and a task begins only with %,d".formatted(free, needed));
        }
    }

    /// Whether something could not be written because there is no more room.
    static boolean isFull(Exception e) {
        return Stream.iterate((Throwable) e, cause -> cause != null, Throwable::getCause)
                .map(cause -> String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT))
                .anyMatch(words -> words.contains("no space left") || words.contains("disk quota exceeded"));
    }
}
