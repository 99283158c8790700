package bourse.node;

import bourse.protocol.Address;
import bourse.protocol.ResultArchive;
import bourse.wire.BlobsServer;
import bourse.wire.Vitals;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;

/// A store as a process of its own.
public final class BlobsService implements AutoCloseable {
    private final Doors doors;
    private final BlobsServer server;
    private final Where where;

    /// How others reach it.
    ///
    /// @param store for whom callers sign
    public record Where(Address store, URI url) {}

    private BlobsService(Doors doors, Home home, Settings settings) throws IOException, Problem {
        this.doors = doors;
        var store = home.wallet("blobs").address();
        var directory = Files.createDirectories(home.resolve("blobs"));
        var blobs = doors.here();
        var disk = Files.getFileStore(directory);
        var meters = new Meters().gauge("bourse.disk.usable.bytes", "What the store's disk still takes", () -> {
            try {
                return disk.getUsableSpace();
            } catch (IOException _) {
                return 0;
            }
        });
        server = new BlobsServer(
                blobs,
                store,
                doors.chain().domain(),
                this::hasMoney,
                ResultArchive.MOST_BYTES,
                settings.service().listening(),
                new Vitals(java.util.List::of, meters::text));
        where = new Where(store, server.uri());
    }

    /// @throws Problem if something it needs is missing
    public static BlobsService start(Home home, Settings settings) throws Problem, InterruptedException {
        if (settings.storage().isServer()) {
            throw new Problem(
                    Problem.REFUSED,
                    "storage.at names another store, %s; a store of its own has a directory, or s3://BUCKET/PREFIX there"
                            .formatted(settings.storage().at()));
        }
        var doors = Doors.of(home, settings);
        try {
            return new BlobsService(doors, home, settings);
        } catch (Problem e) {
            doors.close();
            throw e;
        } catch (IOException | RuntimeException e) {
            doors.close();
            throw new Problem(Problem.BROKEN, "the store did not start: " + e.getMessage(), e);
        }
    }

    /// Who has nothing in the market, neither tokens nor an account, has nothing to lose by filling the disk.
    private boolean hasMoney(Address caller) {
        try {
            var account = doors.chain().account(caller);
            return !account.free().isZero()
                    || !account.locked().isZero()
                    || !doors.chain().wallet(caller).isZero();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public Where where() {
        return where;
    }

    @Override
    public void close() {
        server.close();
        doors.close();
    }
}
