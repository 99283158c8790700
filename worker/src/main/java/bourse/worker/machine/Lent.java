package bourse.worker.machine;

/// What a worker lends at most.
///
/// @param slots how many tasks it computes at once, at least 1
/// @param taskMemory what one of them may use, in bytes
public record Lent(int slots, long taskMemory) {}
