package bourse.testing.simulation;

import bourse.protocol.Bytes32;
import bourse.protocol.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// What has happened in a simulation: who did what when. Its hash tells two histories apart, its end tells how
/// it came to a failure.
public final class Chronicle {
    private static final int KEPT = 500;
    private final MessageDigest digest = Sha256.digest();
    private final Deque<Entry> end = new ArrayDeque<>();
    private long lines;

    private record Entry(Instant time, String who, String what) {
        @Override
        public String toString() {
            return time + " " + who + " " + what;
        }
    }

    void note(Instant time, String who, String what) {
        digest.update(
                ByteBuffer.allocate(Long.BYTES).putLong(time.toEpochMilli()).flip());
        digest.update(who.getBytes(StandardCharsets.UTF_8));
        digest.update(what.getBytes(StandardCharsets.UTF_8));
        lines++;
        if (end.size() == KEPT) {
            end.removeFirst();
        }
        end.addLast(new Entry(time, who, what));
    }

    public long lines() {
        return lines;
    }

    /// The newest lines.
    public List<String> end() {
        return end.stream().map(Entry::toString).toList();
    }

    /// Of all lines. Notes nothing more.
    public Bytes32 hash() {
        return Bytes32.of(digest.digest());
    }
}
