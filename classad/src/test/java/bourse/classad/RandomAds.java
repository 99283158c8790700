package bourse.classad;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Expressions and ads from a seed: any that the grammar knows, of names and values that meet each other often.
///
/// What it makes prints and parses to itself: it puts parentheses where an operator needs them, and its reals have
/// few digits.
final class RandomAds {
    private static final List<String> NAMES = List.of(
            "Memory",
            "Cpus",
            "Arch",
            "Requirements",
            "Rank",
            "a",
            "b",
            "Name",
            "Load",
            "GPUs",
            "List",
            "Nest",
            "odd name",
            "self",
            "parent",
            "MY",
            "TARGET");
    private static final List<String> FUNCTIONS = List.of(
            "member",
            "size",
            "sum",
            "avg",
            "min",
            "max",
            "strcat",
            "join",
            "substr",
            "toUpper",
            "int",
            "real",
            "string",
            "bool",
            "floor",
            "round",
            "pow",
            "quantize",
            "ifThenElse",
            "isUndefined",
            "isError",
            "stringListMember",
            "split",
            "regexp",
            "replaceAll",
            "versioncmp",
            "anyCompare",
            "interval",
            "eval",
            "unparse",
            "unresolved",
            "countMatches",
            "evalInEachContext",
            "splitTime",
            "formatTime",
            "mergeEnvironment",
            "nosuch");
    private static final List<String> TEXTS =
            List.of("", "X86_64", "x86_64", "a,b", "12", "1.5", "a b", "it's", "say \"hi\"", "nl\nx", "\\", "é");
    private static final List<Operator> BINARY = List.of(Operator.values()).stream()
            .filter(operator -> !operator.unary() && operator.precedence() < 11)
            .toList();

    private final RandomGenerator random;

    RandomAds(RandomGenerator random) {
        this.random = random;
    }

    /// An ad with some of the usual names.
    ClassAd ad(int depth) {
        var ad = ClassAd.builder();
        for (int i = random.nextInt(8); i > 0; i--) {
            ad.put(name(), expression(depth));
        }
        return ad.build();
    }

    /// Requirements, Rank and attributes that they talk about.
    ClassAd offer() {
        return ad(1).toBuilder()
                .put("Memory", literal())
                .put("Cpus", random.nextInt(16))
                .put("Requirements", expression(4))
                .put("Rank", expression(3))
                .build();
    }

    Expression expression(int depth) {
        return loosest(depth, 1);
    }

    private Expression loosest(int depth, int precedence) {
        if (depth <= 0) {
            return leaf();
        }
        return switch (random.nextInt(6)) {
            case 0, 1 -> {
                var operator = pick(BINARY);
                var binary = new Expression.Binary(
                        operator,
                        loosest(depth - 1, operator.precedence()),
                        loosest(depth - 1, operator.precedence() + 1));
                yield operator.precedence() < precedence ? new Expression.Parenthesized(binary) : binary;
            }
            case 2 -> {
                var conditional =
                        new Expression.Conditional(loosest(depth - 1, 1), expression(depth - 1), expression(depth - 1));
                yield new Expression.Parenthesized(conditional);
            }
            case 3 -> unary(depth);
            default -> postfix(depth);
        };
    }

    /// A sign before a number would become part of it.
    private Expression unary(int depth) {
        var operator = pick(List.of(Operator.PLUS, Operator.MINUS, Operator.NOT, Operator.COMPLEMENT));
        return new Expression.Unary(operator, new Expression.Parenthesized(expression(depth - 1)));
    }

    private Expression postfix(int depth) {
        return switch (random.nextInt(7)) {
            case 0 -> new Expression.Selection(primary(depth - 1), name());
            case 1 -> new Expression.Binary(Operator.SUBSCRIPT, primary(depth - 1), expression(depth - 1));
            case 2 -> new Expression.Binary(Operator.ELVIS, primary(depth - 1), primary(depth - 1));
            case 3 -> new Expression.Call(pick(FUNCTIONS), several(() -> expression(depth - 1)));
            case 4 -> new Expression.ListOf(several(() -> expression(depth - 1)));
            case 5 -> new Expression.AdOf(ad(depth - 1));
            default -> new Expression.Parenthesized(expression(depth - 1));
        };
    }

    private Expression primary(int depth) {
        return random.nextBoolean() ? new Expression.Name(name()) : new Expression.Parenthesized(expression(depth));
    }

    private List<Expression> several(Supplier<Expression> one) {
        var several = new ArrayList<Expression>();
        for (int i = random.nextInt(4); i > 0; i--) {
            several.add(one.get());
        }
        return several;
    }

    private Expression leaf() {
        return switch (random.nextInt(6)) {
            case 0, 1 -> new Expression.Name(name());
            case 2 -> new Expression.Selection(new Expression.Name(random.nextBoolean() ? "TARGET" : "MY"), name());
            case 3 -> new Expression.RootName(name());
            default -> new Expression.Literal(literal());
        };
    }

    Value literal() {
        return switch (random.nextInt(9)) {
            case 0 -> Value.UNDEFINED;
            case 1 -> Value.ERROR;
            case 2 -> Value.of(random.nextBoolean());
            case 3 -> new Value.Int(random.nextInt(-3, 100));
            case 4 -> new Value.Int(random.nextLong());
            case 5 -> new Value.Real(random.nextInt(-40, 40) / 8.0);
            case 6 -> new Value.AbsoluteTime(random.nextInt(2, 2_000_000_000), 900 * random.nextInt(-40, 40));
            case 7 -> new Value.RelativeTime(random.nextInt(-200_000, 200_000));
            default -> Value.Text.of(pick(TEXTS));
        };
    }

    private String name() {
        return pick(NAMES);
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
