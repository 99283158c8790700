package bourse.classad;

import java.time.InstantSource;
import java.util.Random;
import java.util.random.RandomGenerator;

/// Tells what an expression is worth at a place.
///
/// The reference for any faster engine: it walks the tree. One evaluator serves any number of threads, if its clock
/// and its random generator do.
///
/// @param clock for `time()` and its like
/// @param random for `random()`
/// @param budget of all its calls together
public record Evaluator(
        Semantics semantics, Limits limits, InstantSource clock, RandomGenerator random, Budget budget) {
    /// Under the new semantics, with the default limits.
    public static final Evaluator NEW = new Evaluator(Semantics.NEW);
    /// As HTCondor's daemons do, with the default limits.
    public static final Evaluator OLD = new Evaluator(Semantics.OLD);

    public Evaluator(Semantics semantics, Limits limits, InstantSource clock, RandomGenerator random) {
        this(semantics, limits, clock, random, Budget.UNLIMITED);
    }

    public Evaluator(Semantics semantics) {
        this(semantics, Limits.DEFAULT, InstantSource.system(), new Random());
    }

    /// The same, as long as there is something left of a budget.
    public Evaluator within(Budget other) {
        return new Evaluator(semantics, limits, clock, random, other);
    }

    /// @throws ClassAdException.Exhausted if it takes more than the limits allow, or nothing is left of the budget
    public Value evaluate(Expression expression, Scope scope) {
        if (budget.isSpent()) {
            throw new ClassAdException.Exhausted("Nothing is left of the budget of this evaluation and others");
        }
        var evaluation = new Evaluation(this, scope);
        try {
            return evaluation.evaluate(expression, scope);
        } catch (StackOverflowError e) {
            // Depth is bounded, but nobody knows how much of the stack the caller has left.
            throw new ClassAdException.Exhausted("The thread's stack is too small for the depth of the expression");
        } finally {
            budget.spend(evaluation.spent());
        }
    }

    /// An attribute of an ad that stands alone; undefined if it has none of this name.
    ///
    /// @throws ClassAdException.Exhausted if it takes more than the limits allow
    public Value evaluate(ClassAd ad, String attribute) {
        return evaluate(new Expression.Name(attribute), Scope.of(ad));
    }
}
