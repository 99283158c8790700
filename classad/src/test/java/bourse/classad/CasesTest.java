package bourse.classad;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What HTCondor's own library says of thousands of expressions; `README.md` beside the files tells their columns.
class CasesTest {
    @Test
    void agreesWithHTCondorOnWhatAnExpressionIsWorth() {
        var differs = differs();
        var disagreements = new ArrayList<String>();
        for (var line : lines("cases.tsv")) {
            var wanted = differs.getOrDefault(line.get(0), line.get(6));
            var got = worth(line.get(2), line.get(3), line.get(4), line.get(5));
            if (!got.equals(wanted)) {
                disagreements.add(String.join(" | ", line) + " | GOT " + got);
            }
        }
        assertThat(disagreements).isEmpty();
    }

    @Test
    void differsFromHTCondorOnlyOnItsSlipsAndLimits() {
        var groups = new HashMap<String, String>();
        lines("cases.tsv").forEach(line -> groups.put(line.get(0), line.get(1)));
        assertThat(differs().keySet())
                .allSatisfy(id -> assertThat(groups.get(id)).isIn("quirk", "limit"));
    }

    @Test
    void agreesWithHTCondorOnWhoMatchesWhom() {
        var disagreements = new ArrayList<String>();
        for (var line : lines("pairs.tsv")) {
            var evaluator = evaluator(line.get(1));
            var match = new Match(ClassAd.parse(line.get(2)), ClassAd.parse(line.get(3)), evaluator);
            var got = List.of(
                    String.valueOf(match.matches()),
                    shown(evaluator, "Requirements", match.right()),
                    shown(evaluator, "Requirements", match.left()),
                    shown(evaluator, "Rank", match.left()),
                    shown(evaluator, "Rank", match.right()));
            if (!got.equals(line.subList(4, 9))) {
                disagreements.add(String.join(" | ", line) + " | GOT " + got);
            }
        }
        assertThat(disagreements).isEmpty();
    }

    @Test
    void printsAsHTCondorDoes() {
        var disagreements = new ArrayList<String>();
        for (var line : lines("unparse.tsv")) {
            var got = List.of(printed(line.get(1), Form.NEW), printed(line.get(1), Form.OLD));
            if (!got.equals(line.subList(2, 4))) {
                disagreements.add(String.join(" | ", line) + " | GOT " + got);
            }
        }
        assertThat(disagreements).isEmpty();
    }

    private static String printed(String expression, Form form) {
        try {
            return Printer.print(Expression.parse(expression), form).replace("\n", "<LF>");
        } catch (ClassAdException.Syntax e) {
            return "!parse";
        }
    }

    private static String shown(Evaluator evaluator, String attribute, Scope scope) {
        var found = scope.ad().get(attribute);
        return found.isEmpty()
                ? "undefined"
                : Printer.print(evaluator.evaluate(new Expression.Name(attribute), scope), Form.NEW);
    }

    private static String worth(String mode, String my, String target, String expression) {
        var evaluator = evaluator(mode);
        try {
            var ad = my.equals("-") ? ClassAd.EMPTY : ClassAd.parse(my);
            var scope = target.equals("-") ? Scope.of(ad) : new Match(ad, ClassAd.parse(target), evaluator).left();
            var parser = new Parser(Form.NEW, evaluator.semantics(), Limits.DEFAULT);
            return Printer.print(evaluator.evaluate(parser.expression(expression), scope), Form.NEW);
        } catch (ClassAdException.Syntax e) {
            return "!parse";
        } catch (ClassAdException.Exhausted e) {
            return "!evalfail";
        }
    }

    private static Evaluator evaluator(String mode) {
        return mode.equals("old") ? Evaluator.OLD : Evaluator.NEW;
    }

    /// What ours gives instead, by the id of the case.
    private static Map<String, String> differs() {
        var differs = new HashMap<String, String>();
        lines("differs.tsv").forEach(line -> differs.put(line.get(0), line.get(1)));
        return differs;
    }

    private static List<List<String>> lines(String resource) {
        try (var in = CasesTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> List.of(line.split("\t", -1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
