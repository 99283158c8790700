package bourse.scheduler.simulation;

/// What is simulated.
///
/// @param workers how many there are
/// @param tasks how many have to be done
/// @param faulty which part of the workers lies
/// @param sabotage how often they do when their strategy lets them
/// @param trust as in a deal: at most one result in so many may be wrong
/// @param assumed which part the pool takes to be faulty
/// @param checks which part of all requests is answered with a task whose result is known
/// @param audit which part of the results of one worker alone the chain has checked, in percent
/// @param score of every worker on chain at the beginning
public record Setup(
        int workers,
        int tasks,
        double faulty,
        double sabotage,
        Strategy strategy,
        long trust,
        double assumed,
        double checks,
        int audit,
        long score) {
    public Setup {
        if (workers < 1 || tasks < 1) {
            throw new IllegalArgumentException("at least one worker and one task are needed");
        }
        part(faulty, "the faulty");
        part(sabotage, "sabotage");
        part(checks, "checks");
        part(audit / 100.0, "audits");
        if (checks == 1 || !(assumed >= 0 && assumed < 0.5) || score < 0) {
            throw new IllegalArgumentException(
                    "checks are less than all work, the faulty are assumed to be less than half, and no score is negative");
        }
    }

    private static void part(double value, String what) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("%s are a part of all, 0 to 1, not %s".formatted(what, value));
        }
    }

    int liars() {
        return (int) Math.round(workers * faulty);
    }
}
