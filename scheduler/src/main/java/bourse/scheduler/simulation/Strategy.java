package bourse.scheduler.simulation;

/// When a faulty worker lies. All lies about one task are the same.
public sealed interface Strategy {
    /// In so many of all tasks, whatever happens.
    record Constant() implements Strategy {}

    /// Never before a result of his was accepted alone, or would be; then whenever nobody else has voted yet.
    record Sleeper() implements Strategy {}

    /// Honest for so many results.
    record AfterResults(int honest) implements Strategy {}

    /// Only where those who lie, he included, are the majority of all who have voted.
    record Collude() implements Strategy {}
}
