package bourse.wire;

import java.util.Map;

/// A call that a server does not take.
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final Problem problem;
    private final transient Map<String, Object> more;

    /// @param detail a sentence with the next step
    Refusal(Problem problem, String detail) {
        this(problem, detail, Map.of());
    }

    /// @param more further members of the answer
    Refusal(Problem problem, String detail, Map<String, Object> more) {
        super(detail);
        this.problem = problem;
        this.more = Map.copyOf(more);
    }

    Problem problem() {
        return problem;
    }

    Map<String, Object> more() {
        return more;
    }
}
