package bourse.storage;

import bourse.protocol.Blobs;
import bourse.protocol.Bytes32;
import bourse.protocol.Cid;
import bourse.protocol.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Blobs as files, each named by its SHA-256:
///
/// ```
/// home/ab/abcdef…      whole: nothing gets here that was not written to the end and flushed to the disk
/// home/parts/<random>  on its way in
/// home/damaged/…       was whole once; kept for whoever wants to know what the disk did
/// ```
///
/// Any number of processes may share a directory. They never wait for each other, because a file only ever gets
/// its final name by an atomic move, and two files of one name have the same bytes.
public final class Directory implements Blobs {
    private static final Logger LOG = LoggerFactory.getLogger(Directory.class);
    /// A part that nobody has written to for so long belongs to a process that is gone.
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Path home;
    private final long largest;

    private Directory(Path home, long largest) {
        this.home = home;
        this.largest = largest;
    }

    /// @param home is made if it is not there
    public static Directory at(Path home) throws IOException {
        return at(home, Long.MAX_VALUE);
    }

    /// @param largest how many bytes a blob may have
    public static Directory at(Path home, long largest) throws IOException {
        var directory = new Directory(home, largest);
        Files.createDirectories(directory.parts());
        Files.createDirectories(directory.damaged());
        directory.clean(Instant.now().minus(ABANDONED));
        return directory;
    }

    @Override
    public Cid put(Path file) throws IOException {
        var part = parts().resolve(UUID.randomUUID().toString());
        try {
            var cid = new Cid(copy(file, part, largest));
            if (!isWhole(cid)) {
                sync(part, StandardOpenOption.WRITE);
                Files.createDirectories(shelf(cid));
                Files.move(part, place(cid), StandardCopyOption.ATOMIC_MOVE);
                // A new name is on the disk only with the directory that it stands in.
                sync(shelf(cid), StandardOpenOption.READ);
                sync(home, StandardOpenOption.READ);
            }
            return cid;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    @Override
    public void fetch(Cid cid, Path target, long most) throws IOException {
        if (Files.exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        var part = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            if (!copy(place(cid), part, most).equals(cid.sha256())) {
                setAside(cid);
                throw new Missing("the bytes of %s were damaged; store them again".formatted(cid));
            }
            Files.move(part, target);
        } catch (NoSuchFileException e) {
            if (Files.exists(place(cid))) {
                throw e; // it is the target's directory that is missing
            }
            throw new Missing("nobody stored " + cid);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private boolean isWhole(Cid cid) throws IOException {
        try {
            return Sha256.of(place(cid)).equals(cid.sha256());
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    private void setAside(Cid cid) throws IOException {
        var aside = damaged().resolve(cid.sha256().hex() + "." + UUID.randomUUID());
        try {
            Files.move(place(cid), aside, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException _) {
            return; // somebody was faster
        }
        // Between our reading and the move, somebody may have stored the bytes again.
        if (Sha256.of(aside).equals(cid.sha256())) {
            Files.move(aside, place(cid), StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        LOG.warn("the bytes of {} were damaged, and lie in {} now", cid, aside);
    }

    private void clean(Instant before) throws IOException {
        try (var parts = Files.newDirectoryStream(parts())) {
            for (var part : parts) {
                try {
                    if (Files.getLastModifiedTime(part).toInstant().isBefore(before)) {
                        Files.deleteIfExists(part);
                    }
                } catch (NoSuchFileException _) {
                    // its owner has finished
                }
            }
        }
    }

    private static Bytes32 copy(Path from, Path to, long most) throws IOException {
        try (var in = Files.newInputStream(from)) {
            return copy(in, to, most, from.getFileName());
        }
    }

    /// Copies to the new file `to`, and says what it was.
    static Bytes32 copy(InputStream in, Path to, long most, Object what) throws IOException {
        var sha256 = Sha256.digest();
        long total = 0;
        try (var out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW)) {
            var buffer = new byte[1 << 16];
            for (int read; (read = in.read(buffer)) >= 0; ) {
                total += read;
                if (total > most) {
                    throw new TooLarge("%s has more than %,d bytes".formatted(what, most));
                }
                sha256.update(buffer, 0, read);
                out.write(buffer, 0, read);
            }
        }
        return Bytes32.of(sha256.digest());
    }

    private static void sync(Path path, StandardOpenOption mode) throws IOException {
        try (var channel = FileChannel.open(path, mode)) {
            channel.force(true);
        }
    }

    private Path shelf(Cid cid) {
        return home.resolve(cid.sha256().hex().substring(0, 2));
    }

    private Path place(Cid cid) {
        return shelf(cid).resolve(cid.sha256().hex());
    }

    private Path parts() {
        return home.resolve("parts");
    }

    private Path damaged() {
        return home.resolve("damaged");
    }
}
