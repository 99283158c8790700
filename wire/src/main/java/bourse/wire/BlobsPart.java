package bourse.wire;

import bourse.protocol.Blobs;
import bourse.protocol.Cid;
import bourse.protocol.ResultArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/// Stored bytes for anyone, by the path of iExec's clients. Whoever knows a digest may have what it names.
final class BlobsPart implements Part {
    private final Blobs blobs;

    BlobsPart(Blobs blobs) {
        this.blobs = blobs;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/ipfs/{cid}", this::fetch), Route.head("/ipfs/{cid}", this::fetch));
    }

    @Override
    public String document() {
        return "blobs.openapi.json";
    }

    @Override
    public boolean isForPages() {
        return true;
    }

    private void fetch(Exchange exchange) throws IOException {
        var cid = Cid.parse(exchange.parameter("cid"));
        var file = Files.createTempDirectory("bourse-wire").resolve("bytes");
        try {
            blobs.fetch(cid, file, ResultArchive.MOST_BYTES);
            exchange.immutable(Files.size(file), out -> Files.copy(file, out));
        } finally {
            Files.deleteIfExists(file);
            Files.delete(file.getParent());
        }
    }
}
