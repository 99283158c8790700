package bourse.wire;

import java.util.List;
import java.util.function.Supplier;

/// How a process does, for those who watch over it.
///
/// @param complaints why it can not do its work now; none: it is up
/// @param metrics in the text format of Prometheus
public record Vitals(Supplier<List<String>> complaints, Supplier<String> metrics) {
    /// Of a process that is up while it answers.
    public static final Vitals UP = new Vitals(List::of, () -> "");
}
