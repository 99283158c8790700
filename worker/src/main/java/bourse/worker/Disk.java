package bourse.worker;

import bourse.protocol.Pool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// The room that a worker has for inputs and output.
///
/// @param home a directory that is there, on the disk that counts
/// @param needed what must be free before a task begins, in bytes
record Disk(Path home, long needed) {

    /// What tasks may take, in bytes; empty where nobody knows.
    OptionalLong free() {
        try {
            return OptionalLong.of(Math.max(0, Files.getFileStore(home).getUsableSpace() - needed));
        } catch (IOException _) {
            return OptionalLong.empty();
        }
    }

    /// @param more what this task wants beside that, in bytes
    /// @throws GaveUp if it is too full to begin
    void check(long more) throws GaveUp {
        long free;
        try {
            free = Files.getFileStore(home).getUsableSpace();
        } catch (IOException _) {
            return; // nobody knows: whether it is full shows when something is written
        }
        if (free - more < needed) {
            throw new GaveUp(
                    Pool.Cause.DISK_FULL,
                    "this worker's disk has %,d bytes left, and this task begins only with %,d"
                            .formatted(free, needed + more));
        }
    }

    /// Whether something could not be written because there is no more room.
    static boolean isFull(Exception e) {
        return Stream.iterate((Throwable) e, cause -> cause != null, Throwable::getCause)
                .map(cause -> String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT))
                .anyMatch(words -> words.contains("no space left") || words.contains("disk quota exceeded"));
    }
}
