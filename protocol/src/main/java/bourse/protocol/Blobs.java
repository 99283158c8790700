package bourse.protocol;

import java.io.IOException;
import java.nio.file.Path;

/// The door to storage: bytes by their digest. Storing twice is storing once; what comes out is what went in, or
/// nothing.
public interface Blobs {

    /// Stores a copy of `file`.
    Cid put(Path file) throws IOException;

    /// Writes the bytes to the new file `target`; it exists only if they are whole and have the digest.
    ///
    /// @param most the caller's limit, in bytes
    /// @throws Missing if nobody stored them, or they are damaged
    /// @throws TooLarge if they are more than `most`
    void fetch(Cid cid, Path target, long most) throws IOException;

    /// There are no such bytes here.
    final class Missing extends IOException {
        private static final long serialVersionUID = 1;

        public Missing(String message) {
            super(message);
        }
    }

    /// More bytes than the reader takes.
    final class TooLarge extends IOException {
        private static final long serialVersionUID = 1;

        public TooLarge(String message) {
            super(message);
        }
    }
}
