package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;

/// The calls that one run of a server has heard, until they expire.
///
/// They lie in buckets of some seconds by when they expire, so that a whole bucket is forgotten at once. A
/// call comes again with the same expiry, which its signature covers, so it is looked for in one bucket.
public final class MemoryNonces implements Nonces {
    private static final int MOST = 1_000_000;
    private static final long BUCKET_SECONDS = 10;

    private final Bytes32 epoch = Bytes32.random();
    private final TreeMap<Long, Set<Heard>> buckets = new TreeMap<>();
    private final InstantSource clock;
    private final int most;
    private int size;

    /// A tenth of the memory of their texts: the addresses of two words each would be most of it.
    private record Heard(long caller, long callerRest, long nonce, long nonceRest) {
        static Heard of(Address caller, Bytes32 nonce) {
            return new Heard(
                    word(caller.hex(), 0), word(caller.hex(), 16), word(nonce.hex(), 0), word(nonce.hex(), 16));
        }

        private static long word(String hex, int from) {
            return Long.parseUnsignedLong(hex, from, from + 16, 16);
        }
    }

    public MemoryNonces(InstantSource clock) {
        this(clock, MOST);
    }

    MemoryNonces(InstantSource clock, int most) {
        this.clock = clock;
        this.most = most;
    }

    @Override
    public Bytes32 epoch() {
        return epoch;
    }

    @Override
    public synchronized boolean isFirst(Address caller, Bytes32 nonce, Instant until) {
        forget();
        var bucket = until.getEpochSecond() / BUCKET_SECONDS;
        var heard = Heard.of(caller, nonce);
        if (buckets.getOrDefault(bucket, Set.of()).contains(heard)) {
            return false;
        }
        if (size == most) {
            throw new Full(
                    "%,d calls are remembered until they expire, which is all there is room for".formatted(most));
        }
        buckets.computeIfAbsent(bucket, _ -> new HashSet<>()).add(heard);
        size++;
        return true;
    }

    private void forget() {
        var now = clock.instant().getEpochSecond() / BUCKET_SECONDS;
        var over = buckets.headMap(now);
        over.values().forEach(bucket -> size -= bucket.size());
        over.clear();
    }
}
