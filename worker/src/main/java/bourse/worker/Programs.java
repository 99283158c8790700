package bourse.worker;

import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.protocol.Malformed;
import bourse.protocol.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// The programs that lie here because they ran here, by their apps: the [#MOST] that were used last. Of an image,
/// which lies with the container engine, the name is kept alone.
final class Programs {
    static final int MOST = 100;

    private final Path directory;
    private final InstantSource clock;
    /// Not a monitor: it is held while files are read and written.
    private final ReentrantLock lock = new ReentrantLock();
    /// Those used last come last.
    private final LinkedHashSet<Address> apps = new LinkedHashSet<>();

    /// @param directory of its own, which outlives the process
    Programs(Path directory, InstantSource clock) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.clock = clock;
        record Kept(Path file, FileTime used) {}
        var found = new ArrayList<Kept>();
        try (var files = Files.list(directory)) {
            for (var file : files.toList()) {
                found.add(new Kept(file, Files.getLastModifiedTime(file)));
            }
        }
        found.sort(Comparator.comparing(Kept::used).thenComparing(Kept::file));
        for (var kept : found) {
            try {
                apps.add(Address.parse(kept.file().getFileName().toString()));
            } catch (Malformed _) {
                Files.delete(kept.file()); // it was not whole when a process died
            }
        }
        dropOldest();
    }

    /// In the order of their addresses.
    List<Address> apps() {
        lock.lock();
        try {
            return apps.stream().sorted(Comparator.comparing(Address::toString)).toList();
        } finally {
            lock.unlock();
        }
    }

    /// Writes an app's program to the new file `target`, if it is here and still what its owner registered.
    boolean provide(Asset.App app, Path target) throws IOException {
        lock.lock();
        try {
            if (!apps.contains(app.address())) {
                return false;
            }
            var kept = file(app.address());
            try {
                var bytes = Files.readAllBytes(kept);
                if (Sha256.of(bytes).equals(app.checksum())) {
                    Files.write(target, bytes);
                    use(app.address());
                    return true;
                }
            } catch (NoSuchFileException _) {
                // as if it were another
            }
            apps.remove(app.address());
            Files.deleteIfExists(kept);
            return false;
        } finally {
            lock.unlock();
        }
    }

    /// Keeps a copy.
    void keep(Asset.App app, Path program) throws IOException {
        lock.lock();
        try {
            var next = directory.resolve("next");
            Files.copy(program, next, StandardCopyOption.REPLACE_EXISTING);
            Files.move(next, file(app.address()), StandardCopyOption.REPLACE_EXISTING);
            use(app.address());
        } finally {
            lock.unlock();
        }
    }

    /// Remembers that an app's image was here.
    void keep(Asset.App image) throws IOException {
        lock.lock();
        try {
            Files.write(file(image.address()), new byte[0]);
            use(image.address());
        } finally {
            lock.unlock();
        }
    }

    private void use(Address app) throws IOException {
        apps.remove(app);
        apps.add(app);
        Files.setLastModifiedTime(file(app), FileTime.from(clock.instant()));
        dropOldest();
    }

    private void dropOldest() throws IOException {
        while (apps.size() > MOST) {
            Files.deleteIfExists(file(apps.removeFirst()));
        }
    }

    private Path file(Address app) {
        return directory.resolve(app.toString());
    }
}
