package bourse.classad.pool;

import bourse.classad.Evaluator;
import java.time.InstantSource;

/// One call, one instant: an expression with `time()` means the same for the first offer and the last.
final class Instants {
    private Instants() {}

    static Evaluator frozen(Evaluator evaluator) {
        return new Evaluator(
                evaluator.semantics(),
                evaluator.limits(),
                InstantSource.fixed(evaluator.clock().instant()),
                evaluator.random(),
                evaluator.budget());
    }
}
