package bourse.scheduler.simulation;

import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// A mean, and how far the true one may be from it, in 95 of 100 cases.
///
/// @param mean of all runs
/// @param margin half of the confidence interval; infinite with one run
public record Estimate(double mean, double margin) {
    /// Student's t for 95 %, two-sided, by degrees of freedom.
    private static final List<Double> STUDENT = List.of(
            12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
            2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042);

    public static Estimate of(Collection<Outcome> outcomes, ToDoubleFunction<Outcome> what) {
        var values = outcomes.stream().mapToDouble(what).toArray();
        double mean = 0;
        for (double value : values) {
            mean += value / values.length;
        }
        if (values.length < 2) {
            return new Estimate(mean, Double.POSITIVE_INFINITY);
        }
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        int freedom = values.length - 1;
        double t = freedom <= STUDENT.size() ? STUDENT.get(freedom - 1) : 1.96 + 2.5 / freedom;
        return new Estimate(mean, t * Math.sqrt(squares / freedom / values.length));
    }

    /// Below this the true mean lies in 97.5 of 100 cases.
    public double atMost() {
        return mean + margin;
    }

    public double atLeast() {
        return mean - margin;
    }
}
