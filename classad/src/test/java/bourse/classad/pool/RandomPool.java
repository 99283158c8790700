package bourse.classad.pool;

import bourse.classad.ClassAd;
import bourse.classad.Expression;
import bourse.classad.Form;
import bourse.classad.Limits;
import bourse.classad.Parser;
import bourse.classad.Semantics;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Ads that mean something to each other: few names, few values, and everything that an expression may be.
final class RandomPool {
    private static final List<String> NAMES = List.of("a", "b", "c", "Memory", "Cpus", "Arch", "d", "e", "Rank");
    private static final List<String> VALUES = List.of(
            "0",
            "1",
            "2",
            "-1",
            "8",
            "1.5",
            "-0.0",
            "0.0",
            "2.0",
            "1.0e308",
            "true",
            "false",
            "undefined",
            "error",
            "\"x\"",
            "\"X\"",
            "\"linux\"",
            "\"\"",
            "\"1,2\"",
            "9223372036854775807",
            "-3",
            "16",
            "64",
            "real(\"NaN\")",
            "real(\"-INF\")",
            "{1, 2}",
            "{\"x\", \"Y\"}",
            "relTime(\"1\")",
            "absTime(\"2020-01-01T00:00:00Z\")",
            "[a = 1; b = a]",
            "{a, 2}",
            "(5)",
            "3 + 4",
            "relTime(\"1\") + relTime(\"2\")");
    private static final List<String> OPERATORS = List.of(
            "+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "=?=", "=!=", "&&", "||", "&&", "||", "?:", "&",
            "|", "^", "<<", ">>", ">>>", "<", ">=", "==");
    private static final List<String> CALLS = List.of(
            "isUndefined(%s)",
            "isError(%s)",
            "isInteger(%s)",
            "int(%s)",
            "real(%s)",
            "string(%s)",
            "bool(%s)",
            "floor(%s)",
            "strcat(%s, %s)",
            "member(%s, {1, 2, \"x\"})",
            "member(%s, %s)",
            "size(%s)",
            "toUpper(%s)",
            "strcmp(%s, %s)",
            "stringListMember(%s, %s)",
            "regexp(\"^x\", %s)",
            "regexp(%s, %s, \"i\")",
            "ifThenElse(%s, %s, %s)",
            "time()",
            "nonsense(%s)",
            "eval(%s)",
            "eval(\"TARGET.a + b\")",
            "versionLE(%s, %s)",
            "isUndefined()",
            "quantize(%s, {4, 8})",
            "pow(%s, %s)",
            "min({1, 2})",
            "substr(%s, 1)",
            "unparse(a)",
            "sum(%s)",
            "round(%s)");
    private static final List<String> ODD = List.of(
            "self", "parent", "root", "toplevel", "my", "target", "other", "LEFT", "CurrentTime", "ad", ".LEFT.a");

    private static final List<List<String>> TYPES = List.of(
            List.of("0", "1", "2", "-1", "8", "9223372036854775807"),
            List.of("1.5", "0.0", "-0.0", "1.7e308", "-1.7e308", "2.0", "real(\"NaN\")"),
            List.of("true", "false"),
            List.of("\"x\"", "\"X\"", "\"y\""),
            List.of("0", "1", "1.5", "true"),
            VALUES);

    private final RandomGenerator random;
    /// Of each name's values in offers; some have one type, as in real pools.
    private final List<List<String>> types;
    private final Parser parser;

