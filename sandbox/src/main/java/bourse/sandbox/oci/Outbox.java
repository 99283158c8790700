package bourse.sandbox.oci;

import bourse.sandbox.Cause;
import bourse.sandbox.Harvest;
import bourse.sandbox.Limits;
import bourse.sandbox.Refusal;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.SELContext;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// Where one program leaves its files: a file system in memory, no larger than its limits, that the kernel guards.
///
/// It is a little larger than that, so that a program which fills it to the brim is known to have asked for too much.
final class Outbox implements AutoCloseable {
    static final String PATH = "/iexec_out";

    private static final int BLOCK = 4096;

    private final Daemon daemon;
    private final Limits limits;
    private final String volume;
    private final String keeper;

    private Outbox(Daemon daemon, Limits limits, String volume, String keeper) {
        this.daemon = daemon;
        this.limits = limits;
        this.volume = volume;
        this.keeper = keeper;
    }

    static Outbox open(Daemon daemon, Limits limits) {
        // Each file can waste up to a block. Podman 4 takes `size` for a quota on disk, so it is said in blocks.
        var options = "nr_blocks=%d,nr_inodes=%d,mode=0700,uid=%d,gid=%d,nosuid,nodev,noexec"
                .formatted(blocks(limits), limits.outputFiles() + 2, Daemon.USER, Daemon.USER);
        var volume = daemon.createVolume(Map.of("type", "tmpfs", "device", "tmpfs", "o", options));
        try {
            return new Outbox(daemon, limits, volume, daemon.startKeeper(bind(volume, AccessMode.ro)));
        } catch (RuntimeException e) {
            daemon.removeVolume(volume);
            throw e;
        }
    }

    /// What it can take of a container's memory.
    static long memory(Limits limits) {
        return blocks(limits) * BLOCK;
    }

    Bind bind() {
        return bind(volume, AccessMode.rw);
    }

    /// Takes out what a program left that has ended.
    ///
    /// @throws Harvest.Refused when it is not what a program may leave
    /// @throws IOException when the daemon does not say what it is
    void empty(Harvest harvest) throws IOException {
        try (var tar = open()) {
            for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                var name = name(entry.getName());
                if (!name.isEmpty()) {
                    take(entry, name, tar, harvest);
                }
            }
        }
    }

    private static void take(TarArchiveEntry entry, String name, InputStream content, Harvest harvest)
            throws IOException {
        switch (entry.getLinkFlag()) {
            case TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM -> harvest.file(name, entry.getSize(), content);
            case TarConstants.LF_DIR -> harvest.directory(name);
            case TarConstants.LF_LINK -> harvest.copy(name, name(entry.getLinkName()));
            default -> throw harvest.strange(name);
        }
    }

    /// The limit that made a program fail; empty where it was none of these.
    Optional<Refusal> overflow() throws IOException {
        long bytes = 0;
        long files = -1; // the directory itself
        try (var tar = open()) {
            for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                files++;
                bytes += entry.getSize();
                if (files > limits.outputFiles()) {
                    return Optional.of(new Refusal(
                            Cause.TOO_MANY_FILES, "The program made more than " + limits.outputFiles() + " files."));
                } else if (bytes > limits.outputBytes()) {
                    return Optional.of(new Refusal(
                            Cause.OUTPUT_TOO_LARGE,
                            "The program wrote more than " + limits.outputBytes() + " bytes to its files."));
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        daemon.removeContainer(keeper);
        daemon.removeVolume(volume);
    }

    private static long blocks(Limits limits) {
        return limits.outputBytes() / BLOCK + limits.outputFiles() + 2;
    }

    private static Bind bind(String volume, AccessMode mode) {
        return new Bind(volume, new Volume(PATH), mode, SELContext.none, true);
    }

    private TarArchiveInputStream open() {
        InputStream archive = daemon.read(keeper, PATH);
        return new TarArchiveInputStream(archive, "UTF-8");
    }

    /// Without the name of the outbox itself, which comes first.
    private static String name(String inArchive) {
        var path = inArchive.endsWith("/") ? inArchive.substring(0, inArchive.length() - 1) : inArchive;
        return path.indexOf('/') < 0 ? "" : path.substring(path.indexOf('/') + 1);
    }
}
