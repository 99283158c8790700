package bourse.classad;

/// Two ads facing each other: each is `MY` to itself and `TARGET` to the other.
///
/// An ad that makes evaluation give up, by accident or on purpose, matches nobody and ranks nobody: whoever matches
/// thousands of strangers' ads need not fear one of them.
public final class Match {
    private final Evaluator ofLeft;
    private final Evaluator ofRight;
    private final Scope scope;
    private final Scope left;
    private final Scope right;

    public Match(ClassAd left, ClassAd right, Evaluator evaluator) {
        this(left, right, evaluator, evaluator.budget());
    }

    /// @param budget what the left ad's expressions may take; the right one's are not counted
    public Match(ClassAd left, ClassAd right, Evaluator evaluator, Budget budget) {
        this.ofLeft = evaluator.within(budget);
        this.ofRight = evaluator;
        this.scope = Scope.match(left, right, evaluator.semantics());
        this.left = side("LEFT");
        this.right = side("RIGHT");
    }

    private Scope side(String name) {
        if (scope.ad().find(name) instanceof Expression.Literal(Value.Ad(Scope side))) {
            return side;
        }
        throw new IllegalStateException("A match has two sides");
    }

    /// Where the left ad stands, for evaluating other expressions of it.
    public Scope left() {
        return left;
    }

    /// Where the right ad stands, for evaluating other expressions of it.
    public Scope right() {
        return right;
    }

    /// Whether each accepts the other.
    public boolean matches() {
        return leftAccepts() && rightAccepts();
    }

    /// Whether the left ad's `Requirements` are true, or a number that is not zero.
    public boolean leftAccepts() {
        return Truth.of(value("Requirements", left, ofLeft)) == Truth.TRUE;
    }

    /// Whether the right ad's `Requirements` are true, or a number that is not zero.
    public boolean rightAccepts() {
        return Truth.of(value("Requirements", right, ofRight)) == Truth.TRUE;
    }

    /// How much the left ad likes the right one: its `Rank`, or 0.0 if that is no number.
    public double leftRank() {
        return rank(left, ofLeft);
    }

    /// How much the right ad likes the left one: its `Rank`, or 0.0 if that is no number.
    public double rightRank() {
        return rank(right, ofRight);
    }

    private double rank(Scope side, Evaluator evaluator) {
        var rank = Arithmetic.promoted(value("Rank", side, evaluator));
        return Arithmetic.isNumber(rank) ? Arithmetic.real(rank) : 0;
    }

    /// An attribute of one side; an error if evaluation gives up.
    private static Value value(String attribute, Scope side, Evaluator evaluator) {
        try {
            return evaluator.evaluate(
                    new Expression.Selection(new Expression.Literal(new Value.Ad(side)), attribute), side);
        } catch (ClassAdException.Exhausted e) {
            return Value.ERROR;
        }
    }
}
