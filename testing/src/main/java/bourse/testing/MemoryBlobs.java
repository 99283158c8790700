package bourse.testing;

import bourse.protocol.Blobs;
import bourse.protocol.Cid;
import bourse.protocol.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Storage in memory.
public final class MemoryBlobs implements Blobs {
    private final Map<Cid, byte[]> blobs = new ConcurrentHashMap<>();

    @Override
    public Cid put(Path file) throws IOException {
        return put(Files.readAllBytes(file));
    }

    public Cid put(byte[] bytes) {
        var cid = new Cid(Sha256.of(bytes));
        blobs.put(cid, bytes.clone());
        return cid;
    }

    @Override
    public void fetch(Cid cid, Path target, long most) throws IOException {
        var bytes = blobs.get(cid);
        if (bytes == null) {
            throw new Missing("nobody stored " + cid);
        }
        if (bytes.length > most) {
            throw new TooLarge("%s has more than %,d bytes".formatted(cid, most));
        }
        Files.write(target, bytes, StandardOpenOption.CREATE_NEW);
    }

    /// Everything that is stored.
    public Set<Cid> cids() {
        return Set.copyOf(blobs.keySet());
    }

    /// As if nobody had stored it.
    public void lose(Cid cid) {
        blobs.remove(cid);
    }
}
