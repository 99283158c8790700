package bourse.scheduler.simulation;

import com.fasterxml.jackson.annotation.JsonValue;

/// When a faulty worker lies. All lies about one task are the same.
public sealed interface Strategy {
    /// A word for it.
    @JsonValue
    String name();

    /// In so many of all tasks, whatever happens.
    record Constant() implements Strategy {
        @Override
        public String name() {
            return "constant";
        }
    }

    /// Never before a result of his was accepted alone, or would be; then whenever nobody else has voted yet.
    record Sleeper() implements Strategy {
        @Override
        public String name() {
            return "sleeper";
        }
    }

    /// Honest for so many results.
    record AfterResults(int honest) implements Strategy {
        @Override
        public String name() {
            return "step after " + honest;
        }
    }

    /// Only where those who lie, he included, are the majority of all who have voted.
    record Collude() implements Strategy {
        @Override
        public String name() {
            return "collude";
        }
    }
}
