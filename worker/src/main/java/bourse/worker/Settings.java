package bourse.worker;

import bourse.sandbox.Limits;

/// What a worker lends.
///
/// @param slots how many tasks it computes at once
/// @param cores how many it offers
/// @param limits what each task may use; its wall time is replaced by the task's category. Workers of one pool need the
///     same, or they fail differently
/// @param inputBytes what the input files of one task may take together, and so may its dataset
/// @param reach which input files may be fetched over http(s)
public record Settings(int slots, int cores, Limits limits, long inputBytes, Reach reach) {
    public static final Settings DEFAULT = new Settings(1, 1, Limits.DEFAULT, 1L << 30, Reach.PUBLIC);

    public Settings {
        if (slots < 1 || cores < 1 || inputBytes < 0) {
            throw new IllegalArgumentException(
                    "a worker has at least one slot and one core, and room for inputs: %d, %d, %d"
                            .formatted(slots, cores, inputBytes));
        }
    }
}
