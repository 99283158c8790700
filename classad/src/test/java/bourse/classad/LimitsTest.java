package bourse.classad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every hostile text ends soon, in a small stack, with a value or an exception of ours.
@Timeout(60)
class LimitsTest {
    private static final int SMALL_STACK = 512 << 10;

    /// What an expression is worth on a thread with a small stack.
    private static Object inASmallStack(String expression) throws InterruptedException {
        var result = new AtomicReference<Object>("nothing");
        var thread = new Thread(
                null,
                () -> {
                    try {
                        result.set(Evaluator.NEW.evaluate(Expression.parse(expression), Scope.NONE));
                    } catch (Throwable e) {
                        result.set(e);
                    }
                },
                "small",
                SMALL_STACK);
        thread.start();
        thread.join();
        return result.get();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"(", "-", "!(", "{", "[a=", "f(", "1 ?: (", "a[", "true ? (", "-(-", "1||1&&1|1^1&1==1<1<<1+1*("
            })
    void refusesWhatIsNestedTooDeep(String opening) throws InterruptedException {
        assertThat(inASmallStack(opening.repeat(100_000))).isInstanceOf(ClassAdException.Syntax.class);
    }

    @Test
    void parsesAndEvaluatesUpToItsDepth() throws InterruptedException {
        assertThat(inASmallStack("(".repeat(166) + 1 + ")".repeat(166))).isEqualTo(new Value.Int(1));
        assertThat(inASmallStack("(".repeat(167) + 1 + ")".repeat(167))).isInstanceOf(ClassAdException.Syntax.class);
        assertThat(inASmallStack("int(".repeat(166) + 1 + ")".repeat(166))).isEqualTo(new Value.Int(1));
    }

    @Test
    void refusesWhatIsTooHigh() throws InterruptedException {
        assertThat(inASmallStack("1" + "+1".repeat(300))).isEqualTo(new Value.Int(301));
        assertThat(inASmallStack("1" + "+1".repeat(900))).isInstanceOf(ClassAdException.Exhausted.class);
        assertThat(inASmallStack("1" + "+1".repeat(100_000))).isInstanceOf(ClassAdException.Syntax.class);
        assertThat(inASmallStack("a" + ".b".repeat(100_000))).isInstanceOf(ClassAdException.Syntax.class);
    }

    @Test
    void hashesComparesAndPrintsTheHighestTreeInASmallStack() throws InterruptedException {
        var result = new AtomicReference<Object>("nothing");
        var text = "1" + " + 1".repeat(998);
        var thread = new Thread(
                null,
                () -> {
                    try {
                        var expression = Expression.parse(text);
                        result.set(
                                expression.equals(Expression.parse(text)) && expression.hashCode() != 0
                                        ? Printer.print(expression, Form.NEW)
                                        : "unequal");
                    } catch (Throwable e) {
                        result.set(e);
                    }
                },
                "small",
                SMALL_STACK);
        thread.start();
        thread.join();
        assertThat(result.get()).isEqualTo(text);
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThatExceptionOfType(ClassAdException.Syntax.class)
                .isThrownBy(() -> Expression.parse("\"" + "x".repeat(2 << 20) + "\""))
                .withMessageContaining("1048576 bytes");
        assertThatExceptionOfType(ClassAdException.Syntax.class)
                .isThrownBy(() -> Expression.parse("{" + "1,".repeat(200_000) + "1}"))
                .withMessageContaining("100000 nodes");
        assertThatExceptionOfType(ClassAdException.Syntax.class)
                .isThrownBy(() -> Parser.OLD.ads("a = 1\n".repeat(150_000)))
                .withMessageContaining("100000 nodes");
    }

    @Test
    void givesUpOnDeepCallsThroughManyAttributes() throws InterruptedException {
        var ad = IntStream.range(0, 300)
                .mapToObj(i -> "a" + i + "=" + "int(".repeat(150) + "a" + (i + 1) + ")".repeat(150))
                .collect(Collectors.joining(";", "[", "].a0"));
        assertThat(inASmallStack(ad)).isInstanceOf(ClassAdException.Exhausted.class);
    }

    @Test
    void givesUpOnWhatDoublesWithEveryAttribute() throws InterruptedException {
        var sums = doubling("a%1$d=a%2$d+a%2$d");
        assertThat(inASmallStack(sums)).isInstanceOf(ClassAdException.Exhausted.class);
        var texts = "[t=\"" + "x".repeat(100_000) + "\";a=strcat(" + "t,".repeat(300) + "t)].a";
        assertThat(inASmallStack(texts)).isInstanceOf(ClassAdException.Exhausted.class);
        var unresolved = doubling("a%1$d=a%2$d+a%2$d").replace("].a0", ";u=unresolved(a0)].u");
        assertThat(inASmallStack(unresolved)).isInstanceOf(ClassAdException.Exhausted.class);
    }

    @Test
    void evaluatesAnArgumentOnce() throws InterruptedException {
        assertThat(inASmallStack("strcat(".repeat(150) + "undefined" + ")".repeat(150)))
                .isEqualTo(Value.UNDEFINED);
        assertThat(inASmallStack("join(\",\",".repeat(150) + "\"a\"" + ")".repeat(150)))
                .isEqualTo(new Value.Text("a"));
    }

    private static String doubling(String attribute) {
        return IntStream.range(0, 60)
                .mapToObj(i -> attribute.formatted(i, i + 1))
                .collect(Collectors.joining(";", "[", "].a0"));
    }

    @Test
    void givesUpOnReadingALongTextAgainAndAgain() throws InterruptedException {
        var text = "x".repeat(900_000);
        assertThat(inASmallStack("[t=\"" + text + "\"; a=t==t].a")).isEqualTo(Value.TRUE);
        var often = "[t=\"" + text + "\"; l={" + "t==t,".repeat(20_000) + "true}; a=allCompare(\"==\",l,true)].a";
        assertThat(inASmallStack(often)).isInstanceOf(ClassAdException.Exhausted.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[a=a].a", "[a=b;b=a].a", "[a=[c=a.c]].a.c", "[a=1+a+a+a].a", "[a=eval(\"a\")].a", "[a={a}[0]].a"
            })
    void callsACycleUndefined(String expression) throws InterruptedException {
        assertThat(inASmallStack(expression)).isEqualTo(Value.UNDEFINED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a+)+$",
                "(a|a)*b",
                "(a|aa)+$",
                "(.*)*x",
                "(?:a?){40}a{40}$",
                "(|a)(|a)(|a){60}b",
                "(?:|){50}(?:|){50}b",
                "((((a*)*)*)*)*b",
                "(?=(a+)+$)b",
                "(?<=a)(a|a)*b",
                "([a-z]+)*\\\\1b"
            })
    void givesAnErrorForPatternsThatNeverEnd(String pattern) throws InterruptedException {
        var expression = "regexp(\"" + pattern + "\", \"" + "a".repeat(5_000) + "!\")";
        assertThat(inASmallStack(expression)).isIn(Value.ERROR, Value.FALSE, Value.TRUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"((a{60000}){60000}){60000}", "(", "a{70000}", "[", "\\\\", "*"})
    void givesAnErrorForPatternsThatAreNoneOrTooLarge(String pattern) throws InterruptedException {
        assertThat(inASmallStack("regexp(\"" + pattern + "\", \"a\")")).isEqualTo(Value.ERROR);
        assertThat(inASmallStack("regexp(\"" + "(".repeat(50_000) + "\", \"a\")"))
                .isEqualTo(Value.ERROR);
    }

    @Test
    void findsInLongTextsWithoutTheStack() throws InterruptedException {
        assertThat(inASmallStack("regexp(\"^(a|b)*$\", \"" + "ab".repeat(50_000) + "\")"))
                .isEqualTo(Value.TRUE);
    }

    @Test
    void anAdThatMakesEvaluationGiveUpMatchesNobody() {
        var hostile = ClassAd.parse("[Requirements=" + doubling("a%1$d=a%2$d+a%2$d") + " is 1; Rank=random(0)]");
        var match = new Match(hostile, ClassAd.parse("[Requirements=true]"), Evaluator.NEW);
        assertThat(match.matches()).isFalse();
        assertThat(match.leftRank()).isZero();
    }
}
