package bourse.testing.simulation;

import bourse.protocol.Bytes32;
import bourse.protocol.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// What has happened in a simulation: who did what when. Its hash tells two histories apart, its end tells how
/// it came to a failure.
public final class Chronicle {
    private static final int KEPT = 400;
    private final MessageDigest digest = Sha256.digest();
    private final Deque<String> end = new ArrayDeque<>();
    private long lines;

    public void note(String line) {
        digest.update(line.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
        lines++;
        if (end.size() == KEPT) {
            end.removeFirst();
        }
        end.addLast(line);
    }

    public long lines() {
        return lines;
    }

    /// The newest lines.
    public List<String> end() {
        return List.copyOf(end);
    }

    /// Of all lines. Notes nothing more.
    public Bytes32 hash() {
        return Bytes32.of(digest.digest());
    }
}
