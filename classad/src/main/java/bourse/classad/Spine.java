package bourse.classad;

/// `a + b + c + …` and `a.b.c.…` lean to the left, so high that recursion into them needs a large stack: they are
/// walked in a loop.
final class Spine {
    private Spine() {}

    static int hash(Expression expression) {
        int hash = 1;
        var rest = expression;
        while (true) {
            switch (rest) {
                case Expression.Binary(Operator operator, Expression left, Expression right) -> {
                    hash = 31 * (31 * hash + operator.hashCode()) + right.hashCode();
                    rest = left;
                }
                case Expression.Selection(Expression ad, String name) -> {
                    hash = 31 * hash + name.hashCode();
                    rest = ad;
                }
                default -> {
                    return 31 * hash + rest.hashCode();
                }
            }
        }
    }

    static boolean equal(Expression one, Expression other) {
        var a = one;
        var b = other;
        while (true) {
            if (a instanceof Expression.Binary x
                    && b instanceof Expression.Binary y
                    && x.operator() == y.operator()
                    && x.right().equals(y.right())) {
                a = x.left();
                b = y.left();
            } else if (a instanceof Expression.Selection x
                    && b instanceof Expression.Selection y
                    && x.name().equals(y.name())) {
                a = x.ad();
                b = y.ad();
            } else {
                return !(a instanceof Expression.Binary) && !(a instanceof Expression.Selection) && a.equals(b);
            }
        }
    }
}