    RandomPool(RandomGenerator random, Semantics semantics) {
        this.random = random;
        this.types = NAMES.stream().map(_ -> one(TYPES)).toList();
        this.parser = new Parser(Form.NEW, semantics, Limits.DEFAULT);
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    Expression parse(String text) {
        return parser.expression(text);
    }

    String name() {
        return one(NAMES);
    }

    String expression(int depth) {
        int choice = random.nextInt(depth <= 0 ? 6 : 14);
        return switch (choice) {
            case 0, 1 -> random.nextInt(40) == 0 ? one(ODD) : name();
            case 2 -> "MY." + name();
            case 3 -> (random.nextInt(8) == 0 ? "other." : "TARGET.") + name();
            case 4, 5 -> one(VALUES);
            case 6 -> "(" + one(List.of("-", "!", "+", "~", "!")) + "(" + expression(depth - 1) + "))";
            case 7 -> "(" + expression(depth - 1) + " ? " + expression(depth - 1) + " : " + expression(depth - 1) + ")";
            case 8 -> {
                var call = one(CALLS);
                while (call.contains("%s")) {
                    call = call.replaceFirst("%s", java.util.regex.Matcher.quoteReplacement(expression(depth - 2)));
                }
                yield call;
            }
            case 9 -> random.nextInt(6) == 0 ? expression(depth - 1) + "[0]" : comparison();
            default -> "(" + expression(depth - 1) + " " + one(OPERATORS) + " " + expression(depth - 1) + ")";
        };
    }

    private String comparison() {
        var operator = one(List.of("<", "<=", ">", ">=", "==", "!=", "=?=", "=!="));
        int name = random.nextInt(NAMES.size());
        var value = one(random.nextBoolean() ? types.get(name) : VALUES);
        var reference = one(List.of("TARGET.", "TARGET.", "", "MY.")) + NAMES.get(name);
        return random.nextInt(3) > 0
                ? "(" + reference + " " + operator + " " + value + ")"
                : "(" + value + " " + operator + " " + reference + ")";
    }

    /// Clauses that are true often enough for something to match.
    String requirements() {
        var clauses = new ArrayList<String>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            clauses.add(
                    switch (random.nextInt(7)) {
                        case 0 -> expression(3);
                        case 1 -> "(" + expression(2) + " || true)";
                        case 2 -> "TARGET." + name() + " =!= " + one(VALUES);
                        case 3 -> "(" + name() + " >= 0) =!= false";
                        case 4 -> comparison();
                        default -> comparison() + " =!= " + random.nextBoolean();
                    });
        }
        return String.join(random.nextInt(10) == 0 ? " || " : " && ", clauses);
    }

    /// @param policies to take expressions from
    ClassAd offer(List<ClassAd> policies) {
        var ad = random.nextInt(8) == 0 ? policy().toBuilder() : one(policies).toBuilder();
        for (int i = 0; i < NAMES.size() - 1; i++) {
            if (types.get(i).equals(VALUES) ? random.nextInt(4) > 0 : random.nextInt(50) > 0) {
                ad.put(NAMES.get(i), parse(one(types.get(i))));
            }
        }
        if (random.nextInt(60) == 0) {
            ad.put(one(List.of("my", "target", "self", "CurrentTime", "LEFT")), parse(one(VALUES)));
        }
        return ad.build();
    }

    /// What several offers have in common.
    ClassAd policy() {
        var ad = ClassAd.builder();
        if (random.nextInt(12) > 0) {
            ad.put(
                    "Requirements",
                    parse(random.nextInt(5) == 0 ? one(List.of("true", "1", "\"x\"", "Start")) : requirements()));
        }
        ad.put("Start", parse(requirements()));
        if (random.nextInt(3) == 0) {
            ad.put("f", parse(expression(3)));
            ad.put("e", parse(expression(2)));
        }
        return ad.build();
    }

    /// Another value for one attribute.
    ClassAd altered(ClassAd task) {
        return task.with(name(), parse(one(VALUES)));
    }

    ClassAd task() {
        var ad = ClassAd.builder();
        for (var name : NAMES.subList(0, NAMES.size() - 1)) {
            if (random.nextInt(4) > 0) {
                ad.put(name, parse(random.nextInt(3) > 0 ? one(VALUES) : one(VALUES.subList(0, 5))));
            }
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            ad.put(name(), parse(expression(3)));
        }
        if (random.nextInt(20) > 0) {
            ad.put("Requirements", parse(requirements()));
        }
        ad.put("Rank", parse(random.nextInt(3) == 0 ? "TARGET." + name() : expression(3)));
        if (random.nextInt(60) == 0) {
            ad.put(one(List.of("my", "target", "self", "CurrentTime")), parse(one(VALUES)));
        }
        return ad.build();
    }
}
