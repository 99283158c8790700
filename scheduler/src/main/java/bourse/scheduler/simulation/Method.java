package bourse.scheduler.simulation;

/// How results are made sure.
public sealed interface Method {
    /// A word for it.
    String name();

    /// The pool's planner on chain: contracts decide, the pool chooses whom it asks.
    record Bourse() implements Method {
        @Override
        public String name() {
            return "bourse";
        }
    }

    /// The pool's planner where the pool itself decides, and holds results back until it is sure.
    record Held() implements Method {
        @Override
        public String name() {
            return "held";
        }
    }

    /// The result that so many workers have named first.
    record First(int votes) implements Method {
        @Override
        public String name() {
            return "first " + votes;
        }
    }

    /// BOINC's adaptive replication: who was right ten times in a row is checked by another with the
    /// probability 1/N, where N counts his right results in a row.
    record Adaptive() implements Method {
        @Override
        public String name() {
            return "adaptive";
        }
    }

    /// The contracts alone: whoever asks is authorized.
    ///
    /// @param audit which part of the results of one worker alone is checked, in percent
    record Poco(int audit) implements Method {
        @Override
        public String name() {
            return audit == 0 ? "poco" : "poco, %d %% audited".formatted(audit);
        }
    }
}
