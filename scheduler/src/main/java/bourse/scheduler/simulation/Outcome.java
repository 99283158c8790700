package bourse.scheduler.simulation;

/// What one run came to.
///
/// @param tasks how many there were
/// @param wrong how many wrong results were accepted
/// @param undone how many tasks were not decided, since too few workers were left
/// @param results how many were computed, checks among them
/// @param checks how many of them were for tasks whose result was known
/// @param steps how long it took, where each worker computes one result in a step
/// @param caught how many liars were excluded
/// @param wronged how many honest workers were excluded
public record Outcome(
        int tasks, int wrong, int undone, long results, long checks, long steps, int caught, int wronged) {
    /// Wrong results to all that were accepted.
    public double error() {
        return tasks == undone ? 0 : (double) wrong / (tasks - undone);
    }

    /// Results computed to tasks.
    public double slowdown() {
        return (double) results / tasks;
    }

    /// Results computed to tasks whose accepted result is right.
    public double cost() {
        return (double) results / Math.max(1, tasks - undone - wrong);
    }
}
