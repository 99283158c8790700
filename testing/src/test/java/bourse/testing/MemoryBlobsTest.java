package bourse.testing;

import bourse.protocol.Blobs;

class MemoryBlobsTest extends BlobsContract {
    private final MemoryBlobs blobs = new MemoryBlobs();

    @Override
    protected Blobs blobs() {
        return blobs;
    }
}
