package bourse.worker.machine;

import java.time.Instant;

/// What a machine may do, and since when.
///
/// @param since for [Permit.Leave] when it was paused before
public record Standing(Permit permit, Instant since) {
    /// Before anything was measured: as after a pause that was long enough.
    public static final Standing NEW = new Standing(new Permit.Pause("nothing is measured yet"), Instant.EPOCH);
}
