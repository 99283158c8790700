package bourse.classad;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Edges of functions that the cases of HTCondor do not have.
class FunctionsTest {
    private static final Evaluator AT_NOON = new Evaluator(
            Semantics.OLD, Limits.DEFAULT, InstantSource.fixed(Instant.parse("2024-02-29T12:00:00Z")), new Random(7));

    private static String worth(String expression) {
        return Printer.print(AT_NOON.evaluate(Parser.NEW.expression(expression), Scope.NONE), Form.NEW);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '`',
            value = {
                "time() § 1709208000",
                "CurrentTime § 1709208000",
                "currentTime() § absTime(\"2024-02-29T12:00:00-00:00\")",
                "dayTime() § relTime(\"12:00:00\")",
                "formatTime() § \"Thu Feb 29 12:00:00 2024\"",
                "formatTime(0, \"%j %U %W %w %y %C %I %p %e|%%\") § \"001 00 00 4 70 19 12 AM  1|%\"",
                "formatTime(absTime(\"2024-12-31T23:59:58+01:00\"), \"%F %T\") § \"2024-12-31 23:59:58\"",
                "splitTime(relTime(-93784)) § [ Days = -1; Type = \"RelativeTime\"; Hours = 2; Minutes = 3; Seconds = 4.000000000000000E+00 ]",
                "getDayOfYear(absTime(\"2024-12-31T00:00:00Z\")) § 365",
                "getDayOfWeek(absTime(\"2024-03-03T00:00:00Z\")) § 0",
                "interval(-3661) § \"-1:01:01\"",
                "interval(-90061) § \"-1+01:01:01\"",
                "absTime(\"2024\") § absTime(\"2023-12-31T00:00:00-00:00\")",
                "absTime(0, 19800) § absTime(\"1970-01-01T05:30:00+05:30\")",
                "absTime(9223372036854775807) § error",
                "relTime(1.5) § relTime(\"1.5\")"
            })
    void tellsTheTime(String expression, String worth) {
        assertThat(worth(expression)).isEqualTo(worth);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '`',
            value = {
                "substr(\"abcdef\", -3, 2) § \"de\"",
                "substr(\"abcdef\", 1, -1) § \"bcde\"",
                "substr(\"abcdef\", 2, 0) § \"\"",
                "substr(\"abcdef\", 2, -9) § \"\"",
                "size(\"é\") § 2",
                "join(\", \", \"a\", 1, undefined, true) § \"a, 1, true\"",
                "join(\"-\", {}) § \"\"",
                "strcat() § \"\"",
                "int(\"2K\") § 2048",
                "int(\"0x1F\") § 31",
                "real(\"-inf\") § real(\"-INF\")",
                "int(\"abc\") § error",
                "bool(\"TRUE\") § true",
                "round(2.5) § 2",
                "round(-3.5) § -4",
                "floor(\"-2.5\") § -3",
                "quantize(1000, {64, 128, 256}) § 1024",
                "quantize(100, {64, 128, 256}) § 128",
                "pow(2, -1) § 5.000000000000000E-01",
                "sum({}) § 0",
                "avg({}) § 0",
                "min({}) § undefined",
                "sum({true}) § 1",
                "min({true, false}) § 0",
                "sum({true, 1.5}) § 2.500000000000000E+00",
                "member(undefined, {1}) § undefined",
                "anyCompare(\"<\", {1, undefined, 0}, 1) § false",
                "random(1) § 0",
                "isError(random(\"x\")) § true"
            })
    void countsAndCutsAtTheEdges(String expression, String worth) {
        assertThat(worth(expression)).isEqualTo(worth);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '`',
            value = {
                "split(\"a,,b, ,c\") § { \"a\",\"\",\"b\",\"\",\"c\" }",
                "splitUserName(\"a@b@c\") § { \"a\",\"b@c\" }",
                "splitSlotName(\"slot1@host\") § { \"slot1\",\"host\" }",
                "argsToList(\"a 'b c' d''e 'it''s'\") § { \"a\",\"b c\",\"de\",\"it's\" }",
                "argsToList(\"a 'b\") § error",
                "listToArgs({\"a b\", \"\", \"it's\"}) § \"a' 'b '' it''''s\"",
                "listToArgs({\"a b\"}, 1) § error",
                "argsToList(listToArgs({\"a b\", \"\", \"it's\"})) § { \"a b\",\"\",\"it's\" }",
                "envV1ToV2(\"A=1;B=x y\") § \"A=1 B=x' 'y\"",
                "envV1ToV2(\"|A=1|B=2\") § \"A=1 B=2\"",
                "mergeEnvironment(\"B=1 A='x y'\", undefined, \"B=2\") § \"A=x' 'y B=2\"",
                "stringListMember(\"b\", \"a b\") § true",
                "stringListSum(\"\") § 0.0",
                "stringListMin(\"\") § undefined",
                "stringListAvg(\"1.5, 2\") § 1.750000000000000E+00",
                "stringListsIntersect(\"a b\", \"b;c\", \";\") § false",
                "stringList_regexpMember(\"B\", \"a,b\", \",\", \"i\") § true",
                "stringList_regexpMember(\"b\", \"\") § undefined",
                "userHome(\"me\", \"/tmp\") § \"/tmp\"",
                "userMap(\"m\", \"me\", \"g\", \"h\") § \"h\""
            })
    void readsListsThatAreStrings(String expression, String worth) {
        assertThat(worth(expression)).isEqualTo(worth);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '`',
            value = {
                "^(\\w+)\\s(\\d{2,3})$ § ab 123 § true",
                "^a.c$ § a\\nc § false",
                "(?s)^a.c$ § a\\nc § true",
                "(?im)^B$ § a\\nb § true",
                "^(?:a|b)+?c § ababc § true",
                "(a)(?:b)(?<n>c)\\k<n>\\1 § abcca § true",
                "(?<=foo)bar § foobar § true",
                "(?<!foo)bar § foobar § false",
                "^(?!.*x) § abc § true",
                "a++a § aaa § false",
                "(?>a*)a § aaa § false",
                "[[:digit:]-]+$ § 12-3 § true",
                "[^]a]b § cb § true",
                "\\Qa.b\\E+$ § a.bbb § true",
                "a{,2}b § aab § true",
                "a{x § a{x § true",
                "\\bfoo\\b § a foo b § true",
                "(?i:A)b § ab § true",
                "(?i:A)B § ab § false",
                "^((a)|b)*$ § aba § true",
                "\\x41\\101 § AA § true",
                "(?#comment)a § a § true",
                "a$ § a\\n § true",
                "a\\z § a\\n § false",
                "(?P<x>a)\\g{-1} § aa § true",
                "(?<=a|bc)d § bcd § true"
            })
    void findsWhatPcreFinds(String pattern, String text, boolean found) {
        var call = new Expression.Call(
                "regexp",
                List.of(
                        new Expression.Literal(Value.Text.of(pattern)),
                        new Expression.Literal(Value.Text.of(text.replace("\\n", "\n")))));
        assertThat(AT_NOON.evaluate(call, Scope.NONE)).isEqualTo(Value.of(found));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            value = {
                "(",
                "a)",
                "[a",
                "*a",
                "a{3,2}",
                "(?<=a*)b",
                "\\2(a)",
                "(?<n>a)(?<n>b)",
                "\\X",
                "(?R)",
                "(*ACCEPT)",
                "\\"
            })
    void callsWhatIsNoPatternAnError(String pattern) {
        var call = new Expression.Call(
                "regexp",
                List.of(new Expression.Literal(Value.Text.of(pattern)), new Expression.Literal(Value.Text.of("a"))));
        assertThat(AT_NOON.evaluate(call, Scope.NONE)).isEqualTo(Value.ERROR);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '`',
            value = {
                "regexps(\"(a)(b)?(c)\", \"xacx\", \"[\\\\0\\\\2\\\\3]\") § \"[acc]\"",
                "regexps(\"a\", \"bbb\", \"x\") § \"\"",
                "replace(\"a\", \"bab\", \"\\\\0\\\\0\") § \"baab\"",
                "replaceAll(\"(?=b)\", \"abab\", \"-\") § \"a-ba-b\"",
                "replaceAll(\"x*\", \"abc\", \"-\") § error",
                "regexps(\"a\", \"bab\", \"<\\\\0>\", \"fg\") § \"b<a>b\"",
                "replace(\"a\", \"bab\", \"\\\\1\") § error"
            })
    void substitutes(String expression, String worth) {
        assertThat(worth(expression)).isEqualTo(worth);
    }

    @Test
    void marksEveryFunctionOfTheLanguageAsKnown() {
        assertThat(Functions.names()).hasSize(94);
    }
}
